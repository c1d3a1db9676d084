"""Days named in a text, in English and Chinese, seen from a given day."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon 一",
            "tuesday tues tue 二",
            "wednesday wed 三",
            "thursday thurs thu 四",
            "friday fri 五",
            "saturday sat 六",
            "sunday sun 日 天",
        )
    )
    for name in names.split()
}
NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "a one an 一",
            "two 二 两 兩",
            "three 三",
            "four 四",
            "five 五",
            "six 六",
            "seven 七",
            "eight 八",
            "nine 九",
            "ten 十",
        ),
        1,
    )
    for name in names.split()
}
NEAR_DAYS = {
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "tomorrow": 1,
    "today": 0,
    "大后天": 3,
    "大後天": 3,
    "后天": 2,
    "後天": 2,
    "明天": 1,
    "明日": 1,
    "今天": 0,
    "今日": 0,
}
Parts = dict[str, Any]  # the groups of a match, by name
LEAP_YEARS = 8  # within so many years every day of the calendar comes round


def _words(table: Mapping[str, int], latin: bool) -> str:
    """Return the alternatives of a table's Latin or other words, longest first."""
    found = [name for name in table if name.isascii() is latin]
    return "|".join(sorted(found, key=len, reverse=True))


_MONTH = rf"(?P<month>{_words(MONTHS, True)})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_COUNT = rf"(?P<count>\d{{1,3}}|{_words(NUMBERS, True)})"
_COUNT_ZH = rf"(?P<count>\d{{1,3}}|{_words(NUMBERS, False)})"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.ASCII)


# Tried in this order; what one has found is not searched again.
PATTERNS = (
    ("ymd", _pattern(r"(?<!\d)(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)")),
    (
        "ymd",
        _pattern(
            r"(?:(?P<year>\d{4})年)?(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]?(?!\d)"
        ),
    ),
    ("ymd", _pattern(rf"(?<!\w){_DAY} (?:of )?{_MONTH}(?!\w)(?:,? (?P<year>\d{{4}})(?!\d))?")),
    ("ymd", _pattern(rf"(?<!\w){_MONTH} (?:the )?{_DAY}(?!\w)(?:,? (?P<year>\d{{4}})(?!\d))?")),
    ("near", _pattern(rf"(?<!\w)(?P<near>{_words(NEAR_DAYS, True)})(?!\w)")),
    ("near", _pattern(rf"(?P<near>{_words(NEAR_DAYS, False)})")),
    ("count", _pattern(rf"(?<!\w)in {_COUNT} (?P<unit>day|week)s?(?!\w)")),
    ("count", _pattern(rf"(?<!\d){_COUNT_ZH}个?(?P<unit>天|周|週|星期|礼拜|禮拜)(?:之)?[后後]")),
    (
        "weekday",
        _pattern(
            rf"(?<!\w)(?:(?P<which>next|this|on|coming) )?(?P<weekday>{_words(WEEKDAYS, True)})"
            r"(?!\w)"
        ),
    ),
    (
        "weekday",
        _pattern(
            r"(?P<which>下个?|下個?|这个?|這個?|本)?(?:周|週|星期|礼拜|禮拜)"
            rf"(?P<weekday>{_words(WEEKDAYS, False)})(?![天周週气氣])"
        ),
    ),
)
SHORT_WEEKDAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", "tues", "thurs"}


def find_dates(text: str, today: date) -> Iterator[tuple[int, int, date]]:
    """Yield (start, end, day) of the days that the text names; spans never overlap.

    A day without a year is its next one, today counting. "Monday" and "this Monday" are the next
    one after today; "next Monday" and 下周一 lie in the calendar week after this one. Days that no
    calendar has (31 February) are passed over, and so is 12/5, which may be read in two ways.
    """
    taken: list[tuple[int, int]] = []
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other < end for other, other_end in taken):
                continue
            day = READERS[kind](match.groupdict(), today)
            if day:
                taken.append((start, end))
                yield start, end, day


def _read_ymd(parts: Parts, today: date) -> date | None:
    name = parts["month"].lower()
    month = MONTHS.get(name) or int(name)
    day = int(parts["day"])
    if parts["year"]:
        return _day(int(parts["year"]), month, day)
    years = range(today.year, min(today.year + LEAP_YEARS, date.max.year) + 1)
    days = (_day(year, month, day) for year in years)
    return next((found for found in days if found and found >= today), None)


def _read_near(parts: Parts, today: date) -> date | None:
    return _later(today, NEAR_DAYS[parts["near"].lower()])


def _read_count(parts: Parts, today: date) -> date | None:
    word = parts["count"].lower()
    count = int(word) if word.isdigit() else NUMBERS[word]
    return _later(today, count * (1 if parts["unit"].lower() in ("day", "天") else 7))


def _read_weekday(parts: Parts, today: date) -> date | None:
    word, which = parts["weekday"].lower(), (parts["which"] or "").lower()
    if word in SHORT_WEEKDAYS and not which:
        return None  # "sun" and "sat" are mostly no days
    weekday = WEEKDAYS[word]
    if which.startswith(("next", "下")):
        return _later(today, 7 - today.weekday() + weekday)
    ahead = (weekday - today.weekday()) % 7
    return _later(today, ahead or 7)


READERS = {
    "ymd": _read_ymd,
    "near": _read_near,
    "count": _read_count,
    "weekday": _read_weekday,
}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _later(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None
