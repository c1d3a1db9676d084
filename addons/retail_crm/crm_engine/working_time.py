"""Working time between instants: the clock behind every deadline of a complaint.

Instants are naive datetimes in UTC, as Odoo stores them. Amounts are timedeltas of working time.
A day's shifts are wall-clock minutes (0 = midnight, 1440 = the next midnight) in one time zone, so
a night shift is two shifts that meet at midnight, and a day on which clocks change is an hour
shorter or longer exactly where its shifts say so.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Pair = tuple[Any, Any]  # (start, end) of moments or of minutes

MINUTES_PER_DAY = 24 * 60
HORIZON_DAYS = 3660  # calendar days after which a search for working time gives up
ZERO = timedelta(0)


class WorkingTimeError(Exception):
    """Something about the calendar keeps the clock from being read."""


class NoWorkingTime(WorkingTimeError):
    """The calendar has no working time, or not enough of it within HORIZON_DAYS."""


class ClockPaused(WorkingTimeError):
    """A pause is still open, so that nobody can say yet when the amount will have passed."""


class Shift(NamedTuple):
    """Working (or break) minutes of a weekday; Monday is 0.

    `week` is None for every week, else 0 or 1: the parity of `week_parity`.
    """

    weekday: int
    start_minute: int
    end_minute: int
    week: int | None = None


class Interval(NamedTuple):
    start: datetime
    end: datetime


class Pause(NamedTuple):
    """Time during which the clock stands; `end` is None while it goes on."""

    start: datetime
    end: datetime | None


def week_parity(day: date) -> int:
    """Return 0 or 1, alternating week by week without a break at the turn of a year."""
    return (day.toordinal() - 1) // 7 % 2


def merge(intervals: Iterable[Pair]) -> list[Pair]:
    """Return the union of (start, end) pairs: sorted, disjoint, not touching, none empty."""
    merged: list[Pair] = []
    for start, end in sorted(pair for pair in intervals if pair[0] < pair[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def subtract(intervals: list[Pair], holes: list[Pair]) -> list[Pair]:
    """Return what is left of `intervals` without `holes`; both as `merge` returns them."""
    left = []
    for start, end in intervals:
        first = max(bisect_right(holes, (start,)) - 1, 0)
        for hole_start, hole_end in holes[first:]:
            if hole_start >= end:
                break
            if hole_end <= start:
                continue
            if hole_start > start:
                left.append((start, hole_start))
            start = hole_end
        if start < end:
            left.append((start, end))
    return left


class WorkingTime:
    """A weekly calendar in a time zone, less breaks and leaves.

    Args: `tz` an IANA name; `shifts` and `breaks` of the week, which may overlap; `leaves` pairs
    of instants (holidays). Raises ValueError on a shift outside its day.
    """

    def __init__(
        self,
        tz: str,
        shifts: Iterable[Shift],
        breaks: Iterable[Shift] = (),
        leaves: Iterable[tuple[datetime, datetime]] = (),
    ):
        self._zone = ZoneInfo(tz)
        self._leaves = merge(leaves)
        self._week = self._compile(list(shifts), list(breaks))
        self._days: dict[date, list[tuple[datetime, datetime]]] = {}

    @property
    def is_empty(self) -> bool:
        """True when no weekday has working time."""
        return not any(self._week.values())

    def add(self, start: datetime, amount: timedelta, pauses: Iterable[Pause] = ()) -> datetime:
        """Return the first instant by which `amount` of working time has passed since `start`.

        An amount of zero returns `start`, in working time or not.
        Raises ValueError on a negative amount, ClockPaused, NoWorkingTime.
        """
        if amount < ZERO:
            raise ValueError("The amount of working time must not be negative.")
        holes = self._holes(pauses, until=None)
        if self.is_empty:
            raise NoWorkingTime("The calendar has no working time.")
        if amount == ZERO:
            return start
        horizon = start + timedelta(days=HORIZON_DAYS)
        for begin, end in self._intervals(start, horizon, holes):
            if end - begin >= amount:
                return begin + amount
            amount -= end - begin
        raise NoWorkingTime("The calendar has too little working time in the next years.")

    def between(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """Return the working time from `start` to `end`; negative when `end` is earlier.

        A pause that is still open lasts to the later of both. Raises NoWorkingTime.
        """
        if self.is_empty:
            raise NoWorkingTime("The calendar has no working time.")
        if end < start:
            return -self.between(end, start, pauses)
        holes = self._holes(pauses, until=end)
        return sum((e - b for b, e in self._intervals(start, end, holes)), ZERO)

    def minutes_between(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> int:
        """Return the whole working minutes from `start` to `end`, rounded towards zero."""
        return int(self.between(start, end, pauses) / timedelta(minutes=1))

    @staticmethod
    def _compile(shifts: list[Shift], breaks: list[Shift]) -> dict[tuple[int, int], list[Pair]]:
        for shift in shifts + breaks:
            if not 0 <= shift.weekday <= 6:
                raise ValueError(f"No such weekday: {shift.weekday}")
            if not 0 <= shift.start_minute <= shift.end_minute <= MINUTES_PER_DAY:
                raise ValueError(f"The shift does not lie within its day: {shift}")

        def minutes(items: list[Shift], weekday: int, week: int) -> list[Pair]:
            return merge(
                (item.start_minute, item.end_minute)
                for item in items
                if item.weekday == weekday and item.week in (None, week)
            )

        return {
            (weekday, week): subtract(
                minutes(shifts, weekday, week), minutes(breaks, weekday, week)
            )
            for weekday in range(7)
            for week in (0, 1)
        }

    def _holes(self, pauses: Iterable[Pause], until: datetime | None) -> list[Pair]:
        """Return leaves and pauses as one list; open pauses end at `until`."""
        closed = []
        for pause in pauses:
            end = until if pause.end is None else pause.end
            if end is None:
                raise ClockPaused(f"The clock stands since {pause.start}.")
            closed.append((pause.start, end))
        return merge(self._leaves + closed) if closed else self._leaves

    def _intervals(self, start: datetime, end: datetime, holes: list[Pair]) -> Iterator[Interval]:
        """Yield the working intervals from `start` to `end` in order."""
        # A clock set back over midnight repeats hours of the day before: begin one day earlier.
        day = self._local_date(start) - timedelta(days=1)
        last = self._local_date(end) + timedelta(days=1)
        while day <= last:
            clipped = [(max(b, start), min(e, end)) for b, e in self._day(day)]
            for begin, stop in subtract([pair for pair in clipped if pair[0] < pair[1]], holes):
                yield Interval(begin, stop)
            day += timedelta(days=1)

    def _day(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the shifts of a local day as pairs of instants, leaves not yet taken off."""
        if day not in self._days:
            shifts = self._week[day.weekday(), week_parity(day)]
            self._days[day] = merge(
                (self._instant(day, start), self._instant(day, end)) for start, end in shifts
            )
        return self._days[day]

    def _local_date(self, instant: datetime) -> date:
        return instant.replace(tzinfo=timezone.utc).astimezone(self._zone).date()

    def _instant(self, day: date, minute: int) -> datetime:
        """Return the instant at which the wall clock first reaches or passes this minute.

        Never falls when the minute grows: a time that occurs twice means its first occurrence,
        one that is skipped means the moment of the skip.
        """
        wall = datetime.combine(day, time.min) + timedelta(minutes=minute)
        late = self._utc(wall, fold=0)
        if late.replace(tzinfo=timezone.utc).astimezone(self._zone).replace(tzinfo=None) == wall:
            return late
        return self._skip_between(self._utc(wall, fold=1), late)

    def _utc(self, wall: datetime, fold: int) -> datetime:
        aware = wall.replace(tzinfo=self._zone, fold=fold)
        return aware.astimezone(timezone.utc).replace(tzinfo=None)

    def _skip_between(self, early: datetime, late: datetime) -> datetime:
        """Return the second in (early, late] at which the zone's offset changes."""
        before = self._offset(early)
        low, high = 0, int((late - early).total_seconds())
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(early + timedelta(seconds=middle)) == before:
                low = middle
            else:
                high = middle
        return early + timedelta(seconds=high)

    def _offset(self, instant: datetime) -> timedelta | None:
        return instant.replace(tzinfo=timezone.utc).astimezone(self._zone).utcoffset()
