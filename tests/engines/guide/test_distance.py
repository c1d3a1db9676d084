import pytest
from guide_engine import distance_km


@pytest.mark.parametrize(
    ("here", "there", "kilometres"),
    [
        ((31.2304, 121.4737), (31.2304, 121.4737), 0),
        ((31.2304, 121.4737), (39.9042, 116.4074), 1067),  # Shanghai to Beijing
        ((0, 0), (0, 180), 20015),  # half round the globe
        ((0, 179.5), (0, -179.5), 111.2),  # across the date line
        ((90, 0), (-90, 77), 20015),
    ],
)
def test_known_distances(here, there, kilometres):
    assert distance_km(*here, *there) == pytest.approx(kilometres, rel=0.005)
    assert distance_km(*there, *here) == pytest.approx(kilometres, rel=0.005)
