"""Reads what a client asks of the list of requests, and says in plain words what it cannot mean."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from multidict import MultiMapping

from handlers.api.open311_forms import Wrong
from models.cases.public import STATES, Near, Wanted, public_types
from models.city.city import City, Wgs84Point
from models.city.coordinates import wgs_to_gcj
from models.clock import BEIJING

SPAN = timedelta(days=90)  # the specification's, at most and by default
A_DAY = timedelta(days=1)
DEFAULT = 50  # requests in one answer
MOST = 200  # at most: a thousand took a third of a second of everybody's time
DEEPEST = 10_000  # requests before a page: what lies further back is asked for by dates

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SPACE_FOR_PLUS = re.compile(r" (?=\d\d:?\d\d$)")  # a "+" that nobody escaped arrives as a space

Query = MultiMapping[str]


@dataclass(frozen=True, slots=True)
class Range:
    """Between which numbers a parameter may lie, and what it is when nobody gives it."""

    default: float
    least: float
    most: float
    whole: bool = False


PAGE_SIZE = Range(DEFAULT, 1, MOST, whole=True)
PAGE = Range(1, 1, 100_000, whole=True)
LAT, LONG = Range(0, -90, 90), Range(0, -180, 180)
RADIUS = Range(500, 1, 5000)  # metres


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the list."""

    limit: int = DEFAULT
    offset: int = 0


def read_numbers(query: Query) -> list[str]:
    """Return the case numbers asked for, which override all other filters; raises Wrong beyond ``MOST``."""
    numbers = _listed(query, "service_request_id")
    if len(numbers) > MOST:
        raise Wrong(400, f"service_request_id 一次最多 {MOST} 个。")
    return numbers


def read_wanted(query: Query, city: City, *, now: datetime) -> Wanted:
    """Return the filters; an empty parameter counts as none. Raises Wrong."""
    since, until = _span(query, now)
    return Wanted(since, until, _types(query, city), _states(query), _near(query))


def read_page(query: Query) -> Page:
    """Return the page asked for: ``page`` from 1, ``page_size`` at most ``MOST``. Raises Wrong."""
    size = int(read_number(query, "page_size", PAGE_SIZE))
    page = int(read_number(query, "page", PAGE))
    if (page - 1) * size > DEEPEST:
        raise Wrong(400, f"最多翻到第 {DEEPEST} 条，再往前请用 start_date 和 end_date 分段查。")
    return Page(size, (page - 1) * size)


def _types(query: Query, city: City) -> tuple[str, ...]:
    asked, known = _listed(query, "service_code"), public_types(city)
    for code in asked:
        if code not in known:
            raise Wrong(400, f"没有这个 service_code:{code[:40]}。可用的见 services。")
    return tuple(asked)


def _states(query: Query) -> tuple[str, ...]:
    asked = _listed(query, "status")
    for status in asked:
        if status not in STATES:
            raise Wrong(400, f"status 只能是 open 或 closed，不能是 {status[:40]}。")
    return tuple(state for status in asked for state in STATES[status])


def _span(query: Query, now: datetime) -> tuple[datetime, datetime]:
    start, end = _moment(query, "start_date", time.min), _moment(query, "end_date", time.max)
    since = start or (end or now) - SPAN
    until = end or (since + SPAN if start else now)
    if since > until:
        raise Wrong(400, "start_date 不能晚于 end_date。")
    if until - since >= SPAN + A_DAY:  # two dates without hours include both their days
        raise Wrong(400, f"start_date 到 end_date 最多 {SPAN.days} 天，请分几次查。")
    return since, until


def _moment(query: Query, name: str, of_day: time) -> datetime | None:
    """Return a W3C date and time; a date alone means that day in the town."""
    told = _SPACE_FOR_PLUS.sub("+", query.get(name, "").strip())
    if not told:
        return None
    moment = _parsed(told, of_day)
    if moment is None or moment.tzinfo is None or not 1971 <= moment.year <= 2200:  # room for the span
        raise Wrong(400, f"{name} 要写成带时区的时间，例如 2026-01-31T08:00:00+08:00 或 …Z。")
    return moment


def _parsed(told: str, of_day: time) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return datetime.combine(moment, of_day, BEIJING) if _DATE.fullmatch(told) else moment


def _near(query: Query) -> Near | None:
    """Read our extension: ``lat`` and ``long`` in WGS-84 with ``radius`` in metres."""
    if not query.get("lat") and not query.get("long"):
        return None
    if not query.get("lat") or not query.get("long"):
        raise Wrong(400, "lat 和 long 要一起给。")
    point = Wgs84Point(read_number(query, "lat", LAT), read_number(query, "long", LONG))
    return Near(wgs_to_gcj(point), read_number(query, "radius", RADIUS))


def read_number(query: Mapping[str, str], name: str, allowed: Range) -> float:
    """Return the number of that name, its default when nobody gives it; raises Wrong outside its range."""
    told = query.get(name, "").strip()
    if not told:
        return allowed.default
    read: Callable[[str], float] = int if allowed.whole else float
    try:
        value = read(told) if len(told) <= 20 else math.nan
    except ValueError:
        value = math.nan
    if not allowed.least <= value <= allowed.most:  # what is not a number is in no range
        raise Wrong(400, f"{name} 要在 {allowed.least:.0f} 和 {allowed.most:.0f} 之间。")
    return value


def _listed(query: Query, name: str) -> list[str]:
    """Return values that may be given several times or with commas between, each once."""
    told = [part.strip() for value in query.getall(name, []) for part in value.split(",")]
    return list(dict.fromkeys(part for part in told if part))
