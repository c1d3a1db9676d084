"""The judge: recall, coverage and the baselines, on cases made by hand."""

import numpy as np
import pytest
from guide_engine import (
    Case,
    History,
    cosine_ranking,
    evaluate,
    fit,
    popularity_ranking,
    recall_at,
)

NONE = np.zeros(0, np.int64)


def case(basket=NONE, wanted=(1,), closed=NONE):
    return Case(History(), np.asarray(basket), np.asarray(wanted), np.asarray(closed))


@pytest.mark.parametrize(
    ("shown", "wanted", "expected"),
    [
        ([1, 2, 3], [1, 9], 0.5),
        ([1, 1, 1], [1, 9], 0.5),
        (range(20), range(10, 20), 0.0),
        (range(20), range(5, 30), 0.5),
        ([], [1], 0.0),
    ],
)
def test_recall_is_hits_over_possible_hits(shown, wanted, expected):
    assert recall_at(list(shown), list(wanted)) == expected


def test_a_case_without_wish_cannot_be_judged():
    with pytest.raises(ValueError, match="can't be judged"):
        recall_at([1], [])


def test_quality_is_the_mean_and_the_share_shown():
    answers = iter([[1, 2], [2, 3]])
    quality = evaluate([case(wanted=[1]), case(wanted=[9])], lambda _case: next(answers), 12)
    assert (quality.recall, quality.coverage, quality.cases) == (0.5, 0.25, 2)
    assert evaluate([], lambda _case: [], 12).cases == 0


def test_popularity_shows_what_sells_most_without_the_known():
    counts = fit([1, 2, 3, 1, 2, 1], [5, 5, 5, 6, 6, 7])
    assert popularity_ranking(counts)(case()) == [5, 6, 7]
    assert popularity_ranking(counts)(case(basket=[5], closed=[7])) == [6]


def test_cosine_sums_over_the_basket():
    counts = fit([1, 1, 2, 2, 3, 3, 4], [1, 2, 1, 2, 1, 3, 3])
    assert cosine_ranking(counts)(case(basket=[1])) == [2, 3]
    assert cosine_ranking(counts)(case(basket=[1], closed=[2])) == [3]
    assert cosine_ranking(counts)(case(basket=[99])) == []
