"""The learned part: a linear model over the features of a text, kept as data of the city, read word by word."""

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

import numpy as np
import numpy.typing as npt

from models.city.city import LearnedWords

DAMPED = 10  # as if a text had so many more features, which say nothing: three words are no proof
Row = npt.NDArray[np.float32]


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

    def knows(self, features: Iterable[str]) -> bool:
        """Tell whether any of these was learned."""
        return any(name in self._rows for name in features)

    def weigh(self, features: Iterable[str]) -> Row:
        """Return what the features and the types' own frequency say for each type, in the order of the codes."""
        rows = [row for row in map(self._rows.get, features) if row is not None]
        if not rows:
            return self._bias.copy()
        total: Row = self._bias + self._table[rows].sum(axis=0) / np.float32(sqrt(len(rows) + DAMPED))
        return total

    def add(self, said: Row, features: Iterable[str]) -> Row:
        """Return what keywords and learned words come to together, in units of the temperature."""
        total: Row = (np.float32(self.scale) * said + self.weigh(features)) / np.float32(self.temperature)
        return total

    def explain(self, features: Mapping[str, int], place: int, most: int) -> list[tuple[str, int, float]]:
        """Return (feature, start, what it gave) for the type at that place of the codes, the strongest first."""
        known = [(name, self._rows[name]) for name in features if name in self._rows]
        given = self._table[[row for _, row in known], place] / np.float32(sqrt(len(known) + DAMPED))
        strongest = np.argsort(-np.abs(given), kind="stable")[:most]
        return [(known[n][0], features[known[n][0]], float(given[n])) for n in strongest]
