"""Finds where a point lies in the town, and which place the words of a text mean."""

from models.city.city import City, GcjPoint
from models.city.ground import Ground
from models.city.ground import Place as Place
from models.city.place_words import PlaceWords
from models.city.plane import Plane
from models.city.spots import Spot as Spot
from models.city.spots import Spots


class Atlas:
    """Look-ups over the areas of one town; built once, kept in memory."""

    def __init__(self, city: City) -> None:
        self._plane = Plane(city.centre)
        self._ground = Ground(city, self._plane)
        self._words = PlaceWords(city)
        self._spots = Spots(city, self._plane, self._ground, self._words)

    def areas_at(self, point: GcjPoint) -> Place:
        """Return the grid, street, district and road at the point; ``inside`` is False outside the town."""
        return self._ground.at(*self._plane.metres(point))

    def find_words(self, text: str) -> Spot | None:
        """Return the best place that the text names, or None; the surer kind of words wins."""
        return self._spots.find(text)

    def place_spans(self, text: str) -> list[tuple[int, int]]:
        """Return where place words stand in the text as ordered [start, end) pairs that do not overlap."""
        return self._words.spans(text)
