"""What people think of how their case was handled, in their own words: praise, blame, or neither for sure."""

import re
import tomllib
from enum import StrEnum
from pathlib import Path

from models.characters import BLAME, PRAISE, bare, folded_pattern
from models.classify.gist import Gist, gist_of, sounds_more_like
from models.classify.replies import meaning_of

SURELY_PRAISE = (
    0.75  # probability from which what sounds like praise counts; below it is asked for mockery's sake
)
LONGEST = 120  # characters; whoever writes more tells a story, and a person reads it


class Judgement(StrEnum):
    """How somebody judges what was done."""

    HAPPY = "happy"
    UNHAPPY = "unhappy"
    NOT_YET = "not_yet"  # they have not seen it yet
    UNCLEAR = "unclear"  # they judge, but which way must be asked


_WRITTEN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _pattern(kind: str) -> re.Pattern[str]:
    """Return what finds any word or pattern of that kind."""
    written = _WRITTEN[kind]
    return folded_pattern("|".join([*written["patterns"], *map(re.escape, written["words"].split())]))


_NOT_BLAME = _pattern("not_blame")
_BLAME = _pattern("blame")
_UNCLEAR = _pattern("unclear")
_HAPPY = _pattern("happy")
_BUT = folded_pattern(
    r"但|不过|可是|只是|就是(?!快|好|棒|满意|牛|赞|给力)|要是|如果|希望|最好|建议|下次|唯一|美中不足|除了|可惜|虽|吗\M*$|\?|么\M*$|呢\M*$"
)
_NOT_SEEN = folded_pattern(
    r"(?:还|都)?没(?:来得及|顾得上|空|时间|去|回)*(?:去看|去现场|过去看|看到现场|去呢|去过|回去)|(?:等|待)(?:我|会儿?)?(?:回去|过去|去|下班)\C{0,4}看|"
    r"(?:回去|过去|改天|明天|下班)\C{0,3}(?:看看|看一?下|瞧瞧)|在外地|不在家|没在家|还没去看|没去看"
)
_ASKED = folded_pattern(r"谁|什么时候|几时|怎么(?!这么)|哪|啥|什么|听说|能不能|吗|几点|多久")
_CONCEDED = folded_pattern(r"^.*(?:但是?|不过|可是|然而)(?=\C*(?:满意|好|不错|可以|没问题))")
_CLAUSES = folded_pattern(r"(?:\M|\s)+")
_AT_EASE = folded_pattern(
    r"谢|辛苦|师傅|领导|你们|大家|以后|支持|继续|加油|终于|总算|第二天|当天|马上|晚上|出门|走路|老人|小孩|我们"
)
_LEARNED = {Gist.HAPPY: Judgement.HAPPY, Gist.UNHAPPY: Judgement.UNHAPPY, Gist.UNCLEAR: Judgement.UNCLEAR}
_GESTURES = {PRAISE: Judgement.HAPPY, BLAME: Judgement.UNHAPPY}


def judgement_of(said: str, gesture: str = "") -> Judgement | None:
    """Return how folded words judge what was done; None where they judge nothing.

    Blame anywhere is blame, and mockery is no praise; in doubt it is unclear, never praise.
    """
    told = bare(said)
    if not told:
        return _GESTURES.get(gesture)
    if len(told) > LONGEST:
        return None
    if _NOT_SEEN.search(told):
        return Judgement.NOT_YET
    by_words = _judged(
        said, _CONCEDED.sub("", told)
    )  # 等了几天,但是修得很好: what stands after the 但 is meant
    if by_words is Judgement.HAPPY and sounds_more_like(said, Gist.UNHAPPY, Gist.HAPPY):
        return Judgement.UNCLEAR  # 你们效率真高等了一个月: mockery is no praise
    return by_words or _judged_by_sound(said)


def _judged_by_sound(said: str) -> Judgement | None:
    gist = gist_of(said)
    if gist is Gist.UNHAPPY and _NOT_BLAME.search(said) and not _BLAME.search(_NOT_BLAME.sub("好", said)):
        return Judgement.UNCLEAR  # 没有什么不满意的 sounds like what it denies
    if gist is Gist.HAPPY and gist_of(said, SURELY_PRAISE) is None:
        return Judgement.UNCLEAR
    return _LEARNED.get(gist) if gist else None


def _judged(said: str, last_word: str) -> Judgement | None:
    if _BLAME.search(_NOT_BLAME.sub("好", last_word)):
        return Judgement.UNHAPPY
    if _UNCLEAR.search(last_word):
        return Judgement.UNCLEAR
    if not _HAPPY.search(last_word) or _ASKED.search(last_word):
        return None
    return Judgement.HAPPY if _is_all_praise(said, last_word) else Judgement.UNCLEAR


def _is_all_praise(said: str, last_word: str) -> bool:
    """Tell whether each clause praises or is mere politeness: who says more may mean it in mockery."""
    clauses = [clause for clause in _CLAUSES.split(last_word) if clause]
    praised = all(
        _HAPPY.search(clause) or meaning_of(clause) or _AT_EASE.search(clause) for clause in clauses
    )
    return praised and not _BUT.search(last_word) and "?" not in said
