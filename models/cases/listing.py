"""Lists cases for programs and consoles: filters, an order, and a cursor that stays right while cases come in."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.cases.states import AT_WORK, OPEN
from models.cases.tables import Case
from models.errors import Refusal

MOST = 200  # cases of one page
FIRST_YEAR = 1971
LISTS = (("at_work", AT_WORK), ("is_open", OPEN))  # columns that indexes begin with, and their states
BAD_CURSOR = "cursor 不对，请用上一页给的 next_cursor，或从第一页重新开始。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases; an empty field asks for nothing. ``area`` is the code of any 区, 街, 格 or 路."""

    states: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    area: str = ""
    unit: str = ""
    source: str = ""
    urgent: bool | None = None
    late: bool | None = None
    since: datetime | None = None  # opened at or after
    until: datetime | None = None  # opened before
    by_due: bool = False  # the most pressing first, instead of the newest first


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases, and where the next ones begin; "" after the last."""

    cases: list[Case]
    next_cursor: str


async def list_page(wanted: Wanted, *, cursor: str = "", limit: int = 50) -> Page:
    """Return at most ``limit`` (1..200) cases after the cursor; raises Refusal for a cursor that is none of ours."""
    found = _filtered(wanted)
    name = "due_at" if wanted.by_due else "opened_at"
    if cursor:
        found = found.filter(_after(cursor, name))
    order = (name, "id") if wanted.by_due else ("-opened_at", "-id")
    cases = list(await found.order_by(*order).limit(limit + 1))
    more = len(cases) > limit
    cases = cases[:limit]
    return Page(cases, _cursor(cases[-1], name) if more else "")


def _filtered(wanted: Wanted) -> QuerySet[Case]:
    exact: dict[str, Any] = {"unit": wanted.unit, "source": wanted.source}
    asked = {name: value for name, value in exact.items() if value}
    asked |= {n: v for n, v in (("urgent", wanted.urgent), ("late", wanted.late)) if v is not None}
    asked |= _in_states(wanted.states)
    asked |= {"type__in": list(wanted.types)} if wanted.types else {}
    asked |= {"opened_at__gte": wanted.since} if wanted.since else {}
    asked |= {"opened_at__lt": wanted.until} if wanted.until else {}
    found = Case.filter(**asked)
    if wanted.area:
        kinds = ("road", "grid", "street", "district")
        found = found.filter(Q(*(Q(**{kind: wanted.area}) for kind in kinds), join_type="OR"))
    return found


def _in_states(states: tuple[str, ...]) -> dict[str, Any]:
    """Return the condition for these states, by the narrowest list that holds them: an index begins with it."""
    if not states:
        return {}
    name, listed = next((pair for pair in LISTS if pair[1].issuperset(states)), ("", frozenset[str]()))
    exact = {} if listed == set(states) else {"state__in": list(states)}
    return exact | ({name: True} if name else {})


def _after(cursor: str, name: str) -> Q:
    """Return the condition for what comes after the case of the cursor in that order."""
    try:
        told = json.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        by, moment, last = told
        at = datetime.fromisoformat(moment)
        zoned = at.tzinfo is not None and at.astimezone(UTC).year >= FIRST_YEAR
        ok = zoned and by == name and type(last) is int and 0 < last < 2**62
    except (ValueError, TypeError, OverflowError, RecursionError):
        ok = False
    if not ok:
        raise Refusal(BAD_CURSOR)
    beyond = "gt" if name == "due_at" else "lt"
    further: dict[str, Any] = {f"{name}__{beyond}": at}
    same: dict[str, Any] = {name: at, f"id__{beyond}": last}
    first: dict[str, Any] = {f"{name}__{beyond}e": at}  # follows from the rest; an index can begin there
    return Q(**first) & (Q(**further) | Q(**same))


def _cursor(case: Case, name: str) -> str:
    told = [name, getattr(case, name).isoformat(), case.id]
    return urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
