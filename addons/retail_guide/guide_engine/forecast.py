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
MONTHS = 12
SEASON_YEARS = 2  # fewer whole years say nothing of a season
SEASON_DOUBT = 2.0  # times the noise that is taken off of what a season seems to explain
STEP_SPREAD = 0.5  # of the spread without growth, below which growth was a step
SEASON_FLOOR = 0.1  # the lowest index: what didn't sell in a month may still sell there


@dataclass(frozen=True)
class Forecasts:
    """One entry per series.

    kind: place in KINDS. method: place in METHODS. weekly: expected demand of a usual week, one
    whose season is 1, >= 0.
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


def forecast(demand: npt.ArrayLike, season: npt.ArrayLike | None = None) -> Forecasts:
    """Return the forecasts of a table of series by weeks; quantities >= 0.

    Args: season, the index of each series' weeks, > 0; 1 everywhere if it isn't given. It is taken
    out of what was sold, so the demand of a coming week is weekly times that week's index.

    Raises EngineError for anything else.
    """
    table = np.asarray(demand, np.float64)
    if table.ndim != 2 or not np.all(np.isfinite(table)) or np.any(table < 0):
        raise EngineError("demand must be a table of series by weeks with quantities of 0 or more")
    index = np.ones_like(table) if season is None else np.asarray(season, np.float64)
    if index.shape != table.shape or not np.all(np.isfinite(index)) or np.any(index <= 0):
        raise EngineError("season must have an index above 0 for each week of each series")
    if table.shape[1] == 0:
        table, index = np.zeros((len(table), 1)), np.ones((len(table), 1))
    usual = table / index
    profile = _Profile.of(usual)
    kinds = profile.kinds()
    method = np.array([METHODS.index(METHOD_OF[kind]) for kind in KINDS])[kinds]
    runs = [run(usual, profile, season=index) for run in (run_ses, run_sba, run_tsb)]
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
    """Collect the errors of forecasts one week ahead, from the second week of a series on.

    Args: the table without its season, and the season to put back: errors are of what was sold.
    """

    def __init__(self, table: Floats, profile: _Profile, season: Floats) -> None:
        self.table, self.profile, self.season = table, profile, season
        self.absolute, self.signed = np.zeros(len(table)), np.zeros(len(table))

    def add(self, week: int, expected: Floats) -> None:
        miss = (expected - self.table[:, week]) * self.season[:, week]
        miss = np.where(week > self.profile.first, miss, 0.0)
        self.absolute += np.abs(miss)
        self.signed += miss

    def run(self, weekly: Floats) -> _Run:
        count = np.maximum(self.profile.weeks - 1, 1)
        return _Run(np.maximum(weekly, 0.0), self.absolute / count, self.signed / count)


def _season_of(table: Floats, season: Floats | None) -> tuple[Floats, Floats]:
    """Return (index, pace) of the series' weeks; a week below the usual tells less, 0 < pace <= 1.

    Without it a product that rests in summer would be forgotten before its winter.
    """
    index = np.ones_like(table) if season is None else season
    return index, np.minimum(index, 1.0)


def run_ses(
    table: Floats,
    profile: _Profile,
    share: float = SES_SHARE,
    start: Floats | None = None,
    season: Floats | None = None,
) -> _Run:
    """Simple exponential smoothing. Args: start, the first level; the mean of the first weeks."""
    weeks = np.arange(table.shape[1])
    early = (weeks >= profile.first[:, None]) & (weeks < profile.first[:, None] + START_WEEKS)
    if start is None:
        start = (table * early).sum(axis=1) / np.maximum(early.sum(axis=1), 1)
    index, pace = _season_of(table, season)
    level, errors = start, _Errors(table, profile, index)
    for week in range(len(weeks)):
        on = week >= profile.first
        errors.add(week, level)
        news = share * pace[:, week] * (table[:, week] - level)
        level = np.where(on, level + news, level)
    return errors.run(level)


def run_sba(
    table: Floats, profile: _Profile, share: float = SBA_SHARE, season: Floats | None = None
) -> _Run:
    """Croston's method with the correction of Syntetos and Boylan 2005 for its bias."""
    index, pace = _season_of(table, season)
    size, interval = profile.mean, profile.interval
    since, errors = np.ones(len(table)), _Errors(table, profile, index)
    for week in range(table.shape[1]):
        sold = table[:, week]
        errors.add(week, (1 - share / 2) * size / interval)
        busy = (sold > 0) & (week > profile.first)
        size = np.where(busy, size + share * pace[:, week] * (sold - size), size)
        interval = np.where(busy, interval + share * (since - interval), interval)
        since = np.where(sold > 0, 1.0, since + pace[:, week])
    return errors.run((1 - share / 2) * size / interval)


def run_tsb(
    table: Floats, profile: _Profile, share: float = TSB_SHARE, season: Floats | None = None
) -> _Run:
    """Teunter, Syntetos, Babai 2011: the chance of demand fades in weeks without any."""
    index, pace = _season_of(table, season)
    size, chance, errors = profile.mean, 1 / profile.interval, _Errors(table, profile, index)
    for week in range(table.shape[1]):
        sold, part = table[:, week], share * pace[:, week]
        errors.add(week, size * chance)
        on, busy = week > profile.first, (sold > 0) & (week > profile.first)
        chance = np.where(on, chance + part * (busy - chance), chance)
        size = np.where(busy, size + part * (sold - size), size)
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


def season_index(sold: npt.ArrayLike) -> Floats:
    """Return the season of each group: 12 factors with mean 1, those of the last twelve months.

    A month's factor is its share of its year, on average of the years. It is drawn to 1 by as much
    of it as the years' differences explain, so a season that doesn't return is none. A group whose
    sales began fewer than two whole years ago has none: 1 everywhere.

    Args: sold, groups by months, the latest last, in units per day (months differ in length); a
    negative one counts as none.
    """
    table = np.maximum(np.asarray(sold, np.float64), 0.0)
    if table.ndim != 2 or not np.all(np.isfinite(table)):
        raise EngineError("sold must be a table of groups by months")
    count = table.shape[1] // MONTHS
    if count < SEASON_YEARS or not len(table):
        return np.ones((len(table), MONTHS))
    years = table[:, table.shape[1] - count * MONTHS :].reshape(len(table), count, MONTHS)
    begun = np.cumsum(table, axis=1)[:, -count * MONTHS :: MONTHS] > 0
    mean = years.mean(axis=2)
    whole = begun & (mean > 0)
    shapes = np.divide(years, mean[:, :, None], out=np.ones_like(years), where=whole[:, :, None])
    number = whole.sum(axis=1)
    known = np.maximum(number, 1)[:, None]
    shape = (shapes * whole[:, :, None]).sum(axis=1) / known
    misses = ((shapes - shape[:, None]) ** 2 * whole[:, :, None]).sum(axis=(1, 2))
    noise = misses / (MONTHS * known[:, 0] * np.maximum(number - 1, 1))
    index = _without_growth(shape, mean, whole)
    weight = np.where(number >= SEASON_YEARS, _belief(index, noise), 0.0)
    return np.asarray(1 + weight[:, None] * (index - 1))


def _without_growth(shape: Floats, mean: Floats, whole: npt.NDArray[np.bool_]) -> Floats:
    """Return the shapes of a year without the growth from year to year.

    Steady growth lifts the end of each year over its beginning; that is no season. Growth by a
    step between two years doesn't: where the shape itself is far flatter, it stays.
    """
    count = np.maximum(whole.sum(axis=1, keepdims=True), 1)
    logs = np.log(mean, out=np.zeros_like(mean), where=whole)
    place = np.where(whole, np.arange(mean.shape[1]), 0)
    apart = np.where(whole, place - place.sum(axis=1, keepdims=True) / count, 0.0)
    spread = (apart**2).sum(axis=1)
    slope = np.divide((apart * logs).sum(axis=1), spread, out=np.zeros(len(mean)), where=spread > 0)
    months = (np.arange(MONTHS) - (MONTHS - 1) / 2) / MONTHS
    level = shape / np.exp(slope[:, None] * months)
    level /= np.where(level.sum(axis=1) > 0, level.mean(axis=1), 1.0)[:, None]
    step = shape.var(axis=1) < STEP_SPREAD * level.var(axis=1)
    return np.where(step[:, None], shape, level)


def _belief(index: Floats, noise: Floats) -> Floats:
    """Return how much of each index is a season, 0..1, so that no month falls below the floor."""
    spread = index.var(axis=1)
    doubt = np.divide(SEASON_DOUBT * noise, spread, out=np.ones(len(index)), where=spread > 0)
    depth = 1 - index.min(axis=1)
    most = np.divide(1 - SEASON_FLOOR, depth, out=np.ones(len(index)), where=depth > 0)
    return np.asarray(np.clip(1 - doubt, 0.0, np.minimum(most, 1.0)))
