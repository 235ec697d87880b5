"""Finds the answers that fit a question: pure, by the words, characters and pairs that both share."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log, sqrt

from models.characters import bare, fold
from models.city.city import City, Faq
from models.classify.forms import says_nothing
from models.classify.tokens import Tokenizer, plain

SURE = 0.3  # from here on an answer may be given without asking back; see README, "Questions"
PLAIN = 0.45  # from here on it may be given to words that do not even ask
# How many characters question and entry must share: a single one proves nothing (「二」, 「吃了没」); words that do
# not ask share more, or are a mere keyword: 下雨了 shares 下雨 with the lamps, 罚款 is all of its message.
SHARED, SHARED_UNASKED = 2, 3
LEAST = 0.1  # below this an entry has nothing to do with the question
# What counts: one wording that is alike, how much of the question the whole entry covers, and its answer.
ENTRY, ANSWER = 1.0, 0.15
CHARACTER, PAIR = 0.5, 0.7  # of what a word of the same rarity weighs
COMMON = 50  # how often jieba's corpus has a word that it does not know, for the sum
_LONGEST = 400  # characters of a question that are read
# What every question says; it tells nothing about what is asked.
_EMPTY = re.compile(
    r"请问|你好|您好|我想|想问|问一下|一下|咨询|了解|怎么办理|怎么办|怎么|如何|什么|哪些|是否|可不可以|能不能|可以|是不是|要不要|"
    r"多少|在哪里?|哪里|为什么|谢谢|吗|呢|啊|呀|吧|的|了|我们?|你们|您|这个|那个|有没有|现在|应该|一个"
)
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")

Terms = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Entry:
    faq: Faq
    wordings: tuple[Terms, ...]
    whole: Terms  # of all wordings and the topic
    answer: Terms


class FaqFinder:
    """The questions that a town answers; their law references are only those that hold there."""

    def __init__(self, city: City, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._entries = tuple(self._read(faq, city) for faq in city.faq)
        counts = Counter(term for entry in self._entries for term in entry.whole)
        self._rarity = {term: self._rate(term, count) for term, count in counts.items()}

    def find(self, text: str, limit: int = 3, *, unasked: bool = False) -> list[tuple[Faq, float]]:
        """Return the entries that fit best with a score 0..1, best first; from ``SURE`` on they may be told.

        ``unasked``: the words are in no form of a question; they must share more with an entry.
        """
        terms = frozenset[str]() if says_nothing(text) else self._terms(text)
        asked = self._weight(terms)
        if not asked:
            return []
        least = min(SHARED_UNASKED, max(SHARED, len(bare(fold(text))))) if unasked else SHARED
        scored = [
            (entry.faq, self._score(terms, asked, entry))
            for entry in self._entries
            if _count_characters(terms & entry.whole) >= least
        ]
        ranked = sorted(scored, key=lambda found: -found[1])
        return [(faq, score) for faq, score in ranked[:limit] if score >= LEAST]

    def _score(self, terms: Terms, asked: float, entry: _Entry) -> float:
        alike = max(self._likeness(terms, asked, wording) for wording in entry.wordings)
        covered = self._weight(terms & entry.whole) / asked
        answered = self._weight(terms & entry.answer) / asked
        return (alike + ENTRY * covered + ANSWER * answered) / (1 + ENTRY + ANSWER)

    def _likeness(self, terms: Terms, asked: float, wording: Terms) -> float:
        """Return the cosine between the question and a wording."""
        shared = self._weight(terms & wording)
        return shared / sqrt(asked * self._weight(wording)) if shared else 0.0

    def _weight(self, terms: Terms) -> float:
        rarity = self._rarity
        return sum(rarity[term] if term in rarity else self._rate(term, 0) for term in terms)

    def _rate(self, term: str, count: int) -> float:
        """Return how much a term says: rare among the entries, and rare in the language."""
        among = log((len(self._entries) + 1) / (count + 0.5))
        word = term.lstrip("*~")
        share = CHARACTER if term[0] == "*" else PAIR if term[0] == "~" else 1.0
        return share * among * self._tokenizer.rarity(word, COMMON)

    def _read(self, faq: Faq, city: City) -> _Entry:
        wordings = tuple(self._terms(said) for said in (faq.question, *faq.variants))
        whole = self._terms(faq.topic).union(*wordings)
        shown = replace(faq, refs=tuple(ref for ref in faq.refs if ref.scope in city.scope))
        return _Entry(shown, wordings, whole, self._terms(faq.answer))

    def _terms(self, text: str) -> Terms:
        said = _EMPTY.sub(" ", plain(text[:_LONGEST]))
        return frozenset([*self._words(said), *_pairs(said)])

    def _words(self, said: str) -> Iterator[str]:
        for word in filter(str.isalnum, self._tokenizer.cut(said)):
            if not _HAN_RUN.match(word):
                yield word
                continue
            if len(word) > 1:
                yield word
            yield from ("*" + letter for letter in word)


def _count_characters(terms: Terms) -> int:
    """Return how many characters terms are made of; a word in other letters counts as two."""
    return sum(
        1 if term[0] == "*" else 2 for term in terms if term[0] == "*" or not _HAN_RUN.match(term.lstrip("~"))
    )


def _pairs(said: str) -> Iterator[str]:
    """Yield the neighbours: jieba does not cut a question and an entry alike."""
    for run in _HAN_RUN.findall(said):
        yield from ("~" + "".join(pair) for pair in pairwise(run))
