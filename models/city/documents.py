"""Reads one file of a city folder, checks it against its schema and remembers where everything stands."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from models.city.faults import CityError
from models.city.positions import Path, json_lines, line_of, toml_lines

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
}


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
        text = (folder / file).read_text(encoding="utf-8-sig")
        if file.endswith(".toml"):
            document.data = tomllib.loads(text)
            document.lines = toml_lines(text)
        else:
            document.data = _object(json.loads(text))
            document.lines = json_lines(text)
    except FileNotFoundError:
        return _unread(document, 1, "缺少这个文件")
    except UnicodeDecodeError:
        return _unread(document, 1, "请存成 UTF-8 编码")
    except tomllib.TOMLDecodeError as error:
        return _unread(document, _toml_line(str(error), text), f"TOML 写法有误：{error}")
    except json.JSONDecodeError as error:
        return _unread(document, error.lineno, f"JSON 写法有误：{error.msg}")
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


def _toml_line(message: str, text: str) -> int:
    found = re.search(r"line (\d+)", message)
    return int(found.group(1)) if found else text.count("\n") + 1


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
    return f"不认识“{name}”{meant}，可用：{'、'.join(known)}"


def _minds(error: ValidationError, wanted: Any, found: Any) -> str:
    if error.validator == "type":
        names = wanted if isinstance(wanted, list) else [wanted]
        wanted = "或".join(KINDS.get(str(name), str(name)) for name in names)
    elif error.validator == "pattern":
        wanted = _own_schema(error).get("example", wanted)
    words = MINDS.get(str(error.validator), "不合要求：{error}")
    return words.format(wanted=wanted, found=repr(found), error=error.message)


def _own_schema(error: ValidationError) -> dict[str, Any]:
    schema: Any = error.schema
    return dict(schema)
