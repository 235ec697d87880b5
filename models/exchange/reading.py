"""Reads what another system sends us as a case, and names every field that is not right in plain words."""

import json
import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from models.cases.draft import PLACE_SURE
from models.cases.moves import Report
from models.city.city import GcjPoint, Wgs84Point
from models.city.coordinates import wgs_to_gcj
from models.classify.rules import OTHER
from models.clock import local
from models.errors import Refusal
from models.town import Town

FIELDS = ("type", "text", "place", "address", "urgent", "occurred_at")
SYSTEMS = ("gcj02", "wgs84")
MOST_TEXT = 2000  # characters
MOST_ADDRESS = 200
MOST_FAULTS = 20  # unknown fields named in one answer
OLDEST = timedelta(days=30)
AHEAD = timedelta(minutes=5)  # a clock of theirs may go before ours
SURE_TYPE = 0.5  # below, the words do not tell the type: a dispatcher decides

NO_JSON = "内容不是 UTF-8 编码的 JSON 对象。"
FAULTY = "有 {count} 处要改：{names}。"
NO_FIELD = "没有这个字段，可用的有 " + "、".join(FIELDS) + "。"
NO_PHOTOS = "暂时不收照片，请去掉这个字段。"
NEEDED = "必须填写。"
NO_TEXT = "要写成文字，1 到 {most} 个字，不能有控制字符。"
NO_TYPE = "没有这个案件类别。不确定就不填，由文字判断。"
NO_PLACE = "place 和 address 至少要有一个。"
ONE_POINT = '要写成 {"gcj02": [纬度, 经度]} 或 {"wgs84": [纬度, 经度]}，只给一个。'
NO_POINT = "要写成 [纬度, 经度] 两个数字，单位是度。"
OUTSIDE = "这个位置不在{town}范围内。请检查纬度在前、经度在后，以及坐标系（GPS 坐标用 wgs84）。"
NO_SWITCH = "只能是 true 或 false。"
NO_MOMENT = "要写成带时区的时间，例如 2026-07-06T08:30:00+08:00。"
NO_TIME = "不能晚于现在，也不能早于 30 天前。"
OCCURRED = "\n（发生时间 {at:%Y-%m-%d %H:%M}）"

# Tab and new line may stand in a text; other controls and half characters cannot be kept by every database.
_UNKEEPABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Faults(Refusal):
    """What was sent cannot be a case; ``fields`` says for each field, by its path, what to write instead."""

    def __init__(self, fields: dict[str, str]) -> None:
        names = "、".join(fields)
        super().__init__(FAULTY.format(count=len(fields), names=names) if fields else NO_JSON)
        self.fields = fields


@dataclass
class _Reading:
    """One body while it is read: its values, the town, and what is wrong so far."""

    told: dict[str, Any]
    town: Town
    now: datetime
    faults: dict[str, str] = field(default_factory=dict)


def read_case(body: bytes, *, town: Town, now: datetime) -> Report:
    """Return the report that a body (JSON object, see docs) tells of; raises Faults naming every wrong field.

    Without a type the words decide; where they do not tell it, a dispatcher will. An address that the town knows
    gives the point when none is sent.
    """
    reading = _Reading(_object(body), town, now)
    for name in sorted(reading.told.keys() - set(FIELDS))[:MOST_FAULTS]:
        reading.faults[name[:40]] = NO_PHOTOS if name == "photos" else NO_FIELD
    text, address = _words(reading, "text", MOST_TEXT), _words(reading, "address", MOST_ADDRESS)
    if "text" not in reading.told:
        reading.faults["text"] = NEEDED
    code, urgent, point = _type(reading), _urgent(reading), _point(reading)
    occurred = _occurred(reading)
    if reading.faults:
        raise Faults(reading.faults)
    return _report(Report(code, text, point, address, urgent=urgent), occurred, town)


def _report(told: Report, occurred: str, town: Town) -> Report:
    verdict = town.classifier.classify(told.text)
    code = told.type or verdict.type
    if not told.type and verdict.confidence < SURE_TYPE and OTHER in town.city.case_types:
        code = OTHER
    spot = None if told.point else town.atlas.find_words(told.address)
    return Report(
        type=code,
        text=told.text + occurred,
        point=spot.point if spot and spot.sure >= PLACE_SURE and spot.place.inside else told.point,
        address=told.address,
        urgent=told.urgent or verdict.urgent,
        small_class=verdict.small_class if code == verdict.type else "",
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise Faults({}) from None
    if not isinstance(told, dict):
        raise Faults({})
    return told


def _words(reading: _Reading, name: str, most: int) -> str:
    told = reading.told.get(name, "")
    if name in reading.told and not _is_words(told, most):
        reading.faults[name] = NO_TEXT.format(most=most)
    return told.strip() if isinstance(told, str) else ""


def _is_words(told: object, most: int) -> bool:
    return isinstance(told, str) and 0 < len(told.strip()) <= most and not _UNKEEPABLE.search(told)


def _type(reading: _Reading) -> str:
    told = reading.told.get("type", "")
    if "type" in reading.told and (not isinstance(told, str) or told not in reading.town.city.case_types):
        reading.faults["type"] = NO_TYPE
    return told if isinstance(told, str) else ""


def _urgent(reading: _Reading) -> bool:
    told = reading.told.get("urgent", False)
    if not isinstance(told, bool):
        reading.faults["urgent"] = NO_SWITCH
    return told is True


def _point(reading: _Reading) -> GcjPoint | None:
    told = reading.told.get("place")
    if "place" not in reading.told:
        if "address" not in reading.told:
            reading.faults["place"] = NO_PLACE
        return None
    if not isinstance(told, dict) or len(told) != 1 or not told.keys() <= set(SYSTEMS):
        reading.faults["place"] = ONE_POINT
        return None
    (system, pair), *_ = told.items()
    if not _is_pair(pair):
        reading.faults[f"place.{system}"] = NO_POINT
        return None
    lat, lng = float(pair[0]), float(pair[1])
    point = GcjPoint(lat, lng) if system == "gcj02" else wgs_to_gcj(Wgs84Point(lat, lng))
    if not reading.town.atlas.areas_at(point).inside:
        reading.faults[f"place.{system}"] = OUTSIDE.format(town=reading.town.city.name)
    return point


def _is_pair(told: object) -> bool:
    if not isinstance(told, list) or len(told) != 2:
        return False
    numbers = [n for n in told if isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n)]
    return len(numbers) == 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180


def _occurred(reading: _Reading) -> str:
    """Return the line that keeps when it happened, or "" when nobody said."""
    if "occurred_at" not in reading.told:
        return ""
    told = reading.told["occurred_at"]
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        reading.faults["occurred_at"] = NO_MOMENT
        return ""
    # As seconds: the arithmetic of dates fails at the ends of the calendar.
    age = reading.now.timestamp() - _seconds(moment)
    if not -AHEAD.total_seconds() <= age <= OLDEST.total_seconds():
        reading.faults["occurred_at"] = NO_TIME
        return ""
    return OCCURRED.format(at=local(moment))


def _seconds(moment: datetime) -> float:
    try:
        return moment.timestamp()
    except (OverflowError, ValueError):
        return math.inf
