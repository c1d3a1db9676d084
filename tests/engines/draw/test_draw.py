"""Draws: fair, exact, and the same for everybody who works them out again."""

import hashlib

import pytest
from draw_engine import commitment, draw, draw_seed, next_amount, number_below, possible
from hypothesis import given
from hypothesis import strategies as st

SEEDS = st.text("0123456789abcdef", min_size=1, max_size=64)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


def test_a_draw_worked_out_by_hand():
    # Everybody with a SHA-256 can do this: the proof that the manual describes.
    value = int(hashlib.sha256(b"abc:0").hexdigest(), 16)
    assert number_below("abc", 100) == value % 100
    point = value % 100
    assert draw("abc", [point, 100 - point]) == 1
    assert draw("abc", [point + 1, 99 - point]) == 0


def test_the_commitment_is_the_plain_sha256():
    assert commitment("abc") == hashlib.sha256(b"abc").hexdigest()


def test_draws_have_seeds_of_their_own():
    seeds = {draw_seed("abc", number, key) for number in range(9) for key in ("x", "y")}
    assert len(seeds) == 18


@given(SEEDS, WEIGHTS)
def test_a_prize_without_weight_never_wins(seed, weights):
    index = draw(seed, weights)
    assert weights[index] > 0
    assert draw(seed, weights) == index


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [3, -1]])
def test_weights_that_nothing_can_win_are_refused(weights):
    with pytest.raises(ValueError):
        draw("abc", weights)


def test_weights_are_kept_over_many_draws():
    weights = [1, 0, 3, 6]
    wins = [0] * 4
    for number in range(20_000):
        wins[draw(draw_seed("seed", number, "key"), weights)] += 1
    assert wins[1] == 0
    for count, weight in zip(wins, weights, strict=True):
        assert abs(count - 2000 * weight) < 300  # beyond four standard deviations


@st.composite
def packets(make):
    """Return (budget, count, least, most) that can be shared."""
    count = make(st.integers(1, 60))
    least = make(st.integers(1, 500))
    most = make(st.one_of(st.just(0), st.integers(least, 2000)))
    highest = count * (most or 5000 + least)
    return make(st.integers(count * least, highest)), count, least, most


@given(SEEDS, packets())
def test_packets_share_the_budget_exactly(seed, case):
    budget, count, least, most = case
    left = budget
    for number in range(count):
        amount = next_amount(draw_seed(seed, number, ""), left, count - number, least, most)
        assert least <= amount <= (most or budget)
        left -= amount
    assert left == 0


def test_a_budget_of_one_cent_is_one_packet():
    assert possible(1, 1, 1, 0)
    assert next_amount("abc", 1, 1, 1, 0) == 1
    assert not possible(1, 2, 1, 0)
    with pytest.raises(ValueError):
        next_amount("abc", 1, 2, 1, 0)


def test_early_packets_do_not_take_nearly_all():
    first = [next_amount(draw_seed("s", number, ""), 10_000, 10, 1, 0) for number in range(2000)]
    assert max(first) <= 2 * 1000
    assert 900 < sum(first) / len(first) < 1100
