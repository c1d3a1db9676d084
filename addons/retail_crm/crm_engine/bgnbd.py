"""How likely a buyer comes again: the BG/NBD model, fitted to counts and dates of purchases.

Source: Fader, Hardie, Lee, "Counting Your Customers the Easy Way: An Alternative to the
Pareto/NBD Model", Marketing Science 24 (2005): equations 6 (likelihood) and 10 (expectation).

A buyer is (x, t_x, T): repeat purchases, time from the first to the last one and from the
first to today, in one unit of time; arrays of equal length.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1, psi

Array = npt.NDArray[np.float64]
# The logarithms of the parameters stay within these; times are scaled to 1 before.
BOUNDS = (-6.0, 6.0)
TOLERANCE = 1e-11
# The expectation divides by a - 1.
POLE = 1e-6


class Parameters(NamedTuple):
    """Purchase rates are gamma (r, alpha), chances of leaving beta (a, b)."""

    r: float
    alpha: float
    a: float
    b: float


def fit(x: Array, t_x: Array, t: Array) -> Parameters | None:
    """Return the most likely parameters; None where nobody bought twice."""
    if not len(x) or not np.any(x > 0):
        return None
    scale = float(t.max())
    if scale <= 0:
        return None
    rows, weights = np.unique(np.column_stack([x, t_x, t]), axis=0, return_counts=True)
    groups = (rows[:, 0], rows[:, 1] / scale, rows[:, 2] / scale, weights / weights.sum())
    found = minimize(
        _loss,
        np.array([0.0, -1.0, 0.0, 0.0]),
        args=groups,
        jac=True,
        method="L-BFGS-B",
        bounds=[BOUNDS] * 4,
        options={"ftol": TOLERANCE, "gtol": 1e-7, "maxiter": 500},
    )
    r, alpha, a, b = np.exp(found.x)
    return Parameters(float(r), float(alpha * scale), float(a), float(b))


def _loss(logs: Array, x: Array, t_x: Array, t: Array, weight: Array) -> tuple[float, Array]:
    """Return minus the mean log-likelihood, and its gradient by the logarithms."""
    r, alpha, a, b = np.exp(logs)
    again = x > 0
    staying = -(r + x) * np.log(alpha + t)
    leaving = np.full(len(x), -np.inf)
    left = (r + x[again]) * np.log(alpha + t_x[again])
    leaving[again] = np.log(a) - np.log(b + x[again] - 1) - left
    either = np.logaddexp(staying, leaving)
    value = (
        gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        + either
    )  # fmt: skip
    stay, leave = np.exp(staying - either), np.exp(leaving - either)
    gone = np.where(again, leave / np.where(again, b + x - 1, 1.0), 0.0)
    common = psi(a + b) - psi(a + b + x)
    slopes = (
        r * (psi(r + x) - psi(r) + np.log(alpha)
             - stay * np.log(alpha + t) - leave * np.log(alpha + t_x)),
        r - alpha * (r + x) * (stay / (alpha + t) + leave / (alpha + t_x)),
        a * common + leave,
        b * (common + psi(b + x) - psi(b) - gone),
    )  # fmt: skip
    gradient = np.array([weight @ slope for slope in slopes])
    return -float(weight @ value), -gradient


def _odds_of_having_left(model: Parameters, x: Array, t_x: Array, t: Array) -> Array:
    """0 for who bought once: the model lets nobody leave before the second purchase."""
    r, alpha, a, b = model
    ratio = ((alpha + t) / (alpha + t_x)) ** (r + x)
    return np.where(x > 0, a / np.maximum(b + x - 1, 1e-12) * ratio, 0.0)


def probability_alive(model: Parameters, x: Array, t_x: Array, t: Array) -> Array:
    """Return for each buyer the probability, 0 to 1, of still being a customer."""
    return 1 / (1 + _odds_of_having_left(model, x, t_x, t))


def expected_purchases(model: Parameters, x: Array, t_x: Array, t: Array, horizon: float) -> Array:
    """Return for each buyer how many purchases to expect within the horizon."""
    r, alpha, a, b = model
    if abs(a - 1) < POLE:
        a = 1 + POLE
    rest = (alpha + t) / (alpha + t + horizon)
    # Euler's transformation of the paper's series: that one overflows for buyers known since today.
    with np.errstate(all="ignore"):
        series = rest ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, 1 - rest)
        count = (a + b + x - 1) / (a - 1) * (1 - series)
    # Where parameters at their bounds give no number, the rate alone does: nobody leaves.
    count = np.where(np.isfinite(count), count, (r + x) / (alpha + t) * horizon)
    likely: Array = np.maximum(count / (1 + _odds_of_having_left(model, x, t_x, t)), 0.0)
    return likely
