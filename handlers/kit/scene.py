"""Everything a handler may know about one message: who speaks, what, and where the talk stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from handlers.kit.incoming import Incoming
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

    @property
    def text(self) -> str:
        """Return the words, without white space around them."""
        return self.incoming.text.strip()

    @cached_property
    def verdict(self) -> Verdict:
        """Return what the words of this one message are about."""
        return self.town.classifier.classify(self.text)


def understand_choice(scene: Scene) -> Scene:
    """Find out which offered answer the message means: tapped, or written as its number or its words."""
    if scene.incoming.menu_id:
        return replace(scene, choice=scene.incoming.menu_id)
    return replace(scene, choice=_meant(scene.text.strip("。.、 ").lower(), scene.person.offered))


def _meant(said: str, offered: Sequence[Sequence[str]]) -> str:
    for place, (choice, label) in enumerate(offered, start=1):
        if said in {str(place), label.lower()}:
            return choice
    return ""
