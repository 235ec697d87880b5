"""Lessons as files have them, and how well what they teach holds on messages that were not learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from models.classify import learning
from models.classify.learning import Lesson, Matrix
from models.classify.rules import Classifier

FOLDS = 5
SEED = 3


@dataclass(frozen=True)
class Course:
    """What is learned from: ``own`` lessons give the words; ``more`` messages only help to weigh these.

    The words of ``more`` stay out of what is kept: they may be messages of citizens.
    """

    own: tuple[Lesson, ...]
    more: tuple[Lesson, ...] = ()

    @property
    def vocabulary(self) -> set[str]:
        """The features that are learned."""
        return learning.common_features(self.own)


def read_lesson(row: Mapping[str, Any], classifier: Classifier, weight: float = 1.0) -> Lesson:
    """Return the labelled row as the classifier reads it."""
    reading = classifier.read(str(row.get("text") or ""), str(row.get("title") or ""))
    return Lesson(
        tuple(reading.features),
        classifier.score(reading),
        str(row["label"]),
        str(row.get("alt") or ""),
        weight,
        tuple((piece.word, piece.type, piece.weight) for piece in reading.evidence),
    )


def cross_validate(course: Course, codes: Sequence[str], folds: int = FOLDS) -> tuple[Matrix, Matrix]:
    """Return what each own and each further lesson comes to, by weights that never saw it; temperature is 1."""
    own = np.zeros((len(course.own), len(codes)), dtype=np.float32)
    more = np.zeros((len(course.more), len(codes)), dtype=np.float32)
    own_folds, more_folds = _deal(len(course.own), folds), _deal(len(course.more), folds)
    for fold in range(folds):
        rest = Course(_without(course.own, own_folds[fold]), _without(course.more, more_folds[fold]))
        weights = learning.learn((*rest.own, *rest.more), codes, rest.vocabulary)
        own[own_folds[fold]] = learning.guess(
            weights, [course.own[place] for place in own_folds[fold]], codes
        )
        if more_folds[fold]:
            held = [course.more[place] for place in more_folds[fold]]
            more[more_folds[fold]] = learning.guess(weights, held, codes)
    return own, more


def _deal(count: int, folds: int) -> list[list[int]]:
    order = list(range(count))
    Random(SEED).shuffle(order)  # noqa: S311  # a fixed order, no secret
    return [order[fold::folds] for fold in range(folds)]


def _without(lessons: Sequence[Lesson], held: Sequence[int]) -> tuple[Lesson, ...]:
    out = set(held)
    return tuple(lesson for place, lesson in enumerate(lessons) if place not in out)


def answer_rows(
    rows: Sequence[Mapping[str, Any]], heights: Matrix, codes: Sequence[str], temperature: float
) -> list[dict[str, Any]]:
    """Return the rows with the type that these heights name, as ``evaluate`` counts them."""
    answered = []
    for row, shares in zip(rows, learning.shares(heights, temperature), strict=True):
        order = np.argsort(-shares, kind="stable")
        ranked = [{"type": codes[place], "confidence": float(shares[place])} for place in order]
        answered.append({**row, **ranked[0], "alternatives": ranked[1:]})
    return answered
