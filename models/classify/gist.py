"""What a short message comes to as a whole: learned from replies, for what no list of words foresees."""

from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from models.characters import bare
from models.city.learned import load_learned
from models.classify.linear import Linear
from models.classify.tone import tone_features

LONGEST = 40  # characters: whoever writes more tells something
SHORTEST = 2  # characters: one alone is in the lists of words, or is nothing
SURE = 0.4  # probability; below it the words mean nothing for certain
FILE = Path(__file__).with_suffix(".json")  # as ``lexicon replies`` learned it


class Gist(StrEnum):
    """What was learned to be told apart; ``WORDS``: a piece of a report, a question, or anything else."""

    YES = "yes"
    SUBMIT = "submit"
    NO = "no"
    DROP = "drop"
    WAIT = "wait"
    SLIP = "slip"
    THANKS = "thanks"
    GREETING = "greeting"
    BYE = "bye"
    HEARD = "heard"
    HAPPY = "happy"
    UNHAPPY = "unhappy"
    UNCLEAR = "unclear"
    WRONG_PLACE = "wrong_place"
    WITHDRAW = "withdraw"
    WORDS = "words"


GISTS = tuple(Gist)


def gist_of(said: str, sure: float = SURE) -> Gist | None:
    """Return what folded words most probably come to; None where that is less sure (0 to 1), or they are a story."""
    told = bare(said)
    if not SHORTEST <= len(told) <= LONGEST:
        return None
    shares = _shares(told)
    place = int(shares.argmax())
    return GISTS[place] if shares[place] >= sure else None


def sounds_more_like(said: str, one: Gist, other: Gist) -> bool:
    """Tell whether folded words come to the one more probably than to the other; False for a story."""
    told = bare(said)
    if not SHORTEST <= len(told) <= LONGEST:
        return False
    shares = _shares(told)
    return bool(shares[GISTS.index(one)] > shares[GISTS.index(other)])


@cache
def _linear() -> Linear:
    return Linear(load_learned(FILE).words, GISTS)


@lru_cache(maxsize=256)  # several readers ask about the same message
def _shares(told: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how probable each gist is, in their order; their sum is 1."""
    linear = _linear()
    heights = np.array(linear.weigh(linear.hear(tone_features(told))))
    parts = np.exp((heights - heights.max()) / linear.temperature)
    shares: np.ndarray[tuple[int], np.dtype[np.float64]] = parts / parts.sum()
    return shares
