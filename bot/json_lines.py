"""Reads files of JSON lines that people wrote, for commands; mistakes are told to who wrote them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

WRONG = "{file} 第 {line} 行{needs}：{why}"
NEEDS, NO_ROW = "要有 {names}", "不是一行 JSON"
NOT_TEXT = "{file} 不是 UTF-8 编码的文字，请用编辑器另存为 UTF-8 再试。"


class LinesError(ValueError):
    """A file of lines is not as it must be; its text is a Chinese sentence for who wrote it."""


def read_rows(file: Path, needs: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of the file, each with the named fields; raises LinesError or OSError."""
    return [row for _, row in number_rows(file, needs)]


def number_rows(file: Path, needs: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows with the numbers of their lines; raises as ``read_rows`` does."""
    for number, line in enumerate(_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or any(name not in row for name in needs):
            lacking = NEEDS.format(names=" 和 ".join(needs)) if needs else NO_ROW
            raise LinesError(WRONG.format(file=file, line=number, needs=lacking, why=line[:40]))
        yield number, row


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LinesError(NOT_TEXT.format(file=file)) from error
