"""Finds all words of the lexicon in a text in one pass: an Aho-Corasick automaton."""

from collections import deque
from collections.abc import Iterable, Iterator


class Matcher:
    """Many words sought at once; built once, then only read."""

    def __init__(self, words: Iterable[str]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._fail = [0]
        self._found: list[tuple[str, ...]] = [()]
        for word in words:
            if word:
                self._add(word)
        self._link()

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield (start, word) for every occurrence, also of words that lie within others."""
        state = 0
        for position, character in enumerate(text):
            while state and character not in self._next[state]:
                state = self._fail[state]
            state = self._next[state].get(character, 0)
            for word in self._found[state]:
                yield position - len(word) + 1, word

    def _add(self, word: str) -> None:
        state = 0
        for character in word:
            following = self._next[state].get(character)
            if following is None:
                following = len(self._next)
                self._next[state][character] = following
                self._next.append({})
                self._fail.append(0)
                self._found.append(())
            state = following
        if word not in self._found[state]:
            self._found[state] = (*self._found[state], word)

    def _link(self) -> None:
        waiting = deque(self._next[0].values())
        while waiting:
            state = waiting.popleft()
            for character, following in self._next[state].items():
                waiting.append(following)
                fail = self._fail[state]
                while fail and character not in self._next[fail]:
                    fail = self._fail[fail]
                self._fail[following] = self._next[fail].get(character, 0)
                self._found[following] += self._found[self._fail[following]]
