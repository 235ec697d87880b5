"""The people who work for the town, as an operator keeps them by command."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from models.cases.tables import Case
from models.city.load import EXAMPLE, load_city
from models.database import close_database, open_database
from models.errors import Refusal
from models.people import Appointment, Person, bind_staff
from models.staffing import appoint, end_member, find_member, list_members, move_member, renew_codes

NOW = datetime(2026, 7, 6, 3, tzinfo=UTC)
CITY = load_city(EXAMPLE)


@pytest.fixture
async def database(database_url):
    opened = await open_database(database_url)
    yield
    await close_database(opened)


def appointment(name="王队长", role="officer", unit="市政养护队", area=""):
    return Appointment(name=name, role=role, unit=unit, area=area, made_at=NOW)


async def bound(name="王队长", **more):
    row = await appoint(appointment(name, **more), CITY)
    person = await Person.create(openid=f"o-{name}", created_at=NOW)
    await bind_staff(person, row.code, now=NOW)
    return person


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("unit", ["shizheng", "市政养护队", " 市政养护队 "])
async def test_a_unit_is_named_by_its_code_or_its_name(unit):
    assert (await appoint(appointment(unit=unit), CITY)).unit == "shizheng"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        ("市政队", "市政养护队"),
        ("huanwe", "huanwei"),
        ("环卫", "环卫所"),
        ("城管一中队", "城管一中队（镇中街）"),
    ],
)
async def test_an_unknown_unit_is_refused_with_the_nearest_names(given, nearest):
    with pytest.raises(Refusal, match=re.escape(nearest)) as told:
        await appoint(appointment(unit=given), CITY)
    assert given in told.value.sentence
    assert not await Appointment.all().count()


@pytest.mark.usefixtures("database")
async def test_an_unknown_area_is_refused_with_the_nearest_names():
    with pytest.raises(Refusal, match="胡埭路"):
        await appoint(appointment(role="road_chief", area="胡埭大路"), CITY)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("name", ["", "  ", "\u3000", "王" * 61])
async def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(Refusal, match="姓名"):
        await appoint(appointment(name), CITY)


@pytest.mark.usefixtures("database")
async def test_the_list_tells_who_is_bound_who_is_waited_for_and_whose_code_ran_out():
    await bound("王队长")
    await appoint(appointment("小李"), CITY)
    members = await list_members(now=NOW + timedelta(hours=25))
    assert [(one.name, one.is_bound, one.has_expired) for one in members] == [
        ("王队长", True, False),
        ("小李", False, True),
    ]


@pytest.mark.usefixtures("database")
async def test_two_of_one_name_are_asked_for_by_number():
    first = await bound("王队长")
    second = await Person.create(openid="o-2", name="王队长", is_staff=True, roles=["patrol"], created_at=NOW)
    with pytest.raises(Refusal, match=f"{first.id} 王队长、{second.id} 王队长"):
        await find_member(name="王队长", now=NOW)
    assert (await find_member(name="王队长", number=str(second.id), now=NOW)).id == str(second.id)


@pytest.mark.usefixtures("database")
async def test_a_move_waits_until_nothing_of_the_old_unit_is_in_hand():
    person = await bound()
    moments = {"opened_at": NOW, "changed_at": NOW, "due_at": NOW}
    case = await Case.create(
        number="2607060001", state="handling", at_work=True, handler_id=person.id, type="manhole", **moments
    )
    member = await find_member(name="王队长", now=NOW)
    with pytest.raises(Refusal, match="2607060001"):
        await move_member(member, unit="环卫所", area="", city=CITY)
    await Case.filter(id=case.id).update(at_work=False, state="closed")
    await move_member(member, unit="环卫所", area="", city=CITY)
    assert (await Person.get(id=person.id)).unit == "huanwei"


@pytest.mark.usefixtures("database")
async def test_who_leaves_is_forgotten_and_their_open_code_holds_no_more(stage_town):
    person = await bound()
    waiting = await appoint(appointment("小李"), CITY)
    for name in ("王队长", "小李"):
        await end_member(await find_member(name=name, now=NOW), town=stage_town, now=NOW)
    assert not (await Person.get(id=person.id)).is_staff
    with pytest.raises(Refusal, match="绑定码不对"):
        await bind_staff(await Person.create(openid="o-3", created_at=NOW), waiting.code, now=NOW)
    assert await list_members(now=NOW) == []


@pytest.mark.usefixtures("database")
async def test_a_new_code_replaces_the_one_that_ran_out():
    old = await appoint(appointment("小李"), CITY)
    later = NOW + timedelta(days=2)
    (new,) = await renew_codes(await find_member(name="小李", now=later), now=later)
    person = await Person.create(openid="o-3", created_at=NOW)
    with pytest.raises(Refusal):
        await bind_staff(person, old.code, now=later)
    assert (await bind_staff(person, new.code, now=later)).unit == "shizheng"


def test_answers_are_words_and_json_on_demand(tmp_path, monkeypatch, capsys):
    from bot.__main__ import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGZHI_DATA", str(tmp_path / "data"))
    words = ["staff", "add", "--name", "王队长", "--role", "officer", "--unit", "市政养护队"]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "城管队员，市政养护队" in told
    assert re.search(r"绑定 \d{8}", told)
    assert main([*words, "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"id", "bind_code"}
    assert main(["staff", "list"]) == 0
    assert "等绑定" in capsys.readouterr().out
