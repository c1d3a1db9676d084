"""Hours in which messages go out, by the clock of the store."""

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[3] / "addons" / "retail_crm"))

from crm_engine.send_window import next_open  # noqa: E402

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "UTC")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-03-02 04:00", "Asia/Shanghai", "2026-03-02 04:00"),  # noon there: at once
        ("2026-03-02 00:59", "Asia/Shanghai", "2026-03-02 01:00"),
        ("2026-03-02 12:00", "Asia/Shanghai", "2026-03-03 01:00"),  # eight in the evening: shut
        ("2026-03-02 04:00", "America/New_York", "2026-03-02 14:00"),
    ],
)
def test_examples(moment, zone, expected):
    assert next_open(at(moment), zone, 9, 20) == at(expected)


def test_half_hours():
    assert next_open(at("2026-03-02 00:00"), "UTC", 8.5, 9) == at("2026-03-02 08:30")


@pytest.mark.parametrize("window", [(9, 9), (20, 9), (-1, 9), (9, 25)])
def test_windows_that_are_none(window):
    with pytest.raises(ValueError):
        next_open(at("2026-03-02 00:00"), "UTC", *window)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(1, 24),
)
def test_never_early_never_outside(moment, zone, first, length):
    last = min(24, first + length)
    opens = next_open(moment, zone, first, last)
    assert opens >= moment
    hour = opens.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).hour
    # A clock change may take the opening out of the day: then it is an hour later.
    assert first <= hour < last or (zone in ZONES[1:3] and hour == first + 1)
    assert next_open(opens, zone, first, last) == opens or hour == first + 1
