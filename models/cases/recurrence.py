"""Finds where cases of one type keep coming back: more of them around one spot than chance would put there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from math import cos, exp, fsum, lgamma, log, pi, radians

import numpy as np
import numpy.typing as npt
import shapely

from models.city.city import GcjPoint
from models.city.coordinates import METRES_PER_DEGREE

CHANCE = 0.01  # one search of a town without any pattern finds something at most this often
BLOCK = 500  # spots measured at once: keeps the pairs of a crowded town out of memory
DECIMALS = 6  # of a degree: a tenth of a metre
NEGLIGIBLE = 1e-17  # share of a sum below which a float no longer changes


@dataclass(frozen=True, slots=True)
class Sighting:
    """One case as far as recurrence is concerned; ids are distinct."""

    id: int
    type: str
    point: GcjPoint
    opened_at: datetime  # aware
    shop: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """When cases of a type may be a pattern: this often, so near to one of them, in so many last days."""

    metres: float
    times: int
    days: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cases of one type that keep coming back around one spot."""

    type: str
    sightings: tuple[Sighting, ...]  # by time, then id
    middle: GcjPoint  # the centroid: at most the rule's metres from the sighting they lie around
    first_at: datetime
    last_at: datetime


def find_clusters(
    sightings: Iterable[Sighting], rules: Mapping[str, Rule], *, now: datetime, area_m2: float
) -> list[Cluster]:
    """Return the clusters of the last days, the largest first, then the earliest, then the lowest id.

    A sighting counts when now - days <= opened_at <= now; a type without a rule has no clusters. A cluster is all that
    lies within the rule's metres of ONE sighting. Joining neighbour to neighbour instead would make one "place" of a
    whole street with a case every few doors, for which nobody can be named; and only a circle has a known area, from
    which to tell how many cases chance would put there (``is_chance``). A sighting is in one cluster at most: the
    largest circle is taken first, on a tie the one around the earliest sighting, then the lowest id, and what is left
    is counted anew. The order of the input does not matter.
    """
    if area_m2 <= 0:
        raise ValueError("a town has an area above 0 m²")
    recent = _recent(sightings, rules, now)
    centres = sum(map(len, recent.values()))
    found = []
    for name, seen in recent.items():
        least = least_count(rules[name], total=len(seen), centres=centres, area_m2=area_m2)
        found += [_cluster(members) for members in _circles(seen, rules[name].metres, least)]
    return sorted(found, key=lambda c: (-len(c.sightings), c.first_at, c.sightings[0].id))


def least_count(rule: Rule, *, total: int, centres: int, area_m2: float) -> int:
    """Return from how many sightings on a circle counts: the rule's times, or more where chance alone reaches them."""
    count = rule.times
    while is_chance(count, metres=rule.metres, total=total, centres=centres, area_m2=area_m2):
        count += 1
    return count


def is_chance(count: int, *, metres: float, total: int, centres: int, area_m2: float) -> bool:
    """Whether a uniform spread explains ``count`` of ``total`` sightings in the circle around one of them.

    That one is counted too. The others fall into it as a Poisson number, which above its mean is no rarer than the
    exact binomial one (Anderson and Samuels 1967). As the fullest of all ``centres`` is what strikes us, its
    probability is multiplied by their number (Bonferroni); it is chance while the product exceeds CHANCE.
    """
    share = min(pi * metres**2 / area_m2, 1.0)
    expected = max(total - 1, 0) * share
    return _poisson_tail(count - 1, expected) * centres > CHANCE


def _poisson_tail(count: int, mean: float) -> float:
    """Return the probability of ``count`` or more, or 1 where it is no less than what one expects anyway."""
    if count <= mean:
        return 1.0
    if mean == 0:
        return 0.0
    # Summed upwards from the largest term: 1 minus the rest would lose everything below 1e-16.
    term = total = exp(count * log(mean) - mean - lgamma(count + 1))
    while term > total * NEGLIGIBLE:
        count += 1
        term *= mean / count
        total += term
    return total


def _recent(
    sightings: Iterable[Sighting], rules: Mapping[str, Rule], now: datetime
) -> dict[str, list[Sighting]]:
    """Return by type what the rules count, ordered by time, then id."""
    recent: dict[str, list[Sighting]] = {}
    since = {name: now - timedelta(days=rule.days) for name, rule in rules.items()}
    for seen in sorted(sightings, key=lambda seen: (seen.opened_at, seen.id)):
        if seen.type in since and since[seen.type] <= seen.opened_at <= now:
            recent.setdefault(seen.type, []).append(seen)
    return recent


def _circles(seen: Sequence[Sighting], metres: float, least: int) -> Iterator[list[Sighting]]:
    """Yield the members of each circle with at least so many, the fullest first; ``seen`` is ordered."""
    if len(seen) < least:
        return
    spots: dict[
        GcjPoint, list[Sighting]
    ] = {}  # one entry a point, as a doorstep's cases may all bear the same
    for one in seen:
        spots.setdefault(one.point, []).append(one)
    at = list(spots.values())
    for members in _discs(_flat(list(spots)), np.array([len(here) for here in at]), metres, least):
        yield [one for spot in members for one in at[spot]]


def _discs(
    points: npt.NDArray[np.object_], weights: npt.NDArray[np.int64], metres: float, least: int
) -> Iterator[list[int]]:
    """Yield disjoint sets of spots, each around one of them, heaviest first; on a tie the lower number leads."""
    tree = shapely.STRtree(points)
    free = np.ones(len(points), dtype=bool)
    sizes = _sizes(tree, weights, metres)
    heap = [(-int(sizes[spot]), int(spot)) for spot in np.flatnonzero(sizes >= least)]
    heapify(heap)
    while heap:
        known, spot = heappop(heap)
        if not free[spot]:
            continue
        near = tree.query(points[spot], predicate="dwithin", distance=metres)
        near = near[free[near]]
        size = int(weights[near].sum())
        if size == -known:
            free[near] = False
            yield near.tolist()
        elif size >= least:  # lost some to a fuller circle: waits for its new turn
            heappush(heap, (-size, spot))


def _sizes(tree: shapely.STRtree, weights: npt.NDArray[np.int64], metres: float) -> npt.NDArray[np.int64]:
    """Return how much lies within so many metres of each spot, itself included."""
    sizes = np.zeros(len(weights), dtype=np.int64)
    for start in range(0, len(weights), BLOCK):
        spots = tree.geometries[start : start + BLOCK]
        around, near = tree.query(spots, predicate="dwithin", distance=metres)
        sizes[start : start + BLOCK] = np.bincount(around, weights=weights[near], minlength=len(spots))
    return sizes


def _flat(points: Sequence[GcjPoint]) -> npt.NDArray[np.object_]:
    """Return the points in metres around their median, which one stray point at 0, 0 does not move."""
    degrees = np.array([(point.lng, point.lat) for point in points])
    middle = np.median(degrees, axis=0)
    east = METRES_PER_DEGREE * cos(radians(float(middle[1])))
    spots: npt.NDArray[np.object_] = shapely.points((degrees - middle) * (east, METRES_PER_DEGREE))
    return spots


def _cluster(members: Iterable[Sighting]) -> Cluster:
    seen = tuple(sorted(members, key=lambda one: (one.opened_at, one.id)))
    return Cluster(seen[0].type, seen, _centroid(seen), seen[0].opened_at, seen[-1].opened_at)


def _centroid(seen: Sequence[Sighting]) -> GcjPoint:
    lat = fsum(one.point.lat for one in seen) / len(seen)
    lng = fsum(one.point.lng for one in seen) / len(seen)
    return GcjPoint(round(lat, DECIMALS), round(lng, DECIMALS))
