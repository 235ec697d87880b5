"""What a text sounds like as a whole, danger or not: learned from sentences, for what no list of words foresees."""

import re

from models.characters import ANY_SIGN
from models.city.city import City
from models.classify.linear import Linear
from models.classify.remembered import once_per_city
from models.classify.tokens import plain

CALM, LIVE = "calm", "live"  # the two labels of the lessons
SPOKEN, DOUBTED = (
    1.0,
    0.5,
)  # points of a word of danger for live, and for calm where it is denied, feared or past
HEARD = 200  # characters that are listened to: who is in danger does not write letters
LENGTHS = (1, 2, 3)  # of the runs of characters that are learned
_MARKS = re.compile(rf"{ANY_SIGN}+")


def hear_tone(city: City, text: str, *, spoken: bool, doubted: bool) -> float | None:
    """Return how much more the text sounds like danger than like none (log odds); None where no town has learned it.

    ``spoken``: a word of danger stands in it as happening now; ``doubted``: one stands there, and none so.
    """
    linear = _linear(city)
    if linear is None:
        return None
    said = word_points(spoken=spoken, doubted=doubted)
    heard = linear.hear(tone_features(text))
    calm, live = linear.add([said.get(CALM, 0.0), said.get(LIVE, 0.0)], heard)
    return live - calm


def word_points(*, spoken: bool, doubted: bool) -> dict[str, float]:
    """Return what the words of danger in a text give to each label."""
    if spoken:
        return {LIVE: SPOKEN}
    return {CALM: DOUBTED} if doubted else {}


def tone_features(text: str) -> tuple[str, ...]:
    """Return the runs of characters that stand in the text, each once, in a fixed order."""
    heard = " " + _MARKS.sub(" ", plain(text).replace("著", "着"))[:HEARD].strip() + " "
    runs = {heard[at : at + length] for length in LENGTHS for at in range(len(heard) - length + 1)}
    return tuple(sorted(run for run in runs if run.strip()))


@once_per_city
def _linear(city: City) -> Linear | None:
    return Linear(city.tone, (CALM, LIVE)) if city.tone else None
