"""What opens something new whatever is being talked about: noted where it is declared, so that no list can lack it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handlers.kit.filters import Either, Filter, IsA, Says, Topic
from handlers.kit.scene import Scene
from models.lifecycle import Role


@dataclass(frozen=True, slots=True)
class Opener:
    """A condition under which a message opens something; ``roles``: for these alone, for everybody where empty."""

    takes: Filter
    roles: frozenset[Role] = frozenset()


OPENERS: list[Opener] = []


def note_opener(takes: Filter, roles: Iterable[Role] = ()) -> None:
    """Remember one more way to open something."""
    OPENERS.append(Opener(takes, frozenset(roles)))


def note_handler(filters: Iterable[Filter]) -> None:
    """Remember the plain words of a handler that listens whatever is being talked about."""
    asked = tuple(filters)
    if any(isinstance(condition, Topic) for condition in asked):
        return
    roles = {role for condition in asked if isinstance(condition, IsA) for role in condition.roles}
    for said in _plain_words(asked):
        note_opener(said, roles)


def opens_something(scene: Scene) -> bool:
    """Tell whether the message opens something that this person may open: never words for what we just asked."""
    return any(
        opener.takes(scene)
        for opener in OPENERS
        if not opener.roles or any(scene.person.is_a(role) for role in opener.roles)
    )


def _plain_words(filters: Iterable[Filter]) -> Iterator[Says]:
    for condition in filters:
        if isinstance(condition, Says):
            yield condition
        elif isinstance(condition, Either):
            yield from _plain_words(condition.filters)
