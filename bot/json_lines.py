"""Reads the files of sentences that commands learn from: JSON lines, mistakes told to who wrote them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NO_FILE = "打不开 {file}：{why}"
WRONG = "{file} 第 {line} 行要有 {needs}：{why}"


def read_rows(file: Path, needs: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of the file, each with the named fields; raises ValueError with a sentence for its writer."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(NO_FILE.format(file=file, why=error)) from error
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or any(name not in row for name in needs):
            told = {"file": file, "line": number, "needs": " 和 ".join(needs), "why": line[:40]}
            raise ValueError(WRONG.format(**told))
        rows.append(row)
    return rows
