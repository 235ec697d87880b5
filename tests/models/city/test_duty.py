"""A case always finds a unit, and a unit always has somebody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.city.city import GcjPoint
from models.city.duty import on_duty, unit_for
from models.city.load import EXAMPLE, load_city
from models.city.places import Atlas, Place
from models.clock import BEIJING
from models.lifecycle import Role

CITY = load_city(EXAMPLE)
CENTRE = Atlas(CITY).areas_at(CITY.centre)
TINY = load_city(Path(__file__).parents[2] / "cities" / "tiny")
WEST = Atlas(TINY).areas_at(GcjPoint(30.445, 114.875))
EAST = Atlas(TINY).areas_at(GcjPoint(30.445, 114.895))


def codes(staff):
    return [person.code for person in staff]


def when(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)


@pytest.mark.parametrize("type_code", CITY.case_types)
def test_every_type_has_an_officer_at_the_centre_at_every_hour_of_the_week(type_code):
    unit = unit_for(CITY, type_code, CENTRE)
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    for hour in range(7 * 24):
        on = on_duty(CITY, unit, monday + timedelta(hours=hour))
        assert on[0].role is Role.OFFICER, (unit.name, hour)


def test_a_unit_named_for_the_type_goes_before_one_that_takes_everything():
    assert unit_for(CITY, "street_light", CENTRE).code == "shizheng"
    assert unit_for(CITY, "noise", CENTRE).code == "zhongdui-1"


def test_the_road_goes_before_the_street():
    on_antai = Atlas(CITY).areas_at(GcjPoint(31.5590, 120.1479))
    assert on_antai.road.code == "antai-lu"
    assert unit_for(CITY, "street_vending", on_antai).code == "luzhang-antai"
    assert unit_for(CITY, "street_vending", CENTRE).code == "zhongdui-1"


def test_a_unit_serves_only_its_own_areas():
    assert unit_for(TINY, "lamp", WEST).code == "lamps"
    assert unit_for(TINY, "lamp", EAST).code == "yamen"
    assert unit_for(TINY, "goose", WEST).code == "yamen"


def test_what_nobody_is_named_for_falls_to_the_fallback_unit():
    assert unit_for(TINY, "lamp", Place()).code == TINY.fallback_unit


@pytest.mark.parametrize(
    ("moment", "people"),
    [
        ("2026-11-23 18:00", ["p2", "p3"]),  # Monday evening
        ("2026-11-24 01:59", ["p2", "p3"]),  # over midnight, still Monday's shift
        ("2026-11-24 02:00", ["p3"]),  # nobody of their own: the fallback unit's night shift
        ("2026-11-23 09:00", ["p1", "p3"]),  # the fallback unit by day
        ("2026-11-28 01:00", ["p2", "p3"]),  # Friday's shift runs into Saturday
        ("2026-11-28 19:00", ["p1", "p3"]),  # no shift on Saturday
    ],
)
def test_duty_runs_over_midnight_and_falls_back(moment, people):
    assert codes(on_duty(TINY, TINY.units["lamps"], when(moment))) == people


def test_a_shift_of_sunday_night_runs_into_monday():
    shift = replace(TINY.shifts[2], weekdays=(7,))
    city = replace(TINY, shifts=(*TINY.shifts[:2], shift))
    assert codes(on_duty(city, city.units["lamps"], when("2026-11-23 01:00"))) == ["p2", "p3"]


def test_with_no_shifts_at_all_the_dispatchers_are_asked_and_else_everybody():
    empty = replace(TINY, shifts=())
    assert codes(on_duty(empty, empty.units["lamps"], when("2026-11-23 09:00"))) == ["p1"]
    nobody = replace(empty, staff={code: p for code, p in empty.staff.items() if p.role is Role.OFFICER})
    assert codes(on_duty(nobody, nobody.units["lamps"], when("2026-11-23 09:00"))) == ["p2", "p3"]


def test_summer_and_winter_make_no_difference_and_utc_is_understood():
    night = datetime(2026, 7, 6, 11, 0, tzinfo=UTC)  # Monday 19:00 in the town
    assert codes(on_duty(TINY, TINY.units["lamps"], night)) == ["p2", "p3"]
