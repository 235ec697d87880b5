"""Knows what lies where in the town: few comparisons for most points, shapely's own answer for close calls."""

from collections import defaultdict
from dataclasses import dataclass
from math import inf, sqrt
from typing import NamedTuple

import numpy as np
import shapely

from models.city.city import Area, City
from models.city.plane import Plane
from models.city.squares import Numbers, Squares, lines_of

PHONE_ERROR = 10.0  # metres beyond the kerb that still count as the road: phones are no better
SQUARES_PER_AREA = 5  # more of them cost memory, fewer cost time
LEAST_SQUARES = 200
CLOSE = 1e-6  # metres: nearer than this to a border or to a tie, plain sums may err
RANKS = {"grid": 0, "street": 1, "district": 2}  # a grid names its street, a street its district
OTHER_RANK = 3

Edge = tuple[float, float, float, float, float]  # x0, y0, x1, y1 with y0 <= y1, and how near is close


@dataclass(frozen=True, slots=True)
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


OUTSIDE = Place()


class _Outline(NamedTuple):
    """The border of an area, by rows of squares, and the place that its inside is."""

    place: Place
    first: int  # the row of rows[0]
    rows: tuple[tuple[Edge, ...], ...]


class _Way(NamedTuple):
    """A straight piece of a road."""

    x: float
    y: float
    to_x: float
    to_y: float
    near: float  # square metres: up to here it surely reaches,
    far: float  # from here on it surely does not
    road: Area


class _Square(NamedTuple):
    """What a point of this square is to be compared with; ``place`` holds when no outline has it."""

    place: Place
    outlines: tuple[_Outline, ...] = ()
    ways: tuple[_Way, ...] = ()


class _CloseCallError(Exception):
    """Plain sums cannot tell."""


class Ground:
    """The areas and roads of one town, in metres; built once, kept in memory."""

    def __init__(self, city: City, plane: Plane) -> None:
        self._areas = city.areas
        self._polygons = [area for area in city.areas.values() if area.kind != "road"]
        self._roads = [area for area in city.areas.values() if area.kind == "road"]
        self._shapes = [plane.flat(area.shape) for area in self._polygons]
        self.lines = {area.code: plane.flat(area.shape) for area in self._roads}
        self._polygon_tree = shapely.STRtree(self._shapes)
        self._road_tree = shapely.STRtree(list(self.lines.values()))
        self._reach = max((area.width for area in self._roads), default=0.0) / 2 + PHONE_ERROR
        self._squares: Squares | None = None
        self._content: list[_Square] = []
        if self._is_plain():
            self._squares, self._content = self._cut()

    def at(self, x: float, y: float) -> Place:
        """Return what lies at this spot; on a shared border the first of the file wins."""
        squares = self._squares
        if squares is None:
            return self._exactly(x, y)
        col, row = (x - squares.left) / squares.side, (y - squares.bottom) / squares.side
        if not (0 <= col < squares.cols and 0 <= row < squares.rows):
            return OUTSIDE
        band = int(row)
        square = self._content[band * squares.cols + int(col)]
        try:
            place = _area_at(square, band, x, y) if square.outlines else square.place
            road = _road_at(square.ways, x, y) if square.ways and place.inside else None
        except _CloseCallError:
            return self._exactly(x, y)
        return Place(place.grid, place.street, place.district, road=road, inside=True) if road else place

    def _exactly(self, x: float, y: float) -> Place:
        """Return what shapely says, which is right to the last digit and slow."""
        spot = shapely.Point(x, y)
        hits = sorted(int(index) for index in self._polygon_tree.query(spot, predicate="intersects"))
        found: dict[str, Area] = {}
        for index in hits:
            found.setdefault(self._polygons[index].kind, self._polygons[index])
        near = self._road_tree.query(spot, predicate="dwithin", distance=self._reach)
        roads = [self._roads[int(index)] for index in near]
        ways = [(float(self.lines[road.code].distance(spot)), road) for road in roads]
        fitting = [(metres, road.code) for metres, road in ways if metres <= road.width / 2 + PHONE_ERROR]
        return self._place(found, self._areas[min(fitting)[1]] if fitting else None)

    def _place(self, found: dict[str, Area], road: Area | None = None) -> Place:
        grid = found.get("grid")
        street = self._areas.get(grid.parent or "") if grid else found.get("street")
        district = self._areas.get(street.parent or "") if street else found.get("district")
        return Place(grid, street, district, road=road if found else None, inside=bool(found))

    def _is_plain(self) -> bool:
        """Whether the map is as a sound city folder gives it; else shapely answers for every point."""
        kinds = {shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON}
        lines = {shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING}
        return (
            all(shape.is_valid and shapely.get_type_id(shape) in kinds for shape in self._shapes)
            and all(shapely.get_type_id(line) in lines for line in self.lines.values())
            and not any(shape.is_empty for shape in (*self._shapes, *self.lines.values()))
            and all(area.parent in self._areas for area in self._polygons if area.kind == "grid")
        )

    def _cut(self) -> tuple[Squares, list[_Square]]:
        bounds = shapely.total_bounds(self._shapes) if self._shapes else np.zeros(4)
        count = SQUARES_PER_AREA * (len(self._polygons) + len(self._roads))
        squares = Squares.over(bounds, max(count, LEAST_SQUARES))
        outlines, places = self._spread_areas(squares)
        ways = self._spread_roads(squares)
        return squares, [
            _Square(places.get(index, OUTSIDE), tuple(outlines.get(index, ())), tuple(ways.get(index, ())))
            for index in range(squares.cols * squares.rows)
        ]

    def _spread_areas(self, squares: Squares) -> tuple[dict[int, list[_Outline]], dict[int, Place]]:
        """Return by square the outlines that run through it, in their order, and what covers it whole.

        Outlines that come after the one that covers the square cannot matter any more.
        """
        owners, edges = lines_of(self._shapes)
        which, touched = squares.meetings(edges, np.zeros(len(edges)))
        outlines: dict[int, list[_Outline]] = defaultdict(list)
        places: dict[int, Place] = {}
        ranks = [RANKS.get(area.kind, OTHER_RANK) for area in self._polygons]
        for index in sorted(range(len(ranks)), key=ranks.__getitem__):
            area, shape = self._polygons[index], self._shapes[index]
            outline = _outline(squares, edges[owners == index], self._place({area.kind: area}))
            border = np.unique(touched[owners[which] == index])
            for square in border.tolist():
                if square not in places:
                    outlines[square].append(outline)
            rest = np.setdiff1d(squares.under(shapely.bounds(shape)), border)
            shapely.prepare(shape)
            for square in rest[shapely.contains_xy(shape, *squares.middles(rest))].tolist():
                places.setdefault(square, outline.place)
        return outlines, places

    def _spread_roads(self, squares: Squares) -> dict[int, list[_Way]]:
        """Return by square the pieces of road that may reach into it."""
        owners, pieces = lines_of(list(self.lines.values()))
        limits = np.array([road.width / 2 + PHONE_ERROR for road in self._roads])[owners]
        which, touched = squares.meetings(pieces, limits)
        told = zip(pieces.tolist(), owners.tolist(), limits.tolist(), strict=True)
        ways = [
            _Way(x, y, to_x, to_y, (limit - CLOSE) ** 2, (limit + CLOSE) ** 2, self._roads[owner])
            for (x, y, to_x, to_y), owner, limit in told
        ]
        found: dict[int, list[_Way]] = defaultdict(list)
        for piece, square in zip(which.tolist(), touched.tolist(), strict=True):
            found[square].append(ways[piece])
        return found


def _outline(squares: Squares, edges: Numbers, place: Place) -> _Outline:
    upward = np.where((edges[:, 1] <= edges[:, 3])[:, None], edges, edges[:, [2, 3, 0, 1]])
    lows, highs = squares.row(upward[:, 1]), squares.row(upward[:, 3])
    lengths = np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
    first = int(lows.min()) - 1  # one row more on each side: a margin may touch it
    rows: list[list[Edge]] = [[] for _ in range(first, int(highs.max()) + 2)]
    told = zip(upward.tolist(), lows.tolist(), highs.tolist(), (lengths * CLOSE).tolist(), strict=True)
    for (x, y, to_x, to_y), low, high, close in told:
        edge = (x, y, to_x, to_y, close)
        for row in range(low - first, high - first + 1):
            rows[row].append(edge)
    return _Outline(place, first, tuple(map(tuple, rows)))


def _area_at(square: _Square, row: int, x: float, y: float) -> Place:
    """Return the place of the first outline that has the spot; a ray to the east leaves it an odd number of times."""
    for place, first, rows in square.outlines:
        inside = False
        for x0, y0, x1, y1, close in rows[row - first]:
            if y < y0 or y > y1 or (x > x0 and x > x1):
                continue
            if x0 <= x or x1 <= x:
                side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
                if -close <= side <= close:
                    raise _CloseCallError
                if side < 0:
                    continue
            if y < y1:  # so that a ray through a corner leaves once
                inside = not inside
        if inside:
            return place
    return square.place


def _road_at(ways: tuple[_Way, ...], x: float, y: float) -> Area | None:
    """Return the road whose line is nearest, of those that reach the spot."""
    nearest, metres, rival = None, inf, inf
    for x0, y0, x1, y1, near, far, road in ways:
        dx, dy, px, py = x1 - x0, y1 - y0, x - x0, y - y0
        along, length = px * dx + py * dy, dx * dx + dy * dy
        if along <= 0:
            square = px * px + py * py
        elif along >= length:
            square = (x - x1) ** 2 + (y - y1) ** 2
        else:
            square = (px * dy - py * dx) ** 2 / length
        if square > far:
            continue
        if square >= near:
            raise _CloseCallError
        distance = sqrt(square)
        if road is nearest:
            metres = min(metres, distance)
        elif distance < metres:
            nearest, metres, rival = road, distance, metres
        else:
            rival = min(rival, distance)
    if nearest and rival - metres <= CLOSE:
        raise _CloseCallError
    return nearest
