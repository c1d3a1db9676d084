"""The clocks of a request: rules that fit, warnings and deadlines over any calendar."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "addons" / "retail_crm"))

from crm_engine.service_clock import EVERY_HOUR, pick, schedule, used  # noqa: E402
from crm_engine.working_time import Pause, Shift, WorkingTime  # noqa: E402

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MONDAY_NINE = datetime(2026, 3, 2, 1)  # in Taipei
OFFICE = [Shift(day, 9 * 60, 18 * 60) for day in range(5)]
LUNCH = [Shift(day, 12 * 60, 13 * 60) for day in range(5)]
TAIPEI = WorkingTime("Asia/Taipei", OFFICE, LUNCH)
NEVER = WorkingTime("UTC", [])
ORDER = ("company", "category", "kind")


class TestPick:
    RULES = [
        ("any", {}),
        ("kind", {"kind": "complaint"}),
        ("logistics", {"category": 1}),
        ("speed", {"category": 2}),
        ("company", {"company": 7}),
    ]

    def test_the_one_that_says_most(self):
        case = {"company": [8], "category": [2, 1], "kind": ["complaint"]}
        assert pick(self.RULES, case, ORDER) == "speed"
        assert pick(self.RULES, {**case, "category": [3, 1]}, ORDER) == "logistics"
        assert pick(self.RULES, {**case, "category": []}, ORDER) == "kind"
        assert pick(self.RULES, {**case, "company": [7]}, ORDER) == "company"
        assert pick(self.RULES, {}, ORDER) == "any"
        assert pick(self.RULES[1:], {}, ORDER) is None

    @given(
        st.lists(
            st.dictionaries(st.sampled_from(ORDER), st.integers(0, 2) | st.none()), max_size=6
        ),
        st.dictionaries(st.sampled_from(ORDER), st.lists(st.integers(0, 2), unique=True)),
    )
    def test_a_picked_rule_fits_and_none_says_more(self, conditions, case):
        found = pick(list(enumerate(conditions)), case, ORDER)

        def fits(rule):
            return all(v is None or v in case.get(name, []) for name, v in rule.items())

        fitting = [index for index, rule in enumerate(conditions) if fits(rule)]
        assert (found in fitting) if fitting else found is None
        for name in ORDER[:1]:
            if found is not None and conditions[found].get(name) is None:
                assert all(conditions[index].get(name) is None for index in fitting)


class TestSchedule:
    def test_warning_and_deadline(self):
        plan = schedule([TAIPEI], MONDAY_NINE, 4 * HOUR, 0.75)
        assert plan == (MONDAY_NINE + 3 * HOUR, MONDAY_NINE + 5 * HOUR)

    def test_empty_calendars_are_passed_over(self):
        assert schedule([NEVER, TAIPEI], MONDAY_NINE, 4 * HOUR, 1).due == MONDAY_NINE + 5 * HOUR
        assert schedule([NEVER], MONDAY_NINE, 4 * HOUR, 1).due == MONDAY_NINE + 4 * HOUR
        assert used([NEVER], MONDAY_NINE, MONDAY_NINE + HOUR) == HOUR

    def test_open_pause_has_no_deadline(self):
        pause = Pause(MONDAY_NINE + HOUR, None)
        assert schedule([TAIPEI], MONDAY_NINE, 4 * HOUR, 0.5, [pause]) is None
        assert used([TAIPEI], MONDAY_NINE, MONDAY_NINE + 4 * HOUR, [pause]) == HOUR

    def test_no_time_is_no_clock(self):
        for hours in (0, -1):
            with pytest.raises(ValueError):
                schedule([TAIPEI], MONDAY_NINE, hours * HOUR, 0.5)


ZONES = st.sampled_from(
    ["UTC", "Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"]
)
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@st.composite
def shifts(draw):
    start = draw(st.integers(0, 1300))
    return Shift(draw(st.integers(0, 6)), start, draw(st.integers(start, 1440)))


@st.composite
def calendars(draw):
    leaves = []
    for start in draw(st.lists(INSTANTS, max_size=2)):
        leaves.append((start, start + draw(st.integers(1, 200)) * HOUR))
    return WorkingTime(
        draw(ZONES),
        draw(st.lists(shifts(), max_size=6)),
        draw(st.lists(shifts(), max_size=2)),
        leaves,
    )


@st.composite
def pauses(draw, start):
    found = []
    for offset in draw(st.lists(st.integers(0, 20_000), max_size=3)):
        begin = start + offset * MINUTE
        found.append(Pause(begin, begin + draw(st.integers(0, 5_000)) * MINUTE))
    return found


def _counting(found):
    return next((one for one in found if not one.is_empty), EVERY_HOUR)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_exactly_the_amount_lies_between_start_and_deadline(data):
    start = data.draw(INSTANTS)
    found = data.draw(st.lists(calendars(), max_size=2))
    holes = data.draw(pauses(start))
    amount = data.draw(st.integers(1, 4_000)) * MINUTE
    share = data.draw(st.floats(0, 1))
    plan = schedule(found, start, amount, share, holes)
    assert start <= plan.warn <= plan.due
    assert _counting(found).between(start, plan.due, holes) == amount
    assert used(found, start, plan.due, holes) == amount


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_pauses_never_bring_a_deadline_forward_and_their_order_is_nothing(data):
    start = data.draw(INSTANTS)
    found = [data.draw(calendars())]
    holes = data.draw(pauses(start))
    amount = data.draw(st.integers(1, 2_000)) * MINUTE
    plain = schedule(found, start, amount, 0.75)
    paused = schedule(found, start, amount, 0.75, holes)
    assert paused.due >= plain.due
    assert paused.warn >= plain.warn
    assert schedule(found, start, amount, 0.75, holes[::-1]) == paused


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_more_hours_never_end_earlier(data):
    start = data.draw(INSTANTS)
    found = [data.draw(calendars())]
    less = data.draw(st.integers(1, 2_000))
    more = less + data.draw(st.integers(0, 2_000))
    assert (
        schedule(found, start, less * MINUTE, 1).due <= schedule(found, start, more * MINUTE, 1).due
    )
