"""Recognises danger to life, and what is not ours, before anything else."""

import re
from collections import Counter

from models.city.city import City, Elsewhere, Emergency
from models.classify.forms import is_denied, is_place
from models.classify.remembered import once_per_city
from models.classify.scores import Scorer, sum_by_type
from models.classify.tokens import plain
from models.classify.trie import Hit, Trie

OURS = 2.0  # weight from which a type that we handle outweighs a word of somebody else's
FAR = 120  # characters to either side of a word that are looked at
_CLAUSE_ENDS = "，。！？；：、,.!?;:\n "
_SENTENCE_ENDS = "。！？!?\n"
# 没有着火, 未发生火灾, 防止触电, 避免被困; but 有没有人管,着火了 is live.
_NOT = re.compile(
    r"(?:没有?|未|并无|并未|不会|不是|无|防止?|预防|避免|以免|不至于)(?:发生|出现|再|人|被|任何|过)*$"
)
_AFTER = re.compile(r"(?:过|的?(?:隐患|风险|危险|可能|预案|演练|知识|教育|报警器|保险|事故多发))")
_PUT_OUT = re.compile(r"已经?(?:被)?(?:扑灭|灭|修好|处理|送医|出院|解决|恢复|补上|关阀)|扑灭了|火灭了|虚惊")
_PAST = re.compile(
    r"去年|前年|曾经|曾|上次|上回|以前|之前|昨天|前天|上周|上个?月|几个?月前|几天前|多年前|当年|20\d\d年|\d{1,2}月\d{1,2}[日号]"
)
_NOW = re.compile(r"现在|正在|刚刚|刚才|又|快来|救命|赶紧|马上|还在")


def find_emergency(city: City, text: str) -> Emergency | None:
    """Return the emergency that the text tells of as happening now; the first of the city's list wins."""
    emergencies, lexicon, words = _emergencies(city)
    heard = plain(text)
    live: set[int] = set()
    for hit in lexicon.find(heard):
        live.update(number for number in words[hit.word] if _is_live(heard, hit, emergencies[number]))
    return emergencies[min(live)] if live else None


def find_elsewhere(city: City, text: str) -> Elsewhere | None:
    """Return who handles this instead of us; None when the text tells of something that we handle."""
    lexicon, words, scorer = _others(city)
    heard = plain(text)
    hits = [hit for hit in lexicon.find(heard) if _is_meant(heard, hit)]
    if not hits or _is_ours(city, scorer, heard):
        return None
    said = Counter(number for hit in hits for number in words[hit.word])
    return city.elsewhere[said.most_common(1)[0][0]]  # of equals the one that was said first


@once_per_city
def _emergencies(city: City) -> tuple[tuple[Emergency, ...], Trie, dict[str, list[int]]]:
    emergencies = tuple(
        Emergency(e.name, tuple(map(plain, e.words)), tuple(map(plain, e.unless)), e.tell, e.case_type)
        for e in city.emergencies
    )
    words = _numbers([emergency.words for emergency in emergencies])
    return city.emergencies, Trie(words), words


@once_per_city
def _others(city: City) -> tuple[Trie, dict[str, list[int]], Scorer]:
    words = _numbers([tuple(map(plain, other.words)) for other in city.elsewhere])
    return Trie(words), words, Scorer(city)


def _numbers(lists: list[tuple[str, ...]]) -> dict[str, list[int]]:
    """Return in which lists each word stands."""
    numbers: dict[str, list[int]] = {}
    for number, words in enumerate(lists):
        for word in words:
            numbers.setdefault(word, []).append(number)
    return numbers


def _is_live(text: str, hit: Hit, emergency: Emergency) -> bool:
    """Tell whether the word is meant as happening: not denied, feared, trained for, or long past.

    What stands in the same clause decides, as 「着火了,我好怕」 is live and 「怕着火」 is not;
    only words of the past and of a good end reach through the whole sentence.
    """
    clause = _around(text, hit, _CLAUSE_ENDS)
    sentence = _around(text, hit, _SENTENCE_ENDS)
    before = text[max(0, hit.start - 8) : hit.start]
    past = _PAST.search(sentence) and not _NOW.search(sentence)
    return not (
        any(plain(word) in clause for word in emergency.unless)
        or _NOT.search(before)
        or _AFTER.match(text, hit.end)
        or _PUT_OUT.search(sentence)
        or past
    )


def _around(text: str, hit: Hit, ends: str) -> str:
    first, last = max(0, hit.start - FAR), min(len(text), hit.end + FAR)
    start = max(first - 1, *(text.rfind(end, first, hit.start) for end in ends)) + 1
    stops = [stop for end in ends if (stop := text.find(end, hit.end, last)) >= 0]
    return text[start : min(stops, default=last)]


def _is_meant(text: str, hit: Hit) -> bool:
    return not is_denied(text, hit.start) and not is_place(text, hit.end)


def _is_ours(city: City, scorer: Scorer, text: str) -> bool:
    """Tell whether a type that we handle speaks louder than those we do not."""
    scores = sum_by_type(scorer.weigh(text))
    handled = [score for code, score in scores.items() if city.case_types[code].handled]
    others = [score for code, score in scores.items() if not city.case_types[code].handled]
    return max(handled, default=0.0) >= max(OURS, *others, 0.0)
