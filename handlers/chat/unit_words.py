"""Finds the unit, the colleague or the type of case that an order names."""

import re

from models.cases.audience import is_field
from models.cases.tables import Case
from models.characters import LISTED
from models.city.city import City, Unit
from models.errors import Refusal
from models.people import Person

SEPARATORS = "".join(set(" ,,。、;;"))
SEVERAL_UNITS = "「{words}」可能是：{units}。请把名字写全，例如「派 {number} {first}」。"
NO_COLLEAGUE = "您单位没有叫「{words}」的同事，或还没绑定。可以转给：{names}。"
NOBODY_ELSE = "您单位没有别的同事绑定了微信，可以「退回 {number} 原因」。"
NO_TYPE = "没有「{words}」这一类。可以写：{names}。"
NO_UNIT = "没有叫「{words}」的单位。可以派给：{units}。"


def find_unit(city: City, words: str, case: Case) -> str:
    """Return the code of the unit that the words name, "" when they name none; raises Refusal when unclear."""
    name = words.strip("。.「」 ")
    if not name:
        return ""
    found = [unit for unit in city.units.values() if name in unit.name or name == unit.code]
    if len(found) == 1:
        return found[0].code
    if not found:
        raise Refusal(NO_UNIT.format(words=name, units=say_names([*city.units.values()])))
    first = found[0].name
    raise Refusal(SEVERAL_UNITS.format(words=name, units=say_names(found), number=case.number, first=first))


def say_names(units: list[Unit]) -> str:
    """Return the names of the units in one line."""
    return "、".join(unit.name for unit in units)


def find_units(city: City, words: str, case: Case) -> tuple[str, ...]:
    """Return the codes of the units named one after the other; raises Refusal when one is unclear."""
    names = [name for name in re.split(rf"(?:{LISTED}|[和与])+", words) if name]
    return tuple(find_unit(city, name, case) for name in names)


def find_type(city: City, words: str) -> str:
    """Return the code of the type that the words name; raises Refusal with the names there are."""
    name = words.strip("。.「」 ")
    kinds = city.case_types.values()
    exact = [kind for kind in kinds if name in {kind.code, kind.name, kind.short}]
    found = exact or [kind for kind in kinds if name and name in kind.name]
    if len(found) == 1:
        return found[0].code
    names = "、".join(kind.short for kind in (found or kinds))
    raise Refusal(NO_TYPE.format(words=name, names=names))


async def find_colleague(words: str, case: Case) -> tuple[Person, str]:
    """Return the colleague of the case's unit whom the words begin with, and the rest; raises Refusal."""
    people = await Person.filter(is_staff=True, following=True, unit=case.unit).order_by("id")
    others = [person for person in people if is_field(person) and person.id != case.handler_id]
    if not others:
        raise Refusal(NOBODY_ELSE.format(number=case.number))
    for person in others:
        if person.name and words.strip().startswith(person.name):
            return person, words.strip().removeprefix(person.name).strip(SEPARATORS)
    names = "、".join(person.name for person in others)
    raise Refusal(NO_COLLEAGUE.format(words=words.strip(), names=names))
