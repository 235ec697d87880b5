"""Readers of cases: one by number, a person's own, what is near, what waits for whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from math import cos, radians

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.cases.crews import list_unheard
from models.cases.sources import BY_RULE, HUMAN
from models.cases.states import CONSULTATION, OPEN
from models.cases.tables import Case, CaseEvent, Following
from models.city.city import CaseType, GcjPoint
from models.city.coordinates import metres_between
from models.people import Person
from models.statements import columns, read, run

METRES_PER_DEGREE = 111_320.0
RATING_LIFE = timedelta(days=7)
LOOKED_AT = 50  # of a person's cases, at most


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose cases somebody of the staff may act on: those of some units, and those that they were asked about."""

    person_id: int
    units: frozenset[str]


async def find_case(number: str) -> Case | None:
    """Return the case with the number that people see."""
    return await Case.get_or_none(number=number)


async def list_mine(person: Person, *, limit: int = 5) -> list[Case]:
    """Return what this person reported or joined, newest first."""
    rows = await run(_mine(), (person.id, person.id, limit))
    return [read(Case, row, "c_") for row in rows]


async def count_mine(person: Person) -> int:
    """Return how many cases this person reported."""
    return await Case.filter(reporter_id=person.id).count()


async def count_consultations(person: Person, *, since: datetime) -> int:
    """Return how many questions this person has put to the desk since then."""
    return await Case.filter(reporter_id=person.id, type=CONSULTATION, opened_at__gt=since).count()


async def find_unrated(person: Person, *, now: datetime) -> Case | None:
    """Return the person's latest closed case that still waits for their verdict."""
    closed = Case.filter(reporter_id=person.id, state="closed", closed_at__gt=now - RATING_LIFE)
    return await closed.order_by("-closed_at", "-id").first()


async def find_reopenable(person: Person, *, since: datetime) -> Case | None:
    """Return the person's latest rated case that was closed after ``since``: it may be opened again."""
    rated = Case.filter(reporter_id=person.id, state="rated", closed_at__gt=since)
    return await rated.order_by("-closed_at", "-id").first()


async def list_history(case: Case) -> list[CaseEvent]:
    """Return every step of the case, oldest first."""
    return list(await CaseEvent.filter(case_id=case.id).order_by("id"))


async def find_same(kind: CaseType, point: GcjPoint) -> Case | None:
    """Return the nearest open case of that type within the type's radius (metres), or None.

    Not one against the cause of what keeps coming back: who reports wants this one thing put right.
    """
    dlat = kind.radius / METRES_PER_DEGREE
    shrink = max(cos(radians(point.lat)), 0.01)
    dlng = dlat / shrink
    box = (point.lat - dlat, point.lat + dlat, point.lng - dlng, point.lng + dlng)
    rows = await run(_nearest(), (kind.code, BY_RULE, *box, *(point.lat,) * 2, *(point.lng, shrink) * 2))
    case = read(Case, rows[0], "c_") if rows else None
    return case if case and metres_between(point, _point(case)) <= kind.radius else None


async def list_open(person: Person, *, limit: int = 5) -> list[Case]:
    """Return what this person reported or joined and is still under way, newest first."""
    return [case for case in await list_mine(person, limit=LOOKED_AT) if case.state in OPEN][:limit]


async def find_latest(person: Person) -> Case | None:
    """Return the case that this person reported last and that is still under way."""
    return next((case for case in await list_open(person) if case.reporter_id == person.id), None)


async def list_work(person: Person, *, units: Collection[str] = (), limit: int = 10) -> list[Case]:
    """Return what waits for this officer: their own, and the untaken ones of ``units``; danger first.

    ``units`` are those that the officer answers for now (``units_of``); their own unit always counts.
    """
    served = sorted({person.unit, *units} - {""})
    waits = [(person.id, limit), *((unit, limit) for unit in served)]
    rows = await run(_work(len(served)), (*chain.from_iterable(waits), limit))
    return [read(Case, row, "c_") for row in rows]


async def list_handled(person: Person, *, limit: int = LOOKED_AT) -> list[Case]:
    """Return what this officer has worked on, the last changed first."""
    return list(await Case.filter(handler_id=person.id).order_by("-changed_at", "-id").limit(limit))


async def list_in_hand(person: Person, *, limit: int = 5) -> list[Case]:
    """Return what this officer has taken and not handed back, the most pressing first."""
    return list(
        await Case.filter(handler_id=person.id, state="handling").order_by("due_at", "id").limit(limit)
    )


async def list_desk(*, limit: int = 10, deaf: Collection[str] = ()) -> list[Case]:
    """Return what waits for a dispatcher: to send out, to answer, to check, to decide; danger first, then by due.

    Also the work of the units ``deaf`` (``list_deaf_units``) that is in nobody's hands: no list but this has it.
    """
    waiting = await Case.filter(at_desk=True).order_by("-urgent", "due_at", "id").limit(limit)
    cases = {case.id: case for case in [*waiting, *await list_unheard(deaf)]}
    return sorted(cases.values(), key=lambda case: (not case.urgent, case.due_at, case.id))[:limit]


async def list_talks(person: Person, *, limit: int = LOOKED_AT) -> list[Case]:
    """Return the talks that this person of the desk answers and that wait for the other side."""
    return list(await Case.filter(handler_id=person.id, state="talking").order_by("-changed_at").limit(limit))


async def list_by_tail(
    tail: str, *, states: Collection[str] = (), reach: Reach | None = None, limit: int = LOOKED_AT
) -> list[Case]:
    """Return cases whose number ends so, those under way before those that ended, the newest first.

    ``states``: only cases in one of these; ``reach``: only cases within it.
    """
    found = _within(reach).filter(tail=tail)
    if states:
        found = found.filter(state__in=sorted(states))
    return list(await found.order_by("-is_open", "-id").limit(limit))


async def list_in_states(
    states: Collection[str], *, reach: Reach | None = None, limit: int = LOOKED_AT
) -> list[Case]:
    """Return cases in these states within the reach, most pressing first; the states of ended cases are too many."""
    found = _within(reach).filter(state__in=sorted(states))
    return list(await found.order_by("due_at", "id").limit(limit))


async def list_unrated(*, now: datetime, after: int = 0, limit: int = 200) -> list[int]:
    """Return ids, above ``after``, of closed cases whose time for a verdict is over."""
    lapsed = Case.filter(state="closed", closed_at__lte=now - RATING_LIFE, id__gt=after)
    lapsed = lapsed.order_by("id").limit(limit)
    return list(await lapsed.values_list("id", flat=True))  # type: ignore[arg-type]


async def list_waking(*, now: datetime, limit: int = 500) -> list[int]:
    """Return ids of cases with an alarm that is due, the longest due first."""
    due = Case.filter(wake_at__lte=now).order_by("wake_at", "id").limit(limit)
    return list(await due.values_list("id", flat=True))  # type: ignore[arg-type]


async def list_unclocked(*, limit: int = 200) -> list[int]:
    """Return ids of cases under way from a release without clocks."""
    old = Case.filter(wake_at=None, steps=0, is_open=True).order_by("id").limit(limit)
    return list(await old.values_list("id", flat=True))  # type: ignore[arg-type]


async def list_due_later(*, now: datetime, after: int, limit: int = 100) -> list[Case]:
    """Return cases under way that fall due after ``now``, by id from the one after ``after`` on."""
    later = Case.filter(is_open=True, due_at__gt=now, id__gt=after).order_by("id").limit(limit)
    return list(await later)


async def is_involved(case: Case, person: Person) -> bool:
    """Tell whether the person reported or joined the case."""
    return case.reporter_id == person.id or await Following.exists(case_id=case.id, person_id=person.id)


async def list_numbers(case_ids: Collection[int]) -> dict[int, str]:
    """Return the numbers that people see, by id."""
    return dict(await Case.filter(id__in=list(case_ids)).values_list("id", "number")) if case_ids else {}


def is_talk(case: Case) -> bool:
    """Tell whether the case is a talk between a citizen and the people at the desk."""
    return case.type == CONSULTATION and case.source == HUMAN


def _within(reach: Reach | None) -> QuerySet[Case]:
    if reach is None:
        return Case.all()
    one = reach.person_id
    own = Q(handler_id=one) | Q(assignee_id=one) | Q(checker_id=one)
    return Case.filter(own | Q(unit__in=sorted(reach.units)) if reach.units else own)


def _point(case: Case) -> GcjPoint:
    return GcjPoint(case.lat or 0.0, case.lng or 0.0)


@cache
def _mine() -> str:
    own = "SELECT id FROM case_file WHERE reporter_id = ?"
    joined = "SELECT case_id FROM following WHERE person_id = ?"
    found = f"SELECT {columns(Case, 'c', 'c_')} FROM case_file c"  # noqa: S608
    return f"{found} WHERE c.id IN ({own} UNION {joined}) ORDER BY c.id DESC LIMIT ?"


@cache
def _nearest() -> str:
    """Nearest in the box: over a few hundred metres the earth is flat."""
    box = "c.type = ? AND c.is_open = TRUE AND c.source <> ? AND c.lat BETWEEN ? AND ? AND c.lng BETWEEN ? AND ?"
    near = "(c.lat - ?) * (c.lat - ?) + ((c.lng - ?) * ?) * ((c.lng - ?) * ?)"
    found = f"SELECT {columns(Case, 'c', 'c_')} FROM case_file c"  # noqa: S608
    return f"{found} WHERE {box} ORDER BY {near}, c.id LIMIT 1"


@cache
def _work(units: int) -> str:
    """A person's own and, of each unit, what nobody holds: each a stretch of an index, merged."""
    found = f"SELECT {columns(Case, 'c', 'c_')} FROM case_file c"  # noqa: S608
    first = "c.at_work = TRUE ORDER BY c.urgent DESC, c.due_at, c.id LIMIT ?"
    own = f"{found} WHERE c.handler_id = ? AND {first}"
    left = "LEFT JOIN person p ON p.id = c.handler_id"  # who left holds nothing
    free = f"{found} {left} WHERE (p.id IS NULL OR NOT p.following) AND c.unit = ? AND {first}"
    parts = " UNION ALL ".join(f"SELECT * FROM ({part}) part" for part in (own, *[free] * units))  # noqa: S608
    return f"{parts} ORDER BY c_urgent DESC, c_due_at, c_id LIMIT ?"
