"""Whose a case is, for what is added to it or wanted of it besides its steps."""

from datetime import datetime

from models.cases.audience import is_theirs
from models.cases.moves import Actor
from models.cases.public import public_types
from models.cases.queries import find_case, is_involved
from models.cases.sources import BY_RULE
from models.cases.states import DESK
from models.cases.stepping import NOT_YOURS
from models.cases.tables import Case
from models.city.city import City, GcjPoint
from models.city.coordinates import metres_between
from models.errors import Refusal
from models.lifecycle import Role
from models.people import Person
from models.town import Town

CITIZENS = frozenset({Role.REPORTER, Role.FOLLOWER, Role.CITIZEN})
NOT_INVOLVED = "这个案件不是您报的，也没有加入。您也遇到了，就发照片和位置，可以一起跟进。"


async def check_involved(case: Case, actor: Actor, *, town: Town, now: datetime) -> None:
    """Raise Refusal when the case is not this actor's: theirs who reported or joined it, their unit's, the desk's."""
    if actor.role in CITIZENS:
        if actor.person is None or not await is_involved(case, actor.person):
            raise Refusal(NOT_INVOLVED)
    elif not await is_theirs(case, actor, city=town.city, now=now):
        raise Refusal(NOT_YOURS)


async def find_shown(number: str, person: Person, city: City) -> Case | None:
    """Return the case with that number if this person may know of it: theirs, or of a type that is public.

    That somebody asked the desk something is nobody else's business, not even that there is such a number.
    """
    case = await find_case(number)
    if case is None or case.type in public_types(city) or _works_on(case, person):
        return case
    return case if await is_involved(case, person) else None


def _works_on(case: Case, person: Person) -> bool:
    """Tell whether the case may be work of this person's: the desk's all, others' in hand or unit."""
    if any(person.is_a(role) for role in DESK):
        return True
    of_unit = person.unit == case.unit and any(person.is_a(role) for role in (Role.OFFICER, Role.LEADER))
    return of_unit or person.id in {case.handler_id, case.assignee_id, case.checker_id}


def may_join(case: Case, person: Person, city: City) -> bool:
    """Tell whether this person may follow the case: it is of a type that the town shows to everybody.

    A question to the desk is nobody else's business, and what stands against a cause is no report.
    """
    return case.reporter_id == person.id or (case.type in public_types(city) and case.source != BY_RULE)


def is_near(case: Case, point: GcjPoint | None, city: City) -> bool:
    """Tell whether the point lies so near to the case that what is reported there may be the same."""
    kind = city.case_types.get(case.type)
    if kind is None or point is None or case.lat is None or case.lng is None:
        return False
    return metres_between(point, GcjPoint(case.lat, case.lng)) <= kind.radius
