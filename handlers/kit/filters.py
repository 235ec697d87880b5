"""Small named conditions that say which messages a handler takes; all must hold."""

import re
from collections.abc import Callable

from handlers.kit.scene import Scene
from models.lifecycle import Role

ENDINGS = "。.!！?？~ "

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
    """Take texts that are just one of these words."""
    known = {word.lower() for word in words}
    return lambda scene: scene.incoming.kind == "text" and scene.text.rstrip(ENDINGS).lower() in known


def matches(pattern: str) -> Filter:
    """Take texts that the pattern fits as a whole."""
    compiled = re.compile(pattern, re.DOTALL)
    return lambda scene: scene.incoming.kind == "text" and compiled.fullmatch(scene.text) is not None


def chose(*prefixes: str) -> Filter:
    """Take an offered answer whose id begins with one of these digits."""
    return lambda scene: bool(scene.choice) and scene.choice.startswith(prefixes)


def topic(*topics: str) -> Filter:
    """Take messages while one of these is being talked about."""
    return lambda scene: scene.talk.topic in topics


def is_a(*roles: Role) -> Filter:
    """Take messages of people who have one of these roles."""
    wanted = frozenset(roles)
    return lambda scene: not wanted.isdisjoint(scene.person.roles)


def either(*filters: Filter) -> Filter:
    """Take what one of these takes."""
    return lambda scene: any(condition(scene) for condition in filters)


def never(condition: Filter) -> Filter:
    """Take what this one does not take."""
    return lambda scene: not condition(scene)
