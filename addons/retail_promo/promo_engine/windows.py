"""Weekday and hour windows on the store's wall clock.

Twin: static/src/promo_engine/windows.js
"""

from .errors import Json

DAY_START = "00:00"
DAY_END = "24:00"
MONTH_SHIFT = (0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4)


def iso_weekday(date: str) -> int:
    """Return 1 (Monday) to 7 (Sunday) for a date YYYY-MM-DD. Source: Sakamoto 1992."""
    year, month, day = int(date[0:4]), int(date[5:7]), int(date[8:10])
    if month < 3:
        year -= 1
    sunday_is_zero = (
        year + year // 4 - year // 100 + year // 400 + MONTH_SHIFT[month - 1] + day
    ) % 7
    return sunday_is_zero or 7


def in_any_window(windows: list[Json], now: str) -> bool:
    """Tell whether one of the windows holds at `now` (ISO, store's wall clock)."""
    today = iso_weekday(now)
    yesterday = 7 if today == 1 else today - 1
    clock = now[11:16]
    return any(_holds(window, today, yesterday, clock) for window in windows)


def _holds(window: Json, today: int, yesterday: int, clock: str) -> bool:
    start = window.get("start")
    start = DAY_START if start is None else start
    end = window.get("end")
    end = DAY_END if end is None else end
    days = window.get("days")
    if start < end:
        return start <= clock < end and _on(days, today)
    # Across midnight: the hours after it belong to the day the window starts on.
    return (clock >= start and _on(days, today)) or (clock < end and _on(days, yesterday))


def _on(days: list[int] | None, day: int) -> bool:
    return not days or day in days
