"""Works a thing out once for each city object, so that rules stay plain functions of (city, text)."""

from collections.abc import Callable
from typing import TypeVar
from weakref import ref

from models.city.city import City

T = TypeVar("T")


def once_per_city(build: Callable[[City], T]) -> Callable[[City], T]:
    """Return ``build`` with a memory; a city is known by its identity and forgotten when it is gone."""
    known: dict[int, tuple[ref[City], T]] = {}

    def remembered(city: City) -> T:
        entry = known.get(id(city))
        if entry and entry[0]() is city:
            return entry[1]
        for number in [number for number, (whose, _) in list(known.items()) if whose() is None]:
            known.pop(number, None)
        value = build(city)
        known[id(city)] = (ref(city), value)
        return value

    return remembered
