"""Points and words find their place in the town."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city.city import GcjPoint, Wgs84Point
from models.city.coordinates import gcj_to_wgs, metres_between, wgs_to_gcj
from models.city.load import EXAMPLE, load_city
from models.city.places import Atlas

TINY = Path(__file__).parents[2] / "cities" / "tiny"
CITY = load_city(EXAMPLE)
ATLAS = Atlas(CITY)
TINY_ATLAS = Atlas(load_city(TINY))


def test_the_centre_of_the_example_city_lies_on_its_main_road():
    place = ATLAS.areas_at(GcjPoint(31.5560, 120.1450))
    assert place.inside
    assert place.codes == ("hudai-lu", "a1", "zhenzhong", "binhu")
    assert place.name == "胡埭路 · 镇中街 · A1 安泰路商业街网格"


def test_shanghai_is_outside():
    place = ATLAS.areas_at(GcjPoint(31.2300, 121.4700))
    assert not place.inside
    assert place.codes == ()


@pytest.mark.parametrize(
    ("metres", "road"), [(0, "liuhe-jie"), (9, "liuhe-jie"), (19, "liuhe-jie"), (25, None), (300, None)]
)
def test_a_road_reaches_as_far_as_its_width_and_a_phones_error(metres, road):
    place = TINY_ATLAS.areas_at(GcjPoint(30.4530 + metres / 111195, 114.8950))
    assert (place.road.code if place.road else None) == road
    assert place.grid.code == "east"


def test_the_nearer_of_two_roads_is_taken():
    place = TINY_ATLAS.areas_at(GcjPoint(30.4530, 114.88005))
    assert place.road.code == "liuhe-jie"
    place = TINY_ATLAS.areas_at(GcjPoint(30.45307, 114.8800))
    assert place.road.code == "qiao-lu"


@pytest.mark.parametrize(
    ("text", "lat", "lng", "least", "most"),
    [
        ("柳河茶馆旁边有只鹅", 30.455, 114.890, 0.8, 1),
        ("茶馆对面", 30.455, 114.890, 0.8, 1),
        ("柳河大街和桥南路路口灯坏了", 30.453, 114.880, 0.7, 1),
        ("桥南路与柳河大街交叉口", 30.453, 114.880, 0.7, 1),
        ("柳河大街上有鹅", 30.453, 114.885, 0.1, 0.5),
        ("我在东格", 30.453, 114.892, 0.1, 0.5),
    ],
)
def test_words_find_a_point_and_say_how_sure_they_are(text, lat, lng, least, most):
    spot = TINY_ATLAS.find_words(text)
    assert metres_between(spot.point, GcjPoint(lat, lng)) < 60
    assert least <= spot.sure <= most
    assert spot.place.inside


def test_a_house_number_is_surer_than_the_road_alone_and_keeps_its_words():
    road, house = TINY_ATLAS.find_words("柳河大街有鹅"), TINY_ATLAS.find_words("柳河大街12号门口有鹅")
    assert road.sure < house.sure
    assert house.address == "柳河大街12号门口"
    assert metres_between(house.point, GcjPoint(30.453, 114.871)) == pytest.approx(60, abs=5)


def test_two_landmarks_far_apart_make_it_unsure():
    spot = ATLAS.find_words("富安花园还是夏渎新村，记不清了")
    assert spot.sure < 0.6


@pytest.mark.parametrize("text", ["", "有人摆摊", "上海南京路", "你好"])
def test_words_that_name_no_place_of_the_town_find_none(text):
    assert TINY_ATLAS.find_words(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("安泰路88号门口有人摆摊", ["安泰路88号门口"]),
        ("消防支队旁边路灯不亮", ["消防支队"]),
        ("绿化路上有坑", ["绿化路"]),
        ("阳光花园小区物业不管", ["阳光花园小区"]),
        ("隔壁烧烤店油烟大", []),
        ("广场舞太吵", []),
        ("出店经营", []),
        ("堵路了，请挪车", []),
        ("把路面弄脏，污染路面", []),
        ("人民医院对面有小贩，人民医院没管", ["人民医院", "人民医院"]),
    ],
)
def test_place_words_are_marked_so_that_they_do_not_speak_for_a_type(text, names):
    assert [text[start:end] for start, end in ATLAS.place_spans(text)] == names


@given(st.text(alphabet="胡埭路安泰88号小区店旁边和公园，。 a(", max_size=40))
def test_spans_are_ordered_and_never_overlap(text):
    spans = ATLAS.place_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@given(st.floats(20, 50), st.floats(80, 130))
def test_there_and_back_again_is_exact_to_a_metre(lat, lng):
    gcj = GcjPoint(lat, lng)
    assert metres_between(wgs_to_gcj(gcj_to_wgs(gcj)), gcj) < 0.01
    wgs = Wgs84Point(lat, lng)
    assert metres_between(gcj_to_wgs(wgs_to_gcj(wgs)), wgs) < 0.01


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [  # the test pairs that eviltransform publishes
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ],
)
def test_known_points_are_shifted_as_published(wgs, gcj):
    assert metres_between(wgs_to_gcj(Wgs84Point(*wgs)), GcjPoint(*gcj)) < 0.01


def test_outside_china_nothing_is_shifted():
    assert wgs_to_gcj(Wgs84Point(48.85, 2.35)) == GcjPoint(48.85, 2.35)


def test_metres_between_is_right_within_a_town():
    assert metres_between(GcjPoint(31.5560, 120.1450), GcjPoint(31.5660, 120.1450)) == pytest.approx(
        1112, rel=0.002
    )
    assert metres_between(GcjPoint(31.5560, 120.1450), GcjPoint(31.5560, 120.1550)) == pytest.approx(
        947.6, rel=0.002
    )
