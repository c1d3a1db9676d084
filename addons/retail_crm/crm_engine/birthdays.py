"""Birthdays of the solar and of the Chinese lunar calendar: read, told, found in the coming year.

A birthday is known by its key: "S02-29" of the solar calendar; of the lunar calendar "08-15", or
"L04-01" in the leap fourth month.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from borax.calendars.lunardate import InvalidLunarDateError, LCalendars, LunarDate

MONTH_DAYS = 30  # a lunar month has 29 or 30
YEAR_DAYS = 390  # no birthday is farther off: a lunar year of thirteen months has 385 at most
DIGITS = "〇一二三四五六七八九"
MONTHS: list[str] = ["正", *"二三四五六七八九十", "十一", "十二"]
MONTH_WORDS = {word: number for number, word in enumerate(MONTHS, 1)} | {
    "一": 1,
    "冬": 11,
    "腊": 12,
    "臘": 12,
}
FORM = re.compile(
    r"(?:农历|農曆|阴历|陰曆|旧历|舊曆|lunar)?\s*"
    r"(?:(?P<year>\d{4})\s*[-/.年]\s*)?"
    r"(?P<leap>闰|閏|leap|l)?\s*"
    r"(?P<month>[〇一二三四五六七八九十正冬腊臘]+|\d{1,2})\s*[-/.月]\s*"
    r"(?P<day>[初一二三四五六七八九十廿卅]+|\d{1,2})\s*[日号號]?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class LunarBirthday:
    """A day of the lunar year: month 1..12, day 1..30, and whether the month is a leap one."""

    month: int
    day: int
    leap: bool = False

    @property
    def key(self) -> str:
        return f"{'L' if self.leap else ''}{self.month:02d}-{self.day:02d}"


def solar_key(day: date) -> str:
    """Return the key of a birthday of the solar calendar."""
    return f"S{day:%m-%d}"


# === READING === #


def parse(text: str) -> tuple[LunarBirthday, date | None]:
    """Read a lunar birthday: 8-15, 八月十五, 闰四月初一, L4-1, with a year before it or without.

    Return it and, when the year is told, its day of the solar calendar. Raises ValueError when
    the text is no such day, or the year had no such day.
    """
    match = FORM.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not match:
        raise ValueError(text)
    month, day = _month_number(match["month"]), _day_number(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= MONTH_DAYS):
        raise ValueError(text)
    birthday = LunarBirthday(month, day, bool(match["leap"]))
    if not match["year"]:
        return birthday, None
    try:
        born = LunarDate(int(match["year"]), month, day, int(birthday.leap))
    except InvalidLunarDateError as error:
        raise ValueError(text) from error
    return birthday, born.to_solar_date()


def _month_number(text: str) -> int:
    return int(text) if text.isdigit() else MONTH_WORDS.get(text, 0)


def _day_number(text: str) -> int:
    return int(text) if text.isdigit() else DAY_WORDS.get(text, 0)


# === TELLING === #


def chinese_month(month: int) -> str:
    """Return the numeral of a lunar month: 正, 二 ... 十二."""
    return MONTHS[month - 1]


def chinese_day(day: int) -> str:
    """Return the name of a lunar day: 初一 ... 三十."""
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return "初十廿"[day // 10] + DIGITS[day % 10]


DAY_WORDS = {chinese_day(day): day for day in range(1, MONTH_DAYS + 1)} | {
    "廿": 20,
    "卅": 30,
    **{f"二十{DIGITS[unit]}": 20 + unit for unit in range(1, 10)},
    **{DIGITS[unit]: unit for unit in range(1, 10)},
    "十": 10,
}


# === THE COMING YEAR === #


@lru_cache(maxsize=16)
def coming_birthdays(first: date) -> dict[str, date]:
    """Return {key of a birthday: its first day on or after ``first``}.

    The 29th of February is kept on the 28th in other years; a lunar 30th on the 29th of a month
    without it; a birthday in a leap month in the usual one in years without that leap month.
    """
    coming: dict[str, date] = {}
    for number in range(YEAR_DAYS):
        day = first + timedelta(days=number)
        for key in _keys_of_day(day):
            coming.setdefault(key, day)
    return coming


def _keys_of_day(day: date) -> Iterator[str]:
    yield solar_key(day)
    if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
        yield "S02-29"
    lunar = LunarDate.from_solar(day)
    days = [lunar.day]
    if lunar.day == LCalendars.ndays(lunar.year, lunar.month, lunar.leap) == MONTH_DAYS - 1:
        days.append(MONTH_DAYS)
    leaps = [bool(lunar.leap)]
    if not lunar.leap and LCalendars.leap_month(lunar.year) != lunar.month:
        leaps.append(True)
    for of_day in days:
        for leap in leaps:
            yield LunarBirthday(lunar.month, of_day, leap).key
