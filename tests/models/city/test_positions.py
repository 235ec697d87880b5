"""The line of every value is found, in TOML and in JSON."""

import json
import tomllib

import pytest

from models.city.load import EXAMPLE
from models.city.positions import json_lines, line_of, toml_lines

TEXT = '''# comment
name = "a # no comment"
[settings]
"a b".c = 1
[[type]]
code = 'x]'
limit = { amount = 2, "unit" = "h" }
keywords = [
  { "占" = 3.0, "b" = 1 }, # comment with ] and "
  # a line of its own
  { "c" = 2 },
]
[[type.context]]
word = "a"
[[type.context]]
word = """
multi ] line = "quoted"
"""
[[type]]
code = "\\u4e00 \\"x\\""
[[type.context]]
near = [ "a",
  "b" ]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("settings",), 3),
        (("settings", "a b", "c"), 4),
        (("type", 0), 5),
        (("type", 0, "limit", "unit"), 7),
        (("type", 0, "keywords", 0, "占"), 9),
        (("type", 0, "keywords", 1, "c"), 11),
        (("type", 0, "context", 0, "word"), 14),
        (("type", 0, "context", 1), 15),
        (("type", 1), 19),
        (("type", 1, "code"), 20),
        (("type", 1, "context", 0, "near", 1), 23),
        (("type", 1, "nothing", 3), 19),
        (("nowhere",), 1),
    ],
)
def test_toml_lines(path, line):
    tomllib.loads(TEXT)
    assert line_of(toml_lines(TEXT), path) == line


def paths(data, path=()):
    yield path
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield from paths(value, (*path, key))


@pytest.mark.parametrize(
    "file", sorted(path.name for path in EXAMPLE.iterdir() if path.suffix in {".toml", ".geojson"})
)
def test_every_value_of_the_example_city_has_a_line(file):
    text = (EXAMPLE / file).read_text(encoding="utf-8")
    data, lines = (
        (tomllib.loads(text), toml_lines(text))
        if file.endswith(".toml")
        else (json.loads(text), json_lines(text))
    )
    assert set(paths(data)) - {()} <= set(lines)


def test_windows_line_ends_are_counted_once():
    assert toml_lines(TEXT.replace("\n", "\r\n")) == toml_lines(TEXT)


def test_json_lines():
    lines = json_lines('{"a": [1,\n {"b":\n 2}],\n "c": "\\"]"}')
    assert (lines["a", 1], lines["a", 1, "b"], lines["c",]) == (2, 2, 4)
