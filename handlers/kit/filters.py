"""Small named conditions that say which messages a handler takes; all must hold."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from handlers.kit.scene import Scene
from models.characters import bare, fold
from models.classify.replies import Meaning
from models.lifecycle import Role

Filter = Callable[[Scene], bool]


@dataclass(frozen=True, slots=True)
class Says:
    """Takes texts that are just one of these folded words, with politeness around them or not."""

    words: frozenset[str]

    def __call__(self, scene: Scene) -> bool:
        """Tell whether the text is one of them."""
        return scene.incoming.kind == "text" and not self.words.isdisjoint(scene.forms)


@dataclass(frozen=True, slots=True)
class Topic:
    """Takes messages while one of these is being talked about."""

    topics: tuple[str, ...]

    def __call__(self, scene: Scene) -> bool:
        """Tell whether it is."""
        return scene.talk.topic in self.topics


@dataclass(frozen=True, slots=True)
class IsA:
    """Takes messages of people who have one of these roles."""

    roles: tuple[Role, ...]

    def __call__(self, scene: Scene) -> bool:
        """Tell whether they have."""
        return not frozenset(self.roles).isdisjoint(scene.person.roles)


@dataclass(frozen=True, slots=True)
class Either:
    """Takes what one of these takes."""

    filters: tuple[Filter, ...]

    def __call__(self, scene: Scene) -> bool:
        """Tell whether one does."""
        return any(condition(scene) for condition in self.filters)


def kind(*kinds: str) -> Filter:
    """Take messages of these kinds (text, image, location, event …)."""
    return lambda scene: scene.incoming.kind in kinds


def event(*names: str) -> Filter:
    """Take events of these names, lower case."""
    return lambda scene: scene.incoming.kind == "event" and scene.incoming.event in names


def menu(*keys: str) -> Filter:
    """Take taps on these keys of the account's menu, whatever kind of button it is."""
    return lambda scene: scene.incoming.kind == "event" and scene.incoming.event_key in keys


def says(*words: str) -> Filter:
    """Take texts that are just one of these words, with signs, particles and politeness around them or not."""
    return Says(frozenset(bare(fold(word)) or word for word in words))


def means(*meanings: Meaning) -> Filter:
    """Take texts that are nothing but a reply with one of these meanings."""
    return lambda scene: scene.meaning in meanings


def answers(*meanings: Meaning) -> Filter:
    """Take texts that answer a question of ours so, though they may say more besides."""
    return lambda scene: scene.answer in meanings


def seems(*meanings: Meaning) -> Filter:
    """Take texts that answer a question of ours so, or sound like it."""
    return lambda scene: scene.likely_answer in meanings


def matches(pattern: str) -> Filter:
    """Take texts that the pattern fits as a whole: it is written for folded words, without signs around them."""
    compiled = re.compile(pattern, re.DOTALL)
    return lambda scene: scene.incoming.kind == "text" and compiled.fullmatch(bare(scene.said)) is not None


def chose(*prefixes: str) -> Filter:
    """Take an offered answer whose id begins with one of these digits."""
    return lambda scene: bool(scene.choice) and scene.choice.startswith(prefixes)


def topic(*topics: str) -> Filter:
    """Take messages while one of these is being talked about."""
    return Topic(topics)


def is_a(*roles: Role) -> Filter:
    """Take messages of people who have one of these roles."""
    return IsA(roles)


def either(*filters: Filter) -> Filter:
    """Take what one of these takes."""
    return Either(filters)


def never(condition: Filter) -> Filter:
    """Take what this one does not take."""
    return lambda scene: not condition(scene)
