"""k-means with a fixed start: clear groups come apart, and the same buyers give the same groups."""

import numpy as np
import pytest
from crm_engine import kmeans
from hypothesis import given, settings
from hypothesis import strategies as st

BUYER = st.tuples(
    st.integers(0, 2000), st.integers(0, 400), st.floats(-100, 1e6, allow_nan=False, width=32)
)


def columns(buyers):
    return np.array(buyers, dtype=float).reshape(-1, 3).T


def test_three_clear_groups_come_apart():
    rng = np.random.default_rng(7)
    kinds = [(3, 40, 5000), (60, 8, 600), (300, 1, 40)]
    buyers = [
        (days + rng.integers(0, 3), count + rng.integers(0, 2), amount * rng.uniform(0.95, 1.05))
        for days, count, amount in kinds
        for _number in range(50)
    ]
    ranks = kmeans.rank_buyers(*columns(buyers), 3)
    assert ranks.tolist() == [1] * 50 + [2] * 50 + [3] * 50


def test_uneven_groups_come_apart():
    """The cut of the start into equal parts is wrong here; the rounds put it right."""
    buyers = [(2, 50, 9000.0 + n) for n in range(10)] + [(200, 2, 50.0 + n) for n in range(90)]
    ranks = kmeans.rank_buyers(*columns(buyers), 2)
    assert ranks.tolist() == [1] * 10 + [2] * 90


@pytest.mark.parametrize("count", [1, 5])
def test_few_or_equal_buyers(count):
    assert kmeans.rank_buyers(*columns([]), count).tolist() == []
    assert kmeans.rank_buyers(*columns([(5, 1, 10.0)]), count).tolist() == [1]
    assert kmeans.rank_buyers(*columns([(5, 1, 10.0)] * 4), count).tolist() == [1] * 4


@settings(max_examples=60, deadline=None)
@given(st.lists(BUYER, min_size=1, max_size=60), st.integers(1, 6), st.randoms())
def test_order_of_buyers_does_not_matter(buyers, count, random):
    ranks = dict(zip(buyers, kmeans.rank_buyers(*columns(buyers), count).tolist(), strict=True))
    mixed = list(buyers)
    random.shuffle(mixed)
    again = kmeans.rank_buyers(*columns(mixed), count).tolist()
    assert [ranks[buyer] for buyer in mixed] == again
    assert set(again) == set(range(1, max(again) + 1))
    assert max(again) <= count


@settings(max_examples=60, deadline=None)
@given(st.lists(BUYER, min_size=1, max_size=60), st.integers(1, 6))
def test_every_buyer_is_nearest_to_the_own_centre(buyers, count):
    points = kmeans._scaled(np.column_stack(columns(buyers)))
    weights = np.ones(len(points))
    groups = kmeans.cluster(points, weights, count)
    centres = kmeans._centres(points, weights, groups, count)
    distances = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
    own = distances[np.arange(len(points)), groups]
    assert np.all(own <= distances.min(axis=1) + 1e-9)
