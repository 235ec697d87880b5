"""Everything a handler may know about one message: who speaks, what, and where the talk stands."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from handlers.kit.incoming import Incoming
from models.classify.rules import Verdict
from models.people import Person
from models.talks import Talk
from models.town import Town

ORNAMENTS = {0xFE0F: None, 0x20E3: None}  # what makes a key cap of a digit
ORDINALS = {f"第{word}个": str(place) for place, word in enumerate("一二三四五", start=1)}


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
    return replace(scene, choice=_meant(_plain(scene.text), scene.person.offered))


def _plain(text: str) -> str:
    """Return the words without ornaments: full-width and circled digits, key caps and 第二个 become plain numbers."""
    plain = unicodedata.normalize("NFKC", text).translate(ORNAMENTS).strip("。.、 ,!！").lower()
    return ORDINALS.get(plain, plain)


def _meant(said: str, offered: Sequence[Sequence[str]]) -> str:
    for place, (choice, label) in enumerate(offered, start=1):
        if said in {str(place), label.lower()}:
            return choice
    return ""
