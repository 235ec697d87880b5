"""Reads a row of a sheet of 12345 or 12319 as a report, naming every cell that is not right in plain words: pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.cases.draft import PLACE_SURE
from models.cases.moves import Report
from models.cases.sheet_heads import (
    ADDRESS,
    LAT,
    LNG,
    NUMBER,
    POINT,
    SYSTEM,
    TEXT,
    TIME,
    TITLE,
    TYPE,
    URGENT,
)
from models.cases.sheet_points import read_degrees, read_pair, system_of
from models.cases.sheet_times import read_moment
from models.cases.sheets import Fault, Row
from models.characters import PAUSE
from models.city.city import CaseType, City, GcjPoint, Wgs84Point
from models.city.coordinates import wgs_to_gcj
from models.classify.rules import OTHER
from models.clock import local
from models.town import Town

CLIENT = "表格导入"  # as the history names what opened the case
MOST_NUMBER = 60  # characters: the key of a case holds 80, with its source
MOST_TEXT = 2000
MOST_ADDRESS = 200
QUOTED = 20  # characters of a cell said again in a fault
POINTS = frozenset({LNG, LAT, POINT, SYSTEM})
SURE_TYPE = 0.5  # below, the words do not tell the type: a dispatcher decides
AHEAD = timedelta(minutes=5)  # a clock of theirs may go before ours
OLDEST = timedelta(days=366)
PRESSING = {"是", "紧急", "特急", "加急", "急", "1", "y", "yes", "true"}
NOT_PRESSING = {"否", "不紧急", "非紧急", "一般", "普通", "正常", "0", "n", "no", "false", "-", "无"}

NO_NUMBER = "编号是空的。每行要有自己的编号，请补上。"
LOST_DIGITS = "编号成了数字，后几位已经丢了。请把这一列设成「文本」，重新填编号。"
LONG_NUMBER = "编号太长，最多 60 个字。"
NO_TEXT = "内容是空的。请写清楚是什么事。"
LONG_TEXT = "内容有 {count} 个字，最多 2000 个。请缩短。"
LONG_ADDRESS = "地点有 {count} 个字，最多 200 个。请只留地址。"
NO_PLACE = "没有地点。请写地址，或者填经度和纬度。"
NO_TYPE = "没有「{told}」这个类别。请写：{names}；也可以空着，按内容判断。"
NO_SYSTEM = "不认识坐标系「{told}」。请写 GCJ-02 或 WGS-84；别的坐标系请先转换，或者把坐标空着。"
OUTSIDE = "这个位置不在{town}范围内。请核对坐标和坐标系；要是在外地，请退给 12345。"
NO_URGENCY = "「{told}」看不懂。请写「是」或「否」，也可以空着。"
NO_TIME = "时间看不懂。请写成 2026-07-06 08:30 这样，也可以空着。"
WRONG_TIME = "时间不能晚于现在，也不能早于一年前。请核对。"
LEFT_OUT = "这一格没有用上，其余照常导入。"
RECEIVED = "\n（受理时间 {at:%Y-%m-%d %H:%M}）"

Kinds = Mapping[str, tuple[CaseType, str]]  # name -> type, code of its small class or ""

_LOST = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_PARTS = re.compile(rf"(?:(?!\s){PAUSE}|[-—_\\>])+")


def read_row(
    row: Row, *, heads: dict[str, str], kinds: Kinds, source: str, town: Town, now: datetime
) -> tuple[Report | None, list[Fault]]:
    """Return the report that a row (or a filled form) tells of, None with faults, and what else is to be said of it.

    ``heads`` name the columns.

    ``kinds`` are the town's types by name (``list_type_names``).

    A cell that a row can do without is left out with a note when nobody can read it, never the row.
    Without a type the words decide; where they do not tell it, a dispatcher will. An address that the town knows
    gives the point when there are no coordinates. What looks like a formula is text like any other.
    """
    reading = _Reading(row, heads, kinds, town, now, [])
    number, words = _number(reading), _words(reading)
    kind, small = _type(reading)
    point = _point(reading)
    address = _address(reading, point)
    urgent, received = _urgent(reading), _received(reading)
    for column in row.lost.keys() - {ADDRESS, *POINTS}:
        reading.note(column, row.lost[column])
    if any(not fault.note for fault in reading.faults):
        return None, reading.faults
    verdict = town.classifier.classify(reading.cell(TEXT), reading.cell(TITLE))
    sure = verdict.confidence >= SURE_TYPE or OTHER not in town.city.case_types
    code = kind.code if kind else verdict.type if sure else OTHER
    spot = None if point else town.atlas.find_words(address)
    report = Report(
        type=code,
        text=words + received,
        point=spot.point if spot and spot.sure >= PLACE_SURE and spot.place.inside else point,
        address=address or (town.atlas.areas_at(point).name if point else ""),
        urgent=verdict.urgent if urgent is None else urgent,
        small_class=small or (verdict.small_class if code == verdict.type else ""),
        source=source,
        origin=f"{source}:{number}",
        client=CLIENT,
    )
    return report, reading.faults


def number_of(row: Row) -> str:
    """Return the row's 编号 in half-width characters without gaps, "" when it has none."""
    return _half_width(row.cells.get(NUMBER, ""))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One row while it is read, and what is wrong so far."""

    row: Row
    heads: dict[str, str]
    kinds: Kinds
    town: Town
    now: datetime
    faults: list[Fault]

    def cell(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def blame(self, column: str, words: str) -> None:
        """Say what is wrong: the row cannot be taken."""
        self.faults.append(Fault(self.row.number, self._head(column), words))

    def note(self, column: str, words: str) -> None:
        """Say why a cell is left out: the row is taken all the same."""
        self.faults.append(Fault(self.row.number, self._head(column), words + LEFT_OUT, note=True))

    def _head(self, column: str) -> str:
        return self.heads.get(column) or self.heads.get(LNG) or self.heads.get(POINT, "")


def _number(reading: _Reading) -> str:
    told = number_of(reading.row)
    if not told:
        reading.blame(NUMBER, NO_NUMBER)
    elif _LOST.fullmatch(told):
        reading.blame(NUMBER, LOST_DIGITS)
    elif len(told) > MOST_NUMBER:
        reading.blame(NUMBER, LONG_NUMBER)
    return told


def _words(reading: _Reading) -> str:
    """Return title and text as one; a title that the text repeats is left out."""
    title, text = reading.cell(TITLE), reading.cell(TEXT)
    words = text if title in text else f"{title}\n{text}"
    if not text:
        reading.blame(TEXT, NO_TEXT)
    elif len(words) > MOST_TEXT:
        reading.blame(TEXT, LONG_TEXT.format(count=len(words)))
    return words


def _type(reading: _Reading) -> tuple[CaseType | None, str]:
    """Return the type and small class that the row names; of 市容环境/占道经营 the last part that the town knows."""
    told = _folded(reading.cell(TYPE))
    if not told:
        return None, ""
    parts = (told, *reversed(_PARTS.split(told)))
    found = next((reading.kinds[part] for part in parts if part in reading.kinds), None)
    if found is None:  # other offices have other lists: their words may still be plain
        verdict = reading.town.classifier.classify(reading.cell(TYPE))
        kind = reading.town.city.case_types.get(verdict.type)
        found = (kind, "") if kind and kind.code != OTHER and verdict.confidence >= SURE_TYPE else None
    if found is None:
        names = "、".join(kind.short for kind in reading.town.city.case_types.values())
        reading.note(TYPE, NO_TYPE.format(told=told[:QUOTED], names=names))
        return None, ""
    return found


def list_type_names(city: City) -> Kinds:
    """Return what a type may be called: its code and names, then those of its small classes."""
    names: dict[str, tuple[CaseType, str]] = {}
    for kind in city.case_types.values():
        names |= {_folded(name): (kind, "") for name in (kind.code, kind.name, kind.short)}
    for kind in city.case_types.values():
        for small in kind.small:
            for name in (small.code, small.name):
                names.setdefault(_folded(name), (kind, small.code))
    return names


def _address(reading: _Reading, point: GcjPoint | None) -> str:
    address, lost = reading.cell(ADDRESS), reading.row.lost.get(ADDRESS)
    if len(address) > MOST_ADDRESS:
        reading.blame(ADDRESS, LONG_ADDRESS.format(count=len(address)))
    if lost:
        (reading.note if point else reading.blame)(ADDRESS, lost)
    elif not address and not any(reading.cell(column) or column in reading.row.lost for column in POINTS):
        reading.blame(ADDRESS, NO_PLACE)
    return address


def _point(reading: _Reading) -> GcjPoint | None:
    """Return the point in GCJ-02, None when no coordinates are given or they are wrong.

    With an address the row can do without them; only a place outside the town is no case of ours.
    """
    column = LNG if reading.cell(LNG) or reading.cell(LAT) else POINT
    blame = reading.note if reading.cell(ADDRESS) else reading.blame
    if lost := sorted(POINTS & reading.row.lost.keys()):
        for each in lost:
            blame(each, reading.row.lost[each])
        return None
    numbers, words = (
        read_pair(reading.cell(POINT))
        if column == POINT
        else read_degrees(_folded(reading.cell(LNG)), _folded(reading.cell(LAT)))
    )
    if words:
        blame(column, words)
    if words or not numbers:
        return None
    system = system_of(_folded(reading.cell(SYSTEM)))
    if not system:
        blame(SYSTEM, NO_SYSTEM.format(told=reading.cell(SYSTEM)[:QUOTED]))
        return None
    lng, lat = numbers
    point = GcjPoint(lat, lng) if system == "gcj" else wgs_to_gcj(Wgs84Point(lat, lng))
    if not reading.town.atlas.areas_at(point).inside:
        reading.blame(column, OUTSIDE.format(town=reading.town.city.name))
        return None
    return point


def _urgent(reading: _Reading) -> bool | None:
    """Return what the row says, None when it says nothing: then the words decide."""
    told = _folded(reading.cell(URGENT))
    if told and told not in PRESSING | NOT_PRESSING:
        reading.note(URGENT, NO_URGENCY.format(told=told[:QUOTED]))
        return None
    return told in PRESSING if told else None


def _received(reading: _Reading) -> str:
    """Return the line that keeps when they received it, "" when the row does not say; our clocks start with us."""
    told = reading.cell(TIME)
    if not told:
        return ""
    at = read_moment(told, reading.now)
    if at is None:
        reading.note(TIME, NO_TIME)
        return ""
    if not reading.now - OLDEST <= at <= reading.now + AHEAD:
        reading.note(TIME, WRONG_TIME)
        return ""
    return RECEIVED.format(at=local(at))


def _half_width(text: str) -> str:
    """Return the text in half-width characters, its gaps closed."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _folded(text: str) -> str:
    return _half_width(text).lower()
