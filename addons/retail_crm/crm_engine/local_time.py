"""Clock arithmetic between UTC and the wall clock of a store (standard library only)."""

from datetime import date, datetime, time, timezone
from zoneinfo import ZoneInfo

NOON = time(12)


def local_day(moment: datetime, zone: str) -> date:
    """Return the calendar day in the zone at a moment given as naive UTC."""
    return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone)).date()


def to_utc(moment: datetime, zone: str) -> datetime:
    """Return naive UTC for a naive wall-clock moment in the zone.

    A time that a clock change shows twice is taken as the first one; a time that it leaves
    out is taken by the clock before the change.
    """
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc).replace(tzinfo=None)


def noon_utc(day: date, zone: str) -> datetime:
    """Return naive UTC of local noon: the moment of an event of which only the day is known."""
    return to_utc(datetime.combine(day, NOON), zone)
