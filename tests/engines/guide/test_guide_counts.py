"""Counting baskets: known answers, and that adding and removing equals counting anew."""

from itertools import combinations

import numpy as np
import pytest
from guide_engine import Counts, EngineError, counts, fit, join, update
from hypothesis import given
from hypothesis import strategies as st

BASKETS = st.lists(st.sets(st.integers(0, 12), min_size=1, max_size=6), max_size=25)


def lines(baskets, first=0):
    """Return (basket ids, product ids) of sets of products."""
    return (
        [first + number for number, products in enumerate(baskets) for _ in products],
        [product * 1_000 for products in baskets for product in sorted(products)],
    )


def as_dicts(state):
    """Return (sold per product, baskets per pair of products) without zeros."""
    sold = {int(p): int(n) for p, n in zip(state.products, state.sold, strict=True) if n}
    pairs = state.matrix().tocoo()
    both = {
        (int(state.products[a]), int(state.products[b])): int(n)
        for a, b, n in zip(pairs.row, pairs.col, pairs.data, strict=True)
    }
    return state.baskets, sold, both


def counted_by_hand(baskets):
    sold, both = {}, {}
    for products in baskets:
        for product in products:
            sold[product * 1_000] = sold.get(product * 1_000, 0) + 1
        for a, b in combinations(sorted(products), 2):
            for pair in ((a * 1_000, b * 1_000), (b * 1_000, a * 1_000)):
                both[pair] = both.get(pair, 0) + 1
    return len(baskets), sold, both


@given(BASKETS)
def test_counts_are_those_made_by_hand_and_symmetric(baskets):
    assert as_dicts(fit(*lines(baskets))) == counted_by_hand(baskets)


@given(BASKETS, BASKETS)
def test_adding_equals_counting_all(before, after):
    state, changed = update(fit(*lines(before)), lines(after, len(before)))
    assert as_dicts(state) == counted_by_hand(before + after)
    pairs = {pair for products in after for pair in combinations(sorted(products), 2)}
    assert len(changed) == len(pairs)


@given(BASKETS, BASKETS, BASKETS)
def test_removing_equals_never_having_counted(kept, gone, after):
    full = fit(*lines(kept + gone))
    state, _changed = update(full, lines(after, 900), lines(gone, len(kept)))
    assert as_dicts(state) == counted_by_hand(kept + after)


@given(st.lists(BASKETS, max_size=4))
def test_parts_joined_are_the_very_counts_of_all(parts):
    counted, first = [], 0
    for baskets in parts:
        counted.append(fit(*lines(baskets, first)))
        first += len(baskets)
    assert join(counted).to_bytes() == fit(*lines(sum(parts, []))).to_bytes()


@given(BASKETS, BASKETS, BASKETS)
def test_joining_counts_that_grew(before, after, others):
    grown, _changed = update(fit(*lines(before)), lines(after, len(before)))
    joined = join([grown, fit(*lines(others, 900))])
    assert as_dicts(joined) == counted_by_hand(before + after + others)


@given(BASKETS, BASKETS)
def test_a_long_tail_is_merged_without_a_difference(before, after):
    limits = counts.TAIL_PAIRS, counts.TAIL_SHARE
    counts.TAIL_PAIRS, counts.TAIL_SHARE = 0, 0.0
    try:
        state, _changed = update(fit(*lines(before)), lines(after, len(before)))
    finally:
        counts.TAIL_PAIRS, counts.TAIL_SHARE = limits
    assert len(state.tail_keys) == 0
    assert as_dicts(state) == counted_by_hand(before + after)


@given(BASKETS)
def test_small_blocks_count_the_same(baskets):
    limit = counts.BLOCK_PAIRS
    counts.BLOCK_PAIRS = 3
    try:
        state = fit(*lines(baskets))
    finally:
        counts.BLOCK_PAIRS = limit
    assert as_dicts(state) == counted_by_hand(baskets)


@given(BASKETS, BASKETS)
def test_stored_state_comes_back_and_can_be_added_to(before, after):
    state, _changed = update(fit(*lines(before)), lines(after, len(before)))
    again = Counts.from_bytes(state.to_bytes())
    assert as_dicts(again) == as_dicts(state)
    assert again.to_bytes() == state.to_bytes()
    more, _changed = update(again, ([5_000, 5_000], [1_000, 77_000]))
    assert more.baskets == state.baskets + 1


@given(BASKETS, BASKETS)
def test_every_pair_is_found_by_its_key(before, after):
    state, _changed = update(fit(*lines(before)), lines(after, len(before)))
    wanted = counted_by_hand(before + after)[2]
    places = {int(product): place for place, product in enumerate(state.products)}
    pairs = [(a, b) for a in places for b in places if places[a] > places[b]]
    keys = np.array([places[a] << 32 | places[b] for a, b in pairs], np.int64)
    assert state.both(keys).tolist() == [wanted.get(pair, 0) for pair in pairs]


def test_a_product_counts_once_per_basket():
    state = fit([1, 1, 1, 2], [5, 5, 6, 5])
    assert as_dicts(state) == (2, {5: 2, 6: 1}, {(5, 6): 1, (6, 5): 1})


def test_the_order_of_lines_does_not_matter():
    rng = np.random.default_rng(7)
    baskets, products = rng.integers(0, 40, 300), rng.integers(0, 30, 300)
    mixed = rng.permutation(300)
    assert as_dicts(fit(baskets, products)) == as_dicts(fit(baskets[mixed], products[mixed]))


def test_nothing_sold_is_an_empty_state():
    state = fit([], [])
    assert as_dicts(state) == (0, {}, {})
    assert as_dicts(Counts.from_bytes(state.to_bytes())) == (0, {}, {})


def test_a_basket_of_300_lines_counts_every_pair():
    state = fit([1] * 300, range(300))
    assert state.matrix().nnz == 300 * 299
    assert set(state.matrix().data) == {1}


def test_a_pair_counts_beyond_two_bytes():
    state = fit(np.repeat(np.arange(70_000), 2), [1, 2] * 70_000)
    assert as_dicts(state)[2] == {(1, 2): 70_000, (2, 1): 70_000}


def test_ids_may_be_huge():
    state = fit([2**60, 2**60, 1], [2**61, 3, 3])
    assert as_dicts(state) == (2, {3: 2, 2**61: 1}, {(3, 2**61): 1, (2**61, 3): 1})


@pytest.mark.parametrize(
    ("baskets", "products"),
    [([1], [1, 2]), ([-1], [1]), ([1], [-1]), ([1.5], [1]), (["a"], [1]), ([[1]], [[1]])],
)
def test_bad_lines_are_refused(baskets, products):
    with pytest.raises(EngineError):
        fit(baskets, products)


def test_removing_what_was_never_counted_is_refused():
    state = fit([1, 1, 2, 3], [5, 6, 5, 6])
    with pytest.raises(EngineError, match="never counted"):
        update(state, ([], []), ([9], [7]))
    with pytest.raises(EngineError, match="never counted"):
        update(state, ([], []), ([8, 8, 9, 9], [5, 6, 5, 6]))
    assert as_dicts(state)[0] == 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"guide1\n[]\n", b'guide1\n["sold"]\nxx'])
def test_damaged_content_is_refused(content):
    with pytest.raises(EngineError):
        Counts.from_bytes(content)


def test_cut_content_is_refused():
    whole = fit([1, 1], [5, 6]).to_bytes()
    with pytest.raises(EngineError):
        Counts.from_bytes(whole[:-3])
