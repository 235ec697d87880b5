"""What a short reply to our question means: yes, no, hand it in, leave it, thanks, a number, or a word about us."""

import tomllib
from collections.abc import Collection
from enum import StrEnum
from functools import cache
from itertools import product
from pathlib import Path

from models.characters import AGREE, PRAISE, THANK, bare, fold, folded_pattern
from models.classify.gist import Gist, gist_of
from models.classify.segments import Segments, segments_of
from models.classify.sounds import sound


class Meaning(StrEnum):
    """What is meant by a reply that is nothing but a reply; where several are said, the later one here decides."""

    FILLER = "filler"  # particles, politeness, pronouns: they mean nothing by themselves
    GREETING = "greeting"
    THANKS = "thanks"
    BYE = "bye"
    YES = "yes"
    HEARD = "heard"  # 收到, 好的知道了: neither yes nor no
    SUBMIT = "submit"  # it may go as it is; nothing more is coming
    NO = "no"
    DROP = "drop"  # they do not want it any more
    WAIT = "wait"  # not yet: all that is here stays
    SLIP = "slip"  # tapped or answered by mistake
    NUMBER = "number"


_ORDER = list(Meaning)
# What was learned, in the words of a reply.
_LEARNED = {Gist(meaning.value): meaning for meaning in Meaning if meaning.value in set(Gist)}
_GESTURES = {AGREE: Meaning.YES, PRAISE: Meaning.YES, THANK: Meaning.THANKS}
_POLITE = (Meaning.FILLER, Meaning.THANKS, Meaning.GREETING)
_PLAIN = (Meaning.YES, Meaning.NO, Meaning.SUBMIT)
_CLAUSES = folded_pattern(r"(?:\M|\s)+")  # of folded words
_BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))  # what many ears do not tell apart
_TYPED_BY_SOUND = 4  # characters; more are no slip
_LAST = 0  # which of the offered ones, whatever their number


def meaning_of(said: str, gesture: str = "") -> Meaning | None:
    """Return what folded words mean that are nothing but a reply; None for words with something to say.

    ``gesture`` is what an ornament alone makes (``read_characters``).
    """
    told = bare(said)
    if not told:
        return _GESTURES.get(gesture)
    kinds = _replies().cut(told)
    if not kinds:
        return _by_sound().get(_sounds(told))
    if Meaning.DROP in kinds and Meaning.SUBMIT in kinds:  # 不用了,就这样: what is said last is meant
        return next(kind for kind in reversed(kinds) if kind in {Meaning.DROP, Meaning.SUBMIT})
    return max(kinds, key=_ORDER.index)


def is_thankful(said: str) -> bool:
    """Tell whether a mere reply gives thanks, whatever else it says."""
    return Meaning.THANKS in (_replies().cut(bare(said)) or ())


def answer_of(said: str, gesture: str = "") -> Meaning | None:
    """Return what folded words answer to a question of ours: all of them, or their first or last clause.

    不是,我说的是对面那个 answers no and says more; 我自己扫扫,不报了 leaves it.
    """
    whole = meaning_of(said, gesture)
    clauses = clauses_of(said)
    if whole is not None or len(clauses) < 2:
        return whole
    first, last = meaning_of(clauses[0]), meaning_of(clauses[-1])
    if first in {Meaning.WAIT, Meaning.DROP} and gist_of(",".join(clauses[1:])) is Gist.WORDS:
        first = None  # 等等,是对面那边 and 没事,没砸到: what follows is meant
    for decided in (Meaning.WAIT, Meaning.SLIP, Meaning.DROP):
        if decided in {first, last}:
            return decided
    if first in _PLAIN:
        return first
    return last if last in {Meaning.NO, Meaning.SUBMIT, Meaning.BYE} else None


def likely_answer(said: str) -> Meaning | None:
    """Return what folded words answer that no list foresees, by what they sound like; only where nothing is told.

    For words that may as well belong to what is being put together this is too bold: they would be lost.
    """
    gist = gist_of(said)
    return _LEARNED.get(gist) if gist else None


def clauses_of(said: str) -> list[str]:
    """Return the clauses of folded words."""
    return [clause for clause in _CLAUSES.split(bare(said)) if clause]


def choice_of(said: str, count: int) -> int | None:
    """Return which of ``count`` offered answers folded words choose by number, from 1; None when they choose none."""
    told = bare(said)
    kinds = _choices().cut(told)
    if not kinds or kinds.count(Meaning.NUMBER) != 1:
        return None
    numbers = _numbers()
    place = numbers[max((word for word in numbers if word in told), key=len)] or count
    return place if 1 <= place <= count else None


def is_label(said: str, label: str) -> bool:
    """Tell whether folded words are an offered answer in its own words, or one half of it."""
    offered = bare(fold(label))
    halves = [half for half in offered.split(",") if len(half) > 1]
    return is_one_of(said, {offered, *halves, *map(without_politeness, halves)})


def is_one_of(said: str, words: Collection[str]) -> bool:
    """Tell whether folded words are one of these, with particles, thanks and politeness around them or not."""
    told = bare(said)
    return told in words or without_politeness(told) in words


def without_politeness(said: str) -> str:
    """Return folded words without the particles, thanks and politeness at their ends; never nothing at all."""
    told = bare(said)
    while True:
        rest = bare(_cut_end(_cut_start(told)))
        if rest in {told, ""}:
            return told
        told = rest


def _cut_start(told: str) -> str:
    return next((told[len(word) :] for word in _soft() if told.startswith(word)), told)


def _cut_end(told: str) -> str:
    return next((told[: -len(word)] for word in _soft() if told.endswith(word) and told != word), told)


@cache
def written_words() -> dict[str, list[str]]:
    """Return the words of ``replies.toml`` by kind."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {kind: words.split() for kind, words in data.items()}


POLITE_WORDS = tuple(word for kind in _POLITE for word in written_words()[kind])


@cache
def _replies() -> Segments[Meaning]:
    written = written_words()
    known = {word: kind for kind in _ORDER for word in written.get(kind, ())}
    refused = product(written["not"], written["deeds"], ("", "了", "啦", "喽", "咯"))
    return segments_of({"".join(parts): Meaning.DROP for parts in refused} | known)


@cache
def _by_sound() -> dict[str, Meaning]:
    known = _replies().kinds
    return {_sounds(word): known[word] for word in written_words()["by_sound"]}


def _sounds(told: str) -> str:
    heard = " ".join(map(sound, told)) if len(told) <= _TYPED_BY_SOUND else told
    for sharp, blurred in _BLURRED:
        heard = heard.replace(sharp, blurred)
    return heard


@cache
def _choices() -> Segments[Meaning]:
    polite = dict.fromkeys(POLITE_WORDS, Meaning.FILLER)
    agreed = dict.fromkeys(("好", "好的", "嗯", "选"), Meaning.FILLER)
    return segments_of(polite | agreed | dict.fromkeys(_numbers(), Meaning.NUMBER))


@cache
def _numbers() -> dict[str, int]:
    """Return the words that choose by number, each with the place that it means."""
    written = written_words()
    digits = {word: place for place, word in enumerate("一二三四五六七八九", start=1)}
    digits |= {"两": 2, "壹": 1, "贰": 2, "叁": 3}
    digits |= {str(place): place for place in range(1, 10)}
    around = product(("", *written["before_number"]), digits, ("", *written["after_number"]))
    places = dict.fromkeys(written["first"], 1) | dict.fromkeys(written["second"], 2)
    counted = {f"{before}{digit}{after}": digits[digit] for before, digit, after in around}
    return counted | places | dict.fromkeys(written["last"], _LAST)


@cache
def _soft() -> tuple[str, ...]:
    written = written_words()
    words = {*written["soft"], *written[Meaning.THANKS], *written[Meaning.GREETING]}
    return tuple(sorted(words, key=len, reverse=True))
