"""Which units have somebody who can hear of work, and which work nobody can hear of."""

from collections.abc import Collection
from datetime import datetime

from models.cases.tables import Case
from models.city.city import City
from models.city.duty import on_shift
from models.lifecycle import Role
from models.people import Person, list_all_staff

WORKERS = (Role.OFFICER, Role.LEADER)
OUTSIDE = (*WORKERS, Role.ROAD_CHIEF, Role.COMMUNITY)  # whom a shift may name
LOOKED_AT = 200  # cases of units without anybody, at most


async def list_deaf_units(city: City, *, now: datetime) -> list[str]:
    """Return the units that nobody works for at that moment: nobody bound, all left, none of the shift bound."""
    staff = await list_all_staff()
    units = {person.unit for person in staff if _is_any(person, WORKERS)}
    codes = {person.staff_code for person in staff if _is_any(person, OUTSIDE)} - {""}
    return [
        code
        for code, unit in city.units.items()
        if code not in units and not any(one.code in codes for one in on_shift(city, unit, now))
    ]


async def list_empty_units(city: City) -> list[str]:
    """Return the names of the units for which nobody at all has bound their chat, at whatever hour."""
    staff = await list_all_staff()
    units, codes = {person.unit for person in staff}, {person.staff_code for person in staff} - {""}
    manned = {shift.unit for shift in city.shifts if codes.intersection(shift.staff)} | units
    return [unit.name for code, unit in city.units.items() if code not in manned]


async def list_unheard(units: Collection[str], *, limit: int = LOOKED_AT) -> list[Case]:
    """Return the work of these units that is in nobody's hands, the most pressing first."""
    if not units:
        return []
    found = Case.filter(at_work=True, unit__in=list(units)).order_by("-urgent", "due_at", "id")
    cases = list(await found.limit(LOOKED_AT))
    hands = {case.handler_id for case in cases} | {case.assignee_id for case in cases}
    present = set(
        await Person.filter(id__in=[one for one in hands if one], following=True).values_list("id", flat=True)
    )
    return [case for case in cases if not present & {case.handler_id, case.assignee_id}][:limit]


def _is_any(person: Person, roles: Collection[Role]) -> bool:
    return any(person.is_a(role) for role in roles)
