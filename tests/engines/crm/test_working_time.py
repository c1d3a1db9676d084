"""The clock of complaints: examples a person can check, then properties over any calendar."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "addons" / "retail_crm"))

from crm_engine.working_time import (  # noqa: E402
    ClockPaused,
    NoWorkingTime,
    Pause,
    Shift,
    WorkingTime,
    merge,
    subtract,
    week_parity,
)

HOUR = timedelta(hours=1)
OFFICE = [Shift(day, 9 * 60, 18 * 60) for day in range(5)]
LUNCH = [Shift(day, 12 * 60, 13 * 60) for day in range(5)]
ROUND_THE_CLOCK = [Shift(day, 0, 24 * 60) for day in range(7)]
# Monday, in a zone without daylight saving time, written in UTC: 09:00 there is 01:00 here.
MONDAY_NINE = datetime(2026, 3, 2, 1)


def office(**kwargs):
    return WorkingTime("Asia/Taipei", OFFICE, LUNCH, **kwargs)


class TestExamples:
    def test_lunch_is_not_worked(self):
        assert office().add(MONDAY_NINE, 4 * HOUR) == MONDAY_NINE + 5 * HOUR

    def test_friday_evening_goes_on_on_monday(self):
        friday_five = datetime(2026, 3, 6, 9)
        assert office().add(friday_five, 2 * HOUR) == datetime(2026, 3, 9, 2)

    def test_24_working_hours_are_three_days(self):
        assert office().add(MONDAY_NINE, 24 * HOUR) == datetime(2026, 3, 4, 10)

    def test_start_outside_working_time_waits_for_it(self):
        sunday = datetime(2026, 3, 1, 5)
        assert office().add(sunday, HOUR) == MONDAY_NINE + HOUR
        assert office().add(sunday, timedelta(0)) == sunday

    def test_holiday_is_skipped(self):
        clock = office(leaves=[(datetime(2026, 3, 2, 16), datetime(2026, 3, 3, 16))])
        assert clock.add(datetime(2026, 3, 2, 9), 2 * HOUR) == datetime(2026, 3, 4, 2)

    def test_leave_of_part_of_a_day(self):
        clock = office(leaves=[(MONDAY_NINE + HOUR, MONDAY_NINE + 2 * HOUR)])
        assert clock.add(MONDAY_NINE, 2 * HOUR) == MONDAY_NINE + 3 * HOUR

    def test_night_shift_across_midnight(self):
        nights = [Shift(0, 22 * 60, 24 * 60), Shift(1, 0, 6 * 60)]
        clock = WorkingTime("Asia/Taipei", nights)
        monday_eleven_at_night = datetime(2026, 3, 2, 15)
        assert clock.add(monday_eleven_at_night, 3 * HOUR) == monday_eleven_at_night + 3 * HOUR
        assert clock.minutes_between(MONDAY_NINE, MONDAY_NINE + 24 * HOUR) == 8 * 60

    def test_spring_day_has_23_hours_and_autumn_day_25(self):
        clock = WorkingTime("America/New_York", ROUND_THE_CLOCK)
        sunday = [Shift(6, 0, 24 * 60)]
        sundays = WorkingTime("America/New_York", sunday)
        spring, autumn = datetime(2026, 3, 8, 5), datetime(2026, 11, 1, 4)
        assert sundays.between(spring, spring + 30 * HOUR) == 23 * HOUR
        assert sundays.between(autumn, autumn + 30 * HOUR) == 25 * HOUR
        assert clock.between(spring, spring + 30 * HOUR) == 30 * HOUR

    def test_shift_that_ends_in_the_skipped_hour(self):
        # 02:30 does not exist on this day: the shift ends when the clock jumps, at 02:00.
        clock = WorkingTime("America/New_York", [Shift(6, 60, 150), Shift(6, 180, 240)])
        start = datetime(2026, 3, 8, 5)
        assert clock.between(start, start + 20 * HOUR) == 2 * HOUR
        assert clock.add(start, 2 * HOUR) == datetime(2026, 3, 8, 8)

    def test_shift_that_lies_in_the_skipped_hour(self):
        start = datetime(2026, 3, 8, 5)
        ends_in_it = WorkingTime("America/New_York", [Shift(6, 60, 150)])
        assert ends_in_it.between(start, start + 20 * HOUR) == HOUR
        within = WorkingTime("America/New_York", [Shift(6, 130, 170)])
        assert within.between(start, start + 20 * HOUR) == timedelta(0)

    def test_leave_that_ended_before_the_shift(self):
        clock = office(leaves=[(MONDAY_NINE - 3 * HOUR, MONDAY_NINE - 2 * HOUR)])
        assert clock.between(MONDAY_NINE - 5 * HOUR, MONDAY_NINE + HOUR) == HOUR

    def test_day_that_a_country_skipped(self):
        clock = WorkingTime("Pacific/Apia", ROUND_THE_CLOCK)
        start = datetime(2011, 12, 29, 0)
        assert clock.between(start, start + 72 * HOUR) == 72 * HOUR

    def test_two_weeks_take_turns(self):
        monday = datetime(2026, 3, 2, 0)
        parity = week_parity(monday.date())
        clock = WorkingTime("UTC", [Shift(0, 0, 60, parity)])
        assert clock.between(monday, monday + 28 * 24 * HOUR) == 2 * HOUR
        assert clock.add(monday, 2 * HOUR) == monday + 14 * 24 * HOUR + HOUR

    def test_overlapping_shifts_count_once(self):
        clock = WorkingTime("UTC", [Shift(0, 0, 120), Shift(0, 60, 180)])
        monday = datetime(2026, 3, 2, 0)
        assert clock.between(monday, monday + 24 * HOUR) == 3 * HOUR

    def test_pause_moves_the_deadline(self):
        pause = Pause(MONDAY_NINE + HOUR, MONDAY_NINE + 2 * HOUR)
        assert office().add(MONDAY_NINE, 2 * HOUR, [pause]) == MONDAY_NINE + 3 * HOUR

    def test_open_pause_stops_the_clock(self):
        pause = Pause(MONDAY_NINE + HOUR, None)
        with pytest.raises(ClockPaused):
            office().add(MONDAY_NINE, 2 * HOUR, [pause])
        assert office().between(MONDAY_NINE, MONDAY_NINE + 9 * HOUR, [pause]) == HOUR

    @pytest.mark.parametrize(
        "shifts, breaks",
        [([], []), ([Shift(0, 60, 60)], []), ([Shift(0, 60, 120)], [Shift(0, 0, 240)])],
    )
    def test_calendar_without_working_time_is_refused(self, shifts, breaks):
        clock = WorkingTime("UTC", shifts, breaks)
        assert clock.is_empty
        with pytest.raises(NoWorkingTime):
            clock.add(MONDAY_NINE, HOUR)
        with pytest.raises(NoWorkingTime):
            clock.between(MONDAY_NINE, MONDAY_NINE + HOUR)

    def test_endless_leave_is_refused(self):
        clock = office(leaves=[(datetime(2026, 1, 1), datetime(2099, 1, 1))])
        with pytest.raises(NoWorkingTime):
            clock.add(MONDAY_NINE, HOUR)

    def test_bad_input(self):
        for shift in (Shift(7, 0, 60), Shift(0, 60, 0), Shift(0, 0, 1441), Shift(0, -1, 60)):
            with pytest.raises(ValueError):
                WorkingTime("UTC", [shift])
        with pytest.raises(ValueError):
            office().add(MONDAY_NINE, -HOUR)


ZONES = st.sampled_from(
    [
        "UTC",
        "Asia/Shanghai",
        "Asia/Kathmandu",
        "Europe/Berlin",
        "America/New_York",
        "America/Havana",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
    ]
)
INSTANTS = st.datetimes(datetime(2008, 1, 1), datetime(2030, 12, 31))
AMOUNTS = st.timedeltas(timedelta(0), timedelta(hours=200))


@st.composite
def shift(draw):
    start = draw(st.integers(0, 1439))
    end = draw(st.integers(start, 1440))
    return Shift(draw(st.integers(0, 6)), start, end, draw(st.sampled_from([None, None, 0, 1])))


@st.composite
def span(draw, start=INSTANTS):
    begin = draw(start)
    return begin, begin + draw(st.timedeltas(timedelta(0), timedelta(days=20)))


@st.composite
def clocks(draw):
    clock = WorkingTime(
        draw(ZONES),
        draw(st.lists(shift(), min_size=1, max_size=12)),
        draw(st.lists(shift(), max_size=4)),
        draw(st.lists(span(), max_size=4)),
    )
    assume(not clock.is_empty)
    # An hour a week keeps the search for working time within its horizon.
    week = datetime(2026, 2, 1)
    assume(clock.between(week, week + timedelta(days=14)) >= 2 * HOUR)
    return clock


@st.composite
def pauses(draw):
    return [Pause(*pair) for pair in draw(st.lists(span(), max_size=3))]


def prop(test):
    """Give a property enough examples, and no time limit per example on a busy machine."""
    return settings(max_examples=150, deadline=None)(test)


@prop
@given(clocks(), INSTANTS, AMOUNTS, pauses())
def test_between_undoes_add(clock, start, amount, stops):
    assert clock.between(start, clock.add(start, amount, stops), stops) == amount


@prop
@given(clocks(), INSTANTS, AMOUNTS)
def test_add_returns_the_first_such_instant(clock, start, amount):
    end = clock.add(start, amount)
    if amount:
        before = end - timedelta(microseconds=1)
        assert clock.between(start, before) == amount - timedelta(microseconds=1)


@prop
@given(clocks(), INSTANTS, AMOUNTS, AMOUNTS)
def test_add_is_additive(clock, start, first, second):
    assert clock.add(clock.add(start, first), second) == clock.add(start, first + second)


@prop
@given(clocks(), INSTANTS, INSTANTS, AMOUNTS, AMOUNTS)
def test_add_is_monotone(clock, one, other, less, more):
    early, late = sorted((one, other))
    less, more = sorted((less, more))
    assert clock.add(early, less) <= clock.add(early, more)
    if less:
        assert clock.add(early, less) <= clock.add(late, less)


@prop
@given(clocks(), span(), st.floats(0, 1))
def test_between_is_additive_and_antisymmetric(clock, pair, share):
    start, end = pair
    middle = start + (end - start) * share
    assert clock.between(start, middle) + clock.between(middle, end) == clock.between(start, end)
    assert clock.between(end, start) == -clock.between(start, end)


@prop
@given(clocks(), span(), pauses())
def test_working_time_never_exceeds_real_time_nor_grows_by_a_pause(clock, pair, stops):
    worked = clock.between(*pair)
    assert timedelta(0) <= worked <= pair[1] - pair[0]
    assert clock.between(*pair, stops) <= worked


PAIRS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


@settings(max_examples=300, deadline=None)
@given(PAIRS, PAIRS)
def test_merge_and_subtract_are_those_of_sets(pairs, holes):
    def points(items):
        return {point for start, end in items for point in range(start, end)}

    whole, gone = merge(pairs), merge(holes)
    assert points(whole) == points(pairs)
    assert all(one[1] < two[0] for one, two in zip(whole, whole[1:], strict=False))
    left = subtract(whole, gone)
    assert points(left) == points(pairs) - points(holes)
    assert all(start < end for start, end in left)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(shift(), max_size=6),
    st.lists(shift(), max_size=3),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 900)), max_size=3),
    st.integers(0, 1500),
    st.integers(0, 3000),
)
def test_between_counts_minutes(shifts, breaks, leaves, offset, length):
    """Against a count of the single minutes, in a zone whose clocks never change."""
    origin = datetime(2026, 3, 1, 16)  # Monday 00:00 in Taipei

    def at(minute):
        return origin + timedelta(minutes=minute)

    def inside(items, minute):
        day, clock = divmod(minute, 1440)
        parity = week_parity(datetime(2026, 3, 2).date() + timedelta(days=day))
        return any(
            item.weekday == day % 7
            and item.start_minute <= clock < item.end_minute
            and item.week in (None, parity)
            for item in items
        )

    clock = WorkingTime(
        "Asia/Taipei", shifts, breaks, [(at(start), at(start + size)) for start, size in leaves]
    )
    assume(not clock.is_empty)
    expected = sum(
        inside(shifts, minute)
        and not inside(breaks, minute)
        and not any(start <= minute < start + size for start, size in leaves)
        for minute in range(offset, offset + length)
    )
    assert clock.minutes_between(at(offset), at(offset + length)) == expected


@prop
@given(ZONES, span())
def test_round_the_clock_is_real_time(zone, pair):
    clock = WorkingTime(zone, ROUND_THE_CLOCK)
    assert clock.between(*pair) == pair[1] - pair[0]


@prop
@given(ZONES, INSTANTS)
def test_shifts_that_meet_at_midnight_are_one(zone, start):
    """Cutting the week into hours changes nothing, whatever the clocks do on that day."""
    hours = [Shift(day, 60 * hour, 60 * hour + 60) for day in range(7) for hour in range(24)]
    cut, whole = WorkingTime(zone, hours), WorkingTime(zone, ROUND_THE_CLOCK)
    assert cut.add(start, 30 * HOUR) == whole.add(start, 30 * HOUR) == start + 30 * HOUR
