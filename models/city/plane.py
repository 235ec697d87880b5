"""Lays the town flat: degrees become metres east and north of its centre, and back."""

from math import cos, radians

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from models.city.city import GcjPoint
from models.city.coordinates import METRES_PER_DEGREE


class Plane:
    """Metres around one point; right to a thousandth within a town."""

    def __init__(self, centre: GcjPoint) -> None:
        self._lng, self._lat = centre.lng, centre.lat
        self._east = METRES_PER_DEGREE * cos(radians(centre.lat))

    def metres(self, point: GcjPoint) -> tuple[float, float]:
        """Return how far east and north of the centre the point lies."""
        return (point.lng - self._lng) * self._east, (point.lat - self._lat) * METRES_PER_DEGREE

    def flat(self, shape: BaseGeometry) -> BaseGeometry:
        """Return the shape in metres."""
        origin, scale = np.array([self._lng, self._lat]), np.array([self._east, METRES_PER_DEGREE])
        return shapely.transform(shape, lambda coordinates: (coordinates - origin) * scale)

    def point(self, x: float, y: float) -> GcjPoint:
        """Return the point in degrees again; a tenth of a metre is enough."""
        lat, lng = self._lat + y / METRES_PER_DEGREE, self._lng + x / self._east
        return GcjPoint(round(lat, 6), round(lng, 6))
