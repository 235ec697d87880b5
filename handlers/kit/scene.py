"""Everything a handler may know about one message: who speaks, what, and where the talk stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from handlers.kit.incoming import Incoming
from models.characters import Written, bare, fold, read_characters
from models.classify.replies import (
    Meaning,
    answer_of,
    choice_of,
    is_label,
    likely_answer,
    meaning_of,
    without_politeness,
)
from models.classify.rules import Verdict
from models.people import Person
from models.talks import Talk
from models.town import Town


@dataclass(frozen=True)
class Scene:
    """One message at its moment. ``choice`` is the id of the offered answer that it means, if any."""

    incoming: Incoming
    talk: Talk
    town: Town
    now: datetime
    choice: str = ""

    @property
    def person(self) -> Person:
        """Return who speaks."""
        return self.talk.person

    @cached_property
    def written(self) -> Written:
        """Return the words without ornaments, and the gesture that an ornament alone makes."""
        return read_characters(self.incoming.text)

    @property
    def text(self) -> str:
        """Return the words as they were written, to be kept and passed on: without ornaments, which are no speech."""
        return self.written.words

    @cached_property
    def said(self) -> str:
        """Return the words in one way of writing, for matching only; each character stands where ``text`` has it."""
        return fold(self.text)

    @cached_property
    def forms(self) -> frozenset[str]:
        """Return what a whole message may be matched by: its words, without politeness, or its gesture alone."""
        word = bare(self.said)
        return frozenset({word, without_politeness(word)} if word else {self.written.gesture} - {""})

    @cached_property
    def meaning(self) -> Meaning | None:
        """Return what the message means if it is nothing but a reply."""
        return meaning_of(self.said, self.written.gesture) if self.incoming.kind == "text" else None

    @cached_property
    def answer(self) -> Meaning | None:
        """Return what the message answers to a question of ours, though it may say more besides."""
        return answer_of(self.said, self.written.gesture) if self.incoming.kind == "text" else None

    @cached_property
    def likely_answer(self) -> Meaning | None:
        """Return the same, or else what the message sounds like, where it names no matter and no place of the town.

        For questions that wait for a word: where pieces are gathered, what only sounds like an answer is a piece.
        """
        if self.incoming.kind != "text" or self.answer is not None:
            return self.answer
        heard = likely_answer(self.said)
        return None if heard is None or self._names_something() else heard

    def _names_something(self) -> bool:
        return self.verdict.said or self.town.atlas.find_words(self.text) is not None

    @cached_property
    def verdict(self) -> Verdict:
        """Return what the words of this one message are about."""
        return self.town.classifier.classify(self.text)


def understand_choice(scene: Scene) -> Scene:
    """Find out which offered answer the message means: tapped, or written as its number or its words."""
    if scene.incoming.menu_id:
        return replace(scene, choice=scene.incoming.menu_id)
    if scene.incoming.kind != "text" or not scene.person.offered:
        return scene
    return replace(scene, choice=_meant(scene.said, scene.person.offered))


def _meant(said: str, offered: Sequence[Sequence[str]]) -> str:
    place = choice_of(said, len(offered))
    if place is not None:
        return offered[place - 1][0]
    return next((choice for choice, label in offered if is_label(said, label)), "")
