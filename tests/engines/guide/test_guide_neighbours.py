"""Neighbours: measures by their formulas, ranking, and the daily refresh."""

import math

import numpy as np
import pytest
from guide_engine import Neighbours, find_neighbours, fit, measures, refresh, update
from hypothesis import given
from hypothesis import strategies as st

NONE = np.zeros(0, np.int64)


def test_measures_of_a_known_table():
    """4 of 10 baskets hold a, 5 hold b, 3 both."""
    state = fit(
        [1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10],
        [1, 2, 1, 2, 1, 2, 1, 2, 2, 9, 9, 9, 9],
    )
    table = find_neighbours(state)
    row = table.only(table.product == 1)
    assert row.neighbour.tolist() == [2]
    assert (row.basket_count[0], row.product_count[0], row.neighbour_count[0]) == (3, 4, 5)
    assert row.support[0] == pytest.approx(0.3)
    assert row.confidence[0] == pytest.approx(0.75)
    assert row.lift[0] == pytest.approx(1.5)
    assert row.cosine[0] == pytest.approx(3 / math.sqrt(20))
    back = table.only(table.product == 2)
    assert back.confidence[0] == pytest.approx(0.6)
    assert (back.lift[0], back.cosine[0]) == (row.lift[0], row.cosine[0])


@given(st.integers(1, 500), st.integers(1, 500), st.data())
def test_measures_hold_their_bounds(a, b, data):
    both = data.draw(st.integers(0, min(a, b)))
    total = data.draw(st.integers(a + b - both, 2_000))
    assert 0 <= measures.support(both, total) <= 1
    assert 0 <= measures.confidence(both, a) <= 1
    assert 0 <= measures.cosine(both, a, b) <= 1 + 1e-12
    assert measures.strength(both, a, b) <= measures.cosine(both, a, b)
    assert measures.lift(both, a, b, total) == pytest.approx(
        measures.confidence(both, a) / measures.support(b, total)
    )


def test_measures_without_sales_are_zero():
    assert measures.cosine(0, 0, 5) == 0
    assert measures.lift(0, 0, 0, 0) == 0
    assert measures.confidence(0, 0) == 0


def random_lines(seed, baskets=400, products=30, size=6):
    rng = np.random.default_rng(seed)
    popular = rng.zipf(1.5, baskets * size) % products
    return np.repeat(np.arange(baskets), size), popular


def expected(state, top, min_baskets=2):
    """Return the table as tuples, by the plain definition."""
    pairs, rows = state.matrix().tocoo(), {}
    for a, b, both in zip(pairs.row, pairs.col, pairs.data, strict=True):
        if both >= min_baskets:
            cosine = both / math.sqrt(state.sold[a] * state.sold[b])
            strong = cosine * both / (both + 5)
            rank = (-round(strong, 9), int(state.products[b]))
            rows.setdefault(int(state.products[a]), []).append((rank, int(both)))
    return [
        (product, rank[1], place, both)
        for product in sorted(rows)
        for place, (rank, both) in enumerate(sorted(rows[product])[:top], start=1)
    ]


def as_tuples(table):
    columns = (table.product, table.neighbour, table.rank, table.basket_count)
    return [tuple(map(int, row)) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("top", [1, 4, 50])
def test_the_table_is_the_definition_s(seed, top):
    state = fit(*random_lines(seed))
    assert as_tuples(find_neighbours(state, top=top)) == expected(state, top)


def test_the_table_holds_after_products_were_appended():
    state, _changed = update(fit([1, 1, 2, 2], [50, 70, 50, 70]), ([3, 3, 4, 4], [10, 50, 10, 50]))
    assert as_tuples(find_neighbours(state)) == expected(state, 50)


def test_one_common_basket_is_no_neighbour():
    assert len(find_neighbours(fit([1, 1, 2], [1, 2, 1]))) == 0
    assert len(find_neighbours(fit([1, 1, 2], [1, 2, 1]), min_baskets=1)) == 2


def test_nothing_sold_has_no_neighbours():
    assert len(find_neighbours(fit([], []))) == 0


def test_equal_neighbours_are_ranked_by_id():
    baskets = np.repeat(np.arange(6), 2)
    state = fit(baskets, [1, 9, 1, 9, 1, 4, 1, 4, 1, 6, 1, 6])
    table = find_neighbours(state)
    assert table.neighbour[table.product == 1].tolist() == [4, 6, 9]


def test_stored_rows_come_back_in_order():
    table = find_neighbours(fit(*random_lines(3)))
    mixed = np.random.default_rng(0).permutation(len(table))
    part = table.only(mixed)
    again = Neighbours.of_counts(
        table.baskets, part.product, part.neighbour, part.basket_count, part.product_count,
        part.neighbour_count,
    )  # fmt: skip
    assert as_tuples(again) == as_tuples(table)
    assert np.array_equal(again.lift, table.lift)


def test_rows_of_keeps_the_asked_order():
    table = find_neighbours(fit(*random_lines(1)))
    products = [3, 999, 1]
    rows, owner = table.rows_of(products)
    assert [products[place] for place in owner] == table.product[rows].tolist()
    assert set(owner.tolist()) == {0, 2}


@pytest.mark.parametrize("seed", range(8))
def test_a_day_s_refresh_equals_a_full_run_where_lists_are_not_full(seed):
    baskets, products = random_lines(seed)
    old = baskets < 380
    before = fit(baskets[old], products[old])
    state, changed = update(before, (baskets[~old], products[~old]))
    fresh, touched = refresh(find_neighbours(before), state, changed)
    full = find_neighbours(state)
    assert as_tuples(fresh) == as_tuples(full.only(np.isin(full.product, touched)))


@pytest.mark.parametrize("seed", range(8))
def test_a_day_s_refresh_of_full_lists_has_exact_counts(seed):
    """A list cut at `top` may keep a neighbour that others passed; its figures are right."""
    baskets, products = random_lines(seed)
    old = baskets < 380
    before = fit(baskets[old], products[old])
    state, changed = update(before, (baskets[~old], products[~old]))
    fresh, touched = refresh(find_neighbours(before, top=3), state, changed, top=3)
    everything = {row[:2]: row[3] for row in expected(state, 1_000)}
    assert len(fresh) and set(fresh.product.tolist()) <= set(touched.tolist())
    for product, neighbour, rank, both in as_tuples(fresh):
        assert both == everything[product, neighbour] and rank <= 3
    full = set(row[:2] for row in expected(state, 3) if row[0] in touched)
    found = set(row[:2] for row in as_tuples(fresh))
    sold_together = {
        (int(state.products[a]), int(state.products[b]))
        for key in changed.tolist()
        for a, b in ((key >> 32, key & 2**32 - 1), (key & 2**32 - 1, key >> 32))
    }
    assert full & sold_together <= found
    assert len(full & found) >= 0.9 * len(full)


def test_a_refresh_drops_pairs_whose_baskets_were_taken_back():
    before = fit([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], [1, 2, 1, 2, 1, 3, 1, 3, 1, 3])
    state, changed = update(before, ([], []), ([1, 1], [1, 2]))
    fresh, touched = refresh(find_neighbours(before), state, changed)
    assert touched.tolist() == [1, 2]
    assert as_tuples(fresh) == [(1, 3, 1, 3)]
    assert fresh.product_count.tolist() == [4]


def test_a_refresh_without_changes_touches_nothing():
    state = fit(*random_lines(2))
    fresh, touched = refresh(find_neighbours(state), state, NONE)
    assert len(fresh) == 0 and len(touched) == 0


def test_a_refresh_lets_a_new_pair_into_a_full_list():
    """Product 1's only place is taken by 2 (3 common baskets) until 3 has 4."""
    before = fit(np.repeat(np.arange(3), 2), [1, 2] * 3)
    day = (np.repeat(np.arange(10, 14), 2), [1, 3] * 4)
    state, changed = update(before, day)
    fresh, _touched = refresh(find_neighbours(before, top=1), state, changed, top=1)
    assert as_tuples(fresh.only(fresh.product == 1)) == [(1, 3, 1, 4)]
