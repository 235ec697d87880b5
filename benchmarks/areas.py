"""How many points a second one process places in a town of 500 areas and 2,000 roads, one after the other.

One run, measured in turns: ours, one look into a tree for each point, a walk over all prepared shapes; every answer is
compared. Run by ``PYTHONPATH=. python benchmarks/areas.py``.
"""

import argparse
import gc
import platform
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import cos, pi, sin

import shapely

from models.city.city import Area, City, GcjPoint, Landmark
from models.city.load import EXAMPLE, load_city
from models.city.places import Atlas
from models.city.plane import Plane

AIM = 20_000.0
CENTRE = GcjPoint(31.5560, 120.1450)
SIDE = 30_000.0  # metres from west to east and from south to north
TIERS = {"grid": (20, 22), "street": (5, 11), "district": (5, 1)}  # rows and columns: 440 + 55 + 5 = 500
PARENTS = {"grid": "street", "street": "district", "district": ""}
BENDS = 6  # corners between two corners of a grid: borders are drawn by hand
WIDTHS = (7.0, 12.0, 18.0, 24.0, 40.0)
PHONE_ERROR = 10.0
ON_ROADS = 0.5  # of the points: most of what is reported lies at a road
WALKED = 200  # points for the walk over all shapes, which is slow
LANDMARKS = 500
LETTERS = "安泰富龙延金桂丁香联合夏渎胡阳振钱陆藕刘塘孟村西溪张舍鸿翔马鞍归山湿地中心人民解放建设"
STORY = "昨天晚上走到{0}与{1}路口往东50米，离{2}不远，又在{0}88号门口看见有人占道摆摊卖烧烤，油烟很大，垃圾也没有人收。"
TEXTS = {
    "six places": (STORY.format("安富路", "安龙路", "安延花园") * 4)[:200],
    "nothing but names": ("安富路安龙路安延花园" * 20)[:200],
    "no place": ("很多人在路边停车影响通行，希望有人来管一管。" * 10)[:200],
}

Pair = tuple[float, float]
Look = Callable[[GcjPoint], tuple[str, ...]]


def build_city(seed: int, roads: int) -> City:
    """Return the example city with generated areas that tile it, and roads across them."""
    dice = random.Random(seed)
    grids = _grids(dice)
    areas: dict[str, Area] = {}
    for kind, (rows, cols) in reversed(TIERS.items()):
        for row in range(rows):
            for col in range(cols):
                shape = shapely.union_all(
                    [grid for (r, c), grid in grids.items() if (r * rows // 20, c * cols // 22) == (row, col)]
                )
                code = f"{kind}-{row}-{col}"
                areas[code] = Area(code, code, kind, _degrees(shape), _parent(kind, row / rows, col / cols))
    for number in range(roads):
        code, name = f"road-{number}", f"{_name(number)}路"
        areas[code] = Area(code, name, "road", _degrees(_road(dice)), width=dice.choice(WIDTHS))
    spots = build_points(None, seed, LANDMARKS)
    landmarks = tuple(Landmark(f"{_name(number)}花园", spot) for number, spot in enumerate(spots))
    return replace(load_city(EXAMPLE), centre=CENTRE, areas=areas, landmarks=landmarks)


def build_points(city: City | None, seed: int, count: int) -> list[GcjPoint]:
    """Return points at roads and anywhere, a few of them outside the town."""
    dice, plane = random.Random(seed), Plane(CENTRE)
    areas = city.areas.values() if city else ()
    roads = [plane.flat(area.shape) for area in areas if area.kind == "road"]
    points = []
    for _ in range(count):
        x, y = (dice.uniform(-0.53, 0.53) * SIDE for _ in range(2))
        if roads and dice.random() < ON_ROADS:
            spot = dice.choice(roads).interpolate(dice.random(), normalized=True)
            x, y = spot.x + dice.gauss(0, 12), spot.y + dice.gauss(0, 12)
        points.append(plane.point(x, y))
    return points


def ours(city: City) -> Look:
    """Return the atlas of the product."""
    atlas = Atlas(city)
    return lambda point: atlas.areas_at(point).codes


def by_tree(city: City) -> Look:
    """Return the usual way: two trees, one look into each for every point."""
    plane, polygons, roads = _parts(city)
    shapes, lines = [plane.flat(a.shape) for a in polygons], [plane.flat(a.shape) for a in roads]
    tree, road_tree = shapely.STRtree(shapes), shapely.STRtree(lines)
    reach = max(road.width for road in roads) / 2 + PHONE_ERROR

    def look(point: GcjPoint) -> tuple[str, ...]:
        spot = shapely.Point(*plane.metres(point))
        hits = [polygons[i] for i in sorted(tree.query(spot, predicate="intersects"))]
        near = road_tree.query(spot, predicate="dwithin", distance=reach)
        return _codes(city, hits, [(lines[i].distance(spot), roads[i]) for i in near])

    return look


def by_walk(city: City) -> Look:
    """Return the plainest way: ask every prepared shape."""
    plane, polygons, roads = _parts(city)
    shapes, lines = [plane.flat(a.shape) for a in polygons], [plane.flat(a.shape) for a in roads]
    shapely.prepare(shapes)
    shapely.prepare(lines)

    def look(point: GcjPoint) -> tuple[str, ...]:
        spot = shapely.Point(*plane.metres(point))
        hits = [area for area, shape in zip(polygons, shapes, strict=True) if shape.intersects(spot)]
        return _codes(city, hits, [(line.distance(spot), a) for line, a in zip(lines, roads, strict=True)])

    return look


def rate(look: Look, points: Sequence[GcjPoint]) -> tuple[float, list[tuple[str, ...]]]:
    """Return points a second and what was answered."""
    gc.collect()
    since = time.perf_counter()
    answers = [look(point) for point in points]
    return len(points) / (time.perf_counter() - since), answers


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=40_000)
    parser.add_argument("--roads", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--seed", type=int, default=20260930)
    told = parser.parse_args()
    city = build_city(told.seed, told.roads)
    points = build_points(city, told.seed + 1, told.points)
    builds, size = _cost_of_building(city, told.runs)
    looks = {"ours": ours(city), "a tree": by_tree(city), "a walk": by_walk(city)}
    shares = {"ours": points, "a tree": points[: told.points // 10], "a walk": points[:WALKED]}
    rates: dict[str, list[float]] = {name: [] for name in looks}
    for _ in range(told.runs):
        answers = {}
        for name, look in looks.items():
            speed, answers[name] = rate(look, shares[name])
            rates[name].append(speed)
        assert all(answers["ours"][: len(said)] == said for said in answers.values()), "they disagree"
    how = f"{len(city.areas) - told.roads} areas, {told.roads} roads, median of {told.runs}, {platform.machine()}"
    for name, speeds in rates.items():
        print(
            f"{name}: {statistics.median(speeds):,.0f} points/s ({min(speeds):,.0f} to {max(speeds):,.0f}; {how})"
        )
    print(
        f"build: {statistics.median(builds):.2f} s ({min(builds):.2f} to {max(builds):.2f}), {size / 1e6:.0f} MB"
    )
    reached = statistics.median(rates["ours"])
    print(
        f"aim: {AIM:,.0f} points/s, {'reached' if reached >= AIM else 'MISSED'} ({reached / AIM:.1f} times)"
    )
    slowest = _slowest(looks["ours"], points)
    print(
        f"one look: half within {slowest[0]:.1f} us, 99 of 100 within {slowest[1]:.1f} us, all {slowest[2]:.0f} us"
    )
    for name, text in TEXTS.items():
        print(f"words: {_words(city, text, told.runs):.2f} ms for {len(text)} characters, {name}")


def _words(city: City, text: str, runs: int) -> float:
    """Return how many milliseconds it takes to find the place that a text names; the median."""
    atlas = Atlas(city)
    times = []
    for _ in range(runs * 20):
        since = time.perf_counter()
        atlas.find_words(text)
        times.append((time.perf_counter() - since) * 1e3)
    return statistics.median(times)


def _cost_of_building(city: City, runs: int) -> tuple[list[float], float]:
    """Return seconds of each building and the bytes that Python keeps for one."""
    seconds = []
    for _ in range(runs):
        since = time.perf_counter()
        Atlas(city)
        seconds.append(time.perf_counter() - since)
    tracemalloc.start()
    kept = Atlas(city)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return seconds, size


def _slowest(look: Look, points: Sequence[GcjPoint]) -> tuple[float, float, float]:
    times = []
    for point in points:
        since = time.perf_counter()
        look(point)
        times.append((time.perf_counter() - since) * 1e6)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)], times[-1]


def _name(number: int) -> str:
    return LETTERS[number // len(LETTERS) % len(LETTERS)] + LETTERS[number % len(LETTERS)]


def _grids(dice: random.Random) -> dict[tuple[int, int], shapely.Polygon]:
    """Return crooked quadrangles by row and column; neighbours share every corner of their border."""
    rows, cols = TIERS["grid"]
    step = min(SIDE / rows, SIDE / cols)
    corners = {
        (row, col): (
            (col / cols - 0.5) * SIDE + dice.uniform(-0.1, 0.1) * step,
            (row / rows - 0.5) * SIDE + dice.uniform(-0.1, 0.1) * step,
        )
        for row in range(rows + 1)
        for col in range(cols + 1)
    }
    sides: dict[tuple[tuple[int, int], tuple[int, int]], list[Pair]] = {}

    def side(one: tuple[int, int], other: tuple[int, int]) -> list[Pair]:
        if (other, one) in sides:
            return [corners[one], *reversed(sides[other, one])]
        (x, y), (to_x, to_y) = corners[one], corners[other]
        shares = [number / (BENDS + 1) for number in range(1, BENDS + 1)]
        bends = sides.setdefault((one, other), [])
        bends += [
            (x + (to_x - x) * share + dice.gauss(0, 15), y + (to_y - y) * share + dice.gauss(0, 15))
            for share in shares
        ]
        return [corners[one], *bends]

    def ring(row: int, col: int) -> list[Pair]:
        a, b, c, d = (row, col), (row, col + 1), (row + 1, col + 1), (row + 1, col)
        return [*side(a, b), *side(b, c), *side(c, d), *side(d, a)]

    return {(row, col): shapely.Polygon(ring(row, col)) for row in range(rows) for col in range(cols)}


def _road(dice: random.Random) -> shapely.LineString:
    """Return a road of some hundred metres to a few kilometres."""
    x, y = (dice.uniform(-0.5, 0.5) * SIDE for _ in range(2))
    heading = dice.choice([0, 0.5, 1, 1.5]) * pi + dice.gauss(0, 0.1)
    line = [(x, y)]
    for _ in range(dice.randint(2, 12)):
        length = dice.uniform(80, 350)
        x, y = x + length * cos(heading), y + length * sin(heading)
        heading += dice.gauss(0, 0.15)
        line.append((x, y))
    return shapely.LineString(line)


def _degrees(shape: shapely.Geometry) -> shapely.Geometry:
    plane = Plane(CENTRE)
    points = [plane.point(x, y) for x, y in shapely.get_coordinates(shape)]
    return shapely.set_coordinates(shape, [(point.lng, point.lat) for point in points])


def _parent(kind: str, north: float, east: float) -> str | None:
    above = PARENTS[kind]
    if not above:
        return None
    rows, cols = TIERS[above]
    return f"{above}-{int(north * rows + 1e-9)}-{int(east * cols + 1e-9)}"


def _parts(city: City) -> tuple[Plane, list[Area], list[Area]]:
    areas = list(city.areas.values())
    polygons = [area for area in areas if area.kind != "road"]
    return Plane(city.centre), polygons, [area for area in areas if area.kind == "road"]


def _codes(city: City, hits: list[Area], ways: list[tuple[float, Area]]) -> tuple[str, ...]:
    """Return the codes of the road, grid, street and district: the first of the file and the nearest road win."""
    grid = next((area for area in hits if area.kind == "grid"), None)
    street = (
        city.areas.get(grid.parent or "") if grid else next((a for a in hits if a.kind == "street"), None)
    )
    district = city.areas.get(street.parent or "") if street else next(iter(hits), None)
    fitting = [(metres, road.code) for metres, road in ways if metres <= road.width / 2 + PHONE_ERROR]
    road = city.areas[min(fitting)[1]] if fitting and hits else None
    return tuple(area.code for area in (road, grid, street, district) if area)


if __name__ == "__main__":
    main()
