"""Demand forecasts on the grocery set: learned on weeks 1-44, judged on weeks 45-52.

The shares of the methods were tuned on weeks 1-36 against 37-44; nothing was tuned on later ones.

Each kind of series (as the engine tells them apart) is judged by itself: steady and unsteady ones
by the mean absolute scaled error, those with weeks without sales by the scaled error of the eight
weeks' total (for them the median week is 0, which is no forecast). The figure is the worst kind's
error over that of the best of four simple methods for all of it.
"""

import time

import numpy as np

from . import recommend_quality  # noqa: F401  (puts the engine on the path)
from .measure import result

from demo import grocery  # isort: skip

from guide_engine import forecast  # isort: skip
from guide_engine.forecast import KINDS, _naive_error, _Profile, run_sba, run_ses, run_tsb  # isort: skip

LEARNED, JUDGED = 44, 8  # weeks
MIN_WEEKS = 3  # with sales, to say anything of a series
BY_WEEK = ("smooth", "erratic")
SERIES = 20_000


def run(env: object = None) -> list[dict]:
    """Return the rows `forecast.quality` and `forecast.20000.s`; no database is needed."""
    past, future = _tables()
    profile = _Profile.of(past)
    found = forecast(past)
    peers = [
        past[:, -8:].mean(axis=1),
        run_ses(past, profile, 0.2).weekly,
        run_sba(past, profile, 0.1).weekly,
        run_tsb(past, profile, 0.1).weekly,
    ]
    naive = _naive_error(past, profile)
    ratios = []
    for place, kind in enumerate(KINDS[:4]):
        chosen = (profile.kinds() == place) & (naive > 0)
        judge = _by_week if kind in BY_WEEK else _by_total
        ours, *others = (
            judge(future[chosen], weekly[chosen], naive[chosen])
            for weekly in (found.weekly, *peers)
        )
        ratios.append((ours / min(others), ours, min(others)))
    _ratio, ours, best = max(ratios)
    many = np.resize(past, (SERIES, past.shape[1]))
    start = time.process_time()
    forecast(many)
    taken = time.process_time() - start
    return [
        result("forecast.quality", ours, best, "scaled error", 1.02, runs=1),
        result("forecast.20000.s", taken, None, "s CPU", 1.0, runs=1),
    ]


def _tables():
    """Return the quantities per product and week: (learned, judged)."""
    sales, _products = grocery.load()
    sales = sales[sales["week"] <= LEARNED + JUDGED]
    weekly = sales.groupby(["product", "week"])["quantity"].sum().unstack("week", fill_value=0)
    table = weekly.reindex(columns=range(1, LEARNED + JUDGED + 1), fill_value=0).to_numpy(float)
    past, future = table[:, :LEARNED], table[:, LEARNED:]
    kept = (past > 0).sum(axis=1) >= MIN_WEEKS
    return past[kept], future[kept]


def _by_week(future, weekly, naive):
    return float((np.abs(future - weekly[:, None]).mean(axis=1) / naive).mean())


def _by_total(future, weekly, naive):
    total = np.abs(future.sum(axis=1) - JUDGED * weekly)
    return float((total / (JUDGED * naive)).mean())
