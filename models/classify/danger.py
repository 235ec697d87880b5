"""Recognises danger to life, and what is not ours, before anything else."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from models.characters import ANY_MARK, NO_END
from models.city.city import City, Elsewhere, Emergency
from models.classify.forms import is_denied, is_mere_address, is_place
from models.classify.grievance import accuses_us
from models.classify.happening import is_happening, is_other_thing, is_over, thought_start
from models.classify.remembered import once_per_city
from models.classify.scores import Scorer, sum_by_type
from models.classify.tokens import plain
from models.classify.tone import hear_tone
from models.classify.trie import Hit, Trie

OURS = 2.0  # weight from which a type that we handle outweighs a word of somebody else's
GAP = 12  # characters that may stand between two parts of a word: 老人摔倒了半天都起不来
# Log odds of words and tone together; to miss a danger costs more than to warn once too often. Where a word tells of
# it as happening now, the rest must speak plainly against it; more so of what lasts until somebody puts it right.
LIVE_IN_TONE, LIVE_IN_WORDS, LASTING = -0.2, -1.1, -1.5
# Few words are heard as danger by their sound where it is plain (有老人住, 他们走了 are none), and so is what may well
# be the answer to a question of ours (水还在流).
LIVE_IN_FEW_WORDS, LIVE_AS_ANSWER = 1.5, 2.5
ENOUGH, SHORT = 4, 9  # Chinese characters: below the first a tone alone is no danger (有人吗, jiedan 0012)
NEAR = 9  # characters before a danger within which 「烧烤…」 may begin
# What may stand between 狗 and 掉河里 without making somebody else of it.
_LIGHT = re.compile(r"(?:不小心|不当心|被人?|也|都|给|又|自己|已经|总|会|全|就|突然|的|在|了|一直|老)*")
OR, SOON = "|", "…"  # how a city writes 「煤气|燃气…漏|味」
# 备注 0012 人已经救出来了: orders about a case have words of their own, and people of their own.
_ORDER = re.compile(r"\s*[\u4e00-\u9fff]{1,5}[\s:]*\d{4}(?:\d{6})?(?!\d)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_APART = re.compile(rf"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?: |$|{ANY_MARK}))")  # 着 火 了


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a danger after its first part: of which entry, and what must follow."""

    number: int
    rest: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Span:
    """Where a word stands: [start, end), its last part from ``last`` on."""

    start: int
    last: int
    end: int


def find_emergency(city: City, text: str, *, awaited: bool = False) -> Emergency | None:
    """Return the emergency that the text tells of as happening now; the first of the city's list wins.

    Words and what the text sounds like as a whole are weighed together. A text in which no word tells of danger, and
    that sounds like it, is the city's last entry, which is the call for help; one that sounds like none is calm in
    spite of a word, unless that danger lasts. ``awaited``: the words may well answer a question of ours, so that
    by its sound alone only what is surely danger counts.
    """
    heard = _APART.sub("", plain(text)).replace("著", "着")  # 著 stays where traditional is made simplified
    found, doubted = find_spoken(city, heard)
    tone = hear_tone(city, heard, spoken=found is not None, doubted=doubted)
    if tone is None:
        return found
    if found:
        return found if tone > (LASTING if found.lasting else LIVE_IN_WORDS) or accuses_us(text) else None
    length = len(_HAN.findall(heard))
    least = LIVE_AS_ANSWER if awaited else LIVE_IN_FEW_WORDS if length < SHORT else LIVE_IN_TONE
    sounds = length >= ENOUGH and tone > least and not _ORDER.match(heard) and not is_mere_address(heard)
    return city.emergencies[-1] if sounds and city.emergencies else None


def find_spoken(city: City, heard: str) -> tuple[Emergency | None, bool]:
    """Return the emergency that a word of the plain text tells of as happening now, and whether words do not."""
    lexicon, words, unless = _emergencies(city)
    none = live = len(city.emergencies)
    doubted = False
    for hit in lexicon.find_all(heard):
        for word in words[hit.word]:
            span = _span(heard, hit, word) if word.number < live else None
            if span and _is_live(heard, span, city.emergencies[word.number], unless[word.number]):
                live = word.number
            doubted = doubted or span is not None
    return city.emergencies[live] if live < none else None, doubted


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
def _emergencies(city: City) -> tuple[Trie, dict[str, list[Word]], list[tuple[str, ...]]]:
    words: dict[str, list[Word]] = {}
    for number, emergency in enumerate(city.emergencies):
        for written in emergency.words:
            first, *others = (part.split(OR) for part in plain(written).split(SOON))
            rest = _following(others) if others else None
            for head in first:
                words.setdefault(head, []).append(Word(number, rest))
    return Trie(words), words, [tuple(map(plain, emergency.unless)) for emergency in city.emergencies]


def _following(parts: list[list[str]]) -> re.Pattern[str]:
    """Return the pattern of what must follow, each part within a few characters of the one before."""
    told = [f"(?P<last>{'|'.join(map(re.escape, part))})" for part in parts[-1:]]
    told = [f"(?:{'|'.join(map(re.escape, part))})" for part in parts[:-1]] + told
    return re.compile("".join(rf"{NO_END}{{0,{GAP}}}?{part}" for part in told))


def _span(text: str, hit: Hit, word: Word) -> Span | None:
    """Return where the whole word stands, None where its other parts do not follow."""
    if word.rest is None:
        return Span(hit.start, hit.start, hit.end)
    found = word.rest.match(text, hit.end)
    return Span(hit.start, found.start("last"), found.end()) if found else None


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


def _is_live(text: str, span: Span, emergency: Emergency, unless: tuple[str, ...]) -> bool:
    """Tell whether the word is meant as happening: not denied, feared, trained for, past or over."""
    if _is_spoilt(text, span, unless):
        return False
    if is_other_thing(text, span.end) or is_over(text, span.end):
        return False
    return is_happening(text, span.start, span.last, lasting=emergency.lasting, threat=emergency.threat)


def _is_spoilt(text: str, span: Span, unless: tuple[str, ...]) -> bool:
    """Tell whether one of the words makes another thing of the danger.

    It overlaps the word as in 跳楼价, or stands right before a part of it as in 狗掉河里; one that ends in ``SOON``
    stands shortly before it.
    """
    thought = thought_start(text, span.start)
    for word in unless:
        if word.endswith(SOON):
            if text.find(word[:-1], max(thought, span.start - NEAR), span.end) >= 0:
                return True
        elif any(_touches(text, at, at + len(word), span) for at in _places(text, word, thought, span.end)):
            return True
    return False


def _touches(text: str, first: int, end: int, span: Span) -> bool:
    if any(first < edge < end for edge in (span.start, span.last, span.end)):
        return True
    return any(end <= part and _LIGHT.fullmatch(text, end, part) for part in (span.start, span.last))


def _places(text: str, word: str, thought: int, end: int) -> Iterator[int]:
    """Yield where the word begins from the thought's last characters on, before ``end``."""
    at = text.find(word, thought, end + len(word) - 1)
    while at >= 0:
        yield at
        at = text.find(word, at + 1, end + len(word) - 1)


def _is_meant(text: str, hit: Hit) -> bool:
    return not is_denied(text, hit.start) and not is_place(text, hit.end)


def _is_ours(city: City, scorer: Scorer, text: str) -> bool:
    """Tell whether a type that we handle speaks louder than those we do not."""
    scores = sum_by_type(scorer.weigh(text))
    handled = [score for code, score in scores.items() if city.case_types[code].handled]
    others = [score for code, score in scores.items() if not city.case_types[code].handled]
    return max(handled, default=0.0) >= max(OURS, *others, 0.0)
