"""Finds on which line of a TOML or JSON text each value stands, so that an error can point at it."""

import json
from bisect import bisect_right

Path = tuple[str | int, ...]

_BLANK = " \t\r\n"
_ENDS_BARE_KEY = " \t=.:]"
_ENDS_VALUE = ",]}\n#"


def toml_lines(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table, key and array item of a *valid* TOML text."""
    return _TomlScan(text).run()


def json_lines(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every object key and array item of a *valid* JSON text."""
    scan = _Scan(text)
    scan.value(())
    return scan.lines


def json_twins(text: str) -> list[tuple[Path, int]]:
    """Return every key that stands twice in one object of a *valid* JSON text, with the line of the second."""
    scan = _Scan(text)
    scan.value(())
    return scan.twins


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Return the line of ``path``, or of the nearest thing around it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Scan:
    """Walks values; TOML's inline tables and JSON's objects differ in their separator only."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", " \n")
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.twins: list[tuple[Path, int]] = []
        self._newlines = [i for i, char in enumerate(self.text) if char == "\n"]

    def mark(self, path: Path) -> None:
        self.lines.setdefault(path, bisect_right(self._newlines, self.at - 1) + 1)

    def peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def skip(self, also: str = "") -> None:
        """Pass over blanks and comments, and over the characters in ``also``."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = end if end >= 0 else len(self.text)
            elif self.text[self.at] in _BLANK + also:
                self.at += 1
            else:
                return

    def value(self, path: Path) -> None:
        self.skip()
        self.mark(path)
        if self.peek() == "[":
            self._array(path)
        elif self.peek() == "{":
            self._table(path)
        elif self.peek() in {'"', "'"}:
            self.string()
        else:
            while self.at < len(self.text) and self.text[self.at] not in _ENDS_VALUE:
                self.at += 1

    def string(self) -> str:
        """Pass over a string and return what it says."""
        quote = self.peek()
        if self.peek(3) == quote * 3 and self.peek(6) != quote * 6:
            return self._long_string(quote * 3)
        start = self.at
        self.at += 1
        while self.peek() != quote:
            self.at += 2 if self.peek() == "\\" and quote == '"' else 1
        self.at += 1
        raw = self.text[start : self.at]
        return str(json.loads(raw)) if quote == '"' and "\\U" not in raw and "\t" not in raw else raw[1:-1]

    def key(self) -> tuple[str, ...]:
        """Pass over a key, dotted or not, up to its separator."""
        parts: list[str] = []
        while True:
            self.skip()
            if self.peek() in {'"', "'"}:
                parts.append(self.string())
            else:
                start = self.at
                while self.peek() not in _ENDS_BARE_KEY:
                    self.at += 1
                parts.append(self.text[start : self.at])
            self.skip()
            if self.peek() != ".":
                return tuple(parts)
            self.at += 1

    def pair(self, path: Path) -> None:
        """Pass over ``key = value`` or ``"key": value``."""
        start = self.at
        inner = path + self.key()
        end, self.at = self.at, start
        if inner in self.lines:
            self.twins.append((inner, bisect_right(self._newlines, self.at - 1) + 1))
        for length in range(len(path) + 1, len(inner) + 1):
            self.mark(inner[:length])
        self.at = end + 1
        self.value(inner)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        self.skip(",")
        while self.peek() != "]":
            self.value((*path, index))
            index += 1
            self.skip(",")
        self.at += 1

    def _table(self, path: Path) -> None:
        self.at += 1
        self.skip(",")
        while self.peek() != "}":
            self.pair(path)
            self.skip(",")
        self.at += 1

    def _long_string(self, fence: str) -> str:
        start = self.at
        self.at += 3
        while self.peek(3) != fence:
            self.at += 2 if self.peek() == "\\" and fence[0] == '"' else 1
        self.at += 3
        while self.peek() == fence[0]:  # up to two quotes may stand before the fence
            self.at += 1
        return self.text[start : self.at]


class _TomlScan(_Scan):
    """Walks a TOML document: its headers and the pairs below each."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._counts: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        table: Path = ()
        self.skip()
        while self.at < len(self.text):
            if self.peek() == "[":
                table = self._header()
            else:
                self.pair(table)
            self.skip()
        return self.lines

    def _header(self) -> Path:
        start = self.at
        is_array = self.peek(2) == "[["
        self.at += 2 if is_array else 1
        path = self._resolve(self.key(), is_array=is_array)
        end, self.at = self.at, start
        for length in range(1, len(path) + 1):
            self.mark(path[:length])
        self.at = end + (2 if is_array else 1)
        return path

    def _resolve(self, keys: tuple[str, ...], *, is_array: bool) -> Path:
        """Return the path with the index of each array of tables that it runs through."""
        path: Path = ()
        for depth, key in enumerate(keys, start=1):
            path = (*path, key)
            if is_array and depth == len(keys):
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        return path
