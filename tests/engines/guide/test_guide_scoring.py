"""Scoring on a shop laid out like a checkerboard, where the right answers are known.

Members and products are black or white. A black member's baskets hold black products only, and a
product's partner (0 and 2, 1 and 3, 4 and 6...) always lies in the same basket.
"""

import numpy as np
import pytest
from guide_engine import (
    EngineError,
    History,
    Neighbours,
    Options,
    Shelf,
    Tastes,
    find_neighbours,
    fit,
    fit_tastes,
    instead_of,
    score,
    store_popularity,
)
from hypothesis import given
from hypothesis import strategies as st

PRODUCTS = 40  # even ids are black, odd ones white
NO_TABLE = find_neighbours(fit([], []))


def partner(product):
    return product ^ 2


def checkerboard():
    """Return (baskets, products, members) per line; 60 members with 8 baskets of 2 pairs each."""
    rng = np.random.default_rng(1)
    rows = []
    for member in range(60):
        for visit in range(8):
            for pair in rng.choice(PRODUCTS // 4, 2, replace=False):
                first = int(pair) * 4 + member % 2
                rows += [(member * 100 + visit, first, member)]
                rows += [(member * 100 + visit, partner(first), member)]
    return tuple(np.array(column) for column in zip(*rows, strict=True))


BASKETS, SOLD, MEMBERS = checkerboard()
COUNTS = fit(BASKETS, SOLD)
TABLE = find_neighbours(COUNTS)
TASTES = fit_tastes(MEMBERS, SOLD)
SHELF = Shelf(np.arange(PRODUCTS), np.full(PRODUCTS, 0.1))


def shown(*args, **options):
    return [line.product for line in score(*args, options=Options(**options))]


def test_the_partner_of_what_lies_in_the_basket_comes_first():
    for product in range(PRODUCTS):
        first = score(History(), [product], SHELF, TABLE)[0]
        assert (first.product, first.reason) == (partner(product), "basket")
        assert first.because == product
        row = TABLE.only((TABLE.product == product) & (TABLE.neighbour == first.product))
        assert first.count == row.basket_count[0]
        assert (first.confidence, first.lift) == (row.confidence[0], row.lift[0])
        assert first.confidence == 1.0 and first.lift > 2


def test_a_member_is_shown_new_products_of_the_own_colour():
    options = Options(only_new=True, limit=8, popular=0.0)
    for colour in (0, 1):
        history = History(np.array([colour, 2 + colour, 4 + colour, 6 + colour]), np.zeros(4))
        ranked = score(history, [], SHELF, TABLE, TASTES, options)
        assert {line.product % 2 for line in ranked} == {colour}
        assert {line.reason for line in ranked} == {"history"}
        assert {line.because for line in ranked} <= set(history.products.tolist())


def test_tastes_tell_the_colours_apart():
    rows = TASTES.rows_of(np.arange(PRODUCTS)).astype(float)
    alike = rows @ rows.T
    assert np.abs(alike[0::2, 1::2]).max() < 1e-5
    assert alike[0::2, 0::2].diagonal().min() > 0.1


def test_repeats_lead_with_count_and_last_date():
    history = History(np.array([8, 8, 8, 12]), np.array([3.0, 40.0, 90.0, 5.0]))
    first, second = score(history, [], SHELF, NO_TABLE)[:2]
    assert (first.product, first.reason, first.count, first.days) == (8, "repeat", 3, 3.0)
    assert (second.product, second.count, second.days) == (12, 1, 5.0)


def test_a_purchase_weighs_half_after_twelve_weeks():
    plain = dict(popular=0.0, taste=0.0, history=0.0)
    fresh, aged = (
        score(History([8], [days]), [], SHELF, NO_TABLE, options=Options(**plain))[0].score
        for days in (0, 84)
    )
    assert (fresh, aged) == (pytest.approx(1.0), pytest.approx(0.5))


def test_nothing_known_shows_what_the_store_sells_most():
    popularity = np.arange(PRODUCTS) / PRODUCTS
    ranked = score(History(), [], Shelf(np.arange(PRODUCTS), popularity), TABLE, TASTES)
    assert [line.product for line in ranked] == list(range(39, 29, -1))
    assert {line.reason for line in ranked} == {"popular"}
    assert ranked[0].confidence == pytest.approx(39 / 40)


def test_equal_scores_are_ranked_by_id():
    assert shown(History(), [], SHELF, TABLE, limit=5) == [0, 1, 2, 3, 4]


def test_history_at_equal_score_prefers_the_popular():
    popularity = np.array([0.1, 0.5, 0.3])
    history = History([10, 20, 30], [1, 1, 1])
    ranked = shown(history, [], Shelf([10, 20, 30], popularity), NO_TABLE, popular=0.0)
    assert ranked == [20, 30, 10]


def test_what_is_in_the_basket_or_not_allowed_never_appears():
    allowed = np.ones(PRODUCTS, bool)
    allowed[[partner(5), 9]] = False
    shelf = Shelf(np.arange(PRODUCTS), np.full(PRODUCTS, 0.1), allowed)
    history = History([5, 9], [1, 1])
    ranked = shown(history, [5], shelf, TABLE, TASTES, limit=PRODUCTS)
    assert not {5, partner(5), 9} & set(ranked)
    assert len(ranked) == PRODUCTS - 3


def test_business_weights_multiply():
    weights = np.ones(PRODUCTS)
    weights[30] = 50.0
    weights[31] = 0.0
    shelf = Shelf(np.arange(PRODUCTS), np.full(PRODUCTS, 0.1), multiplier=weights)
    ranked = score(History(), [], shelf, TABLE, options=Options(limit=PRODUCTS))
    assert ranked[0].product == 30
    assert ranked[0].score == pytest.approx(50 * ranked[1].score)
    assert 31 not in [line.product for line in ranked]


def test_a_product_that_left_the_shelf_is_not_shown():
    shelf = Shelf(np.arange(10), np.full(10, 0.1))
    ranked = shown(History([39], [0]), [38], shelf, TABLE, TASTES, limit=50)
    assert set(ranked) <= set(range(10))


def test_a_product_without_sales_appears_only_by_popularity():
    shelf = Shelf([1, 3, 500], [0.1, 0.1, 0.0])
    assert shown(History(), [], shelf, TABLE) == [1, 3]
    lifted = Shelf([1, 3, 500], [0.1, 0.1, 0.2])
    assert shown(History(), [], lifted, TABLE)[0] == 500


@pytest.mark.parametrize("limit", [0, -1])
def test_no_limit_shows_nothing(limit):
    assert shown(History([1], [1]), [3], SHELF, TABLE, limit=limit) == []


def test_an_empty_shelf_shows_nothing():
    empty = Shelf(np.zeros(0, np.int64), np.zeros(0))
    assert score(History([1], [1]), [3], empty, TABLE, TASTES) == []


def test_a_basket_of_300_lines():
    basket = list(range(300))
    shelf = Shelf(np.arange(310), np.full(310, 0.1))
    assert set(shown(History(), basket, shelf, TABLE, limit=20)) == set(range(300, 310))


def test_a_product_twice_in_the_basket_counts_once():
    once, twice = (score(History(), basket, SHELF, TABLE) for basket in ([4], [4, 4]))
    assert once == twice


def test_a_member_with_5000_orders():
    rng = np.random.default_rng(2)
    history = History(rng.integers(0, PRODUCTS, 100_000), rng.uniform(0, 2_000, 100_000))
    ranked = score(history, [0], SHELF, TABLE, TASTES)
    assert len(ranked) == 10 and {line.reason for line in ranked} == {"repeat"}
    assert ranked[0].count == np.sum(history.products == ranked[0].product)


def test_only_returns_are_an_empty_history():
    """Returns are netted before: nothing is left, so that the store's popularity shows."""
    ranked = score(History([], []), [], SHELF, TABLE, TASTES)
    assert {line.reason for line in ranked} == {"popular"}


def test_a_shop_with_a_single_product():
    state = fit([1, 2, 3], [7, 7, 7])
    shelf = Shelf([7], [1.0])
    ranked = score(History([7], [1]), [], shelf, find_neighbours(state), fit_tastes([1], [7]))
    assert [line.product for line in ranked] == [7]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.floats(0, 900)), max_size=30),
    st.lists(st.integers(0, 60), max_size=8),
    st.integers(1, 20),
)
def test_answers_are_repeatable_distinct_and_in_order(purchases, basket, limit):
    history = History([p for p, _age in purchases], [age for _p, age in purchases])
    options = Options(limit=limit)
    ranked = score(history, basket, SHELF, TABLE, TASTES, options)
    mixed = purchases[::-1]
    again = History([p for p, _age in mixed], [age for _p, age in mixed])
    other = score(again, basket[::-1], SHELF, TABLE, TASTES, options)
    assert [line.product for line in other] == [line.product for line in ranked]
    products = [line.product for line in ranked]
    assert len(set(products)) == len(products) <= limit
    assert not set(products) & set(basket)
    scores = [line.score for line in ranked]
    assert scores == sorted(scores, reverse=True) and all(value > 0 for value in scores)
    for line in ranked:
        if line.reason in ("basket", "history"):
            assert line.because in (basket if line.reason == "basket" else history.products)
        if line.reason == "repeat":
            assert line.count == sum(product == line.product for product, _age in purchases)


@pytest.mark.parametrize(
    "make",
    [
        lambda: History([1, 2], [1]),
        lambda: History([1], [-1.0]),
        lambda: History([1], [float("nan")]),
        lambda: Shelf([2, 1], [0.1, 0.1]),
        lambda: Shelf([1, 1], [0.1, 0.1]),
        lambda: Shelf([1, 2], [0.1]),
        lambda: Shelf([1, 2], [0.1, -0.1]),
        lambda: Shelf([1, 2], [0.1, 0.1], [True]),
        lambda: Shelf([1, 2], [0.1, 0.1], None, [1.0, float("inf")]),
    ],
)
def test_contradicting_input_is_refused(make):
    with pytest.raises(EngineError):
        make()


def test_popularity_of_a_young_store_leans_on_all_stores():
    overall = np.array([500, 100])
    assert store_popularity([0, 0], overall, 0, 1_000) == pytest.approx([0.5, 0.1])
    old = store_popularity([0, 30_000], overall, 30_000, 1_000)
    assert old[0] < 0.01 and old[1] > 0.98


def test_tastes_are_stored_repeatable_and_signed_the_same():
    again = Tastes.from_bytes(TASTES.to_bytes())
    assert again.to_bytes() == TASTES.to_bytes() == fit_tastes(MEMBERS, SOLD).to_bytes()
    assert np.all(TASTES.factors.max(axis=0) >= -TASTES.factors.min(axis=0))
    with pytest.raises(EngineError):
        Tastes.from_bytes(b"nonsense")
    with pytest.raises(EngineError):
        Tastes.from_bytes(COUNTS.to_bytes())


@pytest.mark.parametrize(("members", "products"), [([], []), ([1], [1]), ([1, 1], [1, 2])])
def test_tastes_of_too_few_sales_say_nothing(members, products):
    tastes = fit_tastes(members, products)
    assert score(History(), [], SHELF, TABLE, tastes)[0].reason == "popular"
    assert score(History([1], [1]), [], SHELF, TABLE, tastes)[0].reason == "repeat"


def test_instead_keeps_category_and_price_and_likes_the_same_company():
    """1 and 2 are bought with 10, 3 is not; 4 is dear, 5 of another category, 6 sold out."""
    baskets = np.repeat(np.arange(12), 2)
    products = [1, 10, 1, 10, 1, 10, 2, 10, 2, 10, 2, 10, 3, 11, 3, 11, 3, 11, 4, 10, 4, 10, 5, 10]
    table = find_neighbours(fit(baskets, products))
    shelf = Shelf([1, 2, 3, 4, 5, 6], np.full(6, 0.1), [True] * 5 + [False])
    found = instead_of(1, shelf, [7, 7, 7, 7, 8, 7], [10, 9, 10, 21, 10, 10], table)
    assert [product for product, _score in found] == [2, 3]
    assert found[0][1] == pytest.approx(1.9) and found[1][1] == pytest.approx(1.0)


def test_instead_of_an_unknown_product_or_without_rivals_is_nothing():
    shelf = Shelf([1, 2], [0.1, 0.1])
    assert instead_of(9, shelf, [1, 1], [5, 5], NO_TABLE) == []
    assert instead_of(1, shelf, [1, 2], [5, 5], NO_TABLE) == []
    assert instead_of(1, shelf, [1, 1], [5, 5], NO_TABLE) == [(2, 1.0)]
    with pytest.raises(EngineError):
        instead_of(1, shelf, [1], [5, 5], NO_TABLE)


def test_a_table_from_the_database_scores_like_the_learned_one():
    stored = Neighbours.of_counts(
        TABLE.baskets, TABLE.product, TABLE.neighbour, TABLE.basket_count, TABLE.product_count,
        TABLE.neighbour_count,
    )  # fmt: skip
    history = History([3, 8], [2, 30])
    assert score(history, [1], SHELF, stored) == score(history, [1], SHELF, TABLE)
