"""Reads one file of a city folder, checks it against its schema and remembers where everything stands."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from models.city.faults import CityError
from models.city.parsing import UnreadableError, parse_json, parse_toml, read_text
from models.city.positions import Path, line_of

SCHEMAS = FilePath(__file__).parent / "schemas"
KINDS = {
    "string": "文字",
    "number": "数字",
    "integer": "整数",
    "boolean": "true 或 false",
    "array": "列表",
    "object": "表",
}
MINDS = {
    "type": "应为{wanted}，现为 {found}",
    "enum": "只能是 {wanted}，现为 {found}",
    "const": "只能是 {wanted}，现为 {found}",
    "exclusiveMinimum": "应大于 {wanted}，现为 {found}",
    "minimum": "不能小于 {wanted}，现为 {found}",
    "maximum": "不能大于 {wanted}，现为 {found}",
    "minLength": "不能为空",
    "minItems": "至少要有 {wanted} 项",
    "maxItems": "最多 {wanted} 项",
    "pattern": "写法应如 {wanted}，现为 {found}",
    "uniqueItems": "里有重复的，请留一个，现为 {found}",
}
MOST = 1e15  # no figure of a town has more digits
ENDLESS = "“{name}”的数字太大，或者不是数字"
UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
UNUSABLE_TOLD = "“{name}”里有不能用的字符（U+{code:04X}），请删掉重打"
MOST_SHOWN = 60  # characters of what stands there


@dataclass
class Document:
    """A parsed file; ``data`` is empty when it could not be parsed, and ``is_read`` says so."""

    file: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    errors: list[CityError] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)
    is_read: bool = True

    def fault(self, path: Path, message: str) -> None:
        """Note a mistake at ``path``."""
        self.errors.append(CityError(self.file, line_of(self.lines, path), message))

    def is_sound(self, path: Path) -> bool:
        """Whether the schema found nothing wrong at ``path`` or inside it."""
        return not any(bad[: len(path)] == path for bad in self.broken)

    def rows(self, key: str) -> Iterator["Row"]:
        """Yield the sound entries of the list ``key``; broken ones have been noted already."""
        found = self.data.get(key, [])
        for index, data in enumerate(found if isinstance(found, list) else []):
            if self.is_sound((key, index)):
                yield Row(self, (key, index), data)

    def dicts(self, key: str) -> list[dict[str, Any]]:
        """Return the entries of the list ``key``, those with mistakes too, as far as they are tables."""
        found = self.data.get(key, [])
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []

    def codes(self, key: str) -> set[str] | None:
        """Return the codes of all entries, those with mistakes too; None when the file could not be read."""
        return {str(row.get("code")) for row in self.dicts(key)} if self.is_read else None

    def has_only_sound(self, *keys: str) -> bool:
        """Whether the file could be read and every entry of these lists is sound."""
        return self.is_read and all(self.is_sound((key,)) for key in keys)


@dataclass(frozen=True)
class Row:
    """One entry of a list in a document."""

    document: Document
    path: Path
    data: dict[str, Any]

    def fault(self, message: str, *inside: str | int) -> None:
        """Note a mistake in this entry, at ``inside`` if given."""
        self.document.fault(self.path + inside, message)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of words, empty when it is not there."""
        return tuple(self.data.get(key, ()))


def read_document(folder: FilePath, file: str) -> Document:
    """Return the document with every syntax and schema error noted; never raises for its content."""
    document = Document(file)
    try:
        text = read_text(folder / file)
        if file.endswith(".toml"):
            document.data, document.lines = parse_toml(text)
        else:
            told, document.lines = parse_json(text)
            document.data = _object(told)
    except UnreadableError as error:
        return _unread(document, error.line, error.message)
    _check_values(document, (), document.data)
    _check_schema(document)
    return document


def _unread(document: Document, line: int, message: str) -> Document:
    document.is_read = False
    document.data = {}
    document.errors.append(CityError(document.file, line, message))
    return document


def _object(data: Any) -> dict[str, Any]:
    """Return a JSON text's object; anything else counts as empty and is then found to lack everything."""
    return data if isinstance(data, dict) else {}


def _check_values(document: Document, path: Path, value: Any) -> None:
    """Note numbers that are none and characters that no database and no screen takes."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_values(document, (*path, key), inner)
            _check_words(document, (*path, key), key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check_values(document, (*path, index), inner)
    elif isinstance(value, str):
        _check_words(document, path, value)
    elif isinstance(value, int | float) and not -MOST < value < MOST:  # false for NaN too
        document.broken.add(path)
        document.fault(path, ENDLESS.format(name=_shown(path)))


def _check_words(document: Document, path: Path, words: str) -> None:
    found = UNUSABLE.search(words)
    if found:
        document.broken.add(path)
        document.fault(path, UNUSABLE_TOLD.format(name=_shown(path), code=ord(found.group())))


def _shown(path: Path) -> str:
    """Return the name of what stands there, in a form that can be printed."""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    return UNUSABLE.sub("?", name)


@cache
def _schema(file: str) -> Draft202012Validator:
    name = file.rsplit(".", 1)[0] + ".json"
    return Draft202012Validator(json.loads((SCHEMAS / name).read_text(encoding="utf-8")))


def _check_schema(document: Document) -> None:
    for error in _schema(document.file).iter_errors(document.data):
        path: Path = tuple(error.absolute_path)
        for inside, message in _explain(error):
            document.broken.add(path + inside)
            document.fault(path + inside, message)


def _explain(error: ValidationError) -> list[tuple[Path, str]]:
    """Say in Chinese what the schema minds, and where inside the instance."""
    wanted: Any = error.validator_value
    found: Any = error.instance
    if error.validator == "required":
        return [((name,), f"缺少“{name}”") for name in wanted if name not in found]
    if error.validator == "additionalProperties":
        known = _own_schema(error).get("properties", {})
        return [((name,), _unknown(name, list(known))) for name in found if name not in known]
    return [((), f"“{error.absolute_path[-1] if error.absolute_path else ''}”{_minds(error, wanted, found)}")]


def _unknown(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    meant = f"，是不是“{close[0]}”" if close else ""
    return f"不认识“{_clipped(UNUSABLE.sub('?', name))}”{meant}，可用：{'、'.join(known)}"


def _minds(error: ValidationError, wanted: Any, found: Any) -> str:
    if error.validator == "type":
        names = wanted if isinstance(wanted, list) else [wanted]
        wanted = "或".join(KINDS.get(str(name), str(name)) for name in names)
    elif error.validator == "pattern":
        wanted = _own_schema(error).get("example", wanted)
    words = MINDS.get(str(error.validator), "不合要求：{error}")
    return words.format(wanted=wanted, found=_clipped(repr(found)), error=_clipped(error.message))


def _clipped(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"


def _own_schema(error: ValidationError) -> dict[str, Any]:
    schema: Any = error.schema
    return dict(schema)
