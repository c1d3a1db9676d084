"""Key facts in a text: examples a person can check, then properties over any text."""

import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "addons" / "retail_crm"))

from crm_engine.extract import extract, mood  # noqa: E402

WEDNESDAY = date(2026, 3, 4)


def values(text, kind, today=WEDNESDAY, region="CN"):
    return [found.value for found in extract(text, today, region) if found.kind == kind]


def test_the_example_of_the_specification():
    text = "call back 12 May about order S00012"
    assert values(text, "date") == [date(2026, 5, 12)]
    assert values(text, "code") == ["S00012"]
    assert values(text, "phone") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 2026-05-12", date(2026, 5, 12)),
        ("on 2026/5/2.", date(2026, 5, 2)),
        ("the 12th of May 2027", date(2027, 5, 12)),
        ("May 12th, 2027", date(2027, 5, 12)),
        ("call on Mar 4", WEDNESDAY),
        ("call on 3 March", date(2027, 3, 3)),
        ("birthday 29 February", date(2028, 2, 29)),
        ("5月12日回电", date(2026, 5, 12)),
        ("2027年1月3号再联系", date(2027, 1, 3)),
        ("１月３日", date(2027, 1, 3)),
        ("tomorrow at 3pm", date(2026, 3, 5)),
        ("the day after tomorrow", date(2026, 3, 6)),
        ("明天下午打电话", date(2026, 3, 5)),
        ("大後天", date(2026, 3, 7)),
        ("后天", date(2026, 3, 6)),
        ("in three days", date(2026, 3, 7)),
        ("in 2 weeks", date(2026, 3, 18)),
        ("三天后", date(2026, 3, 7)),
        ("两周后", date(2026, 3, 18)),
        ("next Monday", date(2026, 3, 9)),
        ("next Friday", date(2026, 3, 13)),
        ("Friday", date(2026, 3, 6)),
        ("on Wednesday", date(2026, 3, 11)),
        ("下周一", date(2026, 3, 9)),
        ("下週五", date(2026, 3, 13)),
        ("星期天", date(2026, 3, 8)),
    ],
)
def test_days(text, day):
    assert values(text, "date") == [day]


@pytest.mark.parametrize(
    "text",
    ["31 February", "2026-13-01", "12/5", "0月0日", "the sun is out", "may I come", "周天气好", ""],
)
def test_what_is_no_day(text):
    assert values(text, "date") == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("costs $1,299.00", "1299.00"),
        ("budget 300元", "300"),
        ("预算300块", "300"),
        ("NT$ 500 off", "500"),
        ("1.2万元", "12000"),
        ("50 dollars", "50"),
    ],
)
def test_amounts(text, amount):
    assert values(text, "amount") == [Decimal(amount)]


@pytest.mark.parametrize(
    ("text", "region", "phone"),
    [
        ("电话13812345678谢谢", "CN", "+8613812345678"),
        ("call 138 1234 5678 tomorrow", "CN", "+8613812345678"),
        ("+886 912 345 678", "CN", "+886912345678"),
        ("0912-345-678", "TW", "+886912345678"),
        ("+86 138-1234-5678", None, "+8613812345678"),
    ],
)
def test_phones(text, region, phone):
    assert values(text, "phone", region=region) == [phone]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("order 20260012 is late", ["20260012"]),
        ("订单号：S00045", ["S00045"]),
        ("wants FURN_7777 and e-com07", ["FURN_7777", "E-COM07"]),
        ("barcode 6901234567892", ["6901234567892"]),
        ("Shop/0012 receipt", ["SHOP/0012"]),
        ("size M at 3pm, 5kg, covid", []),
    ],
)
def test_codes(text, codes):
    assert values(text, "code") == codes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She is very happy, thanks!", "pleased"),
        ("He is not happy at all", "upset"),
        ("not angry", "pleased"),
        ("客户很满意", "pleased"),
        ("客户不满意", "upset"),
        ("对服务不满", "upset"),
        ("不太高興", "upset"),
        ("happy but disappointed", None),
        ("a shirt", None),
    ],
)
def test_mood(text, expected):
    assert mood(extract(text, WEDNESDAY)) == expected


PIECES = st.sampled_from(
    ["12 May", "5月12日", "明天", "$12.50", "300元", "13812345678", "S00012", " ", ",", "不满意",
     "2026-05-12", "order ", "not happy", "下周一", "6901234567892", "月", "周", "0", "/", "-"]
)  # fmt: skip


@given(
    st.one_of(st.text(), st.lists(PIECES).map("".join)),
    st.dates(),
    st.sampled_from(["CN", "US", None]),
)
def test_any_text_gives_ordered_places_that_do_not_overlap(text, today, region):
    end = 0
    for found in extract(text, today, region):
        assert end <= found.start < found.end
        end = found.end


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)), st.integers(0, 400))
def test_a_day_written_with_its_month_is_read_back(today, ahead):
    day = today + timedelta(days=ahead % 365)
    for text in (
        f"{day:%Y-%m-%d}",
        f"call {day.day} {day:%B} {day.year}",
        f"{day.month}月{day.day}日",
    ):
        assert values(text, "date", today) == [day]


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)))
def test_weekdays_lie_ahead(today):
    for name in ("Monday", "Sunday", "周三"):
        (day,) = values(name, "date", today)
        assert 1 <= (day - today).days <= 7
    (day,) = values("next Tuesday", "date", today)
    assert day.weekday() == 1 and day.isocalendar()[:2] != today.isocalendar()[:2]
