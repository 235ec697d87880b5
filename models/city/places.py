"""Finds where a point lies in the town, and which place the words of a text mean."""

from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from models.city.city import Area, City, GcjPoint
from models.city.coordinates import METRES_PER_DEGREE, metres_between
from models.city.place_words import Mention, PlaceWords

PHONE_ERROR = 10.0  # metres beyond the kerb that still count as the road: phones are no better
CROSSING_REACH = 60.0  # metres between two road lines that still cross, as lines are drawn by hand
NUMBER_STEP = 5.0  # metres of road per house number, a rule of thumb: hence SURE_NUMBER is low
NEAR = 500.0  # metres within which two place names speak of the same spot
SURE_LANDMARK = 0.9
SURE_CROSSING = 0.85
SURE_NUMBER = 0.5
SURE_ROAD = 0.35
SURE_GRID = 0.3
SURE_STREET = 0.15
DOUBT = 0.6  # factor when the text also names a place far away from the chosen one


@dataclass(frozen=True)
class Place:
    """What of the town a point lies in."""

    grid: Area | None = None
    street: Area | None = None
    district: Area | None = None
    road: Area | None = None  # the nearest one whose width reaches the point
    inside: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of what is known, from the smallest to the largest: 路, 格, 街, 区."""
        return tuple(area.code for area in (self.road, self.grid, self.street, self.district) if area)

    @property
    def name(self) -> str:
        """The place in people's words: 安泰路 · 胡埭镇区街 · A1 网格; empty outside the town."""
        return " · ".join(area.name for area in (self.road, self.street, self.grid) if area)


@dataclass(frozen=True)
class Spot:
    """A place that a text names."""

    point: GcjPoint
    place: Place
    address: str  # the words that named it
    sure: float  # 0..1: how well these words fix the point; below 0.5 ask for a location


class Atlas:
    """Look-ups over the areas of one town; built once, kept in memory."""

    def __init__(self, city: City) -> None:
        self._centre = city.centre
        self._east = METRES_PER_DEGREE * cos(radians(city.centre.lat))
        self._areas = city.areas
        self._polygons = [area for area in city.areas.values() if area.kind != "road"]
        self._roads = [area for area in city.areas.values() if area.kind == "road"]
        self._polygon_tree = shapely.STRtree([self._flat(area.shape) for area in self._polygons])
        self._road_lines = [self._flat(area.shape) for area in self._roads]
        self._road_tree = shapely.STRtree(self._road_lines)
        self._road_reach = max((area.width for area in self._roads), default=0.0) / 2 + PHONE_ERROR
        self._words = PlaceWords(city)

    def areas_at(self, point: GcjPoint) -> Place:
        """Return the grid, street, district and road at the point; ``inside`` is False outside the town."""
        spot = self._flat(shapely.Point(point.lng, point.lat))
        hits = sorted(int(index) for index in self._polygon_tree.query(spot, predicate="intersects"))
        found: dict[str, Area] = {}
        for index in hits:  # on a shared border the first of the file wins
            found.setdefault(self._polygons[index].kind, self._polygons[index])
        return self._place(found, self._road_at(spot))

    def find_words(self, text: str) -> Spot | None:
        """Return the best place that the text names, or None; the surer kind of words wins."""
        mentions = self._words.mentions(text)
        spots = [*self._crossings(text, mentions), *filter(None, map(self._spot, mentions))]
        if not spots:
            return None
        best = max(spots, key=lambda spot: spot.sure)
        rivals = [spot for spot in spots if spot.sure == best.sure]
        if any(metres_between(best.point, rival.point) > NEAR for rival in rivals):
            return Spot(best.point, best.place, best.address, best.sure * DOUBT)
        return best

    def place_spans(self, text: str) -> list[tuple[int, int]]:
        """Return where place words stand in the text as ordered [start, end) pairs that do not overlap."""
        return self._words.spans(text)

    def _road_at(self, spot: BaseGeometry) -> Area | None:
        near = self._road_tree.query(spot, predicate="dwithin", distance=self._road_reach)
        ways = [(float(self._road_lines[int(i)].distance(spot)), self._roads[int(i)]) for i in near]
        fitting = [(metres, road.code) for metres, road in ways if metres <= road.width / 2 + PHONE_ERROR]
        return self._areas[min(fitting)[1]] if fitting else None

    def _place(self, found: dict[str, Area], road: Area | None) -> Place:
        grid = found.get("grid")
        street = self._areas.get(grid.parent or "") if grid else found.get("street")
        district = self._areas.get(street.parent or "") if street else found.get("district")
        return Place(grid, street, district, road=road if found else None, inside=bool(found))

    def _spot(self, mention: Mention) -> Spot | None:
        if mention.point:
            return self._at(mention.point, mention.address, SURE_LANDMARK)
        area = self._areas[mention.area]
        if area.kind != "road":
            middle = area.shape.representative_point()
            sure = SURE_GRID if area.kind == "grid" else SURE_STREET
            return self._at(GcjPoint(middle.y, middle.x), mention.address, sure)
        line = self._flat(area.shape)
        metres = mention.number * NUMBER_STEP if mention.number else line.length / 2
        along = shapely.line_interpolate_point(_longest(line), min(metres, line.length))
        return self._at(self._round(along), mention.address, SURE_NUMBER if mention.number else SURE_ROAD)

    def _crossings(self, text: str, mentions: list[Mention]) -> list[Spot]:
        """Return the crossings of roads named one right after the other."""
        roads = [m for m in mentions if m.area and self._areas[m.area].kind == "road" and not m.number]
        spots: list[Spot] = []
        for one, other in pairwise(roads):
            if one.area != other.area and self._words.joins(text[one.end : other.start]):
                spots += self._crossing(one, other)
        return spots

    def _crossing(self, one: Mention, other: Mention) -> list[Spot]:
        line, across = self._flat(self._areas[one.area].shape), self._flat(self._areas[other.area].shape)
        if line.distance(across) > CROSSING_REACH:
            return []
        middle = shapely.line_interpolate_point(shapely.shortest_line(line, across), 0.5, normalized=True)
        names = f"{self._areas[one.area].name}与{self._areas[other.area].name}路口"
        return [self._at(self._round(middle), names, SURE_CROSSING)]

    def _at(self, point: GcjPoint, address: str, sure: float) -> Spot:
        return Spot(point, self.areas_at(point), address, sure)

    def _flat(self, shape: BaseGeometry) -> BaseGeometry:
        """Return the shape in metres around the centre of the town."""
        origin = np.array([self._centre.lng, self._centre.lat])
        scale = np.array([self._east, METRES_PER_DEGREE])
        return shapely.transform(shape, lambda coordinates: (coordinates - origin) * scale)

    def _round(self, point: shapely.Point) -> GcjPoint:
        """Return the point in degrees again; a tenth of a metre is enough."""
        lng = self._centre.lng + point.x / self._east
        lat = self._centre.lat + point.y / METRES_PER_DEGREE
        return GcjPoint(round(lat, 6), round(lng, 6))


def _longest(line: BaseGeometry) -> BaseGeometry:
    return max(shapely.get_parts(line), key=lambda part: float(part.length))
