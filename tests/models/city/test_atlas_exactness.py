"""The fast look-up says exactly what shapely says when every shape is asked, on borders and corners too."""

from dataclasses import replace
from math import cos, inf, nan, nextafter, radians

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box

from models.city.city import Area, GcjPoint
from models.city.coordinates import METRES_PER_DEGREE
from models.city.ground import LEAST_SQUARES
from models.city.load import EXAMPLE, load_city
from models.city.places import Atlas
from models.city.squares import Squares

CENTRE = GcjPoint(31.55, 120.15)
EXAMPLE_CITY = replace(load_city(EXAMPLE), centre=CENTRE)
EXAMPLE_ATLAS = Atlas(EXAMPLE_CITY)
BARE = replace(EXAMPLE_CITY, areas={}, landmarks=(), case_types={})
STEP = 0.001  # degrees, about a hundred metres: corners lie on a lattice, so that borders and ends are shared
SIZE = 9
PHONE_ERROR = 10.0
PARENTS = {"grid": "street", "street": "district", "district": None}
WIDTHS = (4.0, 12.0, 12.0, 40.0, 171.0)


def flat(shape):
    """Return the shape in metres around the centre."""
    scale = np.array([METRES_PER_DEGREE * cos(radians(CENTRE.lat)), METRES_PER_DEGREE])
    return shapely.transform(shape, lambda pairs: (pairs - np.array([CENTRE.lng, CENTRE.lat])) * scale)


def degrees(shape):
    """Return a shape of the lattice in degrees."""
    return shapely.transform(
        shape, lambda pairs: np.array([120.145 + pairs[:, 0] * STEP, 31.545 + pairs[:, 1] * STEP]).T
    )


def asked_one_by_one(areas, point):
    """Return codes and inside by asking every shape: the first of the file wins, then the nearest road."""
    spot = flat(Point(point.lng, point.lat))
    hits = {}
    for area in areas.values():
        if area.kind != "road" and flat(area.shape).intersects(spot):
            hits.setdefault(area.kind, area)
    grid = hits.get("grid")
    street = areas.get(grid.parent or "") if grid else hits.get("street")
    district = areas.get(street.parent or "") if street else hits.get("district")
    ways = [(flat(a.shape).distance(spot), code, a) for code, a in areas.items() if a.kind == "road"]
    near = sorted((metres, code) for metres, code, a in ways if metres <= a.width / 2 + PHONE_ERROR)
    road = areas[near[0][1]] if near and hits else None
    return tuple(area.code for area in (road, grid, street, district) if area), bool(hits)


corners = st.tuples(st.integers(0, SIZE), st.integers(0, SIZE))
boxes = st.tuples(corners, corners).map(lambda ends: box(*ends[0], *ends[1])).filter(lambda s: s.area > 0)
hulls = st.lists(corners, min_size=3, max_size=6).map(lambda spots: MultiPoint(spots).convex_hull)
pieces = st.one_of(boxes, hulls.filter(lambda shape: isinstance(shape, Polygon)))
polygons = st.lists(pieces, min_size=1, max_size=4).map(shapely.union_all)  # with holes and in parts, too
ways = st.lists(corners, min_size=2, max_size=5).filter(lambda spots: len(set(spots)) > 1).map(LineString)
roads = st.lists(ways, min_size=1, max_size=3).map(shapely.union_all)


@st.composite
def towns(draw):
    """Areas of every kind in any order of the file, overlapping and touching as chance has it."""
    kinds = draw(
        st.lists(st.sampled_from(["grid", "grid", "grid", "street", "district", "road"]), max_size=12)
    )
    areas = []
    for number, kind in enumerate(kinds):
        shape = degrees(draw(roads if kind == "road" else polygons))
        above = [area.code for area in areas if area.kind == PARENTS.get(kind)]
        parent = draw(st.sampled_from(above)) if above else None
        width = draw(st.sampled_from(WIDTHS)) if kind == "road" else 0.0
        areas.append(Area(f"{kind}-{number}", f"{kind}-{number}", kind, shape, parent, width))
    return {area.code: area for area in draw(st.permutations(areas))}


@st.composite
def spots(draw, areas):
    """A point anywhere, on a border, on a corner, at the end of a road, a hair beside, or at a road's full reach."""
    lattice = draw(st.one_of(corners, st.tuples(*[st.sampled_from([n / 4 for n in range(-4, 44)])] * 2)))
    point = degrees(Point(*lattice))
    if areas and draw(st.booleans()):
        area = draw(st.sampled_from(list(areas.values())))
        border = area.shape if area.kind == "road" else area.shape.boundary
        point = border.interpolate(draw(st.sampled_from([0, 0.25, 1 / 3, 0.5, 1])), normalized=True)
        if area.kind == "road" and draw(st.booleans()):
            away = draw(st.sampled_from([-1, 1])) * (area.width / 2 + PHONE_ERROR) / METRES_PER_DEGREE
            point = Point(point.x, point.y + away)
    lat, lng = point.y, point.x
    for _ in range(draw(st.integers(0, 2))):
        lat = nextafter(lat, draw(st.sampled_from([-inf, inf])))
        lng = nextafter(lng, draw(st.sampled_from([-inf, lng, inf])))
    return GcjPoint(lat, lng)


def atlas_of(areas):
    return Atlas(replace(BARE, areas=areas))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_every_point_gets_the_answer_that_asking_every_shape_gives(data):
    areas = data.draw(towns())
    atlas = atlas_of(areas)
    for _ in range(12):
        point = data.draw(spots(areas))
        place = atlas.areas_at(point)
        assert (place.codes, place.inside) == asked_one_by_one(areas, point)


@given(st.floats(31.50, 31.60), st.floats(120.10, 120.20))
@settings(deadline=None)
def test_the_example_town_is_looked_up_as_exactly(lat, lng):
    point = GcjPoint(lat, lng)
    place = EXAMPLE_ATLAS.areas_at(point)
    assert (place.codes, place.inside) == asked_one_by_one(EXAMPLE_CITY.areas, point)


@pytest.fixture(scope="module")
def tiled():
    """A town of nine by nine square grids, each street a row, with a road along every second border."""
    areas = {"town": Area("town", "town", "district", degrees(box(0, 0, SIZE, SIZE)))}
    for row in range(SIZE):
        areas[f"s{row}"] = Area(f"s{row}", f"s{row}", "street", degrees(box(0, row, SIZE, row + 1)), "town")
        for col in range(SIZE):
            code = f"g{row}{col}"
            areas[code] = Area(code, code, "grid", degrees(box(col, row, col + 1, row + 1)), f"s{row}")
    for row in range(0, SIZE, 2):
        line = degrees(LineString([(0, row), (SIZE, row)]))
        areas[f"r{row}"] = Area(f"r{row}", f"r{row}", "road", line, width=12.0)
    return areas


def test_on_a_shared_border_the_first_of_the_file_wins(tiled):
    atlas = atlas_of(tiled)
    corner = degrees(Point(4, 4))
    assert atlas.areas_at(GcjPoint(corner.y, corner.x)).codes == ("r4", "g33", "s3", "town")
    backwards = atlas_of(dict(reversed(tiled.items())))
    assert backwards.areas_at(GcjPoint(corner.y, corner.x)).codes == ("r4", "g44", "s4", "town")


def test_every_corner_and_every_border_of_a_tiled_town_is_told_exactly(tiled):
    atlas = atlas_of(tiled)
    for row in range(-1, 2 * SIZE + 2):
        for col in range(-1, 2 * SIZE + 2):
            at = degrees(Point(col / 2, row / 2))
            point = GcjPoint(at.y, at.x)
            place = atlas.areas_at(point)
            assert (place.codes, place.inside) == asked_one_by_one(tiled, point)


def test_of_two_roads_equally_near_the_smaller_code_is_taken(tiled):
    line = degrees(LineString([(1, 5), (5, 5)]))
    twins = {code: Area(code, code, "road", line, width=12.0) for code in ("b", "a", "c")}
    at = degrees(Point(3.3, 5.05))
    assert atlas_of(tiled | twins).areas_at(GcjPoint(at.y, at.x)).road.code == "a"


@pytest.mark.parametrize("hair", range(-12, 13))
def test_a_road_ends_its_reach_to_the_last_digit(tiled, hair):
    areas = {code: area for code, area in tiled.items() if code in {"town", "r4"}}
    at = degrees(Point(4.5, 4))
    lat = at.y + (12.0 / 2 + PHONE_ERROR) / METRES_PER_DEGREE
    for _ in range(abs(hair)):
        lat = nextafter(lat, inf if hair > 0 else -inf)
    point = GcjPoint(lat, at.x)
    assert atlas_of(areas).areas_at(point).codes == asked_one_by_one(areas, point)[0]


def test_a_slanting_border_is_told_to_the_last_digit():
    slanting = degrees(Polygon([(0.1, 0.3), (8.3, 2.9), (5.7, 8.1)]))
    areas = {"a": Area("a", "a", "district", slanting)}
    atlas = atlas_of(areas)
    for number in range(1500):
        at = slanting.boundary.interpolate(number / 1500, normalized=True)
        point = GcjPoint(at.y, at.x)
        assert atlas.areas_at(point).inside == asked_one_by_one(areas, point)[1]


@pytest.mark.parametrize(("side", "far"), [(-0.004, 1), (0.004, 8)])
def test_a_corner_that_almost_touches_the_next_row_of_squares_confuses_nobody(side, far):
    town = {"town": Area("town", "town", "district", degrees(box(0, 0, SIZE, SIZE)))}
    squares = Squares.over(np.array(flat(town["town"].shape).bounds), LEAST_SQUARES)
    metres = squares.bottom + 7 * squares.side
    border = (CENTRE.lat + metres / METRES_PER_DEGREE - 31.545) / STEP
    corner = border + side / METRES_PER_DEGREE / STEP
    shape = degrees(Polygon([(2, far), (6, far), (6, corner), (4, corner)]))
    areas = town | {"s": Area("s", "s", "street", shape, "town")}
    atlas = atlas_of(areas)
    for number in range(90):
        at = degrees(Point(number / 10, border - side / METRES_PER_DEGREE / STEP))
        point = GcjPoint(at.y, at.x)
        assert atlas.areas_at(point).codes == asked_one_by_one(areas, point)[0] == ("town",)


@pytest.mark.parametrize("lat", [nan, inf, -inf, 0.0, 90.0, 1e300])
def test_a_point_that_is_nowhere_is_outside(tiled, lat):
    assert not atlas_of(tiled).areas_at(GcjPoint(lat, 120.15)).inside


def test_a_town_without_areas_has_no_inside():
    place = atlas_of({}).areas_at(CENTRE)
    assert (place.codes, place.inside) == ((), False)


@pytest.mark.parametrize(
    "odd",
    [
        Area(
            "odd", "odd", "grid", degrees(Polygon([(0, 0), (6, 6), (6, 0), (0, 6)])), "s0"
        ),  # crosses itself
        Area("odd", "odd", "grid", degrees(box(0, 0, 6, 6))),  # belongs to no street
        Area("odd", "odd", "grid", Polygon(), "s0"),
        Area("odd", "odd", "road", degrees(box(0, 0, 6, 6)), width=12.0),
    ],
)
def test_a_map_that_no_sound_city_has_is_still_read_as_shapely_reads_it(tiled, odd):
    areas = {"odd": odd} | tiled
    atlas = atlas_of(areas)
    for row, col in [(1, 1), (1.5, 4.5), (3, 3), (3, 5.5), (0, 2.25), (8.5, 8.5), (-1, 3)]:
        at = degrees(Point(col, row))
        point = GcjPoint(at.y, at.x)
        place = atlas.areas_at(point)
        assert (place.codes, place.inside) == asked_one_by_one(areas, point)
