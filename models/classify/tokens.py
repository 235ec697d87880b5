"""Turns what people type into plain text of the same length, and cuts it into words with the town's dictionary."""

import logging
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from math import log
from pathlib import Path

import jieba

from models.characters import ONE_WAY

MAX_CHARACTERS = 20_000  # a text is read this far; WeChat itself stops at about 2,000
_CACHE = "words.cache"
# Control and zero-width characters, lone surrogates, private use, emoji and their joiners.
_NOISE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2300-\u23ff\u2600-\u27bf"
    "\u2b00-\u2bff\ud800-\uf8ff\ufe00-\ufe0f\ufeff\ufff0-\uffff\U0001f000-\U0001faff\U000e0000-\U0010ffff]"
)


class Tokenizer:
    """jieba of our own: with the town's words, and its cache where nobody else writes."""

    def __init__(self, dictionary: Iterable[str], cache_dir: Path) -> None:
        self._jieba = jieba.Tokenizer()
        # jieba would load its cache, marshal data, from the shared temp folder: refused.
        self._jieba.tmp_dir = str(cache_dir)
        self._jieba.cache_file = _CACHE
        self._jieba.initialize()
        for word in dictionary:
            self._jieba.add_word(plain(word))

    def words(self, text: str) -> list[str]:
        """Return the plain text's words; joined they are the plain text again."""
        return self.cut(plain(text))

    def cut(self, plain_text: str) -> list[str]:
        """Return the words of a text that is plain already."""
        return list(self._jieba.cut(plain_text, HMM=False))

    def knows(self, word: str) -> bool:
        """Tell whether the dictionary has this word."""
        return bool(self._jieba.FREQ.get(word))

    def rarity(self, word: str, least: int) -> float:
        """Return how rare a word is in the language, about 0.3 to 1.4; unknown ones count as seen ``least`` times."""
        return log(self._jieba.total / (self._jieba.FREQ.get(word, 0) + least)) / 10


def offsets(words: Iterable[str]) -> Iterator[int]:
    """Yield where each word begins, and where the last one ends."""
    return accumulate((len(word) for word in words), initial=0)


def warm(dictionary: Iterable[str], cache_dir: Path) -> Tokenizer:
    """Return a tokenizer that is ready to cut; ``cache_dir`` is made, readable by us alone."""
    cache_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    logging.getLogger("jieba").setLevel(logging.WARNING)
    return Tokenizer(dictionary, cache_dir)


def plain(text: str) -> str:
    """Return the text bounded, in one way of writing, noise as spaces: every offset stays what it was."""
    return _NOISE.sub(" ", text[:MAX_CHARACTERS].translate(ONE_WAY))
