"""Birthdays of two calendars: forms they are written in, and their days in the coming year."""

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from borax.calendars.lunardate import LCalendars, LunarDate
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[3] / "addons" / "retail_crm"))

from crm_engine.birthdays import (  # noqa: E402
    LunarBirthday,
    chinese_day,
    chinese_month,
    coming_birthdays,
    parse,
    solar_key,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
LUNAR = st.builds(LunarBirthday, st.integers(1, 12), st.integers(1, 30), st.booleans())


@pytest.mark.parametrize(
    ("text", "key", "solar"),
    [
        ("8-15", "08-15", None),
        ("农历八月十五", "08-15", None),
        ("農曆 八月十五日", "08-15", None),
        ("閏四月初一", "L04-01", None),
        ("leap 4/1", "L04-01", None),
        ("L04-01", "L04-01", None),
        ("腊月三十", "12-30", None),
        ("十一月廿九", "11-29", None),
        ("正月二十三", "01-23", None),
        ("８－１５", "08-15", None),
        ("1985年八月十五", "08-15", date(1985, 9, 29)),
        ("2020-L4-1", "L04-01", date(2020, 5, 23)),
    ],
)
def test_read(text, key, solar):
    birthday, day = parse(text)
    assert (birthday.key, day) == (key, solar)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "13-1",
        "8-31",
        "0-5",
        "八月",
        "2021-L4-1",
        "2025-12-30",
        "1985-09-29-1",
        "1800-1-1",
    ],
)
def test_refused(text):
    with pytest.raises(ValueError):
        parse(text)


@given(LUNAR)
def test_what_is_told_is_read_again(birthday):
    words = f"{chinese_month(birthday.month)}月{chinese_day(birthday.day)}"
    assert parse(("闰" if birthday.leap else "") + words)[0] == birthday
    assert parse(birthday.key)[0] == birthday


def _kept_on(year, birthday):
    """Return the solar day on which a lunar year keeps a birthday, told the other way round."""
    leap = birthday.leap and LCalendars.leap_month(year) == birthday.month
    last = LCalendars.ndays(year, birthday.month, int(leap))
    lunar = LunarDate(year, birthday.month, min(birthday.day, last), int(leap))
    return lunar.to_solar_date()


@given(DAYS, LUNAR)
def test_lunar_birthdays_come(first, birthday):
    year = LunarDate.from_solar(first).year
    kept = [_kept_on(each, birthday) for each in (year, year + 1)]
    assert coming_birthdays(first)[birthday.key] == next(day for day in kept if day >= first)


@given(DAYS, DAYS)
def test_solar_birthdays_come(first, born):
    coming = coming_birthdays(first)[solar_key(born)]
    assert first <= coming < first + timedelta(days=367)
    assert (coming.month, coming.day) == (born.month, born.day) or (
        (born.month, born.day, coming.month, coming.day) == (2, 29, 2, 28)
        and (coming + timedelta(days=1)).month == 3
    )


def test_days_that_a_year_lacks():
    assert coming_birthdays(date(2026, 1, 1))["S02-29"] == date(2026, 2, 28)
    assert coming_birthdays(date(2028, 1, 1))["S02-29"] == date(2028, 2, 29)
    # The twelfth month before the New Year of 17 February 2026 had 29 days.
    assert coming_birthdays(date(2026, 1, 1))["12-30"] == date(2026, 2, 16)
    # 2025 had a leap sixth month, 2026 has none.
    assert coming_birthdays(date(2025, 1, 1))["L06-01"] == date(2025, 7, 25)
    assert coming_birthdays(date(2026, 1, 1))["L06-01"] == date(2026, 7, 14)
