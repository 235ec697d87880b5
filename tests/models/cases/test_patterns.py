"""Where the same keeps coming back, one case is opened against the cause, once, and what follows is added to it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from stage import with_settings

from models.cases import patterns
from models.cases.actions import move_case, open_case
from models.cases.moves import Actor, Move, Report
from models.cases.patterns import find_patterns, rules_of, town_area
from models.cases.queries import find_same, list_history
from models.cases.tables import Case
from models.city.city import GcjPoint
from models.database import close_database, open_database
from models.deliveries.tables import Delivery
from models.lifecycle import Role
from models.people import Person
from scheduler.rounds import open_patterns

START = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)  # Monday, 9:00 in the town
HERE = GcjPoint(31.5560, 120.1450)
THERE = GcjPoint(31.5600, 120.1500)
NEXT = timedelta(days=1)


@pytest.fixture
async def dispatcher(database_url):
    """The dispatcher, with an open database around."""
    database = await open_database(database_url)
    yield await Person.create(
        openid="d", name="周姐", roles=["dispatcher"], is_staff=True, unit="zhihui", created_at=START
    )
    await close_database(database)


async def report(town, times, *, at=HERE, kind="garbage", start=START):
    told = Report(kind, "垃圾又堆起来了", at)
    return [
        await open_case(told, reporter=None, town=town, now=start + day * NEXT) for day in range(int(times))
    ]


def after(days):
    return START + days * NEXT


async def test_the_same_five_times_in_a_month_is_a_case_against_the_cause(dispatcher, stage_town):
    seen = await report(stage_town, 5)
    opened = await find_patterns(stage_town, now=after(5))
    assert len(opened) == 1
    case = await Case.get(id=opened[0].id)
    assert (case.type, case.source, case.state, case.reporter_id) == ("garbage", "规则", "accepted", None)
    assert all(one.number in case.text for one in seen)
    assert await Case.filter(pattern_id=case.id).count() == 5
    assert [event.step for event in await list_history(case)] == ["report", "accept", "recur"]
    [words] = await Delivery.filter(case_id=case.id)
    assert words.person_id == dispatcher.id
    assert "反复发生，近 30 天 50 米内 5 次" in words.text
    assert f"「派 {case.number} 单位名」" in words.text


async def test_it_has_weeks_and_not_hours(dispatcher, stage_town):
    await report(stage_town, 5)
    [case] = await find_patterns(stage_town, now=after(5))
    owner = Actor(Role.DISPATCHER, dispatcher)
    case = await move_case(case.id, Move("dispatch", owner, unit="huanwei"), town=stage_town, now=after(5))
    assert case.due_at - after(5) > timedelta(days=26), "twenty working days"


@pytest.mark.parametrize(("times", "settings"), [(4, {}), (5, {"recur_times": 6}), (5, {"recur_times": 0})])
async def test_fewer_than_the_town_says_are_none(dispatcher, stage_town, times, settings):
    await report(stage_town, times)
    assert await find_patterns(with_settings(stage_town, **settings), now=after(5)) == []


async def test_far_apart_or_of_other_kinds_or_long_ago_are_none(dispatcher, stage_town):
    await report(stage_town, 3)
    await report(stage_town, 2, at=THERE)
    await report(stage_town, 2, kind="noise")
    await report(stage_town, 2, start=START - 40 * NEXT)
    assert await find_patterns(stage_town, now=after(5)) == []


async def test_what_was_not_there_does_not_count(dispatcher, stage_town):
    seen = await report(stage_town, 5)
    await Case.filter(id=seen[0].id).update(state="rejected")
    assert await find_patterns(stage_town, now=after(5)) == []


async def test_found_again_opens_nothing_more(dispatcher, stage_town):
    await report(stage_town, 5)
    await find_patterns(stage_town, now=after(5))
    assert await find_patterns(stage_town, now=after(5)) == []
    assert await Case.filter(source="规则").count() == 1


async def test_pattern_that_breaks_holds_up_no_other(dispatcher, stage_town, monkeypatch):
    await report(stage_town, 5)
    await report(stage_town, 5, at=THERE, kind="noise")

    async def breaks(told, **options):
        if told.type == "garbage":
            raise ZeroDivisionError("poison")
        return await open_case(told, **options)

    monkeypatch.setattr(patterns, "open_case", breaks)
    assert [case.type for case in await find_patterns(stage_town, now=after(5))] == ["noise"]
    monkeypatch.undo()
    assert [case.type for case in await find_patterns(stage_town, now=after(5))] == ["garbage"]
    await report(stage_town, 1, start=after(6))
    await report(stage_town, 1, at=THERE, kind="noise", start=after(6))
    add, tried = patterns._add, []

    async def breaks_once(pattern_id, *args):
        tried.append(pattern_id)
        if len(tried) == 1:
            raise OSError("poison")
        await add(pattern_id, *args)

    monkeypatch.setattr(patterns, "_add", breaks_once)
    await find_patterns(stage_town, now=after(7))
    assert len(tried) == 2
    assert await Case.exclude(pattern_id=None).count() == 11


async def test_what_comes_back_meanwhile_is_added_and_its_owner_told_once(dispatcher, stage_town):
    officer = await Person.create(
        openid="o", name="小李", roles=["officer"], is_staff=True, unit="huanwei", created_at=START
    )
    await report(stage_town, 5)
    [case] = await find_patterns(stage_town, now=after(5))
    desk = Actor(Role.DISPATCHER, dispatcher)
    await move_case(case.id, Move("dispatch", desk, unit="huanwei"), town=stage_town, now=after(5))
    await move_case(case.id, Move("take", Actor(Role.OFFICER, officer)), town=stage_town, now=after(5))
    later = await report(stage_town, 2, start=after(6))
    for _ in range(2):
        assert await find_patterns(stage_town, now=after(8)) == []
    assert await Case.filter(pattern_id=case.id).count() == 7
    told = await Delivery.filter(case_id=case.id, person_id=officer.id, text__contains="治本案件")
    assert len(told) == 1
    assert "又发生 2 次" in told[0].text
    assert all(one.number in told[0].text for one in later)


async def test_after_its_closing_only_new_ones_count(dispatcher, stage_town):
    await report(stage_town, 5)
    [case] = await find_patterns(stage_town, now=after(5))
    refused = Move("reject", Actor(Role.DISPATCHER, dispatcher), "已经在改造")
    await move_case(case.id, refused, town=stage_town, now=after(5))
    await report(stage_town, 4, start=after(6))
    assert await find_patterns(stage_town, now=after(10)) == []
    await report(stage_town, 1, start=after(10))
    assert len(await find_patterns(stage_town, now=after(11))) == 1


async def test_who_reports_the_same_is_not_offered_the_cause(dispatcher, stage_town):
    seen = await report(stage_town, 5)
    await find_patterns(stage_town, now=after(5))
    kind = stage_town.city.case_types["garbage"]
    assert (await find_same(kind, HERE)).id in {one.id for one in seen}
    await Case.filter(id__in=[one.id for one in seen]).update(is_open=False)
    assert await find_same(kind, HERE) is None


async def test_two_who_look_at_once_open_one(dispatcher, stage_town, monkeypatch):
    await report(stage_town, 5)
    known = await Case.all()
    await find_patterns(stage_town, now=after(5))

    async def seen_before(*_):
        return known

    monkeypatch.setattr("models.cases.patterns._list_loose", seen_before)
    monkeypatch.setattr("models.cases.patterns._add_to_known", lambda loose, *_: seen_before())
    assert await find_patterns(stage_town, now=after(5)) == []
    assert await Case.filter(source="规则").count() == 1


async def test_job_waits_for_office_hours(dispatcher, stage_town):
    await report(stage_town, 5)
    night = SimpleNamespace(now=lambda: after(4) + timedelta(hours=12))  # 21:00 on a Friday
    assert await open_patterns(stage_town, night) == 0
    monday = SimpleNamespace(now=lambda: after(7))
    assert await open_patterns(stage_town, monday) == 1


def test_area_of_the_town_is_that_of_its_grids(stage_town):
    assert 4e6 < town_area(stage_town.city) < 400e6


def test_questions_are_no_pattern(stage_town):
    assert {"consultation", "other"}.isdisjoint(rules_of(stage_town.city))
