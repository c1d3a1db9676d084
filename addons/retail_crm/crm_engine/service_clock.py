"""The clocks of a customer's request: which rule fits, when to warn, when it is due."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from .working_time import ZERO, ClockPaused, NoWorkingTime, Pause, Shift, WorkingTime

# Where no calendar has working time, hours are hours.
EVERY_HOUR = WorkingTime("UTC", [Shift(day, 0, 24 * 60) for day in range(7)])


class Schedule(NamedTuple):
    warn: datetime
    due: datetime


def pick(
    rules: Iterable[tuple[Any, Mapping[str, Any]]],
    case: Mapping[str, Sequence[Any]],
    order: Sequence[str],
) -> Any:
    """Return the rule that says most about a case, None when none fits.

    A rule maps conditions to the value it asks for, or to None for any. A case maps each
    condition to the values it has, the closest first: a category, then the one above it.
    Conditions named earlier in `order` weigh more than all later ones together; of rules that
    say the same, the first wins.
    """
    best, best_weight = None, None
    for rule, conditions in rules:
        weight = _weight(conditions, case, order)
        if weight is not None and (best_weight is None or weight > best_weight):
            best, best_weight = rule, weight
    return best


def _weight(
    conditions: Mapping[str, Any], case: Mapping[str, Sequence[Any]], order: Sequence[str]
) -> tuple[int, ...] | None:
    """Return what a rule says, condition by condition; None when it does not fit."""
    weight = []
    for name in order:
        wanted, values = conditions.get(name), list(case.get(name, ()))
        if wanted is not None and wanted not in values:
            return None
        weight.append(0 if wanted is None else len(values) - values.index(wanted))
    return tuple(weight)


def schedule(
    calendars: Sequence[WorkingTime],
    start: datetime,
    amount: timedelta,
    warn_share: float,
    pauses: Iterable[Pause] = (),
) -> Schedule | None:
    """Return when to warn and when `amount` has passed; None while a pause is open.

    The first calendar with working time counts. `warn_share` is the part of the amount, 0 to 1,
    after which the owner is warned. Raises ValueError on an amount that isn't positive.
    """
    if amount <= ZERO:
        raise ValueError("A clock needs an amount of time above zero.")
    pauses = list(pauses)
    for calendar in (*calendars, EVERY_HOUR):
        try:
            due = calendar.add(start, amount, pauses)
            warn = calendar.add(start, amount * min(max(warn_share, 0), 1), pauses)
        except NoWorkingTime:
            continue
        except ClockPaused:
            return None
        # An amount of nothing returns the start, in working time or not.
        return Schedule(min(warn, due), due)
    raise NoWorkingTime("The clock was paused for years.")


def used(
    calendars: Sequence[WorkingTime],
    start: datetime,
    end: datetime,
    pauses: Iterable[Pause] = (),
) -> timedelta:
    """Return the working time from `start` to `end` without the pauses."""
    pauses = list(pauses)
    calendar = next((one for one in calendars if not one.is_empty), EVERY_HOUR)
    return max(calendar.between(start, end, pauses), ZERO)
