"""Danger to life: the number to call comes first, and the case is opened without waiting for anything."""

import pytest
from stage import HERE, photo

from models.cases.tables import Case
from models.evidence import Evidence

ROAD = "胡埭路与安泰路路口"


async def only():
    return await Case.get()


async def test_danger_with_its_place_is_a_case_at_once(stage):
    phone, officer = await stage.citizen(), await stage.officer("zhongdui-1")
    said = (await phone.say(f"{ROAD}电线掉在地上冒火花")).text
    assert "120" in said.splitlines()[0]
    case = await only()
    assert case.urgent
    assert case.number in said
    await stage.run_jobs()
    assert officer.openid


async def test_place_that_follows_opens_it(stage):
    phone = await stage.citizen()
    said = (await phone.say("楼道里煤气味很重")).text
    assert "119" in said.splitlines()[0]
    assert "在哪里" in said
    assert await Case.all().count() == 0
    assert "已立案" in (await phone.locate(*HERE)).text
    case = await only()
    assert (case.urgent, case.type) == (True, "gas_safety")


async def test_place_in_words_opens_it_too(stage):
    phone = await stage.citizen()
    await phone.say("充电棚里电瓶车冒烟了")
    await phone.say("安泰广场北门")
    assert (await only()).type == "gas_safety"


async def test_photos_before_and_words_after_belong_to_the_same_case(stage):
    phone = await stage.citizen()
    await phone.photo(photo())
    await phone.say(f"{ROAD}的围墙要倒了，快来人")
    case = await only()
    assert "已加进急件" in (await phone.say("快来啊，墙塌下来了")).text
    await phone.photo(photo())
    await phone.say("路边还停着车")
    assert await Case.all().count() == 1
    assert await Evidence.filter(case_id=case.id).count() == 2
    assert "处理人员" in (await phone.say("好了")).text


async def test_child_in_a_manhole_is_an_urgent_manhole_and_not_a_matter_of_days(stage):
    phone = await stage.citizen()
    said = (await phone.say(f"救命，{ROAD}有个小孩掉进窨井里了")).text
    assert "120" in said.splitlines()[0]
    case = await only()
    assert (case.type, case.urgent) == ("manhole", True)
    assert (case.due_at - case.opened_at).total_seconds() <= 2 * 3600


async def test_fallen_tree_is_no_broken_road(stage):
    phone = await stage.citizen()
    await phone.say(f"{ROAD}的行道树倒下来了压到人")
    assert (await only()).type == "greening"


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("我老公喝醉了打老婆孩子", "12338"),
        ("有人要跳楼", "110"),
        ("我不想活了", "12356"),
        ("我家老人走丢了，穿蓝衣服", "110"),
        ("店门口有人持刀", "110"),
    ],
)
async def test_what_is_not_ours_is_told_whom_to_call_and_is_no_case(stage, words, number):
    phone = await stage.citizen()
    said = (await phone.say(words)).text
    assert "110" in said
    assert number in said
    assert await Case.all().count() == 0
    assert "听起来是「路灯」" in (await phone.say("路灯坏了，不亮")).text, "the next words are heard as ever"


async def test_who_reports_the_same_danger_is_asked_whether_it_is_the_same(stage):
    first, second = await stage.citizen(), await stage.citizen("老张")
    await first.say(f"{ROAD}电线掉在地上冒火花")
    said = (await second.say(f"{ROAD}电线掉在地上冒火花")).text
    assert "120" in said.splitlines()[0]
    assert "是同一件吗" in said
    assert "加进案件" in (await second.say("1")).text
    assert await Case.all().count() == 1


async def test_danger_seen_by_an_officer_is_a_case_at_once_without_a_photo(stage):
    officer = await stage.officer()
    assert "已立案" in (await officer.say(f"{ROAD}路面塌陷了，有个大坑")).text
    assert (await only()).source == "巡查"
