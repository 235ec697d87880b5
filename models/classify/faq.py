"""Finds the answers that fit a question: pure, by the rare pairs of characters that both share."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log

from models.city.city import City, Faq
from models.classify.remembered import once_per_city
from models.classify.tokens import plain

SURE = 0.5  # from here on an answer may be given without asking back
LEAST = 0.2  # below this an entry has nothing to do with the question
COVERED = 0.65  # how much of the score is the share of the question that the entry covers
_LONGEST = 400  # characters of a question that are read
# What every question says; it tells nothing about what is asked.
_EMPTY = re.compile(
    r"请问|你好|您好|我想|想问|问一下|一下|咨询|了解|怎么办理|怎么办|怎么|如何|什么|哪些|是否|可不可以|能不能|可以|是不是|要不要|"
    r"多少|在哪里?|哪里|为什么|谢谢|吗|呢|啊|呀|吧|的|了|我们?|你们|您|这个|那个|有没有|现在|应该|一个"
)
_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class _Index:
    """``wordings`` are (number of the entry, terms of one of its wordings)."""

    entries: tuple[Faq, ...]
    wordings: tuple[tuple[int, frozenset[str]], ...]
    rarity: dict[str, float]
    unknown: float  # rarity of a term that no entry has


def find_answers(city: City, text: str, limit: int = 3) -> list[tuple[Faq, float]]:
    """Return the entries that fit best with a score 0..1, best first; from ``SURE`` on they may be told.

    Their law references are only those that hold in this city.
    """
    index = _index(city)
    terms = _terms(text)
    best: dict[int, float] = {}
    for number, wording in index.wordings:
        if score := _score(index, terms, wording):
            best[number] = max(score, best.get(number, 0.0))
    ranked = sorted(best.items(), key=lambda found: (-found[1], found[0]))
    return [(index.entries[number], score) for number, score in ranked[:limit] if score >= LEAST]


@once_per_city
def _index(city: City) -> _Index:
    entries = tuple(
        replace(faq, refs=tuple(ref for ref in faq.refs if ref.scope in city.scope)) for faq in city.faq
    )
    wordings = tuple(
        (number, _terms(said)) for number, faq in enumerate(entries) for said in (faq.question, *faq.variants)
    )
    told = [
        frozenset[str]().union(*(terms for number, terms in wordings if number == one))
        for one in range(len(entries))
    ]
    counts = Counter(term for terms in told for term in terms)
    rarity = {term: log(1 + len(entries) / count) for term, count in counts.items()}
    return _Index(entries, wordings, rarity, unknown=log(1 + len(entries)))


def _score(index: _Index, terms: frozenset[str], wording: frozenset[str]) -> float:
    """Return how much of the question the wording covers, and the other way round."""
    shared = _weight(index, terms & wording)
    if not shared:
        return 0.0
    covered, used = shared / _weight(index, terms), shared / _weight(index, wording)
    return COVERED * covered + (1 - COVERED) * used


def _weight(index: _Index, terms: frozenset[str]) -> float:
    return sum(index.rarity.get(term, index.unknown) for term in terms)


def _terms(text: str) -> frozenset[str]:
    return frozenset(_all_terms(_EMPTY.sub(" ", plain(text)[:_LONGEST])))


def _all_terms(said: str) -> Iterator[str]:
    for run in _RUN.findall(said):
        if _HAN.match(run) and len(run) > 1:
            yield from map("".join, pairwise(run))
        else:
            yield run
