"""What anybody may read of the town's cases: which ones, and what of each; never who reported."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import cos, radians

from tortoise.expressions import CombinedExpression, Connector, F
from tortoise.queryset import QuerySet

from models.cases.masking import mask_personal
from models.cases.queries import METRES_PER_DEGREE
from models.cases.states import OPEN, STATE_NAMES
from models.cases.tables import Case, CaseEvent
from models.cases.words import say_area, say_place
from models.city.city import City, GcjPoint
from models.town import Town

MOST_DIGITS = 20  # of a number, as the column of ``Case`` holds them
GOING_ON = OPEN | {"merged", "disputed"}  # linked to one under way; a person still decides
ENDED = frozenset(STATE_NAMES) - GOING_ON
UNWANTED = frozenset(
    {"rejected", "withdrawn"}
)  # taken back or not ours: its words are nobody else's business
STATES = {"open": GOING_ON, "closed": ENDED}


@dataclass(frozen=True, slots=True)
class Near:
    """Within ``radius`` metres of a point."""

    point: GcjPoint
    radius: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are asked for; an empty ``types`` or ``states`` means all of them, both ends are included."""

    since: datetime
    until: datetime
    types: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    near: Near | None = None


def public_types(city: City) -> list[str]:
    """Return the codes of the types whose cases are public: those that the town handles."""
    return [kind.code for kind in city.case_types.values() if kind.handled]


async def list_public(wanted: Wanted, city: City, *, limit: int, offset: int = 0) -> list[Case]:
    """Return the cases asked for, newest first: one query over the index of ``opened_at``."""
    # SQLite compares times as text, and all of ours are kept in UTC.
    since, until = wanted.since.astimezone(UTC), wanted.until.astimezone(UTC)
    found = Case.filter(opened_at__gte=since, opened_at__lte=until)
    found = found.filter(type__in=wanted.types or public_types(city))
    if wanted.states:
        found = found.filter(state__in=sorted(wanted.states))
    if wanted.near:
        found = _within(found, wanted.near)
    return list(await found.order_by("-opened_at", "-id").offset(offset).limit(limit))


async def list_public_numbers(numbers: list[str], city: City) -> list[Case]:
    """Return the public cases with these numbers, newest first; unknown ones, and what is no number, are left out."""
    asked = [number for number in numbers if is_number(number)]
    found = Case.filter(number__in=asked, type__in=public_types(city))
    return list(await found.order_by("-opened_at", "-id"))


async def is_known_number(number: str) -> bool:
    """Tell whether there is a case of that number, public or not; False for what is no number."""
    return is_number(number) and await Case.exists(number=number)


def is_number(told: str) -> bool:
    """Tell whether a stranger's word may be the number of a case: digits, and as many as the column holds at most."""
    return told.isascii() and told.isdigit() and len(told) <= MOST_DIGITS


async def find_last_event() -> int:
    """Return the id of the last step that anybody took with any case, 0 before the first: a look at the primary key."""
    last = await CaseEvent.all().order_by("-id").first()
    return last.id if last else 0


def is_open(case: Case) -> bool:
    """Tell whether work on the case is still to be done."""
    return case.state in GOING_ON


def public_text(case: Case) -> str:
    """Return what was reported without what leads to a person; nothing of a case taken back or rejected."""
    return "" if case.state in UNWANTED else mask_personal(case.text)


def public_address(case: Case, town: Town) -> str:
    """Return where it is; of a case taken back or rejected the area alone, nothing that somebody typed."""
    return say_area(case, town) if case.state in UNWANTED else mask_personal(say_place(case, town))


def changed_last(case: Case) -> datetime:
    """Return when the case was last changed; of one that was closed, when that was."""
    return case.closed_at if case.closed_at and not is_open(case) else case.changed_at


def _within(found: QuerySet[Case], near: Near) -> QuerySet[Case]:
    """Keep what lies in the circle; a town is small enough to be flat, so the database can measure."""
    north = near.radius / METRES_PER_DEGREE
    narrow = max(cos(radians(near.point.lat)), 0.01)
    lat, lng = near.point.lat, near.point.lng
    box = found.filter(lat__range=(lat - north, lat + north))
    box = box.filter(lng__range=(lng - north / narrow, lng + north / narrow))
    apart = CombinedExpression(_squared("lat", lat, 1.0), Connector.add, _squared("lng", lng, narrow))
    return box.annotate(apart=apart).filter(apart__lte=north * north)


def _squared(name: str, origin: float, scale: float) -> CombinedExpression:
    side = CombinedExpression(F(name) - origin, Connector.mul, scale)
    return CombinedExpression(side, Connector.mul, side)
