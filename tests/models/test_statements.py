"""Rows that are written and asked for by hand come back as the ORM would write and read them."""

from datetime import UTC, datetime

import pytest

from models.cases.actions import next_number
from models.cases.audience import list_dispatchers
from models.database import close_database, open_database
from models.lifecycle import Role
from models.people import Person, list_staff, list_staff_by_code
from models.statements import insert
from models.talks import Talk, open_talk

NOW = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
async def database(database_url):
    kept = await open_database(database_url)
    yield kept
    await close_database(kept)


@pytest.fixture
def hire(database):
    async def make(name, *roles, **fields):
        known = {
            "openid": f"o-{name}",
            "name": name,
            "roles": list(roles),
            "is_staff": True,
            "created_at": NOW,
        }
        return await Person.create(**known | fields)

    return make


def names(people):
    return [person.name for person in people]


async def test_row_inserted_by_hand_has_every_default_of_its_table(database):
    await insert(Person(openid="o-new", created_at=NOW), unless="openid")
    by_hand = await Person.get(openid="o-new")
    by_orm = await Person.create(openid="o-other", created_at=NOW)
    left_out = {"id", "openid"}
    fields = set(Person._meta.fields_db_projection) - left_out
    await by_orm.refresh_from_db()
    assert {name: getattr(by_hand, name) for name in fields} == {
        name: getattr(by_orm, name) for name in fields
    }


async def test_row_that_is_there_already_stays_as_it_is(database):
    await Person.create(openid="o-known", name="老张", roles=["officer"], created_at=NOW)
    await insert(Person(openid="o-known", created_at=NOW), unless="openid")
    assert names(await Person.all()) == ["老张"]


async def test_who_is_heard_for_the_first_time_gets_one_talk(database):
    first = await open_talk("o-new", now=NOW)
    again = await open_talk("o-new", now=NOW)
    assert (first.id, first.person.openid) == (again.id, "o-new")
    assert (await Person.all().count(), await Talk.all().count()) == (1, 1)
    assert (first.topic, first.data, first.person.offered) == ("", {}, [])


async def test_staff_is_listed_oldest_first_without_who_left(hire):
    for name, unit in (("甲", "huanwei"), ("乙", "shizheng"), ("丙", "huanwei")):
        await hire(name, "officer", unit=unit)
    await hire("走", "officer", unit="huanwei", following=False)
    await hire("客", "officer", unit="huanwei", is_staff=False)
    assert names(await list_staff(Role.OFFICER)) == ["甲", "乙", "丙"]
    assert names(await list_staff(Role.OFFICER, unit="huanwei")) == ["甲", "丙"]
    assert await list_staff(Role.LEADER) == []


async def test_roster_is_listed_in_the_order_of_the_shift(hire):
    for name, code in (("甲", "s1"), ("乙", "s2"), ("丙", "s3")):
        await hire(name, "officer", staff_code=code)
    assert names(await list_staff_by_code(["s3", "s9", "s1"])) == ["丙", "甲"]
    assert await list_staff_by_code([]) == []


async def test_administrators_stand_in_where_there_is_no_dispatcher(hire):
    await hire("管", "admin")
    assert names(await list_dispatchers()) == ["管"]
    await hire("派", "dispatcher")
    assert names(await list_dispatchers()) == ["派"]


async def test_numbers_of_a_day_follow_each_other(database):
    given = [await next_number(NOW) for _ in range(3)]
    assert given == ["2607060001", "2607060002", "2607060003"]
    assert (
        await next_number(datetime(2026, 7, 6, 17, 0, tzinfo=UTC)) == "2607070001"
    )  # the next day in the town
