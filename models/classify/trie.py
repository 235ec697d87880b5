"""Finds all words of a list in a text in one pass; a word inside a longer one does not count."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_END = ""  # no character: marks that a word ends here
_OPENING = 2  # letters of a word by which most places of a text are passed over


@dataclass(frozen=True, slots=True)
class Hit:
    """A word that stands in a text at [start, end)."""

    word: str
    start: int
    end: int


class Trie:
    """The words, letter by letter."""

    def __init__(self, words: Iterable[str]) -> None:
        self._root: dict[str, Any] = {}
        self._openings: set[str] = set()
        for word in filter(None, words):
            self._openings.add(word[:_OPENING])
            node = self._root
            for character in word:
                node = node.setdefault(character, {})
            node[_END] = word

    def find(self, text: str) -> list[Hit]:
        """Return the hits in the order of the text, without those that stand inside another hit."""
        hits: list[Hit] = []
        reach, openings = 0, self._openings
        for start, first in enumerate(text):
            if text[start : start + _OPENING] in openings or first in openings:
                word = self._longest(text, start)
                if word and start + len(word) > reach:
                    reach = start + len(word)
                    hits.append(Hit(word, start, reach))
        return hits

    def find_all(self, text: str) -> Iterator[Hit]:
        """Yield every hit, also those that stand inside another."""
        openings = self._openings
        for start, first in enumerate(text):
            if text[start : start + _OPENING] in openings or first in openings:
                node = self._root
                for end in range(start, len(text)):
                    node = node.get(text[end], {})
                    if not node:
                        break
                    if _END in node:
                        yield Hit(node[_END], start, end + 1)

    def _longest(self, text: str, start: int) -> str:
        node, best = self._root, ""
        for offset in range(start, len(text)):
            node = node.get(text[offset], {})
            if not node:
                break
            best = node.get(_END, best)
        return best
