"""Reads the pages of an XLSX file: what is shown of them, and what is hidden, merged or not computed; pure."""

import zlib
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import BadZipFile

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from models.cases.sheet_cells import MERGED, NOT_COMPUTED, show, unquoted

UNREADABLE = (
    *(BadZipFile, zlib.error, EOFError, OSError, SyntaxError, LookupError, ValueError, TypeError),
    *(AttributeError, ArithmeticError, RuntimeError, AssertionError),
)  # what openpyxl raises for files that are none; an XML error is a SyntaxError
MOST_COLUMNS = 100
MOST_RANGES = 8  # of hidden rows in one sentence
_ROW, _CELL, _FORMULA, _VALUE, _COLUMN, _MERGE = ("row", "c", "f", "v", "col", "mergeCell")


@dataclass(slots=True)
class Marks:
    """What a page says of its rows, columns and cells besides their values; rows and columns count from 1."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    not_computed: dict[tuple[int, int], str] = field(
        default_factory=dict
    )  # (row, column) -> what stands for it
    merged: dict[int, list[tuple[int, int]]] = field(
        default_factory=dict
    )  # column -> first and last rows, sorted


@dataclass(slots=True)
class Page:
    """One page while it is read; ``left`` are the rows with something in them that were hidden."""

    name: str
    visible: bool
    marks: Marks
    source: Any
    left: list[int] = field(default_factory=list)
    above: dict[tuple[int, int], str] = field(
        default_factory=dict
    )  # (first row, column) -> text of a merged cell

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give number and texts of each shown row with something in it; a hidden one is noted in ``left``."""
        self.source.reset_dimensions()  # some programs write a wrong size: what is there counts
        cells = self.source.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        for number, values in enumerate(cells, 1):
            if values.count(None) == len(values) and not self._has_formulas(number, len(values)):
                continue  # a cell in the far corner brings a million empty rows
            if self.marks.merged or self.marks.not_computed:
                texts = [self._text(number, place, value) for place, value in enumerate(values, 1)]
            else:
                texts = ["" if value is None else show(value) for value in values]
            if number in self.marks.hidden_rows:
                self.left.append(number)
            else:
                yield number, texts

    def _has_formulas(self, number: int, width: int) -> bool:
        known = self.marks.not_computed
        return bool(known) and any((number, place) in known for place in range(1, width + 1))

    def _text(self, number: int, place: int, value: object) -> str:
        if value is None and self.marks.not_computed:
            return self.marks.not_computed.get((number, place)) or self._above(number, place)
        if value is None:
            return self._above(number, place)
        text = show(value)
        if self._merge(number, place) == number:
            self.above[number, place] = text
        return text

    def _above(self, number: int, place: int) -> str:
        """Return the text of the cell further up with which this one is merged, marked as such."""
        first = self._merge(number, place)
        return MERGED + self.above.get((first, place), "") if 0 < first < number else ""

    def _merge(self, number: int, place: int) -> int:
        """Return the first row of the merged cell that begins in this column and covers that row, 0 if none does."""
        spans = self.marks.merged.get(place)
        if not spans:
            return 0
        first, last = spans[bisect_right(spans, (number, 1 << 30)) - 1]
        return first if first <= number <= last else 0


def read_pages(book: Any) -> Iterator[Page]:
    """Give the pages of an opened workbook."""
    for source in book.worksheets:
        with source._get_source() as file:
            yield Page(source.title, source.sheet_state == "visible", _marks(file), source)


def list_ranges(numbers: list[int]) -> str:
    """Return rows in words: 5、7–9; of very many the first."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    told = [str(first) if first == last else f"{first}–{last}" for first, last in ranges[:MOST_RANGES]]
    return "、".join(told) + (" 等" if len(ranges) > MOST_RANGES else "")


def _marks(file: Any) -> Marks:
    """Return the marks of a page, of a broken one those before the break."""
    marks = Marks()
    with suppress(*UNREADABLE):
        _read_marks(file, marks)
    for spans in marks.merged.values():
        spans.sort()
    return marks


def _read_marks(file: Any, marks: Marks) -> None:
    row = 0
    for _, element in ET.iterparse(file):  # noqa: S314 - expat itself ends entities that grow
        name = element.tag.rpartition("}")[2]
        if name == _COLUMN:
            _mark_columns(marks, element)
        elif name == _ROW:
            row = int(float(element.get("r") or row + 1))
            if _is_hidden(element, "ht"):
                marks.hidden_rows.add(row)
            _mark_cells(marks, row, element)
            element.clear()
        elif name == _MERGE:
            left, top, _, bottom = range_boundaries(element.get("ref") or "")
            if left and top and bottom and bottom > top and left <= MOST_COLUMNS:
                marks.merged.setdefault(left, []).append((top, bottom))


def _is_hidden(element: ET.Element, size: str) -> bool:
    told = element.get(size)
    return element.get("hidden") in ("1", "true") or (told is not None and float(told) == 0)


def _mark_columns(marks: Marks, element: ET.Element) -> None:
    if _is_hidden(element, "width"):
        first, last = int(element.get("min") or 1), int(element.get("max") or 1)
        marks.hidden_columns.update(range(first, min(last, MOST_COLUMNS) + 1))


def _mark_cells(marks: Marks, row: int, element: ET.Element) -> None:
    """Note the formulas of a row that have no result; of one that is a mere text, the text is the result."""
    column = 0
    for cell in element:
        place = cell.get("r")
        column = coordinate_to_tuple(place)[1] if place else column + 1
        formula, value = None, None
        for part in cell:
            name = part.tag.rpartition("}")[2]
            formula, value = (part if name == _FORMULA else formula), (part if name == _VALUE else value)
        if formula is not None and not (value is not None and value.text) and column <= MOST_COLUMNS:
            text = unquoted(f"={formula.text or ''}")
            empty = cell.get("t") == "str" and value is not None  # a formula whose result is no text at all
            marks.not_computed[row, column] = "" if empty else NOT_COMPUTED if text.startswith("=") else text
