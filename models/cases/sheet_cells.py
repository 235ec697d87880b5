"""Makes plain words of what stands in one cell: escapes, quotes and apostrophes of spreadsheets fall away; pure."""

import re
from datetime import datetime

MOST_DIGITS = 15  # Excel keeps no more of a number; what is longer has lost its end
ERRORS = {
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
}
# Two signs of nobody's language stand for what a workbook leaves out: the value of a formula that nobody has
# computed yet, and before the text of the cell with which this one is merged.
NOT_COMPUTED, MERGED = "\ue0f0", "\ue0f1"

WRONG_FORMULA = "这一格是公式算错的结果（{text}）。请改成文字。"
NO_RESULT = "这一格是公式，文件里没有存下它的结果。请用 Excel 或 WPS 打开，保存一次再导入；或者把它改成文字。"
GARBLED = "这一格里有读不出的字。请改好，或者把文件另存为 UTF-8 编码的 CSV。"

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376: how a workbook writes what XML cannot hold
_QUOTED = re.compile(r'="((?:[^"]|"")*)"')  # a formula whose only purpose is to stay text
_APOSTROPHES = "'\u2018\u2019\uff07"


def show(value: object) -> str:
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


def plain_cell(text: str) -> str:
    """Return the words of a cell, trimmed."""
    text = _unescaped(text)
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unquoted(_CONTROLS.sub("", text).strip())
    # An apostrophe before everything else says "text" to a spreadsheet; one of a pair belongs to the words.
    if len(text) > 1 and text[0] in _APOSTROPHES and not any(sign in _APOSTROPHES for sign in text[1:]):
        text = text[1:].strip()
    return text


def unquoted(text: str) -> str:
    """Return the text that a formula like ``="2026…"`` stands for; any other text as it is."""
    found = _QUOTED.fullmatch(text)
    return found[1].replace('""', '"').strip() if found else text


def wrong_with(text: str) -> str:
    """Return what to do about a cell whose text was lost before it came to us, "" for a good one."""
    if "\ufffd" in text:
        return GARBLED
    if text == NOT_COMPUTED:
        return NO_RESULT
    return WRONG_FORMULA.format(text=text) if text.upper() in ERRORS else ""


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    said = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return said.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    )  # two escapes may be one character
