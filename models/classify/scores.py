"""Weighs the words of a text for each case type: pure, precompiled once for a city."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from models.city.city import City, Keyword
from models.classify.forms import is_denied, is_effect, is_place
from models.classify.tokens import plain
from models.classify.trie import Hit, Trie

TITLE = 2.0  # a title says what the text is about
PLACE = 0.3
EFFECT = 0.6
AGAIN = 0.25  # a word said again adds little, and ever less
SHORT = 2  # words up to this length are checked against word edges
_BLANK = "\x00"

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word that spoke for (> 0) or against a type; ``start`` counts in title, line break and text joined."""

    word: str
    type: str
    weight: float
    start: int  # -1 for the form of the text
    learned: bool = False  # from labelled messages, not from the keywords of the city


class Scorer:
    """The keywords of one city."""

    def __init__(self, city: City) -> None:
        self._keywords: dict[str, list[tuple[str, Keyword]]] = defaultdict(list)
        for code, case_type in city.case_types.items():
            for keyword in map(_plain_keyword, case_type.keywords):
                self._keywords[keyword.word].append((code, keyword))
        self._lexicon = Trie(self._keywords)

    def weigh(self, text: str, *, title_end: int = 0, edges: Collection[int] | None = None) -> list[Evidence]:
        """Return the evidence of a plain text whose place words are blanked, in the order of the text.

        ``edges`` are the offsets where words begin or end.
        """
        best: dict[str, list[tuple[float, Hit]]] = defaultdict(list)
        for hit in _without_broken(self._lexicon.find(text), edges):
            factor = _factor(text, hit) * (TITLE if hit.start < title_end else 1.0)
            if factor:
                best[hit.word].append((factor, hit))
        found = [
            Evidence(word, code, keyword.weight * _total(factors), factors[0][1].start)
            for word, factors in best.items()
            for code, keyword in self._keywords[word]
            if _holds(keyword, text)
        ]
        return sorted(found, key=lambda evidence: evidence.start)


def blank(text: str, spans: Spans) -> str:
    """Return the text with the spans' characters made unreadable; offsets stay."""
    for start, end in spans:
        first, last = max(0, start), min(len(text), end)
        if first < last:
            text = text[:first] + _BLANK * (last - first) + text[last:]
    return text


def sum_by_type(evidence: Iterable[Evidence]) -> dict[str, float]:
    """Return the sum of weights of each type that has any."""
    scores: dict[str, float] = defaultdict(float)
    for piece in evidence:
        scores[piece.type] += piece.weight
    return dict(scores)


def _plain_keyword(keyword: Keyword) -> Keyword:
    near, unless = tuple(map(plain, keyword.near)), tuple(map(plain, keyword.unless))
    return Keyword(plain(keyword.word), keyword.weight, near=near, unless=unless)


def _without_broken(hits: list[Hit], edges: Collection[int] | None) -> list[Hit]:
    """Drop short words that begin inside one word and end inside another: 走出店门 is not 出店."""
    if edges is None:
        return hits
    return [hit for hit in hits if hit.end - hit.start != SHORT or hit.start in edges or hit.end in edges]


def _factor(text: str, hit: Hit) -> float:
    if is_denied(text, hit.start):
        return 0.0
    if is_place(text, hit.end):
        return PLACE
    return EFFECT if is_effect(text, hit.start) else 1.0


def _total(factors: list[tuple[float, Hit]]) -> float:
    ordered = sorted((factor for factor, _ in factors), reverse=True)
    return sum(factor * AGAIN**place for place, factor in enumerate(ordered))


def _holds(keyword: Keyword, text: str) -> bool:
    near = not keyword.near or any(word in text for word in keyword.near)
    return near and not any(word in text for word in keyword.unless)
