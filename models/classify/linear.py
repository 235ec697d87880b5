"""The learned part: a linear model over the features of a text, kept as data of the city, read word by word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from models.city.city import LearnedWords

DAMPED = 5  # as if a text had so many more features, which say nothing: three words are no proof
Row = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """Those features of a text that were learned."""

    names: Sequence[str]
    table: Row  # feature x type
    share: float  # what each of so many counts


class Linear:
    """What was learned, ready to weigh: for each type the sum of its features' weights, shared out by their number."""

    def __init__(self, learned: LearnedWords, codes: Sequence[str]) -> None:
        column = {code: place for place, code in enumerate(learned.types)}
        # A type that the city has and the lessons had not stays at what its keywords say.
        order = [column.get(code, -1) for code in codes]
        names = list(learned.weights)
        table = np.zeros((len(names) + 1, len(learned.types) + 1), dtype=np.float32)
        for row, name in enumerate(names):
            for place, weight in learned.weights[name].items():
                table[row, place] = weight
        bias = np.array([*learned.bias, 0.0], dtype=np.float32)
        self._rows = {name: row for row, name in enumerate(names)}
        self._table: Row = np.ascontiguousarray(table[:, order])
        self._bias: Row = bias[order]
        self.scale = learned.scale  # what a point of the keywords is worth beside them
        self.temperature = learned.temperature

    def hear(self, features: Iterable[str]) -> Heard:
        """Look up once which of these were learned."""
        rows = self._rows
        names = [name for name in features if name in rows]
        table = self._table.take(np.array([rows[name] for name in names], dtype=np.intp), axis=0)
        return Heard(names, table, 1 / sqrt(len(names) + DAMPED))

    def weigh(self, heard: Heard) -> list[float]:
        """Return what the features and the types' own frequency say for each type, in the order of the codes."""
        total: list[float] = (self._bias + heard.table.sum(axis=0) * np.float32(heard.share)).tolist()
        return total

    def add(self, said: Sequence[float], heard: Heard) -> list[float]:
        """Return what keywords and learned words come to together, in units of the temperature."""
        scale, temperature = self.scale, self.temperature
        both = zip(said, self.weigh(heard), strict=True)
        return [(scale * keyword + learned) / temperature for keyword, learned in both]

    def explain(self, heard: Heard, place: int, most: int) -> list[tuple[str, float]]:
        """Return (feature, what it gave) for the type at that place of the codes, the strongest first."""
        given = zip(heard.names, heard.table[:, place].tolist(), strict=True)
        strongest = sorted(given, key=lambda pair: -abs(pair[1]))[:most]
        return [(name, weight * heard.share) for name, weight in strongest]
