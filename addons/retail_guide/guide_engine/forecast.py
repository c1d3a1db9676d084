"""Forecast the weekly demand of many products at once, each by the method that suits it.

Rows are series (a product in a store), columns are weeks, the latest last. Weeks before the first
sale don't count: the product wasn't there yet. All series are carried through the weeks together.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .arrays import Floats, Ints
from .errors import EngineError

SMOOTH, ERRATIC, INTERMITTENT, LUMPY, NONE = "smooth", "erratic", "intermittent", "lumpy", "none"
KINDS = (SMOOTH, ERRATIC, INTERMITTENT, LUMPY, NONE)
SES, SBA, TSB = "ses", "sba", "tsb"
METHODS = (SES, SBA, TSB)
# Mean interval between weeks with demand, and squared variation of their quantities, from which
# on a series is called intermittent or erratic. Source: Syntetos, Boylan, Croston 2005.
INTERVAL_EDGE = 1.32
VARIATION_EDGE = 0.49
METHOD_OF = {SMOOTH: SES, ERRATIC: SBA, INTERMITTENT: TSB, LUMPY: TSB, NONE: TSB}
# Of a week's news; tuned on the grocery set, weeks 1-36 against 37-44.
SES_SHARE = 0.1
SBA_SHARE = 0.1
TSB_SHARE = 0.15
START_WEEKS = 4  # whose mean is the first level
WEEKDAYS = 7
WEEKDAY_DOUBT = 50  # units sold at which half of a series' own week is believed


@dataclass(frozen=True)
class Forecasts:
    """One entry per series.

    kind: place in KINDS. method: place in METHODS. weekly: expected demand per week, >= 0.
    error: mean absolute error of the forecasts one week ahead. scaled: that over the error of
    repeating the week before (below 1 is better than that); NaN where nothing ever changed.
    bias: mean of forecast less demand.
    """

    kind: Ints
    method: Ints
    weekly: Floats
    error: Floats
    scaled: Floats
    bias: Floats


def forecast(demand: npt.ArrayLike) -> Forecasts:
    """Return the forecasts of a table of series by weeks; quantities >= 0.

    Raises EngineError for anything else.
    """
    table = np.asarray(demand, np.float64)
    if table.ndim != 2 or not np.all(np.isfinite(table)) or np.any(table < 0):
        raise EngineError("demand must be a table of series by weeks with quantities of 0 or more")
    if table.shape[1] == 0:
        table = np.zeros((len(table), 1))
    profile = _Profile.of(table)
    kinds = profile.kinds()
    method = np.array([METHODS.index(METHOD_OF[kind]) for kind in KINDS])[kinds]
    runs = [run(table, profile) for run in (run_ses, run_sba, run_tsb)]
    weekly, error, bias = (
        np.choose(method, [getattr(run, name) for run in runs])
        for name in ("weekly", "error", "bias")
    )
    naive = _naive_error(table, profile)
    scaled = np.divide(error, naive, out=np.full(len(table), np.nan), where=naive > 0)
    return Forecasts(kinds, method, weekly, error, scaled, bias)


@dataclass(frozen=True)
class _Profile:
    """Per series: first week with demand, weeks since, weeks with demand, their mean and spread."""

    first: Ints
    weeks: Ints
    busy: Ints
    mean: Floats
    variation: Floats

    @classmethod
    def of(cls, table: Floats) -> "_Profile":
        some = table > 0
        busy = some.sum(axis=1)
        first = np.where(busy > 0, some.argmax(axis=1), table.shape[1])
        mean = np.divide(table.sum(axis=1), busy, out=np.zeros(len(table)), where=busy > 0)
        square = np.divide((table**2).sum(axis=1), busy, out=np.zeros(len(table)), where=busy > 0)
        variation = np.divide(
            np.maximum(square - mean**2, 0), mean**2, out=np.zeros(len(table)), where=mean > 0
        )
        return cls(first, table.shape[1] - first, busy, mean, variation)

    @property
    def interval(self) -> Floats:
        """Mean number of weeks from one week with demand to the next, >= 1."""
        interval: Floats = self.weeks / np.maximum(self.busy, 1)
        return np.maximum(interval, 1.0)

    def kinds(self) -> Ints:
        """Return the place of each series' kind in KINDS."""
        kinds = 2 * (self.interval >= INTERVAL_EDGE) + (self.variation >= VARIATION_EDGE)
        return np.where(self.busy == 0, KINDS.index(NONE), kinds)


@dataclass(frozen=True)
class _Run:
    weekly: Floats
    error: Floats
    bias: Floats


class _Errors:
    """Collect the errors of forecasts one week ahead, from the second week of a series on."""

    def __init__(self, size: int) -> None:
        self.absolute, self.signed, self.count = np.zeros(size), np.zeros(size), np.zeros(size)

    def add(self, expected: Floats, sold: Floats, counts: npt.NDArray[np.bool_]) -> None:
        miss = np.where(counts, expected - sold, 0.0)
        self.absolute += np.abs(miss)
        self.signed += miss
        self.count += counts

    def run(self, weekly: Floats) -> _Run:
        count = np.maximum(self.count, 1)
        return _Run(np.maximum(weekly, 0.0), self.absolute / count, self.signed / count)


def run_ses(
    table: Floats, profile: _Profile, share: float = SES_SHARE, start: Floats | None = None
) -> _Run:
    """Simple exponential smoothing. Args: start, the first level; the mean of the first weeks."""
    weeks = np.arange(table.shape[1])
    early = (weeks >= profile.first[:, None]) & (weeks < profile.first[:, None] + START_WEEKS)
    if start is None:
        start = (table * early).sum(axis=1) / np.maximum(early.sum(axis=1), 1)
    level, errors = start, _Errors(len(table))
    for week in weeks:
        on = week >= profile.first
        errors.add(level, table[:, week], week > profile.first)
        level = np.where(on, level + share * (table[:, week] - level), level)
    return errors.run(level)


def run_sba(table: Floats, profile: _Profile, share: float = SBA_SHARE) -> _Run:
    """Croston's method with the correction of Syntetos and Boylan 2005 for its bias."""
    size, interval = profile.mean, profile.interval
    since, errors = np.ones(len(table)), _Errors(len(table))
    for week in range(table.shape[1]):
        sold = table[:, week]
        errors.add((1 - share / 2) * size / interval, sold, week > profile.first)
        busy = (sold > 0) & (week > profile.first)
        size = np.where(busy, size + share * (sold - size), size)
        interval = np.where(busy, interval + share * (since - interval), interval)
        since = np.where(sold > 0, 1.0, since + 1)
    return errors.run((1 - share / 2) * size / interval)


def run_tsb(table: Floats, profile: _Profile, share: float = TSB_SHARE) -> _Run:
    """Teunter, Syntetos, Babai 2011: the chance of demand fades in weeks without any."""
    size, chance, errors = profile.mean, 1 / profile.interval, _Errors(len(table))
    for week in range(table.shape[1]):
        sold = table[:, week]
        errors.add(size * chance, sold, week > profile.first)
        on, busy = week > profile.first, (sold > 0) & (week > profile.first)
        chance = np.where(on, chance + share * (busy - chance), chance)
        size = np.where(busy, size + share * (sold - size), size)
    return errors.run(np.where(profile.busy > 0, size * chance, 0.0))


def _naive_error(table: Floats, profile: _Profile) -> Floats:
    """Return the mean absolute error of repeating the week before."""
    steps = np.abs(np.diff(table, axis=1))
    counts = np.arange(1, table.shape[1]) > profile.first[:, None]
    naive: Floats = (steps * counts).sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
    return naive


def abc(amounts: npt.ArrayLike) -> list[str]:
    """Return A, B or C per product: those that bring 80 %, the next 15 % and the last 5 %.

    Args: amount sold per product; what sold nothing is C.
    """
    sold = np.maximum(np.asarray(amounts, np.float64), 0)
    order = np.argsort(-sold, kind="stable")
    total = sold.sum()
    before = np.concatenate(([0.0], np.cumsum(sold[order])[:-1])) / (total or 1.0)
    letters = np.where(before < 0.8, "A", np.where(before < 0.95, "B", "C"))
    letters[sold[order] == 0] = "C"
    result = np.empty(len(sold), letters.dtype)
    result[order] = letters
    return result.tolist()


def weekday_shares(sold: npt.ArrayLike, groups: npt.ArrayLike) -> Floats:
    """Return the share of each weekday in a week's demand, 7 per series, that sum to 1.

    Few sales say little of a week: a series is believed the more, the more it sold, else its
    group, and a group likewise, else all together.

    Args: sold, units per series and weekday, a negative one (returns) counts as none; groups, the
    place of each series' group, >= 0.
    """
    table = np.maximum(np.asarray(sold, np.float64).reshape(-1, WEEKDAYS), 0.0)
    places = np.asarray(groups, np.int64)
    by_group = np.zeros((int(places.max(initial=-1)) + 1, WEEKDAYS))
    np.add.at(by_group, places, table)
    even = np.full(WEEKDAYS, 1 / WEEKDAYS)
    together = _drawn_to(table.sum(axis=0, keepdims=True), even)
    return _drawn_to(table, _drawn_to(by_group, together)[places])


def _drawn_to(table: Floats, shares: Floats) -> Floats:
    """Return the shares of the table's rows as if WEEKDAY_DOUBT units more had sold by others."""
    drawn = (table + WEEKDAY_DOUBT * shares) / (table.sum(axis=1, keepdims=True) + WEEKDAY_DOUBT)
    return np.asarray(drawn)
