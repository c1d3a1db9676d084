"""How far places are from each other. Pure, standard library only."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0


def distance_km(
    latitude: float, longitude: float, to_latitude: float, to_longitude: float
) -> float:
    """Return the kilometres between two points of the globe, as the crow flies.

    Args: degrees, north and east positive. Source: haversine formula on a sphere.
    """
    here, there = radians(latitude), radians(to_latitude)
    across = sin((there - here) / 2) ** 2
    along = sin(radians(to_longitude - longitude) / 2) ** 2
    chord = across + cos(here) * cos(there) * along
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))
