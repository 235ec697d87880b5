"""Says which unit a case goes to, and who is on duty there at a moment; never nobody."""

from collections.abc import Iterable
from datetime import datetime

from models.city.city import City, Shift, Staff, Unit
from models.city.places import Place
from models.clock import local
from models.lifecycle import Role

WEEK = 7 * 24 * 60  # minutes


def unit_for(city: City, type_code: str, place: Place) -> Unit:
    """Return the unit for a case of that type there.

    A unit named for the type goes before one that takes everything, then the smaller area before the larger
    (路, 格, 街, 区), then the order of the file; where nothing fits, 属地: the fallback unit.
    """
    return find_unit(city.units.values(), type_code, place.codes) or city.units[city.fallback_unit]


def find_unit(units: Iterable[Unit], type_code: str, areas: tuple[str, ...]) -> Unit | None:
    """Return the best unit for areas given from the smallest to the largest, or None."""
    fitting = [u for u in units if (not u.types or type_code in u.types) and set(u.areas) & set(areas)]
    if not fitting:
        return None
    return min(fitting, key=lambda unit: (not unit.types, _nearness(unit, areas)))


def on_duty(city: City, unit: Unit, moment: datetime) -> tuple[Staff, ...]:
    """Return who is on duty for ``unit`` at that moment (aware), the first one first, then the stand-ins.

    An hour without a shift falls to the fallback unit, then to all dispatchers, then to everybody: a case
    always has somebody.
    """
    minute = minute_of_week(moment)
    own = _on_shift(city, unit.code, minute) or _on_shift(city, city.fallback_unit, minute)
    if own:
        return own
    dispatchers = tuple(person for person in city.staff.values() if person.role is Role.DISPATCHER)
    return dispatchers or tuple(city.staff.values())


def on_shift(city: City, unit: Unit, moment: datetime) -> tuple[Staff, ...]:
    """Return who of the unit's own shifts is on duty at that moment; nobody stands in for an hour without one."""
    return _on_shift(city, unit.code, minute_of_week(moment))


def minute_of_week(moment: datetime) -> int:
    """Return the minutes since Monday 00:00 in the town."""
    here = local(moment)
    return (here.isoweekday() - 1) * 1440 + here.hour * 60 + here.minute


def shift_spans(shift: Shift) -> list[tuple[int, int]]:
    """Return the shift as [since, until) in minutes of the week; over Sunday midnight it comes in two pieces."""
    since = shift.since.hour * 60 + shift.since.minute
    until = shift.until.hour * 60 + shift.until.minute
    length = until - since if until > since else until - since + 1440
    spans: list[tuple[int, int]] = []
    for weekday in shift.weekdays:
        start = (weekday - 1) * 1440 + since
        spans.append((start, min(start + length, WEEK)))
        if start + length > WEEK:
            spans.append((0, start + length - WEEK))
    return spans


def _on_shift(city: City, unit: str, minute: int) -> tuple[Staff, ...]:
    codes = [
        code
        for shift in city.shifts
        if shift.unit == unit and any(since <= minute < until for since, until in shift_spans(shift))
        for code in shift.staff
    ]
    return tuple(city.staff[code] for code in dict.fromkeys(codes))


def _nearness(unit: Unit, areas: tuple[str, ...]) -> int:
    return min(areas.index(area) for area in unit.areas if area in areas)
