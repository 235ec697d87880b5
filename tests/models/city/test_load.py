"""A city folder becomes a City, or every mistake in it is told with its file and line."""

import shutil
from pathlib import Path

import pytest

from models.city.city import Keyword, Limit
from models.city.load import EXAMPLE, CityErrors, load_city
from models.city.places import Atlas
from models.lifecycle import Role

TINY = Path(__file__).parents[2] / "cities" / "tiny"
CODES = [
    *["street_vending", "shop_overflow", "illegal_ad", "illegal_parking", "bike_parking", "garbage"],
    *[
        "waste_sorting",
        "construction_waste",
        "road_damage",
        "manhole",
        "drainage",
        "street_light",
        "greening",
    ],
    *["illegal_building", "noise", "fume_dust", "gas_safety", "dogs", "residential", "public_facility"],
    *["traffic_facility", "consultation", "other"],
]

# (file, what stands there, what we put in its place, line text to blame (empty: the new text), part of the message)
MISTAKES = [
    ("city.toml", 'hotline = "0713-8555000"', 'hotline = "call me"', "", "写法应如 0510-85550000"),
    ("city.toml", 'code = "421199"', "code = 421199", "", "应为文字"),
    ("city.toml", 'account = "柳河帮手"\n', "", "name =", "缺少“account”"),
    ("city.toml", 'fallback_unit = "yamen"', 'fallback_unit = "nobody"', "", "单位“nobody”不存在"),
    ("city.toml", "lat = 30.4530", "lat = 31.4530", "", "中心不在任何网格内"),
    ("units.toml", 'areas = ["west"]', 'areas = ["west", "moon"]', "", "区域“moon”不存在"),
    ("units.toml", 'types = ["lamp"]', 'types = ["lamb"]', "", "案件类别“lamb”不存在"),
    ("units.toml", 'code = "lamps"', 'code = "yamen"', "", "单位编号“yamen”重复"),
    ("units.toml", 'code = "p2"', 'code = "p1"', "", "人员编号“p1”重复"),
    ("units.toml", 'role = "dispatcher"', 'role = "king"', "", "只能是"),
    (
        "units.toml",
        'name = "柳三"\nrole = "officer"\nunit = "yamen"',
        'name = "柳三"\nrole = "officer"\nunit = "yamem"',
        'unit = "yamem"',
        "单位“yamem”不存在",
    ),
    ("units.toml", 'staff = ["p2", "p3"]', 'staff = ["p2", "p9"]', "", "人员“p9”不存在"),
    ("units.toml", "weekdays = [1, 2, 3, 4, 5]\n", "weekdays = [1, 2, 3, 4, 8]\n", "", "不能大于 7"),
    ("units.toml", 'since = "18:00"', 'since = "6pm"', "", "写法应如 08:30"),
    ("case_types.toml", "amount = 3,", "amount = 0,", "", "应大于 0"),
    ("case_types.toml", "amount = 30,", "amount = -1,", "", "应大于 0"),
    ("case_types.toml", 'unit = "natural_day"', 'unit = "fortnight"', "", "只能是"),
    ("case_types.toml", 'code = "goose"', 'code = "lamp"', "", "案件类别编号“lamp”重复"),
    ("case_types.toml", "radius = 20", "radios = 20", "", "不认识“radios”"),
    ("case_types.toml", "weight = 1.5", 'weight = "heavy"', "", "应为数字"),
    (
        "case_types.toml",
        '[{ "大鹅" = 5.0 }, { "鹅" = 2.0 }]',
        '[\n{ "大鹅" = 5.0 },\n{ "大鹅" = 2.0 }]',
        '{ "大鹅" = 2.0 }',
        "关键词“大鹅”重复",
    ),
    ("faq.toml", 'scope = "全国"', 'scope = "浙江"', "", "只在浙江有效"),
    ("faq.toml", 'answer = "不行，请关进院子。"', 'answer = ""', "", "不能为空"),
    ("words.toml", 'case_type = "goose"', 'case_type = "swan"', "", "案件类别“swan”不存在"),
    ("calendar.toml", '["13:00", "17:00"]', '["11:00", "17:00"]', "", "互不重叠"),
    ("calendar.toml", '["2026-11-20"]', '["2026-02-30"]', "", "没有“2026-02-30”这一天"),
    (
        "areas.geojson",
        "[114.884, 30.466], [114.870, 30.466], [114.870, 30.440]]]",
        "[114.884, 30.466], [114.870, 30.466]]]",
        "[114.884, 30.466], [114.870, 30.466]]]",
        "没有闭合",
    ),
    (
        "areas.geojson",
        "[[[114.870, 30.440], [114.884, 30.440], [114.884, 30.466], [114.870, 30.466]",
        "[[[114.870, 30.440], [114.884, 30.466], [114.884, 30.440], [114.870, 30.466]",
        "",
        "自相交",
    ),
    (
        "areas.geojson",
        "[114.900, 30.466], [114.884, 30.466], [114.884, 30.440]]]",
        "[114.900, 30.466], [114.884, 30.466], [114.884, 30.440]], [[114.89, 30.45]]]",
        "",
        "有洞",
    ),
    (
        "areas.geojson",
        "[[114.880, 30.441], [114.880, 30.465]]",
        "[[30.441, 114.880], [30.465, 114.880]]",
        "",
        "经度、纬度是否写反",
    ),
    (
        "areas.geojson",
        '"kind": "grid", "parent": "old"},\n "geometry": {"type": "Polygon", "coordinates": [[[114.884',
        '"kind": "grid", "parent": "new"},\n "geometry": {"type": "Polygon", "coordinates": [[[114.884',
        '"parent": "new"',
        "上级“new”不存在",
    ),
    ("areas.geojson", '"code": "east"', '"code": "west"', "", "编号“west”重复"),
    ("areas.geojson", '"width": 12, ', "", "桥南路", "缺少宽度"),
    ("areas.geojson", '"name": "GCJ-02"', '"name": "BD-09"', "", "只能是"),
    (
        "areas.geojson",
        "[[[114.884, 30.440], [114.900, 30.440], [114.900, 30.466], [114.884, 30.466], [114.884, 30.440]]]",
        "[[[114.892, 30.440], [114.900, 30.440], [114.900, 30.466], [114.892, 30.466], [114.892, 30.440]]]",
        "老街片",
        "没有网格覆盖",
    ),
    (
        "areas.geojson",
        "[[[114.884, 30.440], [114.900, 30.440], [114.900, 30.466], [114.884, 30.466], [114.884, 30.440]]]",
        "[[[114.880, 30.440], [114.900, 30.440], [114.900, 30.466], [114.880, 30.466], [114.880, 30.440]]]",
        "",
        "重叠",
    ),
    (
        "areas.geojson",
        "[[[114.884, 30.440], [114.900, 30.440], [114.900, 30.466], [114.884, 30.466], [114.884, 30.440]]]",
        "[[[114.884, 30.440], [114.930, 30.440], [114.930, 30.466], [114.884, 30.466], [114.884, 30.440]]]",
        "",
        "超出了上级",
    ),
    ("landmarks.geojson", "[114.890, 30.455]", "[114.990, 30.455]", "", "地标“柳河茶馆”不在任何网格内"),
]
SYNTAX = [
    ("faq.toml", 'topic = "大鹅"', 'topic = "大鹅', "TOML 写法有误"),
    ("landmarks.geojson", '"kind": "shop",', '"kind": "shop"', "JSON 写法有误"),
]


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(TINY, tmp_path / "city"))


def spoil(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.split(old)[0].count("\n") + 1


def line_with(folder, file, text):
    return (folder / file).read_text(encoding="utf-8").split(text)[0].count("\n") + 1


def errors_of(folder):
    with pytest.raises(CityErrors) as caught:
        load_city(folder)
    return caught.value.errors


def test_the_example_city_loads_with_all_case_types_of_the_contract():
    city = load_city(EXAMPLE)
    assert list(city.case_types) == CODES
    assert all(kind.keywords for kind in city.case_types.values())
    assert len(city.faq) >= 25
    assert sum(area.grade == "A" for area in city.areas.values()) == 6
    assert {entry.name for entry in city.emergencies} >= {"燃气泄漏", "着火", "井盖缺失", "有人受伤"}
    assert "个人信息" in city.privacy_notice


def test_the_example_city_cites_only_laws_of_its_place():
    city = load_city(EXAMPLE)
    scopes = {ref.scope for entry in city.faq for ref in entry.refs}
    assert scopes == {"全国", "江苏", "无锡"}
    assert all(ref.article is None for entry in city.faq for ref in entry.refs if ref.scope != "全国")


def test_the_example_city_covers_two_kilometres_around_its_centre():
    city = load_city(EXAMPLE)
    atlas = Atlas(city)
    for north, east in [
        (0, 0),
        (1, 0),
        (-1, 0),
        (0, 1),
        (0, -1),
        (0.7, 0.7),
        (-0.7, 0.7),
        (0.7, -0.7),
        (-0.7, -0.7),
    ]:
        point = type(city.centre)(31.5560 + north * 0.01799, 120.1450 + east * 0.02111)
        place = atlas.areas_at(point)
        assert len([area for area in (place.grid, place.street, place.district) if area]) == 3, (north, east)


def test_another_town_loads_from_its_own_folder():
    city = load_city(TINY)
    assert (city.name, city.code, city.privacy_version) == ("柳河镇", "421199", "3")
    assert city.case_types["goose"].limit == Limit(30, "natural_minute")
    assert city.case_types["goose"].radius == 20
    assert city.case_types["goose"].keywords == (
        Keyword("大鹅", 5.0),
        Keyword("鹅", 2.0),
        Keyword("叫声", 1.5, near=("鹅",), unless=("狗",)),
    )
    assert not city.case_types["ask"].handled
    assert city.staff["p1"].role is Role.DISPATCHER
    assert city.settings == {"warn_share": 0.5}
    assert city.abuse == ("笨鹅",)


@pytest.mark.parametrize(
    ("file", "old", "new", "blamed", "message"), MISTAKES, ids=[f"{m[0]}-{m[4]}" for m in MISTAKES]
)
def test_each_mistake_is_told_with_its_line(folder, file, old, new, blamed, message):
    line = spoil(folder, file, old, new)
    found = errors_of(folder)
    wanted = line_with(folder, file, blamed) if blamed else line
    assert any(e.file == file and e.line == wanted and message in e.message for e in found), list(
        map(str, found)
    )


@pytest.mark.parametrize(("file", "old", "new", "message"), SYNTAX)
def test_a_syntax_error_is_told_with_its_line(folder, file, old, new, message):
    spoil(folder, file, old, new)
    [error] = errors_of(folder)
    assert error.file == file
    assert error.line == line_with(folder, file, new)
    assert message in error.message


def test_all_mistakes_are_told_at_once(folder):
    chosen = [MISTAKES[i] for i in (0, 5, 6, 9, 11, 14, 18, 21, 23, 25, 26, 32)]
    lines = [spoil(folder, file, old, new) for file, old, new, _, _ in chosen]
    spoil(folder, "landmarks.geojson", '"kind": "shop",', '"kind": "shop"')
    (folder / "privacy.md").unlink()
    told = [str(error) for error in errors_of(folder)]
    for (file, _, _, blamed, message), line in zip(chosen, lines, strict=True):
        start = f"{file}:{line_with(folder, file, blamed) if blamed else line}: "
        assert any(text.startswith(start) and message in text for text in told), (start, message, told)
    assert "privacy.md:1: 缺少这个文件" in told
    assert any(text.startswith("landmarks.geojson:") for text in told)
    assert len(told) == len(chosen) + 2


def test_errors_print_as_file_line_and_message_in_order(folder):
    spoil(folder, "words.toml", 'case_type = "goose"', 'case_type = "swan"')
    spoil(folder, "case_types.toml", "radius = 20", "radios = 20")
    with pytest.raises(CityErrors) as caught:
        load_city(folder)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("case_types.toml:14: ")
    assert lines[1].startswith("words.toml:7: ")


def test_a_missing_file_and_an_empty_folder_are_told_not_raised(tmp_path):
    found = errors_of(tmp_path)
    assert {error.file for error in found} >= {"city.toml", "areas.geojson", "units.toml", "privacy.md"}


def test_an_hour_without_anybody_is_told(folder):
    spoil(folder, "units.toml", 'since = "20:00"\nuntil = "08:00"', 'since = "20:00"\nuntil = "06:00"')
    found = errors_of(folder)
    assert {(e.file, e.line) for e in found} == {("units.toml", 1), ("units.toml", 7)}
    assert "周一 06:00 至 08:00" in found[0].message
    assert "14 小时" in found[0].message
    assert "当时也无人" in found[1].message


def test_a_type_that_no_unit_takes_in_a_grid_is_told(folder):
    spoil(folder, "units.toml", 'areas = ["town"]', 'areas = ["town"]\ntypes = ["goose", "ask"]')
    [error] = errors_of(folder)
    assert (error.file, error.line) == ("case_types.toml", 1)
    assert "东格" in error.message
    assert "西格" not in error.message


def test_a_file_saved_by_notepad_with_a_mark_in_front_still_loads(folder):
    path = folder / "faq.toml"
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_city(folder).faq


def test_areas_given_in_wgs84_are_turned_into_gcj02(folder):
    before = load_city(folder).areas["east"].shape.centroid
    spoil(folder, "areas.geojson", '"name": "GCJ-02"', '"name": "WGS-84"')
    after = load_city(folder).areas["east"].shape.centroid
    assert 100 < abs(after.x - before.x) * 96000 < 900
