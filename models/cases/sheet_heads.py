"""Knows the columns of a sheet by the words that head them, and finds the row in which they stand; pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from models.cases.sheet_books import MOST_COLUMNS
from models.cases.sheet_cells import MERGED, plain_cell

NUMBER, TYPE, TITLE, TEXT, ADDRESS = "number", "type", "title", "text", "address"
LNG, LAT, POINT, SYSTEM, TIME, URGENT = "lng", "lat", "point", "system", "time", "urgent"
# Column -> the words that head it, the most exact first. 序号 is none: it counts the rows of one print.
# Names and phones of callers have no column on purpose: never read.
COLUMNS = {
    NUMBER: "工单编号 工单号 受理编号 任务编号 案件编号 诉求编号 任务号 案件号 编号 单号",
    TYPE: "案件类别 案件类型 诉求类型 诉求类别 问题类型 问题类别 类别 类型",
    TITLE: "诉求标题 工单标题 标题 主题",
    TEXT: "诉求内容 工单内容 问题描述 诉求描述 反映内容 内容描述 内容 描述",
    ADDRESS: "诉求地点 诉求地址 事发地点 事发地址 发生地点 发生地址 问题地址 详细地址 地址 地点 位置",
    LNG: "经度 lng lon longitude",
    LAT: "纬度 lat latitude",
    POINT: "经纬度 坐标 坐标点",
    SYSTEM: "坐标系 坐标系统 坐标类型",
    TIME: "受理时间 诉求时间 来电时间 登记时间 提交时间 创建时间 时间",
    URGENT: "是否紧急 紧急程度 紧急 加急",
}
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")
_SYSTEMS = re.compile(r"(gcj|wgs|cgcs|bd)[-_ ]?\d+", re.IGNORECASE)


Cells = tuple[int, list[str]]  # number of the row, its texts


@dataclass(frozen=True, slots=True)
class Header:
    """The row that heads the columns: where each stands, and in which words."""

    row: int
    places: dict[str, int]  # column -> index of its cell
    heads: dict[str, str]

    @property
    def system(self) -> str:
        """The words about the coordinate system in a head, e.g. 经度(WGS-84)."""
        heads = [self.heads.get(column, "") for column in (LNG, LAT, POINT)]
        named = _SYSTEMS.search(" ".join(heads))
        return named.group() if named else ""


def find_header(rows: Iterable[Cells]) -> Header | None:
    """Return the row in which most columns are known, at least two; the first of equals."""
    headers = [read_header(number, cells) for number, cells in rows]
    best = max(headers, key=lambda header: len(header.places), default=None)
    return best if best and len(best.places) > 1 else None


def read_header(number: int, cells: list[str]) -> Header:
    """Return which columns the cells of a row head."""
    plain = [_plain(cell.lstrip(MERGED)) for cell in cells[:MOST_COLUMNS]]
    places: dict[str, int] = {}
    for column, words in COLUMNS.items():
        known = [word for word in words.split() if word in plain]
        if known:
            places[column] = plain.index(known[0])
    return Header(number, places, {column: head_text(cells[place]) for column, place in places.items()})


def _plain(head: str) -> str:
    """Return a head without the marks around its words: 「*经度 (GCJ-02):」 is 经度."""
    bare = _SYSTEMS.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", head)))
    return re.sub(r"[\s*:]", "", bare).lower()


def head_text(cell: str) -> str:
    """Return the plain words of a cell, of a merged one those of the cell further up."""
    return plain_cell(cell.lstrip(MERGED))
