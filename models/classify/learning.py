"""Learns the weights of the linear part from labelled messages, and tells honestly how well: no I/O, no chance.

Multinomial logistic regression by full-batch Adam: a few thousand messages are learned in seconds, and the same
messages give the same weights.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt

from models.city.city import LearnedWords
from models.classify.linear import DAMPED

Matrix = npt.NDArray[np.float32]

ALTERNATIVE = 0.3  # share of a message that its second label gets
LEAST = 0.3  # weights nearer to nothing are not kept
STEPS = 150
RATE = 0.08
DAMPING = 1e-5  # of the weights' squares
FORGOTTEN = 0.3  # share of a lesson's keywords that each draw leaves out
DRAWS = 8  # so many draws take turns
SEED = 11
TEMPERATURES = tuple(float(heat) for heat in np.geomspace(0.3, 3.0, 47))


@dataclass(frozen=True)
class Lesson:
    """A labelled message as it was read; ``weight`` is how much it counts beside the others."""

    features: tuple[str, ...]
    scores: dict[str, float]  # what the keywords said
    label: str
    alternative: str = ""
    weight: float = 1.0
    pieces: tuple[
        tuple[str, str, float], ...
    ] = ()  # keyword, type and points: what ``scores`` was summed from

    @property
    def right(self) -> frozenset[str]:
        """The labels that count as right."""
        return frozenset(filter(None, (self.label, self.alternative)))


@dataclass(frozen=True)
class Weights:
    """A trained model in arrays: feature x type, type, and the worth of a keyword's point."""

    names: tuple[str, ...]
    table: Matrix
    bias: Matrix
    scale: float


def learn(
    lessons: Sequence[Lesson], codes: Sequence[str], vocabulary: Iterable[str] | None = None
) -> Weights:
    """Return the weights for these lessons; ``vocabulary`` bounds the features, else those of two lessons count."""
    names = tuple(sorted(vocabulary if vocabulary is not None else common_features(lessons)))
    examples, draws, targets = Examples(lessons, names), _draws(lessons, codes), _targets(lessons, codes)
    share = np.array([[lesson.weight] for lesson in lessons], dtype=np.float32)
    share /= share.sum()
    table = Adam(np.zeros((len(names), len(codes)), dtype=np.float32))
    bias = Adam(np.zeros(len(codes), dtype=np.float32))
    scale = Adam(np.full(1, 0.5, dtype=np.float32))
    for step in range(1, STEPS + 1):
        rate, said = RATE * 0.1 ** (step / STEPS), draws[step % DRAWS]
        guess = _softmax(scale.value * said + examples.times(table.value) + bias.value)
        slope = (guess - targets) * share
        table.move(examples.sum_by_name(slope) + DAMPING * table.value, rate, step)
        bias.move(slope.sum(axis=0), rate, step)
        scale.move(np.array([(slope * said).sum()], dtype=np.float32), rate, step)
    return Weights(names, table.value, bias.value, float(scale.value[0]))


def guess(weights: Weights, lessons: Sequence[Lesson], codes: Sequence[str]) -> Matrix:
    """Return for each lesson what it comes to for each type, before the temperature."""
    examples, said = Examples(lessons, weights.names), _said(lessons, codes)
    heights: Matrix = weights.scale * said + examples.times(weights.table) + weights.bias
    return heights


def find_temperature(heights: Matrix, lessons: Sequence[Lesson], codes: Sequence[str]) -> float:
    """Return the temperature at which confidence means most nearly what it says, on lessons not learned from."""
    errors = [calibration_error(shares(heights, heat), lessons, codes) for heat in TEMPERATURES]
    return TEMPERATURES[int(np.argmin(errors))]


def stack(*heights: Matrix) -> Matrix:
    """Return the rows of all of them in one."""
    whole: Matrix = np.concatenate(heights)
    return whole


def shares(heights: Matrix, temperature: float) -> Matrix:
    """Return the confidence in each type."""
    return _softmax(heights / temperature)


def calibration_error(confidences: Matrix, lessons: Sequence[Lesson], codes: Sequence[str]) -> float:
    """Return how far confidence and accuracy lie apart, by tenths of confidence weighted by their number."""
    top = confidences.argmax(axis=1)
    sure = confidences.max(axis=1)
    right = np.array([codes[place] in lesson.right for place, lesson in zip(top, lessons, strict=True)])
    bands = np.minimum(9, (sure * 10).astype(int))
    apart = (abs(float(right[bands == band].sum()) - float(sure[bands == band].sum())) for band in range(10))
    return sum(apart) / len(lessons)


def pack(weights: Weights, codes: Sequence[str], temperature: float) -> LearnedWords:
    """Return the weights as the city keeps them, without what hardly speaks."""
    table = {
        name: {place: round(float(weight), 2) for place, weight in enumerate(row) if abs(weight) >= LEAST}
        for name, row in zip(weights.names, weights.table, strict=True)
    }
    return LearnedWords(
        types=tuple(codes),
        bias=tuple(round(float(value), 3) for value in weights.bias),
        weights={name: given for name, given in table.items() if given},
        scale=round(weights.scale, 4),
        temperature=round(temperature, 3),
    )


def common_features(lessons: Sequence[Lesson], least: int = 2) -> set[str]:
    """Return the features that at least so many lessons have."""
    counts = Counter(name for lesson in lessons for name in lesson.features)
    return {name for name, count in counts.items() if count >= least}


class Examples:
    """Lessons x features, shared out by their number in each lesson; kept as lists, as most of it is empty."""

    def __init__(self, lessons: Sequence[Lesson], names: Sequence[str]) -> None:
        column = {name: place for place, name in enumerate(names)}
        known = [[column[name] for name in lesson.features if name in column] for lesson in lessons]
        self._share = np.array([[1 / np.sqrt(len(row) + DAMPED)] for row in known], dtype=np.float32)
        self._names = np.array([place for row in known for place in row], dtype=np.intp)
        self._lessons = _Runs([len(row) for row in known])
        by_name = np.argsort(self._names, kind="stable")
        self._having = np.repeat(np.arange(len(known)), [len(row) for row in known])[by_name]
        self._by_name = _Runs(np.bincount(self._names, minlength=len(names)))

    def times(self, table: Matrix) -> Matrix:
        """Return for each lesson the sum of its features' rows in the table (feature x type)."""
        total: Matrix = self._lessons.sum(table.take(self._names, axis=0)) * self._share
        return total

    def sum_by_name(self, rows: Matrix) -> Matrix:
        """Return for each feature the sum of the rows (lesson x type) of the lessons that have it."""
        return self._by_name.sum((rows * self._share).take(self._having, axis=0))


class _Runs:
    """Rows that stand side by side in runs of these lengths, some of them empty."""

    def __init__(self, lengths: npt.ArrayLike) -> None:
        sizes = np.asarray(lengths, dtype=np.intp)
        self._number = len(sizes)
        self._filled = np.flatnonzero(sizes)  # reduceat would take a neighbour's row for an empty run
        self._starts = (np.cumsum(sizes) - sizes)[self._filled]

    def sum(self, rows: Matrix) -> Matrix:
        """Return the sum of each run."""
        total = np.zeros((self._number, rows.shape[1]), dtype=np.float32)
        if len(self._filled):
            total[self._filled] = np.add.reduceat(rows, self._starts)
        return total


class Adam:
    """One array on its way down, by Kingma and Ba's method with the usual constants."""

    def __init__(self, value: Matrix) -> None:
        self.value = value
        self._mean, self._square = np.zeros_like(value), np.zeros_like(value)

    def move(self, slope: Matrix, rate: float, step: int) -> None:
        """Take one step against the slope."""
        self._mean = 0.9 * self._mean + 0.1 * slope
        self._square = 0.99 * self._square + 0.01 * slope**2
        mean, square = self._mean / (1 - 0.9**step), self._square / (1 - 0.99**step)
        self.value = (self.value - rate * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)


def _said(lessons: Sequence[Lesson], codes: Sequence[str]) -> Matrix:
    return np.array(
        [[lesson.scores.get(code, 0.0) for code in codes] for lesson in lessons], dtype=np.float32
    )


def _draws(lessons: Sequence[Lesson], codes: Sequence[str]) -> list[Matrix]:
    """Return several times what the keywords say, some of them left out by lot, the same every time.

    Whoever chose the keywords knew the lessons, so that they speak more surely of these than of messages to come:
    the learned words must be able to do without.
    """
    lot, whole = Random(SEED), _said(lessons, codes)  # noqa: S311  # a fixed order, no secret
    place = {code: number for number, code in enumerate(codes)}
    draws = [whole.copy() for _ in range(DRAWS)]
    for row, lesson in enumerate(lessons):
        for word in sorted({word for word, _, _ in lesson.pieces}):
            given = [(place[code], points) for told, code, points in lesson.pieces if told == word]
            for draw in draws:
                if lot.random() < FORGOTTEN:
                    for column, points in given:
                        draw[row, column] -= points
    return draws


def _targets(lessons: Sequence[Lesson], codes: Sequence[str]) -> Matrix:
    place = {code: number for number, code in enumerate(codes)}
    table = np.zeros((len(lessons), len(codes)), dtype=np.float32)
    for row, lesson in enumerate(lessons):
        second = lesson.alternative in place and lesson.alternative != lesson.label
        table[row, place[lesson.label]] = 1 - ALTERNATIVE * second
        if second:
            table[row, place[lesson.alternative]] = ALTERNATIVE
    return table


def _softmax(heights: Matrix) -> Matrix:
    parts = np.exp(heights - heights.max(axis=1, keepdims=True))
    softmax: Matrix = parts / parts.sum(axis=1, keepdims=True)
    return softmax
