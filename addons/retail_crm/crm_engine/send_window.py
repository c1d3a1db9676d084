"""When a message may go out: hours of the day by the clock of the member's store."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from .local_time import to_utc


def next_open(moment: datetime, zone: str, from_hour: float, to_hour: float) -> datetime:
    """Return the first moment not before ``moment`` (naive UTC) at which the window is open.

    The window is open every day from ``from_hour`` up to, not at, ``to_hour``; 24 is midnight.
    Raises ValueError unless 0 <= from_hour < to_hour <= 24.
    """
    if not 0 <= from_hour < to_hour <= 24:
        raise ValueError((from_hour, to_hour))
    local = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
    hour = local.hour + local.minute / 60 + local.second / 3600
    if from_hour <= hour < to_hour:
        return moment
    day = local.date() if hour < from_hour else local.date() + timedelta(days=1)
    minutes = round(from_hour * 60)
    opening = datetime.combine(day, time(minutes // 60, minutes % 60))
    # A clock change may leave the opening out: never earlier than asked for.
    return max(moment, to_utc(opening, zone))
