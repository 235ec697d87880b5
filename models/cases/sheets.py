"""Reads a sheet of 12345 or 12319 (CSV or XLSX) into rows with known columns, naming what cannot be read: pure."""

import csv
import re
import unicodedata
import warnings
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO, StringIO
from itertools import chain, islice
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

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
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024  # an XLSX is a ZIP: ten megabytes can hide a thousand times as much
MOST_ROWS = 20_000
MOST_COLUMNS = 100
HEADER_WITHIN = 20  # rows: above the columns' names stand titles and dates
MOST_GARBLED = 0.01  # share of characters, beside the few of one cell: beyond it the file is no text
FEW_GARBLED = 8
MOST_DIGITS = 15  # Excel keeps no more of a number; what is longer has lost its end
ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}

TOO_BIG = "文件太大，最多 10 MB。请拆成几个文件，分别导入。"
NO_SHEET = "这个文件读不出表格。请在 Excel 或 WPS 里打开，另存为 .xlsx 或 CSV 再导入。"
OLD_FORMAT = "这是老格式(.xls)或加了密码的表格。请打开后另存为不带密码的 .xlsx 再导入。"
NO_HEADER = "没有找到表头。请在最上面留一行列名，至少有：工单编号、诉求内容、诉求地点。"
NO_COLUMN = "缺「{name}」这一列。请补上列名和内容再导入。"
NO_PLACE_COLUMN = "缺「诉求地点」这一列（有「经度」「纬度」两列也行）。请补上再导入。"
TOO_MANY = "一次最多读 20,000 行，从这一行起没有读。请另存成一个文件再导入。"
BROKEN_QUOTES = "这一行的引号没有配对，整行没有读。请把引号补齐或删掉。"
BROKEN_OFF = "文件从这一行起坏了，后面的没有读到。请重新导出，再导入一次；已经导入的不会重复。"
OTHER_SHEET = "只读了第一张表，「{name}」没有读。请把它另存成一个文件再导入。"
GARBLED = "这一格里有读不出的字。请改好，或者把文件另存为 UTF-8 编码的 CSV。"
WRONG_FORMULA = "这一格是公式算错的结果({text})。请改成文字。"

_UNREADABLE = (
    *(BadZipFile, zlib.error, EOFError, OSError, SyntaxError, LookupError, ValueError, TypeError),
    *(AttributeError, ArithmeticError, RuntimeError, AssertionError),
)  # what openpyxl raises for files that are none; an XML error is a SyntaxError
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")
_SYSTEMS = re.compile(r"(gcj|wgs|cgcs|bd)[-_ ]?\d+", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where; ``row`` counts as the spreadsheet does, 0 is the file as a whole."""

    row: int
    column: str  # as it is headed in the file
    words: str  # Chinese: what to do


@dataclass(frozen=True, slots=True)
class Row:
    """One row with something in it: column -> trimmed text; empty cells are left out."""

    number: int  # as the spreadsheet shows it
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that could be read, how their columns are headed, and what is wrong with the others."""

    name: str
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    heads: dict[str, str] = field(default_factory=dict)  # column -> its head in the file


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    places: dict[str, int]  # column -> index of its cell
    heads: dict[str, str]

    @property
    def system(self) -> str:
        """The words about the coordinate system in a head, e.g. 经度(WGS-84)."""
        heads = [self.heads.get(column, "") for column in (LNG, LAT, POINT)]
        named = _SYSTEMS.search(" ".join(heads))
        return named.group() if named else ""


Cells = tuple[int, list[str]]  # number of the row, its texts


def read_sheet(name: str, content: bytes) -> Sheet:
    """Return the rows of a CSV (UTF-8, UTF-16 with BOM, GB18030; comma, semicolon, tab) or an XLSX file.

    Raises nothing: a file that is no sheet has a fault and no rows. What the file is, its bytes tell, not its name.
    """
    if len(content) > MOST_BYTES:
        return _refused(name, TOO_BIG)
    if content.startswith(b"PK\x03\x04"):
        with warnings.catch_warnings(action="ignore"):  # of styles and extensions that we do not read
            return _read_workbook(name, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _refused(name, OLD_FORMAT)
    text = _decode(content)
    if text is None or re.match(r"\s*<(!doctype|html|table|\?xml)", text, re.IGNORECASE):
        return _refused(name, NO_SHEET)
    lines = list(StringIO(text, newline=""))
    faults: list[Fault] = []
    return _read_table(name, _csv_rows(lines, _delimiter(lines), faults), faults) or _refused(name, NO_HEADER)


def _refused(name: str, words: str) -> Sheet:
    return Sheet(name, faults=(Fault(0, "", words),))


def _decode(content: bytes) -> str | None:
    """Return the text, unreadable characters as U+FFFD; None when it is none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    texts = [content.decode(encoding, errors="replace") for encoding in ("utf-8-sig", "gb18030")]
    text = min(texts, key=lambda text: text.count("\ufffd"))  # UTF-8 when both fit
    return None if "\0" in text or text.count("\ufffd") > MOST_GARBLED * len(text) + FEW_GARBLED else text


def _delimiter(lines: list[str]) -> str:
    """Return what parts the columns: that by which most heads are known."""

    def known(delimiter: str) -> int:
        rows = [line.replace('"', "").split(delimiter) for line in lines[:HEADER_WITHIN]]
        return max((len(_header(0, row).places) for row in rows), default=0)

    return max(",;\t", key=known)


def _csv_rows(lines: list[str], delimiter: str, faults: list[Fault]) -> Iterator[Cells]:
    """Give the rows; one whose quotes do not close costs its own line only, the next one is read as if it opened."""
    at, number = 0, 0
    while at < len(lines) and len(faults) <= MOST_ROWS:
        following = map(lines.__getitem__, range(at, len(lines)))
        reader = csv.reader(following, delimiter=delimiter, strict=True)
        began, broken = at, False
        while not broken:
            number, before = number + 1, began + reader.line_num
            try:
                cells = next(reader, None)
            except csv.Error:
                faults.append(Fault(number, "", BROKEN_QUOTES))
                at, broken = before + 1, True
                continue
            if cells is None:
                return
            yield number, cells


def _read_workbook(name: str, content: bytes) -> Sheet:
    """Read the first visible sheet that has a header; say which others were left."""
    found: Sheet | None = None
    left: list[Fault] = []
    try:
        with ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                return _refused(name, TOO_BIG)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for page in book.worksheets:
            if page.sheet_state != "visible":
                continue
            page.reset_dimensions()  # some programs write a wrong size: what is there counts
            faults: list[Fault] = []
            rows = _page_rows(page.iter_rows(max_col=MOST_COLUMNS, values_only=True), faults)
            if found is None:
                found = _read_table(name, rows, faults)
            elif _find_header(islice(rows, HEADER_WITHIN)):
                left.append(Fault(0, "", OTHER_SHEET.format(name=page.title)))
    except _UNREADABLE:
        found = found or _refused(name, NO_SHEET)
    found = found or _refused(name, NO_HEADER)
    return Sheet(name, found.rows, (*left, *found.faults), found.heads)


def _page_rows(rows: Iterable[tuple[object, ...]], faults: list[Fault]) -> Iterator[Cells]:
    number = 0
    try:
        for number, values in enumerate(rows, 1):
            if values.count(None) < len(values):  # a cell in the far corner brings a million empty rows
                yield number, [_shown(value) for value in values]
    except _UNREADABLE:
        faults.append(Fault(number + 1, "", BROKEN_OFF))


def _shown(value: object) -> str:
    """Return a cell's value as text; a number too long for Excel as 1.5E+17, for its end is lost."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, int | float):
        return f"{value:.{MOST_DIGITS}g}".upper()
    return str(value)


def _read_table(name: str, rows: Iterator[Cells], faults: list[Fault]) -> Sheet | None:
    """Return the rows under the header, or None when there is none; ``faults`` fill while the rows are read."""
    head = list(islice(rows, HEADER_WITHIN))
    header = _find_header(head)
    if header is None:
        return None
    missing = _missing(header)
    if missing:
        return Sheet(name, faults=tuple(missing), heads=header.heads)
    kept: list[Row] = []
    seen = 0
    for number, cells in chain(head, rows):
        row = _row(header, number, cells) if number > header.row else None
        if row is None:
            continue
        seen += 1
        if seen > MOST_ROWS:
            faults.append(Fault(number, "", TOO_MANY))
            break
        faults += (wrong := _wrong_cells(header, row))
        kept += [] if wrong else [row]
    return Sheet(name, tuple(kept), tuple(faults), header.heads)


def _find_header(rows: Iterable[Cells]) -> _Header | None:
    """Return the row in which most columns are known, at least two; the first of equals."""
    headers = [_header(number, cells) for number, cells in rows]
    best = max(headers, key=lambda header: len(header.places), default=None)
    return best if best and len(best.places) > 1 else None


def _header(number: int, cells: list[str]) -> _Header:
    plain = [_plain(cell) for cell in cells[:MOST_COLUMNS]]
    places: dict[str, int] = {}
    for column, words in COLUMNS.items():
        known = [word for word in words.split() if word in plain]
        if known:
            places[column] = plain.index(known[0])
    return _Header(number, places, {column: _trim(cells[place]) for column, place in places.items()})


def _plain(head: str) -> str:
    """Return a head without the marks around its words: 「*经度 (GCJ-02):」 is 经度."""
    bare = _SYSTEMS.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", head)))
    return re.sub(r"[\s*:]", "", bare).lower()


def _missing(header: _Header) -> list[Fault]:
    needed = {NUMBER: "工单编号", TEXT: "诉求内容"}
    lacking = [name for column, name in needed.items() if column not in header.places]
    faults = [Fault(header.row, name, NO_COLUMN.format(name=name)) for name in lacking]
    has_point = POINT in header.places or {LNG, LAT} <= header.places.keys()
    if ADDRESS not in header.places and not has_point:
        faults.append(Fault(header.row, "诉求地点", NO_PLACE_COLUMN))
    return faults


def _row(header: _Header, number: int, cells: list[str]) -> Row | None:
    """Return the row, or None for an empty one and for the header once more (prints repeat it on each page)."""
    said = {column: _trim(cells[at]) for column, at in header.places.items() if at < len(cells)}
    said = {column: text for column, text in said.items() if text}
    if not any(map(_trim, cells)) or said == header.heads:
        return None
    if header.system and {LNG, LAT, POINT} & said.keys():
        said.setdefault(SYSTEM, header.system)
    return Row(number, said)


def _trim(text: str) -> str:
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _wrong_cells(header: _Header, row: Row) -> list[Fault]:
    """Return the faults of cells whose text was lost before it came to us."""
    faults: list[Fault] = []
    for column, text in row.cells.items():
        words = GARBLED if "\ufffd" in text else WRONG_FORMULA.format(text=text) if text in ERRORS else ""
        if words:
            faults.append(Fault(row.number, header.heads.get(column, ""), words))
    return faults
