"""Reads a sheet of 12345 or 12319 (CSV or XLSX) into rows with known columns, naming what cannot be read: pure."""

import csv
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from itertools import chain, islice
from zipfile import ZipFile

from openpyxl import load_workbook

from models.cases.sheet_books import UNREADABLE, Page, list_ranges, read_pages
from models.cases.sheet_cells import MERGED, plain_cell, wrong_with
from models.cases.sheet_heads import (
    ADDRESS,
    LAT,
    LNG,
    NUMBER,
    POINT,
    SYSTEM,
    TEXT,
    Cells,
    Header,
    find_header,
    head_text,
    read_header,
)

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024  # an XLSX is a ZIP: ten megabytes can hide a thousand times as much
MOST_ROWS = 20_000
HEADER_WITHIN = 20  # rows: above the columns' names stand titles and dates
MOST_GARBLED = 0.01  # share of characters, beside the few of one cell: beyond it the file is no text
FEW_GARBLED = 8
NEEDED = {NUMBER: "工单编号", TEXT: "诉求内容"}

TOO_BIG = "文件太大，最多 10 MB。请拆成几个文件，分别导入。"
NO_SHEET = "这个文件读不出表格。请在 Excel 或 WPS 里打开，另存为 .xlsx 或 CSV 再导入。"
OLD_FORMAT = "这是老格式（.xls）或加了密码的表格。请打开后另存为不带密码的 .xlsx 再导入。"
NO_HEADER = "没有找到表头。请在最上面留一行列名，至少有：工单编号、诉求内容、诉求地点。"
NO_COLUMN = "缺「{name}」这一列。请补上列名和内容再导入。"
NO_PLACE_COLUMN = "缺「诉求地点」这一列（有「经度」「纬度」两列也行）。请补上再导入。"
TOO_MANY = "一次最多读 20,000 行，从这一行起没有读。请另存成一个文件再导入。"
BROKEN_QUOTES = "这一行的引号没有配对，整行没有读。请把引号补齐或删掉。"
BROKEN_OFF = "文件从这一行起坏了，后面的没有读到。请重新导出，再导入一次；已经导入的不会重复。"
OTHER_SHEET = "只读了第一张表，「{name}」没有读。请把它另存成一个文件再导入。"
HIDDEN_SHEET = "「{name}」是隐藏的表，没有读。要导入的话，请取消隐藏，另存成一个文件。"
HIDDEN_ROWS = "有 {count} 行被隐藏或筛掉了，没有读：第 {rows} 行。要导入的话，请取消隐藏和筛选，再导入一次。"
HIDDEN_COLUMN = "「{name}」这一列是隐藏的，没有读。要用的话，请取消隐藏再导入。"
MERGED_NUMBER = "编号和上面的合并成一格了。请取消合并，每行填自己的编号。"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where; ``row`` counts as the spreadsheet does, 0 is the file as a whole."""

    row: int
    column: str  # as it is headed in the file
    words: str  # Chinese: what to do
    note: bool = False  # nothing was left out but this cell or column


@dataclass(frozen=True, slots=True)
class Row:
    """One row with something in it: column -> trimmed text; empty cells are left out.

    ``lost`` are cells whose text did not come to us, and what to do about each.
    """

    number: int  # as the spreadsheet shows it
    cells: dict[str, str]
    lost: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that could be read, how their columns are headed, and what is wrong with the others."""

    name: str
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    heads: dict[str, str] = field(default_factory=dict)  # column -> its head in the file


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
        return max((len(read_header(0, row).places) for row in rows), default=0)

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
        for page in read_pages(book):
            faults: list[Fault] = []
            rows = _page_rows(page, faults)
            if found is None and page.visible:
                found = _read_table(name, rows, faults, page)
            elif find_header(islice(rows, HEADER_WITHIN)):
                words = OTHER_SHEET if page.visible else HIDDEN_SHEET
                left.append(Fault(0, "", words.format(name=page.name)))
    except UNREADABLE:
        found = found or _refused(name, NO_SHEET)
    found = found or _refused(name, NO_HEADER)
    return Sheet(name, found.rows, (*left, *found.faults), found.heads)


def _page_rows(page: Page, faults: list[Fault]) -> Iterator[Cells]:
    number = 0
    try:
        for number, texts in page.rows():
            yield number, texts
    except UNREADABLE:
        faults.append(Fault(number + 1, "", BROKEN_OFF))


def _read_table(
    name: str, rows: Iterator[Cells], faults: list[Fault], page: Page | None = None
) -> Sheet | None:
    """Return the rows under the header, or None when there is none; ``faults`` fill while the rows are read."""
    head = list(islice(rows, HEADER_WITHIN))
    header = find_header(head)
    if header is None:
        return None
    header, hidden = _shown_columns(header, page)
    missing = _missing(header, hidden)
    if missing:
        return Sheet(name, faults=tuple(missing), heads=header.heads)
    faults += [Fault(0, told, HIDDEN_COLUMN.format(name=told), note=True) for told in hidden.values()]
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
    return Sheet(name, tuple(kept), (*_hidden_rows(header, page), *faults), header.heads)


def _shown_columns(header: Header, page: Page | None) -> tuple[Header, dict[str, str]]:
    """Return the header without the hidden columns, and how these are headed."""
    places = page.marks.hidden_columns if page else set()
    hidden = {column: head for column, head in header.heads.items() if header.places[column] + 1 in places}
    if not hidden:
        return header, {}
    shown = {column: place for column, place in header.places.items() if column not in hidden}
    return Header(header.row, shown, {column: header.heads[column] for column in shown}), hidden


def _hidden_rows(header: Header, page: Page | None) -> list[Fault]:
    left = [number for number in page.left if number > header.row] if page else []
    return [Fault(0, "", HIDDEN_ROWS.format(count=len(left), rows=list_ranges(left)))] if left else []


def _missing(header: Header, hidden: dict[str, str]) -> list[Fault]:
    faults = [_lacking(header, column, name, hidden) for column, name in NEEDED.items()]
    has_point = POINT in header.places or {LNG, LAT} <= header.places.keys()
    if ADDRESS not in header.places and not has_point:
        words = HIDDEN_COLUMN.format(name=hidden[ADDRESS]) if ADDRESS in hidden else NO_PLACE_COLUMN
        faults.append(Fault(header.row, "诉求地点", words))
    return [fault for fault in faults if fault]


def _lacking(header: Header, column: str, name: str, hidden: dict[str, str]) -> Fault | None:
    if column in header.places:
        return None
    words = HIDDEN_COLUMN.format(name=hidden[column]) if column in hidden else NO_COLUMN.format(name=name)
    return Fault(header.row, name, words)


def _row(header: Header, number: int, cells: list[str]) -> Row | None:
    """Return the row, or None for an empty one and for the header once more (prints repeat it on each page).

    A cell that is merged with one further up says the same, but for the number: that belongs to one row only.
    """
    own = (plain_cell(cell) for cell in cells if cell and not cell.startswith(MERGED))
    told = {column: cells[at] for column, at in header.places.items() if at < len(cells)}
    said = {column: text for column, cell in told.items() if (text := head_text(cell))}
    if not any(own) or said == header.heads:
        return None
    lost = {column: words for column, text in said.items() if (words := wrong_with(text))}
    if told.get(NUMBER, "").startswith(MERGED):
        lost[NUMBER] = MERGED_NUMBER
    if header.system and {LNG, LAT, POINT} & said.keys():
        said.setdefault(SYSTEM, header.system)
    return Row(number, {column: text for column, text in said.items() if column not in lost}, lost)


def _wrong_cells(header: Header, row: Row) -> list[Fault]:
    """Return the faults of cells without which no row can be read."""
    lost = [(column, row.lost[column]) for column in NEEDED if column in row.lost]
    return [Fault(row.number, header.heads.get(column, ""), words) for column, words in lost]
