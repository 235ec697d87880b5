"""Limits of a day count on for whoever has themselves forgotten and comes back."""

import pytest
from stage import HERE

from handlers.chat.binding import LIMITS
from models.cases.limits import CASES_A_DAY
from models.cases.tables import Case
from models.people import BIND_DIGITS, Appointment, add_staff
from models.tallies import Tally

KINDS = ("路灯不亮", "井盖坏了", "垃圾没人收", "路面有个大坑", "下水道堵了")


async def be_forgotten(phone, how):
    """Leave no row of oneself behind."""
    if how == "unfollow":
        await phone.unfollow()
        await phone.follow()
    else:
        await phone.say("注销")
        assert "已注销" in (await phone.say("1")).text


@pytest.mark.parametrize("how", ["unfollow", "erase"])
async def test_guesses_of_a_bind_code_count_on(stage, how):
    stranger = await stage.citizen("路人")
    for _ in range(5):
        assert "不对" in (await stranger.say("绑定 10000000")).text
    await be_forgotten(stranger, how)
    assert "输错太多次" in (await stranger.say("绑定 10000000")).text


async def test_guesses_are_bounded_for_the_day(stage):
    stranger = await stage.citizen("路人")
    answered = 0
    for _ in range(12):
        for _ in range(6):
            answered += "这个绑定码不对" in (await stranger.say("绑定 10000000")).text
        await stage.pass_time(minutes=61)
    assert answered == LIMITS[-1][0]
    assert "明天" in (await stranger.say("绑定 10000000")).text
    fresh = await add_staff(Appointment(name="新来的", role="officer", made_at=stage.clock.now()))
    assert len(fresh.code) == BIND_DIGITS
    await stage.pass_time(hours=13)
    assert "绑定好了" in (await stranger.say(f"绑定 {fresh.code}")).text


@pytest.mark.parametrize("how", ["unfollow", "erase"])
async def test_cases_of_a_day_count_on(stage, how):
    phone = await stage.citizen("路人")
    for turn in range(CASES_A_DAY + 2):
        await phone.locate(HERE[0] + 0.0006 * (turn // 5), HERE[1] + 0.0006 * (turn % 5))
        await phone.say(f"{KINDS[turn % 5]}，第 {turn} 处")
        said = await phone.say("提交")
        if "是同一件吗" in said.text:
            said = await phone.say("2")
        if turn == CASES_A_DAY // 2:
            await be_forgotten(phone, how)
    assert "您今天已经报了20件" in said.text
    assert await Case.all().count() == CASES_A_DAY
    await stage.pass_time(days=1, minutes=1)
    await phone.locate(*HERE)
    await phone.say("树倒了，挡住人行道")
    await phone.say("提交")
    assert await Case.all().count() == CASES_A_DAY + 1
    assert await Tally.all().count() == 1, "nothing older than a day is left"


async def test_questions_of_a_day_count_on_and_no_openid_is_kept(stage):
    phone = await stage.citizen("路人")
    for turn in range(5):
        assert "已转给工作人员" in (await phone.say(f"人工 想问雨棚的事，第 {turn} 问")).text
        await phone.say("结束")
        await be_forgotten(phone, "erase")
    assert "5件" in (await phone.say("人工 再问一个雨棚")).text
    assert {len(row.mark) for row in await Tally.all()} == {64}
    assert not [row for row in await Tally.all() if phone.openid in row.mark]


async def test_marks_of_two_installations_have_nothing_in_common(stage):
    links = stage.town.links
    assert links.mark("o1") == links.mark("o1") != links.mark("o2")
    assert type(links)("https://x", b"another").mark("o1") != links.mark("o1")
