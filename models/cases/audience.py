"""Who hears of a step: the people behind each audience of a case; who is asked to work, and to look."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from models.cases.moves import Actor
from models.cases.queries import Reach
from models.cases.states import DESK
from models.cases.tables import Case, Following, PatrolVisit
from models.city.city import City, GcjPoint
from models.city.coordinates import metres_between
from models.city.duty import on_duty
from models.lifecycle import Role, Told
from models.people import Person, list_all_staff, list_staff, list_staff_by_code

VISIT_LIFE = timedelta(hours=4)  # so long a check-in says where somebody walks
FAR = 1e9  # metres: nobody knows where they are


async def list_told(case: Case, told: Told, *, city: City, now: datetime) -> list[Person]:
    """Return the people of that audience, each once; work that nobody could hear goes to the dispatchers."""
    return await AUDIENCES[told](case, city, now)


async def is_theirs(case: Case, actor: Actor, *, city: City, now: datetime) -> bool:
    """Tell whether the case is this actor's to act on: the reporter's own, a unit's, a hand's, a checker's."""
    person = actor.person
    match actor.role:
        case Role.REPORTER:
            return person is not None and case.reporter_id == person.id
        case Role.FOLLOWER:
            return person is not None and await Following.exists(case_id=case.id, person_id=person.id)
        case Role.OFFICER | Role.LEADER:
            return _is_of_unit(case, actor, city, now)
        case Role.CONTRACTOR:
            return bool(actor.client) and case.contractor == actor.client
        case Role.PATROL | Role.ROAD_CHIEF:
            return person is not None and case.checker_id == person.id
        case _:
            return True


async def find_holder(case: Case, actor: Actor) -> Person | None:
    """Return the colleague who has the case in hand and is still with us, where this officer is not that one.

    None for the unit's leader, the desk and programs: they may act for whoever has it.
    """
    person = actor.person
    if actor.role is not Role.OFFICER or person is None or person.is_a(Role.LEADER):
        return None
    if case.state != "handling" or case.handler_id in {None, person.id}:
        return None
    return await Person.get_or_none(id=case.handler_id, following=True)


def _is_of_unit(case: Case, actor: Actor, city: City, now: datetime) -> bool:
    """Tell whether the case is in this person's hands or their unit's; a program's, if it may act for the unit."""
    person = actor.person
    if person is None:
        return bool(actor.client) and actor.unit in {"", case.unit}
    return person.id in {case.handler_id, case.assignee_id} or case.unit in units_of(
        person, city=city, now=now
    )


def units_of(person: Person, *, city: City, now: datetime) -> frozenset[str]:
    """Return the units that this officer answers for now: their own, and those where they stand on the shift."""
    shifts = {
        code
        for code, unit in city.units.items()
        if person.staff_code and any(staff.code == person.staff_code for staff in on_duty(city, unit, now))
    }
    return frozenset({person.unit, *shifts} - {""})


def reach_of(person: Person, *, city: City, now: datetime) -> Reach | None:
    """Return whose cases this member of the staff may act on; None for the desk, which may act on all."""
    if any(person.is_a(role) for role in DESK):
        return None
    works = any(person.is_a(role) for role in (Role.OFFICER, Role.LEADER))
    return Reach(person.id, units_of(person, city=city, now=now) if works else frozenset())


async def list_on_duty(unit: str, *, city: City, now: datetime) -> list[Person]:
    """Return who is on duty for the unit and reachable, the first one first.

    Else any of its officers, else the dispatchers.
    """
    if unit in city.units:
        codes = [staff.code for staff in on_duty(city, city.units[unit], now)]
        if present := await list_staff_by_code(codes):
            return present
    return await list_staff(Role.OFFICER, unit=unit) or await list_dispatchers()


async def choose_assignee(case: Case, *, city: City, now: datetime) -> Person | None:
    """Return who is asked to take the case: the first on duty; among officers without a shift, who has least in hand.

    None where only dispatchers could be told.
    """
    people = [person for person in await list_on_duty(case.unit, city=city, now=now) if is_field(person)]
    if len(people) < 2 or people[0].staff_code:
        return people[0] if people else None
    ids = [person.id for person in people]
    held = await Case.filter(handler_id__in=ids, state="handling").values_list("handler_id", flat=True)
    asked = await Case.filter(assignee_id__in=ids, state="dispatched").values_list("assignee_id", flat=True)
    load = [*held, *asked]
    return min(people, key=lambda person: (load.count(person.id), person.id))


async def choose_checker(case: Case, *, now: datetime) -> Person | None:
    """Return the patrol nearest to the case who has not worked on it; None where nobody patrols.

    Nearness is the last check-in of the last hours, else the area that somebody walks.
    """
    walkers = [*await list_staff(Role.PATROL), *await list_staff(Role.ROAD_CHIEF)]
    involved = {case.handler_id, case.assignee_id, case.asked.get("handed_by")}
    if case.reopened:  # who passed it the first time does not look at it again
        involved.add(case.asked.get("checked_by"))
    walkers = [person for person in walkers if person.id not in involved]
    if not walkers:
        return None
    seen = PatrolVisit.filter(person_id__in=[person.id for person in walkers], at__gt=now - VISIT_LIFE)
    last = {visit.person_id: GcjPoint(visit.lat, visit.lng) for visit in await seen.order_by("at", "id")}
    areas = (case.road, case.grid, case.street, case.district)

    def distance(person: Person) -> tuple[float, int, int]:
        point = last.get(person.id)
        metres = (
            metres_between(point, GcjPoint(case.lat, case.lng)) if point and case.lat and case.lng else FAR
        )
        return metres, areas.index(person.area) if person.area in areas else len(areas), person.id

    nearest = min(walkers, key=distance)
    known = nearest.id in last or not nearest.area or nearest.area in areas
    return nearest if known else None


def is_field(person: Person) -> bool:
    """Tell whether this person works outside."""
    return any(person.is_a(role) for role in (Role.OFFICER, Role.LEADER, Role.ROAD_CHIEF, Role.COMMUNITY))


async def list_dispatchers() -> list[Person]:
    """Return the dispatchers, or the administrators where there is none."""
    staff = await list_all_staff()
    desk = [person for person in staff if person.is_a(Role.DISPATCHER)]
    return desk or [person for person in staff if person.is_a(Role.ADMIN)]


async def _reporter(case: Case, _city: City, _now: datetime) -> list[Person]:
    return await _people([case.reporter_id])


async def _joined(case: Case, _city: City, _now: datetime) -> list[Person]:
    if not case.followers:
        return []
    joined = await Following.filter(case_id=case.id).order_by("id")
    return await _people([one.person_id for one in joined if one.person_id != case.reporter_id])


async def _followers(case: Case, city: City, now: datetime) -> list[Person]:
    return [*await _reporter(case, city, now), *await _joined(case, city, now)]


async def _handler(case: Case, city: City, now: datetime) -> list[Person]:
    return await _hands(case, city, now) or await _unit(case, city, now)


async def _hands(case: Case, _city: City, _now: datetime) -> list[Person]:
    return await _present([case.handler_id]) or await _present([case.assignee_id])


async def _unit(case: Case, city: City, now: datetime) -> list[Person]:
    return await list_on_duty(case.unit, city=city, now=now)


async def _leaders(case: Case, _city: City, _now: datetime) -> list[Person]:
    return await list_staff(Role.LEADER, unit=case.unit) or await list_dispatchers()


async def _checker(case: Case, _city: City, _now: datetime) -> list[Person]:
    return await _present([case.checker_id]) or await list_dispatchers()


async def _dispatchers(_case: Case, _city: City, _now: datetime) -> list[Person]:
    return await list_dispatchers()


async def _answerer(case: Case, _city: City, _now: datetime) -> list[Person]:
    return await _present([case.handler_id]) or await list_dispatchers()


async def _admins(_case: Case, _city: City, _now: datetime) -> list[Person]:
    return await list_staff(Role.ADMIN) or await list_dispatchers()


async def _present(ids: list[int | None]) -> list[Person]:
    """Return those who can still be told: work of somebody who left goes to others."""
    return [person for person in await _people(ids) if person.following and person.openid]


async def _people(ids: list[int | None]) -> list[Person]:
    known = [one for one in dict.fromkeys(ids) if one is not None]
    return list(await Person.filter(id__in=known).order_by("id")) if known else []


Audience = Callable[[Case, City, datetime], Awaitable[list[Person]]]
AUDIENCES: dict[Told, Audience] = {
    Told.REPORTER: _reporter,
    Told.JOINED: _joined,
    Told.FOLLOWERS: _followers,
    Told.HANDLER: _handler,
    Told.HANDS: _hands,
    Told.UNIT: _unit,
    Told.LEADERS: _leaders,
    Told.CHECKER: _checker,
    Told.DISPATCHERS: _dispatchers,
    Told.ANSWERER: _answerer,
    Told.ADMINS: _admins,
}
