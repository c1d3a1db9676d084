"""Draws of members: the same each time, and as many as asked for."""

from crm_engine.draw import held_out, lot, next_variant
from hypothesis import given
from hypothesis import strategies as st


def test_the_same_each_time():
    assert lot("holdout", 7, 42) == lot("holdout", 7, 42)
    assert lot("holdout", 7, 42) != lot("holdout", 8, 42)


def test_about_as_many_as_asked_for():
    out = sum(held_out(20, 3, member) for member in range(10_000))
    assert 1_850 < out < 2_150


def test_more_held_out_keeps_those_before():
    few = {member for member in range(2_000) if held_out(10, 3, member)}
    assert few <= {member for member in range(2_000) if held_out(30, 3, member)}


def test_nobody_and_everybody():
    assert not any(held_out(0, 1, member) for member in range(500))
    assert all(held_out(100, 1, member) for member in range(500))


def test_ten_members_in_halves():
    counts = [0, 0]
    for _member in range(10):
        counts[next_variant([50, 50], counts)] += 1
    assert counts == [5, 5]


@given(st.lists(st.integers(1, 100), min_size=1, max_size=5), st.integers(1, 200))
def test_counts_stay_near_the_shares(shares, members):
    counts = [0] * len(shares)
    for _member in range(members):
        counts[next_variant(shares, counts)] += 1
    for share, count in zip(shares, counts, strict=True):
        assert abs(count - members * share / sum(shares)) < len(shares)
