"""What anybody may read of the town's cases: which ones, and what of each; never who reported."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import cos, radians
from typing import Any

from pypika_tortoise.terms import Function as SqlFunction
from tortoise.expressions import CombinedExpression, Connector, F, Function
from tortoise.queryset import QuerySet

from models.cases.masking import mask_personal
from models.cases.queries import METRES_PER_DEGREE
from models.cases.states import OPEN, STATE_NAMES
from models.cases.tables import Case, CaseEvent
from models.cases.words import say_area, say_place
from models.city.city import City, GcjPoint
from models.city.settings import setting
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
        found = _within(found, wanted.near, city)
    return list(await found.order_by("-opened_at", "-id").offset(offset).limit(limit))


async def list_public_numbers(numbers: list[str], city: City) -> list[Case]:
    """Return the public cases with these numbers, newest first; unknown ones, and what is no number, are left out."""
    asked = [number for number in numbers if is_number(number)]
    found = Case.filter(number__in=asked, type__in=public_types(city))
    return list(await found.order_by("-opened_at", "-id"))


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
    """Return where it is, as fine as the town shows it (``public_metres``): by itself road, street and grid alone.

    What somebody typed may be their door. Where the town shows exact places it is there, without numbers of people;
    of a case taken back or rejected it never is.
    """
    exact = not setting(town.city, "public_metres") and case.state not in UNWANTED
    return mask_personal(say_place(case, town)) if exact else say_area(case, town)


def public_point(case: Case, city: City) -> GcjPoint | None:
    """Return the middle of the square in which it is, sides as ``public_metres`` has them; None without a place."""
    if case.lat is None or case.lng is None:
        return None
    lat, lng = _sides(city)
    return GcjPoint(_coarse(case.lat, lat), _coarse(case.lng, lng))


def _sides(city: City) -> tuple[float, float]:
    """Return how high and wide a square is, degrees; zeros where places are shown exactly."""
    high = setting(city, "public_metres") / METRES_PER_DEGREE
    return high, high / max(cos(radians(city.centre.lat)), 0.01)


def _coarse(degrees: float, side: float) -> float:
    return round(degrees / side) * side if side else degrees


def changed_last(case: Case) -> datetime:
    """Return when the case was last changed; of one that was closed, when that was."""
    return case.closed_at if case.closed_at and not is_open(case) else case.changed_at


def _within(found: QuerySet[Case], near: Near, city: City) -> QuerySet[Case]:
    """Keep what lies in the circle; a town is small enough to be flat, so the database can measure.

    It measures from the points that are shown: from the real ones, a few questions would tell any of them.
    """
    north = near.radius / METRES_PER_DEGREE
    narrow = max(cos(radians(near.point.lat)), 0.01)
    lat, lng = near.point.lat, near.point.lng
    high, wide = _sides(city)
    box = found.filter(lat__range=(lat - north - high, lat + north + high))
    box = box.filter(lng__range=(lng - north / narrow - wide, lng + north / narrow + wide))
    apart = CombinedExpression(
        _squared(_shown("lat", high), lat, 1.0), Connector.add, _squared(_shown("lng", wide), lng, narrow)
    )
    return box.annotate(apart=apart).filter(apart__lte=north * north)


class _SqlRound(SqlFunction):
    """ROUND(value), as both databases have it."""

    def __init__(self, term: Any, alias: str | None = None) -> None:
        super().__init__("ROUND", term, alias=alias)


class _Rounded(Function):
    """The same in the words of the ORM."""

    database_func = _SqlRound


def _shown(name: str, side: float) -> Any:
    """Return a coordinate as it is shown, for the database to reckon with."""
    return CombinedExpression(_Rounded(F(name) / side), Connector.mul, side) if side else F(name)


def _squared(shown: Any, origin: float, scale: float) -> CombinedExpression:
    away = CombinedExpression(shown, Connector.sub, origin)
    side = CombinedExpression(away, Connector.mul, scale)
    return CombinedExpression(side, Connector.mul, side)
