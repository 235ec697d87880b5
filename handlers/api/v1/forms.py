"""Reads what a program sends: bodies by their schema, filters of lists, each mistake named with its field."""

import json
from datetime import datetime
from itertools import islice
from typing import Any

from aiohttp import web
from jsonschema import Draft202012Validator

from handlers.api.v1.access import Wrong
from handlers.uploads import TooMuch, TooSlow, read_bytes
from models.cases.listing import MOST, Wanted
from models.cases.states import STATE_NAMES
from models.city.city import City, GcjPoint, Wgs84Point
from models.city.coordinates import wgs_to_gcj
from models.clock import BEIJING

TOO_LARGE = "正文超过 256 KiB。"
TOO_SLOW = "没有按时传完，没有收下。请再发一次。"
BAD_JSON = "正文不是 JSON 对象。"
BAD_BODY = "有些内容不对，见 fields。"
BAD_QUERY = "有些参数不对，见 fields。"
BAD_MOMENT = "要写成带时区的时间，例如 2026-01-31T08:00:00+08:00"
DEFAULT_LIMIT = 50
MOST_FAULTS = 40  # named in one answer
NUL = r"\u0000"  # as JSON writes it: PostgreSQL keeps none in its texts
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


async def read_body(request: web.Request, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON object of the body if it fits the schema; raises Wrong with every mistake."""
    try:
        told = json.loads(await read_bytes(request))
    except TooMuch:
        raise Wrong(413, "too_large", TOO_LARGE) from None
    except TooSlow:
        raise Wrong(408, "too_slow", TOO_SLOW) from None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Wrong(400, "bad_json", BAD_JSON)
    faults = {
        ".".join(map(str, error.absolute_path)) or "body": error.message[:200]
        for error in islice(Draft202012Validator(schema).iter_errors(told), MOST_FAULTS)
    }
    if faults:
        raise Wrong(422, "bad_body", BAD_BODY, faults)
    if NUL in json.dumps(told, ensure_ascii=False) or _has_lone_surrogate(told):
        raise Wrong(422, "bad_body", BAD_BODY, {"body": "有不能保存的字符"})
    return told


def read_wanted(request: web.Request, city: City) -> tuple[Wanted, str, int]:
    """Return filters, cursor and limit of a list; raises Wrong with every mistake."""
    query, faults = request.query, {}
    known = {
        "state": set(STATE_NAMES),
        "type": set(city.case_types),
        "area": set(city.areas),
        "unit": set(city.units),
        "sort": {"due", "opened"},
    }
    for name, values in known.items():
        wrong = [part for part in listed(query.get(name, "")) if part not in values]
        if wrong:
            faults[name] = f"没有“{wrong[0][:40]}”"
    limit = whole(query.get("limit", ""), DEFAULT_LIMIT)
    if limit is None or not 1 <= limit <= MOST:
        faults["limit"] = f"要在 1 和 {MOST} 之间"
    moments = {name: _moment(query[name]) for name in ("since", "until") if query.get(name)}
    faults |= {name: BAD_MOMENT for name, moment in moments.items() if moment is None}
    flags = {name: query.get(name, "").lower() for name in ("urgent", "late")}
    faults |= {name: "只能是 true 或 false" for name, told in flags.items() if told and told not in BOOLEANS}
    if faults:
        raise Wrong(422, "bad_query", BAD_QUERY, faults)
    wanted = Wanted(
        states=tuple(listed(query.get("state", ""))),
        types=tuple(listed(query.get("type", ""))),
        area=query.get("area", ""),
        unit=query.get("unit", ""),
        source=query.get("source", "")[:20].replace("\x00", ""),
        urgent=BOOLEANS.get(flags["urgent"]),
        late=BOOLEANS.get(flags["late"]),
        since=moments.get("since"),
        until=moments.get("until"),
        by_due=query.get("sort") == "due",
    )
    return wanted, query.get("cursor", ""), int(limit or DEFAULT_LIMIT)


def read_point(place: dict[str, Any]) -> GcjPoint | None:
    """Return the point in GCJ-02, whichever of both the program gave; raises Wrong for one that is none."""
    for name in ("gcj02", "wgs84"):
        if name in place:
            lat, lng = place[name]
            if not (-90 <= lat <= 90 and -180 <= lng <= 180):
                raise Wrong(422, "bad_body", BAD_BODY, {f"place.{name}": "要写成 [纬度, 经度]"})
            return GcjPoint(lat, lng) if name == "gcj02" else wgs_to_gcj(Wgs84Point(lat, lng))
    return None


def read_until(told: dict[str, Any]) -> datetime | None:
    """Return the moment of ``until``; raises Wrong for one that is none."""
    if not told.get("until"):
        return None
    moment = _moment(told["until"])
    if moment is None:
        raise Wrong(422, "bad_body", BAD_BODY, {"until": BAD_MOMENT})
    return moment


def listed(told: str) -> list[str]:
    """Return the parts of a parameter that names several, with commas between."""
    return [part.strip() for part in told.split(",") if part.strip()]


def whole(told: str, default: int) -> int | None:
    """Return the whole number of a parameter, ``default`` where it is missing, None where it is none."""
    if not told:
        return default
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 6 else None


def _moment(told: str) -> datetime | None:
    """Return the moment, Beijing's where no zone is said; None when it is none."""
    try:
        moment = datetime.fromisoformat(told.replace(" ", "+"))
    except ValueError:
        return None
    if not 1971 <= moment.year <= 2200:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def _has_lone_surrogate(told: Any) -> bool:
    try:
        json.dumps(told, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
