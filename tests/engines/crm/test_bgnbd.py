"""BG/NBD against the published figures of CDNOW, and against what must hold for any buyer."""

import csv
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from crm_engine import bgnbd
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad

# Fader, Hardie, Lee (2005), table 1 and the example of section 5: weeks.
PUBLISHED = (0.243, 4.414, 0.793, 2.426)


@pytest.fixture(scope="module")
def cdnow():
    """The 2,357 buyers of the paper, from the package that the bench compares with."""
    folder = Path(find_spec("lifetimes").origin).parent / "datasets"
    with (folder / "cdnow_customers_summary.csv").open() as file:
        rows = [[float(cell) for cell in row[1:4]] for row in list(csv.reader(file))[1:]]
    return np.array(rows).T


def test_the_published_parameters(cdnow):
    model = bgnbd.fit(*cdnow)
    errors = [abs(ours / theirs - 1) for ours, theirs in zip(model, PUBLISHED, strict=True)]
    assert max(errors) < 0.005


def test_the_published_expectation():
    """Two repeats by week 30.43 of 38.86: 1.226 purchases in the next 39 weeks."""
    model = bgnbd.Parameters(*PUBLISHED)
    buyer = [np.array([value]) for value in (2.0, 30.43, 38.86)]
    assert bgnbd.expected_purchases(model, *buyer, 39.0)[0] == pytest.approx(1.226, abs=0.001)


def test_the_gradient_is_that_of_the_loss(cdnow):
    x, t_x, t = cdnow
    rest = (x, t_x / 39, t / 39, np.full(len(x), 1 / len(x)))
    error = check_grad(
        lambda logs: bgnbd._loss(logs, *rest)[0],
        lambda logs: bgnbd._loss(logs, *rest)[1],
        np.array([-1.0, 0.5, 0.2, 0.7]),
    )
    assert error < 1e-5


def test_the_order_of_buyers_is_of_no_matter(cdnow):
    turned = cdnow[:, ::-1]
    assert bgnbd.fit(*turned) == pytest.approx(bgnbd.fit(*cdnow))


@pytest.mark.parametrize("buyers", [[], [(0, 0, 5)], [(0, 0, 0)]])
def test_nobody_bought_twice(buyers):
    x, t_x, t = np.array(buyers, dtype=float).reshape(-1, 3).T
    assert bgnbd.fit(x, t_x, t) is None


@st.composite
def crowds(draw):
    """Up to 40 buyers with at least one repeat, all known for at least as long as they came."""
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 60), st.integers(0, 400), st.integers(0, 400)),
            min_size=1,
            max_size=40,
        )
    )
    return np.array(
        [(1, 7, 14), *((x, min(a, b) if x else 0, max(a, b)) for x, a, b in rows)], dtype=float
    ).T


def test_who_came_often_on_the_first_day_has_an_expectation():
    """Found by hypothesis: three repeats within a day gave no number."""
    crowd = np.array([(1, 7, 14), (3, 0, 0)], dtype=float).T
    expected = bgnbd.expected_purchases(bgnbd.fit(*crowd), *crowd, 90 / 7)
    assert np.all(np.isfinite(expected))


@settings(deadline=None, max_examples=60)  # a fit takes long on a busy machine
@given(crowds())
def test_chances_stay_chances(crowd):
    model = bgnbd.fit(*crowd)
    alive = bgnbd.probability_alive(model, *crowd)
    assert np.all((alive >= 0) & (alive <= 1))
    assert np.all(alive[crowd[0] == 0] == 1)
    expected = bgnbd.expected_purchases(model, *crowd, 90 / 7)
    assert np.all(np.isfinite(expected)) and np.all(expected >= 0)
