"""Promises that reach into a year whose holidays nobody has announced say so, wherever they are told."""

import json
import re
from datetime import UTC, date, datetime

import aiohttp
import pytest
from stage import HERE, Stage, photo, with_calendar

from models.access import Access, make_token
from models.cases.tables import Case
from models.city.city import GcjPoint
from models.city.coordinates import gcj_to_wgs
from models.deliveries.tables import Delivery
from models.lifecycle import Role

pytestmark = pytest.mark.usefixtures("library_ends_with_2026")

LAST_AFTERNOON = datetime(2026, 12, 31, 8, 0, tzinfo=UTC)  # Thursday 16:00 in the town
GARBAGE = "门口的垃圾没人清运，堆了好几天了"  # four working hours
MANHOLE = "路边的井盖坏了，一走就响，怕摔着人"  # two hours that never stop
PARKING = "一辆轿车违停，堵住了大门"  # two working hours: until six this evening
DUE = "2027年1月4日（周一）10:00"
CAVEAT = "（以节假日安排公布后为准）"
PLACE = gcj_to_wgs(GcjPoint(*HERE))


@pytest.fixture
async def eve(stage_town, database_url, tmp_path):
    """The last afternoon of 2026, with nothing announced for 2027."""
    async with Stage(stage_town, database_url, tmp_path, start=LAST_AFTERNOON) as stage:
        await bind_somebody(stage)
        yield stage


@pytest.fixture
async def announced_eve(stage_town, database_url, tmp_path):
    """The same afternoon in a town that was told of 2027."""
    town = with_calendar(stage_town, announced=frozenset({2027}))
    async with Stage(town, database_url, tmp_path, start=LAST_AFTERNOON) as stage:
        await bind_somebody(stage)
        yield stage


async def bind_somebody(stage):
    """Somebody of each unit that these reports are for: nothing is promised for a unit in which nobody is."""
    for number, unit in enumerate(("shizheng", "zhongdui-1")):
        await stage.officer(unit, name=f"小{number}")


async def report(phone, words):
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say(words)
    said = await phone.say("提交")
    return said.text, await Case.all().order_by("-id").first()


async def fetch(stage, path, **options):
    async with aiohttp.ClientSession() as client, client.get(stage.address + path, **options) as answer:
        assert answer.status == 200
        return await answer.text()


async def owed_to(phone):
    rows = await Delivery.filter(person__openid=phone.openid).order_by("id")
    return "\n".join(row.text for row in rows)


async def test_what_is_due_in_a_year_without_announcement_is_promised_with_a_proviso(eve):
    phone, officer = await eve.citizen(), await eve.officer("huanwei")
    said, case = await report(phone, GARBAGE)
    assert f"{DUE}{CAVEAT}" in said
    await eve.run_jobs()
    assert f"{DUE}{CAVEAT}" in await owed_to(officer)
    taken = await officer.say(f"接单 {case.number}")
    await eve.run_jobs()
    assert f"{DUE}{CAVEAT}" in await owed_to(phone)
    assert f"{DUE}{CAVEAT}" in (await phone.say("进度")).text
    assert f"{DUE}{CAVEAT}" in (await phone.say("催办")).text
    assert f"{DUE}{CAVEAT}" in (await officer.say(f"查 {case.number}")).text, taken.text


async def test_the_pages_say_it_too(eve):
    phone, officer = await eve.citizen(), await eve.officer("huanwei")
    await eve.dispatcher()
    _, case = await report(phone, GARBAGE)
    link = re.search(r'https?://[^\s"]+?(/h5/[^\s"]+)', (await phone.say("进度")).text).group(1)
    assert CAVEAT in await fetch(eve, link)
    await eve.run_jobs()
    await officer.say(f"接单 {case.number}")
    entrusted = await officer.say(f"委托 {case.number} 锡城清运公司")
    link = re.search(r"https?://\S+(/h5/w/\S+)", entrusted.text).group(1)
    assert CAVEAT in await fetch(eve, link)


async def test_programs_read_that_the_moment_may_move(eve):
    _, case = await report(await eve.citizen(), GARBAGE)
    clear, _ = await make_token(Access.READER, name="大屏", now=LAST_AFTERNOON)
    headers = {"Authorization": f"Bearer {clear}"}
    one = json.loads(await fetch(eve, f"/api/v1/cases/{case.number}", headers=headers))
    rows = json.loads(await fetch(eve, "/api/v1/cases", headers=headers))
    assert (one["due_at"], one["due_provisional"]) == ("2027-01-04T10:00:00+08:00", True)
    assert rows["cases"][0]["due_provisional"]
    [row] = json.loads(await fetch(eve, f"/open311/v2/requests/{case.number}.json"))
    assert "以节假日安排公布后为准" in row["service_notice"]


async def test_a_report_by_open311_is_answered_with_the_proviso(eve):
    clear, _ = await make_token(Access.OFFICER, name="市民云", now=LAST_AFTERNOON)
    form = {"service_code": "garbage", "lat": str(PLACE.lat), "long": str(PLACE.lng), "description": GARBAGE}
    url = f"{eve.address}/open311/v2/requests.json"
    async with aiohttp.ClientSession() as client, client.post(url, data=form | {"api_key": clear}) as answer:
        [row] = await answer.json()
    assert f"{DUE}{CAVEAT}" in row["service_notice"]


async def test_the_field_of_a_template_holds_the_bare_moment(eve):
    _, officer = await eve.citizen(), await eve.officer("huanwei")
    await report(await eve.citizen("李叔"), GARBAGE)
    row = await Delivery.get(person__openid=officer.openid, use="work")
    assert row.fields_["due"] == DUE


@pytest.mark.parametrize("words", [MANHOLE, PARKING])
async def test_what_never_stops_or_ends_this_year_is_promised_without_a_proviso(eve, words):
    said, _ = await report(await eve.citizen(), words)
    assert "今天18:00" in said
    assert "公布" not in said


async def test_an_announced_year_is_promised_without_a_proviso(announced_eve):
    await announced_eve.officer("huanwei")
    said, _ = await report(await announced_eve.citizen(), GARBAGE)
    assert DUE in said
    assert "公布" not in said


async def test_what_is_late_already_has_no_proviso(eve):
    phone, officer = await eve.citizen(), await eve.officer("huanwei")
    _, case = await report(phone, GARBAGE)
    await eve.run_jobs()
    await officer.say(f"接单 {case.number}")
    await eve.pass_time(days=6)
    said = (await phone.say("进度")).text
    assert "已经超时" in said
    assert "公布" not in said


async def test_an_answer_owed_to_a_supervision_says_it(eve):
    phone, officer = await eve.citizen(), await eve.officer("huanwei")
    desk = await eve.officer("huanwei", name="老陈", role=Role.LEADER)
    dispatcher = await eve.dispatcher()
    _, case = await report(phone, GARBAGE)
    await eve.run_jobs()
    await officer.say(f"接单 {case.number}")
    await dispatcher.say(f"发督办 {case.number} 年前要清掉")
    await eve.run_jobs()
    assert f"请在 2027年1月4日（周一）16:00{CAVEAT}前回复" in await owed_to(officer), await owed_to(desk)


async def test_when_the_year_is_announced_the_promises_follow_and_lose_the_proviso(eve):
    phone, officer = await eve.citizen(), await eve.officer("huanwei")
    _, case = await report(phone, GARBAGE)
    await eve.run_jobs()
    await officer.say(f"接单 {case.number}")
    eve.town = with_calendar(
        eve.town, announced=frozenset({2027}), national_workdays=frozenset({date(2027, 1, 3)})
    )
    await eve.start_service()
    await eve.run_jobs()
    await case.refresh_from_db()
    assert case.due_at == datetime(2027, 1, 3, 2, 0, tzinfo=UTC)
    assert case.wake_at < case.due_at
    said = (await phone.say("进度")).text
    assert "2027年1月3日（周日）10:00前办好" in said
    assert "公布" not in said


async def test_recounting_moves_nothing_twice_and_nothing_that_is_right(eve):
    phone = await eve.citizen()
    await eve.officer("huanwei")
    _, case = await report(phone, GARBAGE)
    await eve.run_jobs()
    before = await Case.get(id=case.id)
    await eve.run_jobs()
    after = await Case.get(id=case.id)
    assert (before.due_at, before.wake_at, before.clocks) == (after.due_at, after.wake_at, after.clocks)
