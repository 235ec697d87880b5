"""A body from another system becomes a report, or every wrong field is named in Chinese."""

import json

import pytest

from models.city.city import GcjPoint, Wgs84Point
from models.city.coordinates import gcj_to_wgs, metres_between, wgs_to_gcj
from models.exchange.reading import Faults, read_case

HERE = [31.5560, 120.1450]


@pytest.fixture
def read(stage_town, body, now):
    def make(**fields):
        return read_case(body(**fields), town=stage_town, now=now)

    return make


@pytest.fixture
def faults(read):
    def make(**fields):
        with pytest.raises(Faults) as error:
            read(**fields)
        return error.value.fields

    return make


def test_camera_alarm_is_a_report(read):
    report = read(urgent=True)
    assert (report.type, report.urgent, report.point) == ("construction_waste", True, GcjPoint(*HERE))
    assert "倾倒渣土" in report.text


def test_gps_point_is_turned_into_the_maps(read):
    gps = gcj_to_wgs(GcjPoint(*HERE))
    point = read(place={"wgs84": [gps.lat, gps.lng]}).point
    assert metres_between(point, GcjPoint(*HERE)) < 0.1
    assert metres_between(wgs_to_gcj(Wgs84Point(*HERE)), GcjPoint(*HERE)) > 100


def test_words_tell_the_type_where_none_is_given(read):
    assert read(type=None, text="路边有人偷倒建筑垃圾和渣土").type == "construction_waste"


def test_words_that_tell_nothing_go_to_a_person(read):
    assert read(type=None, text="摄像头 12 号报警").type == "other"


def test_known_address_gives_the_point(read, stage_town):
    landmark = stage_town.city.landmarks[0]
    report = read(place=None, address=landmark.name)
    assert metres_between(report.point, landmark.point) < 1
    assert report.address == landmark.name


def test_unknown_address_stays_words(read):
    report = read(place=None, address="某处空地")
    assert (report.point, report.address) == (None, "某处空地")


def test_moment_is_kept_in_town_time(read):
    assert "2026-07-06 11:30" in read(occurred_at="2026-07-06T03:30:00Z").text


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("type", {"type": "no_such"}),
        ("type", {"type": 5}),
        ("type", {"type": ["x"]}),
        ("text", {"text": None}),
        ("text", {"text": "  "}),
        ("text", {"text": 12}),
        ("text", {"text": "字" * 2001}),
        ("text", {"text": "a\x00b"}),
        ("text", {"text": "a\ud800b"}),
        ("address", {"address": "字" * 201}),
        ("address", {"address": 3}),
        ("place", {"place": None}),
        ("place", {"place": HERE}),
        ("place", {"place": {}}),
        ("place", {"place": {"gcj02": HERE, "wgs84": HERE}}),
        ("place", {"place": {"bd09": HERE}}),
        ("place.gcj02", {"place": {"gcj02": [HERE[1], HERE[0]]}}),
        ("place.gcj02", {"place": {"gcj02": [31.5]}}),
        ("place.wgs84", {"place": {"wgs84": [True, False]}}),
        ("place.gcj02", {"place": {"gcj02": [1e400, 0]}}),
        ("place.gcj02", {"place": {"gcj02": [31.23, 121.47]}}),
        ("urgent", {"urgent": "yes"}),
        ("urgent", {"urgent": 1}),
        ("occurred_at", {"occurred_at": "昨天"}),
        ("occurred_at", {"occurred_at": "2026-07-06T08:00:00"}),
        ("occurred_at", {"occurred_at": "2026-07-06T08:00:00Z"}),
        ("occurred_at", {"occurred_at": "2026-05-06T08:00:00Z"}),
        ("occurred_at", {"occurred_at": "0001-01-01T00:00:00+14:00"}),
        ("occurred_at", {"occurred_at": 1783310400}),
        ("photos", {"photos": []}),
        ("reporter", {"reporter": "王"}),
    ],
)
def test_wrong_field_is_named(faults, field, fields):
    told = faults(**fields)
    assert list(told) == [field]
    assert told[field].endswith("。")


def test_all_wrong_fields_are_named_at_once(faults):
    assert set(faults(type="x", text="", urgent=3, place={})) == {"type", "text", "urgent", "place"}


@pytest.mark.parametrize(
    "raw", [b"", b"nonsense", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"1" * 9000]
)
def test_body_that_is_no_object_is_refused(stage_town, now, raw):
    with pytest.raises(Faults, match="JSON"):
        read_case(raw, town=stage_town, now=now)


def test_strange_names_do_not_swell_the_answer(stage_town, now):
    told = {f"f{n}" * 50: 1 for n in range(500)}
    with pytest.raises(Faults) as error:
        read_case(json.dumps(told).encode(), town=stage_town, now=now)
    assert len(error.value.fields) < 30
