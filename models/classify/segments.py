"""Cuts a short text into known words, with nothing left over: what cannot be cut says something of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.characters import SIGNS

LONGEST = 24  # characters; whoever writes more says more than an answer

K = TypeVar("K")


@dataclass(frozen=True)
class Segments(Generic[K]):
    """Words by what they are; the longest is tried first."""

    kinds: Mapping[str, K]
    longest: int

    def cut(self, text: str) -> tuple[K, ...] | None:
        """Return what each word of a folded text is, in order; None when some of it is not known."""
        return self._cut(text, 0, set()) if text and len(text) <= LONGEST else None

    def _cut(self, text: str, start: int, dead: set[int]) -> tuple[K, ...] | None:
        """Cut from ``start`` on; ``dead`` are places from which no way leads to the end."""
        if start == len(text):
            return ()
        if text[start] in SIGNS:
            return self._cut(text, start + 1, dead)
        if start in dead:
            return None
        for word in self._words_at(text, start):
            rest = self._cut(text, start + len(word), dead)
            if rest is not None:
                return (self.kinds[word], *rest)
        dead.add(start)
        return None

    def _words_at(self, text: str, start: int) -> Iterator[str]:
        for length in range(min(self.longest, len(text) - start), 0, -1):
            word = text[start : start + length]
            if word in self.kinds:
                yield word


def segments_of(kinds: Mapping[str, K]) -> Segments[K]:
    """Return what cuts texts into these words."""
    return Segments(kinds, max(map(len, kinds), default=0))
