"""Turns GCJ-02 (WeChat, Chinese maps) into WGS-84 (GPS, Open311) and back, and measures metres between points."""

from math import cos, hypot, pi, radians, sin, sqrt

from models.city.city import GcjPoint, Wgs84Point

# The published approximation of the shift uses the Krasovsky 1940 ellipsoid.
AXIS = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
EARTH_RADIUS = 6371008.8  # metres, mean
METRES_PER_DEGREE = EARTH_RADIUS * pi / 180
ROUNDS = 5  # the inverse shrinks its error about a thousandfold each round


def wgs_to_gcj(point: Wgs84Point) -> GcjPoint:
    """Return the point as Chinese maps show it; outside the rectangle around China nothing is shifted."""
    if not _is_shifted(point.lat, point.lng):
        return GcjPoint(point.lat, point.lng)
    dlat, dlng = _shift(point.lat, point.lng)
    return GcjPoint(point.lat + dlat, point.lng + dlng)


def gcj_to_wgs(point: GcjPoint) -> Wgs84Point:
    """Return the point as GPS gives it; there and back again is exact to well under a metre."""
    lat, lng = point.lat, point.lng
    for _ in range(ROUNDS):
        back = wgs_to_gcj(Wgs84Point(lat, lng))
        lat, lng = lat + point.lat - back.lat, lng + point.lng - back.lng
    return Wgs84Point(lat, lng)


def metres_between(one: GcjPoint | Wgs84Point, other: GcjPoint | Wgs84Point) -> float:
    """Return the distance in metres, both points in the same system; exact to 0.1 % within a town."""
    north = (other.lat - one.lat) * METRES_PER_DEGREE
    east = (other.lng - one.lng) * METRES_PER_DEGREE * cos(radians((one.lat + other.lat) / 2))
    return hypot(north, east)


def _is_shifted(lat: float, lng: float) -> bool:
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lng <= 137.8347


def _shift(lat: float, lng: float) -> tuple[float, float]:
    """Return by how many degrees the map is shifted here."""
    x, y = lng - 105.0, lat - 35.0
    root = sqrt(abs(x))
    waves = _wave(x, (20, 6), (20, 2))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + _wave(y, (20, 1), (40, 1 / 3)) + _wave(y, (160, 1 / 12), (320, 1 / 30))) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + _wave(x, (20, 1), (40, 1 / 3)) + _wave(x, (150, 1 / 12), (300, 1 / 30))) * 2 / 3
    curve = 1 - ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    meridian = AXIS * (1 - ECCENTRICITY_SQUARED) / (curve * sqrt(curve))
    parallel = AXIS / sqrt(curve) * cos(radians(lat))
    return north * 180 / (meridian * pi), east * 180 / (parallel * pi)


def _wave(along: float, *terms: tuple[float, float]) -> float:
    return sum(size * sin(times * along * pi) for size, times in terms)
