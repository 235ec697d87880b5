"""Small named conditions that say which messages a handler takes; all must hold."""

import re
from collections.abc import Callable

from handlers.kit.scene import Scene
from models.characters import bare, fold
from models.classify.replies import Meaning
from models.lifecycle import Role

Filter = Callable[[Scene], bool]


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
    known = {bare(fold(word)) or word for word in words}
    return lambda scene: scene.incoming.kind == "text" and not known.isdisjoint(scene.forms)


def means(*meanings: Meaning) -> Filter:
    """Take texts that are nothing but a reply with one of these meanings."""
    return lambda scene: scene.meaning in meanings


def answers(*meanings: Meaning) -> Filter:
    """Take texts that answer a question of ours so, though they may say more besides."""
    return lambda scene: scene.answer in meanings


def matches(pattern: str) -> Filter:
    """Take texts that the pattern fits as a whole: it is written for folded words, without signs around them."""
    compiled = re.compile(pattern, re.DOTALL)
    return lambda scene: scene.incoming.kind == "text" and compiled.fullmatch(bare(scene.said)) is not None


def chose(*prefixes: str) -> Filter:
    """Take an offered answer whose id begins with one of these digits."""
    return lambda scene: bool(scene.choice) and scene.choice.startswith(prefixes)


def topic(*topics: str) -> Filter:
    """Take messages while one of these is being talked about."""
    return lambda scene: scene.talk.topic in topics


def is_a(*roles: Role) -> Filter:
    """Take messages of people who have one of these roles."""
    return lambda scene: any(scene.person.is_a(role) for role in roles)


def either(*filters: Filter) -> Filter:
    """Take what one of these takes."""
    return lambda scene: any(condition(scene) for condition in filters)


def never(condition: Filter) -> Filter:
    """Take what this one does not take."""
    return lambda scene: not condition(scene)
