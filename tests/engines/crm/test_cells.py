"""crm_engine.cells, columns, allocation and local_time: values out of what people type."""

import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[3] / "addons" / "retail_crm"))

from crm_engine import cells  # noqa: E402
from crm_engine.allocation import spread  # noqa: E402
from crm_engine.columns import guess_columns  # noqa: E402
from crm_engine.local_time import local_day, noon_utc, to_utc  # noqa: E402


@pytest.mark.parametrize(
    ("cell", "text"),
    [("  A1 ", "A1"), (861272.0, "861272"), (12, "12"), (1.5, "1.5"), ("", None), (None, None)],
)
def test_text(cell, text):
    assert cells.as_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (3, 3), (2.5, 2.5), ("7", 7), ("-7.25", -7.25), ("1,234.50", 1234.5), ("1.234,50", 1234.5),
        ("12,5", 12.5), ("1,234", 1234), ("(3.20)", -3.2), ("¥5", 5), ("5 元", 5),
        ("CNY 5.10", 5.1), ("12.5", 12.5), ("1e3", 1000.0), ("", None), (None, None),
    ],
)  # fmt: skip
def test_number(cell, number):
    assert cells.as_number(cell) == number


@pytest.mark.parametrize("cell", ["abc", "1.2.3", "12-5", True, "#N/A", "1,23,4"])
def test_no_number(cell):
    with pytest.raises(cells.CellError):
        cells.as_number(cell)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        (datetime(2025, 1, 2, 3, 4), datetime(2025, 1, 2, 3, 4)),
        ("2025-01-02", date(2025, 1, 2)),
        ("2025/1/2 3:04", datetime(2025, 1, 2, 3, 4)),
        ("2025-01-02T03:04:05Z", datetime(2025, 1, 2, 3, 4, 5)),
        ("2025年1月2日", date(2025, 1, 2)),
        (20250102, date(2025, 1, 2)),
        (45659, date(2025, 1, 2)),
        (45659.5, datetime(2025, 1, 2, 12)),
        (None, None),
    ],
)
def test_datetime(cell, moment):
    assert cells.as_datetime(cell) == moment


def test_day_or_month_first_must_be_said():
    assert cells.as_date("3/4/2025", day_first=True) == date(2025, 4, 3)
    assert cells.as_date("3/4/2025", day_first=False) == date(2025, 3, 4)
    with pytest.raises(cells.CellError):
        cells.as_date("3/4/2025")


@pytest.mark.parametrize("cell", ["2025-02-30", "yesterday", 99999999, 1e9 + 0.5])
def test_no_date(cell):
    with pytest.raises(cells.CellError):
        cells.as_datetime(cell)


def test_boolean():
    assert [cells.as_boolean(x) for x in ("是", "no", "Y", 0, None)] == [
        True, False, True, False, None,
    ]  # fmt: skip
    with pytest.raises(cells.CellError):
        cells.as_boolean("maybe")


NAMES = {"code": ["Code", "SKU", "货号"], "name": ["Name"], "qty": ["Quantity", "Qty"]}


def test_columns_by_name_and_alias():
    assert guess_columns(["QTY ", "货 号", "name"], NAMES) == {"qty": 0, "code": 1, "name": 2}


def test_better_name_goes_first_and_a_column_serves_once():
    assert guess_columns(["SKU", "Code"], NAMES) == {"code": 1}
    assert guess_columns(["Name"], {"a": ["Name"], "b": ["Name"]}) == {"a": 0}


def test_chosen_columns_go_before_guesses():
    header = ["Code", "Old Code", "Quantity"]
    chosen = {"old code": "code", "Quantity": "", "gone": "name"}
    assert guess_columns(header, NAMES, chosen) == {"code": 1}


@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any),
)
def test_spread_loses_nothing(amount, weights):
    parts = spread(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / total) <= 1
        assert weight or not part


def test_spread_needs_a_weight():
    with pytest.raises(ValueError, match="positive sum"):
        spread(5, [0, 0])


def test_local_time():
    assert local_day(datetime(2025, 3, 9, 20, 30), "Asia/Shanghai") == date(2025, 3, 10)
    assert to_utc(datetime(2025, 3, 10, 4, 30), "Asia/Shanghai") == datetime(2025, 3, 9, 20, 30)
    assert noon_utc(date(2025, 7, 1), "America/New_York") == datetime(2025, 7, 1, 16)
    # 01:30 comes twice on 2 November and 02:30 not at all on 9 March
    assert to_utc(datetime(2025, 11, 2, 1, 30), "America/New_York") == datetime(2025, 11, 2, 5, 30)
    assert to_utc(datetime(2025, 3, 9, 2, 30), "America/New_York") == datetime(2025, 3, 9, 7, 30)
