"""Scores of products for the web shop."""

import numpy as np
import pytest
from guide_engine import EngineError, scores
from hypothesis import given
from hypothesis import strategies as st

FIGURES = st.lists(st.floats(0, 1e6), min_size=2, max_size=20)


def test_ranks_are_weighed():
    found = scores([[10, 20, 30], [5, 5, 1]], [3, 1])
    assert found.tolist() == pytest.approx([(0 * 3 + 75) / 4, (150 + 75) / 4, 75])


@given(FIGURES)
def test_more_is_never_worse_and_the_unit_does_not_matter(figures):
    found = scores([figures], [1])
    assert np.all((found >= 0) & (found <= 100))
    order = np.argsort(figures, kind="stable")
    assert np.all(np.diff(found[order]) >= 0)


def test_one_product_and_none():
    assert scores([[7]], [1]).tolist() == [100]
    assert scores([[], []], [1, 0]).shape == (0,)


@pytest.mark.parametrize(
    ("measures", "weights"),
    [([[1], [2]], [0, 0]), ([[1]], [-1]), ([[1], [1, 2]], [1, 1]), ([[1]], [1, 1])],
)
def test_nonsense_is_refused(measures, weights):
    with pytest.raises(EngineError):
        scores(measures, weights)
