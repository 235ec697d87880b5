"""Reads and parses one file of a city folder, whatever stands there; what cannot be read is said with its line."""

import json
import re
import stat
import tomllib
from collections.abc import Callable
from math import inf
from pathlib import Path as FilePath
from typing import Any

from models.city.positions import Path, json_lines, json_twins, toml_lines

MOST_BYTES = 64 * 1024 * 1024  # a city's map has some hundred kilobytes
MOST_DIGITS = 18  # more are no figure of a town: read as endless, and told as such

MISSING = "缺少这个文件"
FOLDER = "这里应是一个文件，现在是文件夹"
NO_FILE = "这里应是一个普通文件"
LARGE = "文件太大，最多 64 MB，请看是不是放错了文件"
CLOSED = "打不开这个文件（{why}），请看它的权限"
ENCODING = "请存成 UTF-8 编码"
TOML = "TOML 写法有误：{why}"
JSON = "JSON 写法有误：{why}"
DEEP = "括号套得太深，请看是不是少了收尾的括号"
TWIN = "“{key}”写了两次，请留一个"
MOST_WHY = 120  # characters of a parser's own words


class UnreadableError(Exception):
    """A file that cannot be read or parsed; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def read_text(path: FilePath) -> str:
    """Return the file's text without a mark at its start; raises UnreadableError."""
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise UnreadableError(1, FOLDER)
        if not stat.S_ISREG(kind):  # a pipe would be waited for
            raise UnreadableError(1, NO_FILE)
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableError(1, LARGE)
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableError(1, MISSING) from None
    except OSError as error:
        raise UnreadableError(1, CLOSED.format(why=error.strerror)) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(content.count(b"\n", 0, error.start) + 1, ENCODING) from None


def parse_toml(text: str) -> tuple[dict[str, Any], dict[Path, int]]:
    """Return what a TOML text says and where each thing stands; raises UnreadableError."""
    text = text.replace("\r\n", "\n")
    try:
        return tomllib.loads(text), toml_lines(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(_toml_line(str(error), text), TOML.format(why=str(error)[:MOST_WHY])) from None
    except RecursionError:
        raise UnreadableError(_deepest(text), DEEP) from None
    except ValueError as error:  # a number with thousands of digits, a day that there is not
        raise UnreadableError(_longest(text), TOML.format(why=str(error)[:MOST_WHY])) from None


def parse_json(text: str) -> tuple[Any, dict[Path, int]]:
    """Return what a JSON text says and where each thing stands; raises UnreadableError."""
    try:
        told = json.loads(text, parse_int=_whole)
        twins, lines = json_twins(text), json_lines(text)
    except json.JSONDecodeError as error:
        raise UnreadableError(error.lineno, JSON.format(why=error.msg)) from None
    except RecursionError:
        raise UnreadableError(_deepest(text), DEEP) from None
    if twins:
        path, line = twins[0]
        raise UnreadableError(line, TWIN.format(key=path[-1]))
    return told, lines


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= MOST_DIGITS else inf


def _toml_line(message: str, text: str) -> int:
    found = re.search(r"line (\d+)", message)
    return int(found.group(1)) if found else text.count("\n") + 1


def _deepest(text: str) -> int:
    return _line_with_most(text, lambda line: line.count("[") + line.count("{"))


def _longest(text: str) -> int:
    return _line_with_most(text, lambda line: max(map(len, re.findall(r"[0-9_]+", line)), default=0))


def _line_with_most(text: str, measure: Callable[[str], int]) -> int:
    lines = text.split("\n")
    return max(range(len(lines)), key=lambda number: measure(lines[number])) + 1
