"""Turns the place words of a text into a point, with how sure they make it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from math import hypot

import shapely
from shapely.geometry.base import BaseGeometry

from models.city.city import City, GcjPoint
from models.city.ground import Ground, Place
from models.city.place_joins import crossing_surety, is_led, is_stretch, leads
from models.city.place_tails import AT, Shift, Tail, level
from models.city.place_words import Mention, PlaceWords
from models.city.plane import Plane

CROSSING_REACH = 60.0  # metres between two road lines that still cross, as lines are drawn by hand
END_REACH = 300.0  # metres between a road and what a stretch of it begins or ends at
NUMBER_STEP = 5.0  # metres of road per house number, a rule of thumb: hence SURE_NUMBER is low
NEAR = 500.0  # metres within which two place names speak of the same spot
SURE_LANDMARK = 0.9
SURE_STRETCH = 0.6
SURE_NUMBER = 0.56
SURE_BETWEEN = 0.45
SURE_ROAD = 0.35
SURE_GRID = 0.3
SURE_STREET = 0.15
DOUBT = 0.6  # factor when the text also names a place far away from the chosen one
DIRECTED, DISTANT = 0.85, 0.6  # factors for so many metres that way, and for so many metres
HALVED = 1000.0  # metres at which a distance leaves half of the surety
ALONG = 0.7  # cosine from which a road runs in the direction that was said
TANGENT = 5.0  # metres on both sides by which a road's direction is taken
WAYS = {"东": (1.0, 0.0), "西": (-1.0, 0.0), "南": (0.0, -1.0), "北": (0.0, 1.0)}
MENTIONS = 12  # the first places of a text that are weighed
OFTEN = 4096  # middles of areas kept at hand


@dataclass(frozen=True)
class Spot:
    """A place that a text names."""

    point: GcjPoint
    place: Place
    address: str  # the words that named it
    sure: float  # 0..1: how well these words fix the point; below 0.5 ask for a location


@dataclass(frozen=True, slots=True)
class _Guess:
    """A spot in metres, from which the person goes on; two of one kind that lie far apart contradict each other."""

    x: float
    y: float
    address: str
    kind: float  # surety of such words
    tail: Tail | None = None
    roads: tuple[str, ...] = ()  # along which to go on
    spread: float = 0.0  # metres in which it may lie

    @property
    def shift(self) -> Shift | None:
        return self.tail.shift if self.tail else None

    @property
    def sure(self) -> float:
        sure = self.kind * (self.tail.nearness if self.tail else AT) / (1 + self.spread / HALVED)
        if not self.shift:
            return sure
        return sure * (DIRECTED if self.shift.way else DISTANT) / (1 + self.shift.metres / HALVED)


class Spots:
    """Finds spots in one town."""

    def __init__(self, city: City, plane: Plane, ground: Ground, words: PlaceWords) -> None:
        self._areas, self._plane, self._ground, self._words = city.areas, plane, ground, words
        self._middle = lru_cache(OFTEN)(self._find_middle)

    def find(self, text: str) -> Spot | None:
        """Return the best place that the text names, or None; the surer kind of words wins."""
        mentions = list(islice(self._words.mentions(text), MENTIONS))
        guesses = list(self._guesses(level(text), mentions))
        if not guesses:
            return None
        best = max(guesses, key=lambda guess: guess.sure)
        rivals = [
            rival for rival in guesses if rival.kind == best.kind and bool(rival.shift) == bool(best.shift)
        ]
        is_torn = any(hypot(best.x - rival.x, best.y - rival.y) > NEAR for rival in rivals)
        point = self._plane.point(*self._gone_on(best))
        place = self._ground.at(*self._plane.metres(point))
        return Spot(point, place, best.address, best.sure * DOUBT if is_torn else best.sure)

    def _guesses(self, text: str, mentions: list[Mention]) -> Iterator[_Guess]:
        told: set[int] = set()  # starts of the mentions that a stretch has used up
        for index in range(len(mentions) - 1):
            stretch = self._stretch(text, mentions, index)
            if stretch:
                yield stretch[0]
                told.update(stretch[1])
        left = [mention for mention in mentions if mention.start not in told]
        yield from map(self._single, left)
        for one, other in pairwise(mentions):
            if not told & {one.start, other.start}:
                yield from self._crossing(text, one, other)

    def _single(self, mention: Mention) -> _Guess:
        if mention.point:
            return self._guess(*self._plane.metres(mention.point), mention, SURE_LANDMARK)
        area = self._areas[mention.area]
        if not mention.is_road:
            return self._guess(
                *self._middle(area.code), mention, SURE_GRID if area.kind == "grid" else SURE_STREET
            )
        if not mention.tail.number:
            return self._guess(*self._middle(area.code), mention, SURE_ROAD)
        line = _longest(self._ground.lines[area.code])
        spot = shapely.line_interpolate_point(line, min(mention.tail.number * NUMBER_STEP, line.length))
        return self._guess(spot.x, spot.y, mention, SURE_NUMBER)

    def _guess(self, x: float, y: float, mention: Mention, kind: float) -> _Guess:
        roads = (mention.area,) if mention.is_road else ()
        return _Guess(x, y, mention.address, kind, mention.tail, roads)

    def _gone_on(self, guess: _Guess) -> tuple[float, float]:
        """Return the spot so far that way: along the road that runs there, else straight; nowhere without a way."""
        shift, x, y = guess.shift, guess.x, guess.y
        if not shift or not shift.way:
            return x, y
        both = hypot(*map(sum, zip(*(WAYS[way] for way in shift.way), strict=True)))
        east, north = (sum(WAYS[way][axis] for way in shift.way) / both for axis in (0, 1))
        best, found = ALONG, (x + east * shift.metres, y + north * shift.metres)
        for road in guess.roads:
            line = _nearest_part(self._ground.lines[road], shapely.Point(x, y))
            at = line.project(shapely.Point(x, y))
            back, ahead = line.interpolate(max(at - TANGENT, 0)), line.interpolate(at + TANGENT)
            run = hypot(ahead.x - back.x, ahead.y - back.y)
            turn = ((ahead.x - back.x) * east + (ahead.y - back.y) * north) / run if run else 0.0
            if abs(turn) >= best:
                spot = line.interpolate(max(at + (shift.metres if turn > 0 else -shift.metres), 0.0))
                best, found = abs(turn), (spot.x, spot.y)
        return found

    def _crossing(self, text: str, one: Mention, other: Mention) -> Iterator[_Guess]:
        """Yield the crossing of two roads named one right after the other."""
        if not (one.is_road and other.is_road) or one.area == other.area:
            return
        if one.tail.number or one.tail.shift or other.tail.number:
            return
        sure = crossing_surety(text[one.end : other.start], corner=other.tail.corner)
        if not sure:
            return
        line, across = self._ground.lines[one.area], self._ground.lines[other.area]
        if line.distance(across) > CROSSING_REACH:
            return
        middle = shapely.line_interpolate_point(shapely.shortest_line(line, across), 0.5, normalized=True)
        address = f"{self._areas[one.area].name}与{self._areas[other.area].name}路口{other.sides}"
        yield _Guess(middle.x, middle.y, address, sure, other.tail, (one.area, other.area))

    def _stretch(self, text: str, mentions: list[Mention], index: int) -> tuple[_Guess, list[int]] | None:
        """Return the middle of what lies between two places named one after the other, and who named it."""
        one, other = mentions[index : index + 2]
        before = mentions[index - 1] if index else None
        after = mentions[index + 2] if index + 2 < len(mentions) else None
        lead = before if before and before.is_road and leads(text[before.end : one.start]) else None
        between, rest = text[one.end : other.start], text[other.end :]
        if not is_stretch(text[: one.start], between, rest, led=lead is not None):
            return None
        if not lead and after and after.is_road and is_led(text[other.end : after.start]):
            lead = after
        starts = [mention.start for mention in (one, other, lead) if mention]
        guess = self._stretch_of(lead, one, other) if lead else None
        return (guess or self._between(one, other)), starts

    def _stretch_of(self, lead: Mention, one: Mention, other: Mention) -> _Guess | None:
        line = self._ground.lines[lead.area]
        ends = [self._shape(one), self._shape(other)]
        if any(line.distance(end) > END_REACH for end in ends):
            return None
        line = _nearest_part(line, ends[0])
        since, until = (line.project(shapely.get_point(shapely.shortest_line(line, end), 0)) for end in ends)
        middle = line.interpolate((since + until) / 2)
        words = f"{lead.address}（{one.address}至{other.address}）"
        return _Guess(middle.x, middle.y, words, SURE_STRETCH, spread=abs(until - since))

    def _between(self, one: Mention, other: Mention) -> _Guess:
        start, end = self._shape(one), self._shape(other)
        if (
            start.distance(end) > CROSSING_REACH
        ):  # of roads side by side the middles, not where they come nearest
            start = shapely.Point(self._gone_on(self._single(one)))
        link = shapely.shortest_line(start, end)
        middle = shapely.line_interpolate_point(link, 0.5, normalized=True)
        words = f"{one.address}与{other.address}之间"
        return _Guess(middle.x, middle.y, words, SURE_BETWEEN, spread=float(link.length))

    def _shape(self, mention: Mention) -> BaseGeometry:
        if mention.is_road and not mention.tail.number:
            return self._ground.lines[mention.area]
        return shapely.Point(self._gone_on(self._single(mention)))

    def _find_middle(self, code: str) -> tuple[float, float]:
        if code in self._ground.lines:
            line = self._ground.lines[code]
            part = _longest(line)
            middle = shapely.line_interpolate_point(part, min(line.length / 2, part.length))
            return middle.x, middle.y
        middle = self._areas[code].shape.representative_point()
        return self._plane.metres(GcjPoint(middle.y, middle.x))


def _longest(line: BaseGeometry) -> BaseGeometry:
    return max(shapely.get_parts(line), key=lambda part: float(part.length))


def _nearest_part(line: BaseGeometry, spot: BaseGeometry) -> BaseGeometry:
    return min(shapely.get_parts(line), key=lambda part: float(part.distance(spot)))
