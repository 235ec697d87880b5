"""What people write about a place finds its area, a point, and how sure these words make it."""

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city.city import GcjPoint
from models.city.coordinates import METRES_PER_DEGREE, metres_between
from models.city.load import EXAMPLE, load_city
from models.city.numerals import number_of
from models.city.places import Atlas

CITY = load_city(EXAMPLE)
ATLAS = Atlas(CITY)
MARKS = {name: mark.point for mark in CITY.landmarks for name in (mark.name, *mark.aliases)}
WRITTEN = "胡埭安泰路与和到至广场新村富花园距离约往东南北走一百两三几半十多米公里号楼弄幢近口之间段（）/，。０8９. \n٣"
SURE_ENOUGH = 0.5  # below, people are asked where they are

# As drawn in the example city's areas.geojson.
HUDAI_ANTAI = GcjPoint(31.556019, 120.1478)
HUDAI_ZHENHU = GcjPoint(31.55591, 120.1382)
HUDAI_LUOU = GcjPoint(31.55609, 120.159)
JINGUI_ANTAI = GcjPoint(31.5623, 120.14796)
HUDAI_WEST_END = GcjPoint(31.5553, 120.113)
ANTAI_SOUTH_END = GcjPoint(31.545, 120.1476)


def away(point, east=0.0, north=0.0):
    """Return the point that many metres further."""
    lng = east / (METRES_PER_DEGREE * cos(radians(point.lat)))
    return GcjPoint(point.lat + north / METRES_PER_DEGREE, point.lng + lng)


def middle(one, other):
    return GcjPoint((one.lat + other.lat) / 2, (one.lng + other.lng) / 2)


ZHENHU_ANTAI, ANTAI_LUOU = middle(HUDAI_ZHENHU, HUDAI_ANTAI), middle(HUDAI_ANTAI, HUDAI_LUOU)
SOUTH_100 = away(HUDAI_ANTAI, 0, -100)
SQUARE, HOSPITAL, MALL = MARKS["安泰广场"], MARKS["胡埭医院"], MARKS["胡埭商贸城"]

# text, area (grid, or road and grid), expected point, metres it may be off, address, least and most surety
TEXTS = [
    # house numbers, which are counted from where the road is drawn to begin
    ("胡埭路88号油烟太大", "hudai-lu a2", away(HUDAI_WEST_END, 440), 20, "胡埭路88号", 0.5, 0.6),
    ("胡埭路八十八号油烟太大", "hudai-lu a2", away(HUDAI_WEST_END, 440), 20, "胡埭路八十八号", 0.5, 0.6),
    ("胡埭路 ８８ 号", "hudai-lu a2", away(HUDAI_WEST_END, 440), 20, "胡埭路88号", 0.5, 0.6),
    ("胡埭大街88-2号", "hudai-lu a2", away(HUDAI_WEST_END, 440), 20, "胡埭大街88-2号", 0.5, 0.6),
    ("安泰路一百二十号对面", "antai-lu", away(ANTAI_SOUTH_END, 0, 600), 20, "安泰路一百二十号对面", 0.5, 0.6),
    ("安泰路12弄3号302室漏水", "antai-lu", away(ANTAI_SOUTH_END, 0, 60), 20, "安泰路12弄3号302室", 0.5, 0.6),
    ("安泰路12弄5幢旁边", "antai-lu", away(ANTAI_SOUTH_END, 0, 60), 20, "安泰路12弄5幢旁边", 0.5, 0.6),
    ("安泰路二〇号隔壁", "antai-lu", away(ANTAI_SOUTH_END, 0, 100), 20, "安泰路二〇号隔壁", 0.5, 0.6),
    # buildings of an estate
    ("安泰新村3号楼楼道堆满纸箱", "a1", MARKS["安泰新村"], 1, "安泰新村3号楼", 0.85, 0.95),
    ("安泰小区 ５ 幢 2 单元", "a1", MARKS["安泰新村"], 1, "安泰小区5幢2单元", 0.85, 0.95),
    ("龙延花园二期十二栋楼下", "b9", MARKS["龙延花园"], 1, "龙延花园二期十二栋楼下", 0.85, 0.95),
    ("金桂苑东区7号门口", "a1", MARKS["金桂苑"], 1, "金桂苑东区7号门口", 0.85, 0.95),
    ("丁香花园 A区 3栋旁边", "a1 a4", MARKS["丁香花园"], 1, "丁香花园A区3栋旁边", 0.8, 0.9),
    # beside, opposite, near
    ("安泰广场对面", "a1", SQUARE, 1, "安泰广场对面", 0.8, 0.9),
    ("安泰广场斜对面有黑车", "a1", SQUARE, 1, "安泰广场斜对面", 0.8, 0.9),
    ("就在胡埭医院隔壁", "a1", HOSPITAL, 1, "胡埭医院隔壁", 0.8, 0.9),
    ("胡埭医院附近", "a1", HOSPITAL, 1, "胡埭医院附近", 0.7, 0.85),
    ("胡埭中学北门", "a1", MARKS["胡埭中学"], 1, "胡埭中学北门", 0.85, 0.95),
    ("胡埭菜场的门口", "a1", MARKS["胡埭菜场"], 1, "胡埭菜场的门口", 0.85, 0.95),
    ("商贸城西南角", "a1", MALL, 1, "商贸城西南角", 0.8, 0.9),
    ("镇政府周边", "a1", MARKS["镇政府"], 1, "镇政府周边", 0.7, 0.85),
    # crossings
    ("安泰路与胡埭路路口", "hudai-lu", HUDAI_ANTAI, 20, "安泰路与胡埭路路口", 0.8, 0.9),
    ("安泰路胡埭路交叉口井盖响", "hudai-lu", HUDAI_ANTAI, 20, "安泰路与胡埭路路口", 0.8, 0.9),
    ("安泰路/胡埭路", "hudai-lu", HUDAI_ANTAI, 20, "安泰路与胡埭路路口", 0.75, 0.85),
    ("安泰路／胡埭路", "hudai-lu", HUDAI_ANTAI, 20, "安泰路与胡埭路路口", 0.75, 0.85),
    ("胡埭路近振胡路", "zhenhu-lu hudai-lu", HUDAI_ZHENHU, 20, "胡埭路与振胡路路口", 0.75, 0.85),
    ("胡埭路上靠近陆藕路的地方", "luou-lu hudai-lu", HUDAI_LUOU, 20, "胡埭路与陆藕路路口", 0.75, 0.85),
    ("金桂路 和 安泰路 交汇处", "jingui-lu antai-lu", JINGUI_ANTAI, 20, "金桂路与安泰路路口", 0.8, 0.9),
    ("金桂路跟安泰路的十字路口", "jingui-lu antai-lu", JINGUI_ANTAI, 20, "金桂路与安泰路路口", 0.8, 0.9),
    ("胡埭路振胡路口东北角", "hudai-lu zhenhu-lu", HUDAI_ZHENHU, 20, "胡埭路与振胡路路口东北角", 0.75, 0.85),
    ("胡埭路、陆藕路都有小广告", "hudai-lu luou-lu", HUDAI_LUOU, 20, "胡埭路与陆藕路路口", 0.5, 0.7),
    # a stretch, or what lies between
    ("胡埭路（振胡路到安泰路）", "hudai-lu", ZHENHU_ANTAI, 20, "胡埭路（振胡路至安泰路）", 0.2, 0.4),
    ("胡埭路安泰路至陆藕路段", "hudai-lu", ANTAI_LUOU, 20, "胡埭路（安泰路至陆藕路）", 0.2, 0.4),
    ("安泰路和陆藕路之间的胡埭路", "hudai-lu", ANTAI_LUOU, 20, "胡埭路（安泰路至陆藕路）", 0.2, 0.4),
    ("从安泰广场到商贸城", "a1", middle(SQUARE, MALL), 20, "安泰广场与商贸城之间", 0.3, 0.45),
    ("安泰广场和商贸城中间", "a1", middle(SQUARE, MALL), 20, "安泰广场与商贸城之间", 0.3, 0.45),
    ("振胡路到安泰路之间", "a1", GcjPoint(31.556, 120.143), 20, "振胡路与安泰路之间", 0.1, 0.4),
    # so far in a direction; along the road where it runs that way
    ("安泰路胡埭路路口往东50米", "hudai-lu a1", away(HUDAI_ANTAI, 50), 5, "安泰路与胡埭路路口往东50米", 0.6, 0.75),
    ("胡埭路与安泰路路口向南一百多米", "antai-lu", SOUTH_100, 5, "胡埭路与安泰路路口向南一百多米", 0.5, 0.7),
    ("安泰路88号往北约30米", "antai-lu", away(ANTAI_SOUTH_END, 3, 470), 5, "安泰路88号往北约30米", 0.4, 0.5),
    ("安泰广场往北走两百米", "a1", away(SQUARE, 0, 200), 1, "安泰广场往北走两百米", 0.55, 0.7),
    ("安泰广场，往北走两三百米有个坑", "a1", away(SQUARE, 0, 250), 1, "安泰广场，往北走两三百米", 0.5, 0.7),
    ("安泰广场以东约１００米", "a1", away(SQUARE, 100), 1, "安泰广场以东约100米", 0.6, 0.75),
    ("安泰广场东侧 五十 米", "a1", away(SQUARE, 50), 1, "安泰广场东侧五十米", 0.6, 0.75),
    ("胡埭医院往东南方向二三十米", "a1", away(HOSPITAL, 17.7, -17.7), 1, "胡埭医院往东南方向二三十米", 0.65, 0.8),
    ("胡埭中学出来往东走半公里", "a1", away(MARKS["胡埭中学"], 500), 1, "胡埭中学出来往东走半公里", 0.45, 0.55),
    ("安泰广场向西1.2公里", "a1", away(SQUARE, -1200), 1, "安泰广场向西1.2公里", 0.2, 0.4),
    ("安泰广场正南 80m", "a1", away(SQUARE, 0, -80), 1, "安泰广场正南80m", 0.6, 0.75),
    # so far, and nobody says where
    ("距安泰广场约200米", "a1", SQUARE, 1, "距安泰广场约200米", 0.4, 0.5),
    ("离胡埭医院大概一百五十米", "a1", HOSPITAL, 1, "离胡埭医院大概一百五十米", 0.4, 0.5),
    ("安泰广场往前30米", "a1", SQUARE, 1, "安泰广场往前30米", 0.5, 0.6),
]  # fmt: skip


@pytest.mark.parametrize(("text", "areas", "point", "off", "address", "least", "most"), TEXTS)
def test_words_find_area_point_address_and_surety(text, areas, point, off, address, least, most):
    spot = ATLAS.find_words(text)
    assert spot.address == address
    assert set(spot.place.codes) & set(areas.split()), spot.place.codes
    assert spot.place == ATLAS.areas_at(spot.point)
    assert least <= spot.sure <= most
    assert metres_between(spot.point, point) <= off


@pytest.mark.parametrize(
    "falling",
    [
        ("胡埭医院门口", "胡埭医院旁边", "胡埭医院对面", "胡埭医院附近", "胡埭医院附近50米"),
        ("胡埭路88号门口", "胡埭路88号隔壁", "胡埭路88号斜对面", "胡埭路88号附近", "胡埭路附近"),
        ("安泰广场", "安泰广场往东50米", "安泰广场往东200米", "安泰广场往东一公里"),
        ("安泰广场往东50米", "距安泰广场50米", "距安泰广场三百米"),
        ("安泰广场", "安泰路与胡埭路路口", "安泰路近胡埭路", "安泰路和胡埭路", "胡埭路", "镇中街"),
        ("安泰路与胡埭路路口", "安泰路与胡埭路路口往东50米", "安泰路与胡埭路路口50米处"),
        ("安泰路与胡埭路路口", "胡埭路（胡阳路到安泰路）", "胡埭路（振胡路到陆藕路）"),
        ("安泰广场", "安泰广场和商贸城之间", "安泰广场和胡埭中学之间"),
    ],
)
def test_vaguer_words_make_it_less_sure(falling):
    sure = [ATLAS.find_words(text).sure for text in falling]
    assert sure == sorted(set(sure), reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "烤鱼店门口有人摆摊",
        "人民路88号",
        "人民路与解放路路口往东50米",
        "距火车站约200米",
        "幸福花园3号楼",
        "往东50米",
        "88号",
        "东侧一百米",
        "路口",
        "",
        "。。。",
        "安 泰",
    ],
)
def test_what_is_not_of_this_town_is_not_found(text):
    assert ATLAS.find_words(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("安泰广场50米长的裂缝", "安泰广场"),
        ("安泰广场100米", "安泰广场"),
        ("安泰广场3个人打架", "安泰广场"),
        ("安泰广场往东走", "安泰广场"),
        ("胡埭路3号线", "胡埭路"),
        ("胡埭路灯坏了", "胡埭路"),
        ("胡埭路有50米没有路灯", "胡埭路"),
    ],
)
def test_lengths_and_lines_are_no_distances_and_numbers(text, address):
    assert ATLAS.find_words(text).address == address


def test_a_way_that_leads_out_of_the_town_is_told_as_outside():
    spot = ATLAS.find_words("夏渎新村往南走3公里")
    assert not spot.place.inside
    assert spot.sure < SURE_ENOUGH


def test_roads_that_do_not_meet_make_no_crossing():
    spot = ATLAS.find_words("胡埭路与钱胡路路口")
    assert spot.address != "胡埭路与钱胡路路口"
    assert spot.sure < SURE_ENOUGH


def test_a_road_walked_to_its_end_goes_no_further():
    end = CITY.areas["hudai-lu"].shape.coords[0]
    spot = ATLAS.find_words("胡埭路12号往西300米")
    assert metres_between(spot.point, GcjPoint(end[1], end[0])) < 1


def test_the_same_landmark_named_twice_is_no_doubt():
    once, twice = ATLAS.find_words("安泰广场"), ATLAS.find_words("安泰广场有人，安泰广场上")
    assert once.sure == twice.sure


def test_the_exact_place_wins_over_the_road_it_lies_at():
    spot = ATLAS.find_words("胡埭路88号，安泰广场对面，镇中街")
    assert spot.address == "安泰广场对面"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("安泰广场往东50米有人摆摊", ["安泰广场往东50米"]),
        ("安泰新村３号楼楼下堆满垃圾", ["安泰新村３号楼楼下"]),
        ("安泰路与胡埭路交叉口红绿灯不亮", ["安泰路", "胡埭路交叉口"]),
    ],
)
def test_all_words_of_a_place_are_marked(text, names):
    assert [text[start:end] for start, end in ATLAS.place_spans(text)] == names


@given(st.text(WRITTEN, max_size=60))
def test_whatever_is_written_is_read_without_a_stumble(text):
    spot = ATLAS.find_words(text)
    assert spot is None or (0 < spot.sure <= 1 and spot.address)


@pytest.mark.parametrize(
    ("words", "rough", "number"),
    [
        ("88", False, 88),
        ("八十八", False, 88),
        ("八八", False, 88),
        ("二〇三", False, 203),
        ("十二", False, 12),
        ("二十", False, 20),
        ("一百零五", False, 105),
        ("一百五", False, 150),
        ("一百五十", False, 150),
        ("两千三百", False, 2300),
        ("百", False, 100),
        ("一百", True, 100),
        ("两三百", True, 250),
        ("二三十", True, 25),
        ("三五", True, 4),
        ("几十", True, 50),
        ("半", True, 0.5),
        ("1.5", True, 1.5),
        ("2百", True, 200),
    ],
)
def test_numbers_are_read_as_people_write_them(words, rough, number):
    assert number_of(words, rough=rough) == number
