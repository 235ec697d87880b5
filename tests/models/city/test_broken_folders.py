"""Whatever stands in a city folder, its mistakes are told in sentences with file and line, and nothing breaks."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from models.city.load import FILES, CityErrors, load_city

TINY = Path(__file__).parents[2] / "cities" / "tiny"
TOLD = re.compile(r"^[\w.]+:\d+: .*[\u4e00-\u9fff]", re.DOTALL)
DEEP = 200_000
DIGITS = "9" * 5000
MAP = json.loads((TINY / "areas.geojson").read_text(encoding="utf-8"))


def whole(content):
    """Put this in the place of the file."""

    def do(path):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return do


def put(old, new):
    """Write ``new`` where the first ``old`` stands."""

    def do(path):
        text = path.read_text(encoding="utf-8")
        assert old in text, "the tiny city has changed"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return do


def encoded(name):
    """Write the same text in another encoding."""

    def do(path):
        path.write_bytes(path.read_text(encoding="utf-8").encode(name))

    return do


def added(text):
    """Write something more at the end."""

    def do(path):
        path.write_bytes(path.read_bytes() + (text if isinstance(text, bytes) else text.encode()))

    return do


def missing(path):
    path.unlink()


def folder(path):
    path.unlink()
    path.mkdir()


def loop(path):
    path.unlink()
    path.symlink_to(path.name)


def pipe(path):
    """What would be waited for until somebody writes into it."""
    path.unlink()
    os.mkfifo(path)


def drawn(coordinates, kind="Polygon"):
    """Give the first grid this shape."""

    def do(path):
        told = json.loads(path.read_text(encoding="utf-8"))
        first = next(one for one in told["features"] if one["properties"]["kind"] == "grid")
        first["geometry"] = {"type": kind, "coordinates": coordinates}
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")

    return do


RING = [[114.87, 30.44], [114.884, 30.44], [114.884, 30.466], [114.87, 30.44]]
GEO, TOML = ("areas.geojson", "landmarks.geojson"), tuple(file for file in FILES if file.endswith(".toml"))
EVERY_FILE = {
    "missing": missing,
    "folder": folder,
    "loop of links": loop,
    "pipe": pipe,
    "bytes of no text": whole(b"\xff\xfe\x00\xd8" * 20),
    "gbk": whole("# 城市资料，存成了别的编码\n".encode("gbk")),
    "utf-16": encoded("utf-16"),
    "zeros": whole(b"\0" * 500),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3]),
    "rubbish": whole("hello, 世界 }{"),
    "page of the web": whole("<!DOCTYPE html><title>404</title>"),
}
GEO_FILES = {
    "empty": whole(""),
    "empty object": whole("{}"),
    "empty collection": whole('{"type": "FeatureCollection", "crs": {}, "features": []}'),
    "list": whole("[1, 2]"),
    "null": whole("null"),
    "number": whole("3"),
    "text": whole('"x"'),
    "nested without end": whole("[" * DEEP),
    "nested deep": whole('{"features": ' + "[" * DEEP + "]" * DEEP + "}"),
    "features null": whole('{"type": "FeatureCollection", "crs": null, "features": null}'),
    "features of nothing": whole(
        '{"type": "FeatureCollection", "crs": 3, "features": [null, 3, "x", [], {}]}'
    ),
    "endless number": whole('{"type": ' + DIGITS + "}"),
    "twice the same key": put(
        '"type": "FeatureCollection"', '"type": "FeatureCollection", "type": "FeatureCollection"'
    ),
    "two roots": added("{}"),
    "name of nothing": put('"name": "', '"name": "\\u0000'),
}
TOML_FILES = {
    "twice the same key": added("\n[x]\na = 1\na = 2\n"),
    "unknown table": added("\n[unknown_table]\nx = 1\n"),
    "nested deep": added("\nx = " + "[" * DEEP + "]" * DEEP + "\n"),
    "no end": added('\nx = """never ends'),
    "escape that there is not": added('\nx = "\\q"\n'),
    "half a character": added('\nx = "\\ud800"\n'),
    "control character": added(b'\nx = "\x07"\n'),
}
ONES = [
    ("city.toml", 'name = "', 'name = "\\u0000'),
    ("city.toml", "lat = 30.4530", "lat = nan"),
    ("city.toml", "lat = 30.4530", "lat = inf"),
    ("city.toml", "lat = 30.4530", "lat = 1e400"),
    ("city.toml", "lat = 30.4530", f"lat = {DIGITS}"),
    ("city.toml", "lat = 30.4530", "lat = true"),
    ("city.toml", "lat = 30.4530", "lat = 2026-07-06"),
    ("city.toml", 'code = "421199"', 'code = ["421199"]'),
    ("city.toml", 'code = "421199"', "code = {}"),
    ("city.toml", 'fallback_unit = "yamen"', "fallback_unit = 0"),
    ("units.toml", 'areas = ["west"]', 'areas = "west"'),
    ("units.toml", 'areas = ["west"]', "areas = [1]"),
    ("units.toml", 'areas = ["west"]', "areas = [[]]"),
    ("units.toml", 'code = "lamps"', "code = 1979-05-27T07:32:00Z"),
    ("units.toml", 'since = "18:00"', 'since = "25:61"'),
    ("units.toml", 'since = "18:00"', "since = 18:00:00"),
    ("units.toml", "weekdays = [1, 2, 3, 4, 5]", "weekdays = [nan]"),
    ("units.toml", "weekdays = [1, 2, 3, 4, 5]", "weekdays = []"),
    ("units.toml", "weekdays = [1, 2, 3, 4, 5]", "weekdays = [1.5]"),
    ("units.toml", 'role = "dispatcher"', "role = []"),
    ("case_types.toml", "amount = 3,", "amount = inf,"),
    ("case_types.toml", "amount = 3,", "amount = nan,"),
    ("case_types.toml", "amount = 3,", f"amount = {DIGITS},"),
    ("case_types.toml", "amount = 3,", "amount = 99999999999999999,"),
    ("case_types.toml", "radius = 20", "radius = nan"),
    ("case_types.toml", "radius = 20", "radius = -inf"),
    ("case_types.toml", "weight = 1.5", "weight = nan"),
    ("case_types.toml", '[{ "大鹅" = 5.0 }, { "鹅" = 2.0 }]', '[{ "大鹅" = nan }]'),
    ("faq.toml", 'answer = "不行，请关进院子。"', "answer = 7"),
    ("calendar.toml", '["13:00", "17:00"]', '["13:00"]'),
    ("calendar.toml", '["13:00", "17:00"]', '["24:00", "99:99"]'),
    ("calendar.toml", '["13:00", "17:00"]', "[13, 17]"),
    ("calendar.toml", '["2026-11-20"]', '["0000-00-00"]'),
    ("calendar.toml", '["2026-11-20"]', "[2026-11-20]"),
    ("calendar.toml", '["2026-11-20"]', '"2026-11-20"'),
    ("areas.geojson", "114.870, 30.440", "NaN, 30.440"),
    ("areas.geojson", "114.870, 30.440", "114.870, Infinity"),
    ("areas.geojson", "114.870, 30.440", "114.870, 1e999"),
    ("areas.geojson", "114.870, 30.440", f"{DIGITS}, 30.440"),
    ("areas.geojson", "[114.870, 30.440]", "[]"),
    ("areas.geojson", "[114.870, 30.440]", "null"),
    ("areas.geojson", "[114.870, 30.440]", '["a", "b"]'),
    ("areas.geojson", "[114.870, 30.440]", "[true, false]"),
    ("areas.geojson", "[114.870, 30.440]", "[[114.870], [30.440]]"),
    ("areas.geojson", '"code": "west"', '"code": null'),
    ("areas.geojson", '"code": "west"', '"code": {"a": 1}'),
    ("areas.geojson", '"parent": "old"', '"parent": 3'),
    ("areas.geojson", '"parent": "old"', '"parent": "west"'),
    ("areas.geojson", '"width": 12', '"width": NaN'),
    ("areas.geojson", '"width": 12', '"width": 1e308'),
    ("areas.geojson", '"width": 12', '"width": "12"'),
    ("areas.geojson", '"name": "', '"name": "\\ud800'),
    ("areas.geojson", '"code": "west"', '"code": "west", "code": "east"'),
    ("landmarks.geojson", '"name": "', '"name": "\\udfff'),
    ("landmarks.geojson", '"Point"', '"MultiPoint"'),
    ("landmarks.geojson", '"Point"', "[]"),
]
SHAPES = {
    "nothing": [],
    "a ring of nothing": [[]],
    "a point": RING[0],
    "a bare ring": RING,
    "two points": [RING[:2]],
    "one point again and again": [[RING[0]] * 5],
    "a line back and forth": [[RING[0], RING[1], RING[0], RING[1], RING[0]]],
    "nulls": [[None] * 5],
    "words": [["a"] * 5],
    "tables": [[{}] * 5],
    "too deep": [[[RING]]],
    "numbers": [1, 2, 3],
    "heights of nothing": [[[*place, None] for place in RING]],
    "far away": [[[place[0] + 1e9, place[1]] for place in RING]],
}
OTHERS = {
    "privacy.md": {
        "missing": missing,
        "folder": folder,
        "gbk": encoded("gbk"),
        "pipe": pipe,
        "empty": whole(" \n"),
    },
    "learned.json": {
        "empty": whole(""),
        "list": whole("[]"),
        "folder": lambda path: path.mkdir(),
        "not utf-8": whole(b"\xff\xfe"),
        "nested deep": whole("[" * DEEP),
        "endless number": whole('{"types": [], "bias": [], "temperature": ' + DIGITS + "}"),
        "nan": whole('{"types": ["lamp"], "bias": [NaN], "scale": 1, "temperature": 1, "weights": {}}'),
        "wrong types": whole('{"types": 3, "bias": {}, "scale": [], "temperature": null, "weights": 1}'),
    },
}


def cases():
    for file in FILES:
        for name, break_ in EVERY_FILE.items():
            yield pytest.param(file, break_, id=f"{file} {name}")
    for files, table in (
        (GEO, GEO_FILES),
        (TOML, TOML_FILES),
        *(((file,), table) for file, table in OTHERS.items()),
    ):
        for file in files:
            for name, break_ in table.items():
                yield pytest.param(file, break_, id=f"{file} {name}")
    for file, old, new in ONES:
        yield pytest.param(file, put(old, new), id=f"{file} {new[:30].encode('ascii', 'replace').decode()}")
    for kind in ("Polygon", "MultiPolygon", "LineString", "Point"):
        for name, shape in SHAPES.items():
            yield pytest.param("areas.geojson", drawn(shape, kind), id=f"{kind} of {name}")


@pytest.mark.parametrize(("file", "break_"), list(cases()))
def test_every_broken_file_is_told_in_sentences(tmp_path, file, break_):
    city = shutil.copytree(TINY, tmp_path / "city")
    break_(city / file)
    with pytest.raises(CityErrors) as raised:
        load_city(city)
    told = [error for error in raised.value.errors if error.file == file]
    assert told, f"the file to blame is named: {raised.value}"
    for error in raised.value.errors:
        assert TOLD.match(str(error)), error
        assert error.line >= 1
        assert len(error.message) < 300, "nobody reads more"
    str(raised.value).encode()  # it can be printed


@pytest.mark.parametrize("what", ["nowhere", "file", "empty"])
def test_folder_that_is_none_is_told(tmp_path, what):
    place = tmp_path / "city"
    if what == "file":
        place.write_text("x")
    elif what == "empty":
        place.mkdir()
    with pytest.raises(CityErrors) as raised:
        load_city(place)
    assert all("缺少" in error.message or "文件夹" in error.message for error in raised.value.errors)


def test_mark_at_the_start_and_windows_lines_are_no_mistake(tmp_path):
    city = shutil.copytree(TINY, tmp_path / "city")
    for file in FILES:
        text = (city / file).read_text(encoding="utf-8")
        (city / file).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_city(city).name
