"""Mends what was typed by sound: 井该 for 井盖, 路登 for 路灯. Only where the dictionary knows no word."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.metadata import distribution
from pathlib import Path
from sys import intern

from models.city.city import City
from models.classify.tokens import Tokenizer, plain

LEAST = 1.5  # weight from which a keyword is worth mending for: of weaker ones most finds were wrong
_FIRST_HAN = "\u4e00"
LENGTH = 2  # characters of a word that is mended
_FIXED = frozenset(
    "的了是在有不没我你他她它们这那就也都还很又来去到和个上下里吗呢吧啊倒等请已占全绿长公家废宽况溢乱谁大屋要"
)


class Sounds:
    """The two-character keywords of one city by how they sound."""

    def __init__(self, city: City, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._words: dict[tuple[str, str], list[str]] = {}
        for case_type in city.case_types.values():
            for keyword in case_type.keywords:
                word = plain(keyword.word)
                if len(word) == LENGTH and keyword.weight >= LEAST:
                    self._words.setdefault((sound(word[0]), sound(word[1])), []).append(word)

    def mend(self, text: str, words: list[str]) -> tuple[str, list[str]]:
        """Return text and words, as long as they were, with what was meant where no dictionary knows what was typed."""
        found = [(start, meant) for start, typed in self._strange(words) if (meant := self._meant(typed))]
        if not found:
            return text, words
        letters = list(text)
        for start, meant in found:
            letters[start : start + LENGTH] = meant
        mended = "".join(letters)
        return mended, list(self._cut_anew(mended, words, {start for start, _ in found}))

    def _cut_anew(self, text: str, words: list[str], mended: set[int]) -> Iterator[str]:
        """Yield the words of the mended text; only what stands around a mended place is cut again."""
        strange, start = "", 0
        for word in words:
            end = start + len(word)
            if any(place in mended for place in range(start - LENGTH + 1, end)):
                strange += text[start:end]
            else:
                yield from self._tokenizer.cut(strange) if strange else ()
                yield word
                strange = ""
            start = end
        yield from self._tokenizer.cut(strange) if strange else ()

    def _strange(self, words: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Yield two characters that stand side by side and make no word, each with where they stand."""
        before, start = "", 0
        for word in words:
            if len(word) > 1 and self._tokenizer.knows(word):
                before = ""
            else:
                for place, letter in enumerate(word, start):
                    if before and letter > _FIRST_HAN:
                        yield place - 1, before + letter
                    before = letter if letter > _FIRST_HAN else ""
            start += len(word)

    def _meant(self, typed: str) -> str:
        if self._tokenizer.knows(typed):
            return ""
        known = self._words.get((sound(typed[0]), sound(typed[1])))
        if not known or typed in known or not _FIXED.isdisjoint(typed):
            return ""
        # One of the two characters stands as it should: both wrong is another word, or none.
        return next((word for word in known if word[0] == typed[0] or word[1] == typed[1]), "")


def sounds_of(text: str) -> tuple[str, ...]:
    """Return how each character sounds, without its tone; what is no Chinese character stands as it is."""
    return tuple(sound(letter) for letter in text)


@lru_cache(maxsize=8192)
def sound(letter: str) -> str:
    """Return how a character sounds, without its tone; what is no Chinese character is what it is."""
    told = unicodedata.normalize("NFD", _readings().get(ord(letter), letter))
    return "".join(mark for mark in told if not unicodedata.combining(mark))


@cache
def _readings() -> dict[int, str]:
    """Return pypinyin's table of characters, read as data: its package also loads phrases, 45 MB for nothing."""
    table = Path(str(distribution("pypinyin").locate_file("pypinyin/pinyin_dict.json")))
    told: dict[str, str] = json.loads(table.read_text(encoding="utf-8"))
    # 43,000 characters share some 1,500 sounds: each is kept once.
    return {int(code): intern(readings.partition(",")[0]) for code, readings in told.items()}
