from guide_engine import Sample, uplift
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx


def test_the_published_example_of_unequal_variances():
    """Welch's t-test as tabled with A1 (n 15, mean 20.8, s2 7.9) and A2 (n 15, 23.0, 3.8)."""
    found = uplift(Sample(15, 20.8, 7.9), Sample(15, 23.0, 3.8))
    assert found.difference == approx(-2.2)
    assert found.freedom == approx(25.0, abs=0.1)
    # t(24.9; 97.5 %) = 2.06 times the standard error 0.883
    assert (found.low, found.high) == (approx(-4.019, abs=0.01), approx(-0.381, abs=0.01))


def test_one_member_says_nothing_and_equal_ones_have_no_doubt():
    assert uplift(Sample(1, 5, 0), Sample(40, 2, 1)) is None
    assert uplift(Sample(3, 5, 0), Sample(4, 2, 0)).low == 3


groups = st.builds(
    Sample, st.integers(2, 10**6), st.floats(-1e6, 1e6), st.floats(0, 1e9, allow_subnormal=False)
)


@given(groups, groups)
def test_the_interval_holds_the_difference_and_turns_with_the_groups(one, other):
    there, back = uplift(one, other), uplift(other, one)
    assert there.low <= there.difference <= there.high
    assert there.low == approx(-back.high, rel=1e-6, abs=1e-6)
