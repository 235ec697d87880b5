"""Who hears of a step: the people behind each audience of a case."""

from datetime import datetime

from models.cases.moves import Actor
from models.cases.tables import Case, Following
from models.city.city import City
from models.city.duty import on_duty
from models.lifecycle import Role, Told
from models.people import Person, list_staff


async def list_told(case: Case, told: Told, *, city: City, now: datetime) -> list[Person]:
    """Return the people of that audience, each once; work that nobody could hear goes to the dispatchers."""
    match told:
        case Told.REPORTER:
            return await _reporter(case)
        case Told.JOINED:
            return await _joined(case)
        case Told.FOLLOWERS:
            return [*await _reporter(case), *await _joined(case)]
        case Told.HANDLER:
            return await _handler(case) or await list_on_duty(case.unit, city=city, now=now)
        case Told.UNIT:
            return await list_on_duty(case.unit, city=city, now=now)
        case Told.DISPATCHERS:
            return await list_dispatchers()


async def is_theirs(case: Case, actor: Actor, *, city: City, now: datetime) -> bool:
    """Tell whether the case is this actor's to act on: the reporter's own; an officer's unit, shift or hand."""
    person = actor.person
    match actor.role:
        case Role.REPORTER:
            return person is not None and case.reporter_id == person.id
        case Role.OFFICER:
            if person is None:
                return False
            return case.handler_id == person.id or case.unit in units_of(person, city=city, now=now)
        case _:
            return True


def units_of(person: Person, *, city: City, now: datetime) -> frozenset[str]:
    """Return the units that this officer answers for now: their own, and those where they stand on the shift."""
    shifts = {
        code
        for code, unit in city.units.items()
        if person.staff_code and any(staff.code == person.staff_code for staff in on_duty(city, unit, now))
    }
    return frozenset({person.unit, *shifts} - {""})


async def list_on_duty(unit: str, *, city: City, now: datetime) -> list[Person]:
    """Return who is on duty for the unit and reachable; else any of its officers; else the dispatchers."""
    if unit in city.units:
        codes = [staff.code for staff in on_duty(city, city.units[unit], now)]
        present = await Person.filter(is_staff=True, following=True, staff_code__in=codes).order_by("id")
        if present:
            return list(present)
    return await list_staff(Role.OFFICER, unit=unit) or await list_dispatchers()


async def list_dispatchers() -> list[Person]:
    """Return the dispatchers, or the administrators where there is none."""
    return await list_staff(Role.DISPATCHER) or await list_staff(Role.ADMIN)


async def _reporter(case: Case) -> list[Person]:
    return list(await Person.filter(id=case.reporter_id)) if case.reporter_id else []


async def _joined(case: Case) -> list[Person]:
    joined = Following.filter(case_id=case.id).order_by("id")
    ids = [following.person_id for following in await joined if following.person_id != case.reporter_id]
    return list(await Person.filter(id__in=ids).order_by("id")) if ids else []


async def _handler(case: Case) -> list[Person]:
    return list(await Person.filter(id=case.handler_id)) if case.handler_id else []
