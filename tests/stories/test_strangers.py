"""What strangers see and may do: of another's case where it stands, no more; guessed codes; calls for a person."""

import re

import aiohttp
import pytest
from hearing import cast, hand_back, join, state_of
from stage import HERE, photo

from models.cases import taps
from models.cases.tables import Case, CaseEvent, Following
from models.lifecycle import Role
from models.people import Appointment, Person, add_staff

PHONE, ROOM, PLACE = "13812345678", "3 号楼 502 室", "胡埭路 12 号后门"
WORDS = f"路边的井盖坏了，一走就响，我是张桂兰，电话 {PHONE}，住 {ROOM}"
PRIVATE = ("张桂兰", PHONE, "502", "12 号后门", "怕摔", "一走就响", "小李")
OWN = [name for name in dir(taps) if name.isupper() and isinstance(getattr(taps, name), str)]
OPENS_NOTHING = {"JOIN", "NOT_SAME"}  # whoever joins follows it openly: a report of their own comes with it


@pytest.fixture
async def town(stage):
    """Everybody who may hear of a case, and a stranger who has nothing to do with it."""
    town = await cast(stage)
    town.phones["stranger"] = await stage.citizen("路人")
    return town


@pytest.fixture
async def case(town):
    """A case whose words name its reporter, in the officer's hands; one more joined it."""
    await town.reporter.photo(photo())
    await town.reporter.locate(*HERE, PLACE)
    await town.reporter.say(WORDS)
    await town.reporter.say("提交")
    await join(town.joined)
    case = await Case.get()
    await town.officer.say(f"接单 {case.number}")
    await town.listen()
    return case


async def page_of(stage, phone, case):
    """Return the page behind the link that this person was sent last."""
    said = (await phone.say(f"进度 {case.number}")).text
    path = re.search(r'href="https?://[^/]+(/h5/c/[^"]+)"', said).group(1)
    async with aiohttp.ClientSession() as client, client.get(stage.address + path) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_stranger_sees_type_and_state_and_nothing_of_people_or_place(town, case):
    for words in (case.number, f"进度 {case.number}", f"查 {case.number}"):
        said = (await town.stranger.say(words)).text
        assert ("井盖管线" in said, "处理中" in said) == (True, True)
        assert not [word for word in PRIVATE if word in said]
        assert "href" not in said


async def test_stranger_sees_the_area(stage, town, case):
    assert stage.town.city.areas[case.street].name in (await town.stranger.say(case.number)).text


async def test_last_four_digits_find_nobody_elses_case(town, case):
    said = (await town.stranger.say(f"进度 {case.number[-4:]}")).text
    assert "没有找到" in said
    assert "井盖" not in said


async def test_who_joined_reads_it_masked_and_the_reporter_whole(stage, town, case):
    joined, own = await page_of(stage, town.joined, case), await page_of(stage, town.reporter, case)
    assert "一走就响" in joined
    assert not [word for word in (PHONE, "502") if word in joined]
    assert not [word for word in (PHONE, "502", "12 号后门") if word not in own]
    said = (await town.joined.say(f"进度 {case.number}")).text
    assert not [word for word in (PHONE, "502", "12 号后门") if word in said]
    assert "12 号后门" in (await town.reporter.say(f"进度 {case.number}")).text


async def test_page_of_who_joined_shows_the_area_as_the_chat_does(stage, town, case):
    assert "12 号后门" not in await page_of(stage, town.joined, case)


async def test_link_of_one_person_is_no_link_for_who_left(stage, town, case):
    said = (await town.joined.say(f"进度 {case.number}")).text
    path = re.search(r'href="https?://[^/]+(/h5/c/[^"]+)"', said).group(1)
    await town.joined.unfollow()
    async with aiohttp.ClientSession() as client, client.get(stage.address + path) as answer:
        assert answer.status == 403
        assert "一走就响" not in await answer.text()


@pytest.mark.parametrize("who", ["stranger", "joined"])
async def test_taps_on_anothers_case_change_nothing_and_are_answered(town, case, who):
    await hand_back(town.officer, case)
    await town.desk.say(f"核查通过 {case.number}")
    await town.listen()
    phone = town.phones[who]
    for name in sorted({*OWN} - OPENS_NOTHING - ({"UNSATISFIED"} if who == "joined" else set())):
        said = await phone.tap(getattr(taps, name) + case.number, "好")
        assert said.text, name
        assert not [word for word in (PHONE, "502", "12 号后门") if word in said.text], name
        await phone.say("取消")
    assert await state_of(case) == "closed"
    assert (case.rating, await Case.all().count()) == ("", 1)
    await town.expect()


@pytest.mark.parametrize("tap", [taps.FIXED, taps.NOT_FIXED, taps.SATISFIED, taps.UNSATISFIED, taps.REPLY])
async def test_verdict_of_a_stranger_is_refused_kindly(town, case, tap):
    steps = await CaseEvent.filter(case_id=case.id).count()
    said = (await town.stranger.tap(tap + case.number, "已经好了")).text
    assert re.search("不是您报的|由负责|现在是", said)
    assert re.search("可以|请|回复", said), "what may be done instead"
    assert await CaseEvent.filter(case_id=case.id).count() == steps
    await town.expect()


async def test_words_for_anothers_case_are_refused_and_say_how_to_join(town, case):
    for words in ("补充", "催办", "撤回"):
        said = (await town.stranger.say(f"{words} {case.number}")).text
        assert "不是您报的" in said
        assert "一起跟进" in said
    assert not await Following.filter(person__openid=town.stranger.openid).exists()
    await town.expect()


async def test_guessed_codes_are_answered_five_times_and_then_not_read(stage, town):
    appointed = await add_staff(
        Appointment(name="新来的", role=Role.OFFICER.value, made_at=stage.clock.now())
    )
    wrong = f"{(int(appointed.code) + 1) % 10**8:08d}"
    for _ in range(5):
        assert "不对" in (await town.stranger.say(f"绑定 {wrong}")).text
    assert "输错太多次" in (await town.stranger.say(f"绑定 {wrong}")).text
    assert "输错太多次" in (await town.stranger.say(f"绑定 {appointed.code}")).text
    assert not (await Person.get(openid=town.stranger.openid)).is_staff
    other = await stage.citizen("同事")
    assert "绑定好了" in (await other.say(f"绑定 {appointed.code}")).text, (
        "one who guesses locks nobody else out"
    )
    await stage.pass_time(hours=1, minutes=1)
    assert "不对" in (await town.stranger.say(f"绑定 {appointed.code}")).text


async def test_who_guessed_too_often_waits_an_hour_and_gets_in_with_a_new_code(stage, town):
    for code in range(10000000, 10000005):
        await town.stranger.say(f"绑定 {code}")
    assert "一小时后再试" in (await town.stranger.say("绑定 10000006")).text
    await stage.pass_time(minutes=61)
    fresh = await add_staff(Appointment(name="新来的", role=Role.OFFICER.value, made_at=stage.clock.now()))
    assert "绑定好了" in (await town.stranger.say(f"绑定 {fresh.code}")).text


async def test_five_calls_for_a_person_a_day_and_then_the_telephone(stage, town):
    for turn in range(5):
        await town.stranger.say("人工")
        assert "已转给工作人员" in (await town.stranger.say(f"想问雨棚的事，第 {turn} 问")).text
        await town.expect(desk="雨棚")
        await town.stranger.say("结束")
        await town.expect(desk="对话结束")
    await town.stranger.say("人工")
    said = (await town.stranger.say("再问一个")).text
    assert "5件" in said
    assert stage.town.city.hotline in said
    assert await Case.all().count() == 5
    await town.expect()
    assert "已转给工作人员" in (await town.reporter.say("人工 我家门口雨棚")).text, "others still get through"
    await stage.pass_time(days=1, minutes=1)
    assert "已转给工作人员" in (await town.stranger.say("人工 昨天没问完的雨棚")).text
