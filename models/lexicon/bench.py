"""The bench: what a change of words would do to messages of the past, before anything is saved. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from models.classify.rules import Classifier
from models.classify.tokens import plain

Outcome = Literal["better", "worse", "other"]
MENDABLE = (
    2  # characters of a word that is also found where it was mistyped: such a change may touch any message
)


@dataclass(frozen=True, slots=True)
class Past:
    """A message of the past; ``right`` are the types that people hold to be right, none when nobody said."""

    name: str  # the number of a case, or the line of a file
    text: str
    right: frozenset[str]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A message that would be taken for something else."""

    past: Past
    before: str
    after: str

    @property
    def outcome(self) -> Outcome:
        """Whether that is for the better; ``other`` where nobody knows, or both are right or wrong."""
        was, would = self.before in self.past.right, self.after in self.past.right
        return "other" if was == would else "better" if would else "worse"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change would do."""

    looked_at: int
    turns: tuple[Turn, ...]

    def count(self, outcome: Outcome) -> int:
        """Return how many messages it would turn that way."""
        return sum(turn.outcome == outcome for turn in self.turns)


def try_words(before: Classifier, after: Classifier, words: Sequence[str], past: Iterable[Past]) -> Trial:
    """Return what would change; ``words`` are those that the two classifiers weigh differently.

    Only messages that contain one of them are weighed: a mistyped one that sounds like it is not looked for.
    """
    plain_words = [plain(word) for word in words]
    looked_at, turns = 0, []
    for message in past:
        looked_at += 1
        said = plain(f"{message.title}\n{message.text}")
        if any(word in said for word in plain_words):
            was = before.classify(message.text, message.title).type
            would = after.classify(message.text, message.title).type
            if was != would:
                turns.append(Turn(message, was, would))
    return Trial(looked_at, tuple(turns))
