"""Shop cases: bound to a shop, looked at again after 3, 7 and 30 days, found again, and counted by shop and type."""

from datetime import timedelta

import pytest
from hearing import Ears, hand_back, report, state_of
from stage import HERE

from models.cases.patrols import count_repeats
from models.cases.tables import Case, LookBack
from models.lifecycle import Role
from models.shops import Shop

WORDS = "饭店把桌子摆到人行道上了，出店经营"
SHOP = "老王面馆"
TYPE = "shop_overflow"


@pytest.fixture
async def town(stage):
    """Those who meet a shop case: the unit's officer, a patrol, the desk, and who reports."""
    return Ears(
        stage,
        reporter=await stage.citizen(),
        officer=await stage.officer("zhongdui-1", name="华队"),
        desk=await stage.dispatcher(),
        patrol=await stage.officer("zhihui", name="老吴", role=Role.PATROL),
    )


async def close(town, case, shop=SHOP):
    """Take the case, bind it to the shop, hand it back and close it; who checks it is the desk."""
    await town.officer.say(f"接单 {case.number}")
    if shop:
        assert "记到这家店名下" in (await town.officer.say(f"店铺 {case.number} {shop}")).text
    await hand_back(town.officer, case, "桌子收进去了")
    await town.desk.say(f"核查通过 {case.number}")
    await town.listen()
    return await Case.get(id=case.id)


@pytest.fixture
async def closed(town):
    """A closed case of the shop; what was told so far is heard."""
    return await close(town, await report(town.reporter, WORDS))


async def test_shop_is_looked_at_three_times_and_the_patrol_is_asked_once_each(stage, town, closed):
    await town.reporter.say("满意")
    for days, later in ((3, 3), (7, 4), (30, 23)):
        await stage.pass_time(days=later, minutes=-30 if days == 3 else -59)
        await town.expect()
        await stage.pass_time(minutes=59)
        await town.expect(patrol=f"回头看（{days} 天）")
        assert "没有再出现" in (await town.patrol.tap("46" + closed.number, "没有了")).text
    await stage.pass_time(days=40)
    await town.expect()
    assert (await Case.all().count(), await count_repeats(closed.shop_id, TYPE)) == (1, 0)


async def test_found_again_opens_a_case_of_the_same_shop_that_is_looked_at_too(stage, town, closed):
    await stage.pass_time(days=3, minutes=1)
    await town.expect(patrol="回头看（3 天）")
    await town.patrol.say("帮助")
    assert "已立案" in (await town.patrol.tap("45" + closed.number, "又有了")).text
    await town.expect(officer="新案件")
    again = await Case.all().order_by("-id").first()
    assert (again.type, again.shop_id, again.source) == (TYPE, closed.shop_id, "巡查")
    assert closed.number in again.text
    assert await count_repeats(closed.shop_id, TYPE) == 1
    assert "有人看过了" in (await town.patrol.tap("45" + closed.number, "又有了")).text
    assert await Case.all().count() == 2
    again = await close(town, again, shop="")
    assert await LookBack.filter(case_id=again.id).count() == 3


async def test_who_was_not_asked_finds_nothing_again(stage, town, closed):
    await stage.pass_time(days=3, minutes=1)
    await town.expect(patrol="回头看（3 天）")
    for phone in (town.reporter, town.officer):
        assert "有人看过了" in (await phone.tap("45" + closed.number, "又有了")).text
    assert await Case.all().count() == 1


async def test_without_a_patrol_the_unit_is_asked(stage, town, closed):
    await town.patrol.unfollow()
    await stage.pass_time(days=3, minutes=1)
    await town.expect(officer="回头看（3 天）")


async def test_case_without_a_shop_is_not_looked_at_again(stage, town):
    await close(town, await report(town.reporter, WORDS), shop="")
    await stage.pass_time(days=4)
    await town.expect()


async def test_repeats_are_counted_by_shop_and_by_type(stage, town, closed):
    for count in (1, 2):
        await stage.pass_time(days=3 if count == 1 else 4, minutes=1)
        await town.patrol.say("帮助")
        await town.patrol.tap("45" + closed.number, "又有了")
        assert await count_repeats(closed.shop_id, TYPE) == count
    assert await count_repeats(closed.shop_id, "garbage") == 0
    assert await count_repeats(closed.shop_id + 1, TYPE) == 0


async def test_shop_that_is_named_twice_is_one_shop(town, closed):
    second = await close(town, await report(town.reporter, "老王面馆又把炉子摆到路上了，出店经营"))
    assert second.shop_id == closed.shop_id
    assert await Shop.all().count() == 1


async def test_shop_is_the_same_however_the_reporter_named_the_place(town):
    cases = [
        await close(town, await report(town.reporter, words, label=label))
        for words, label in ((WORDS, "胡埭路 12 号"), ("炉子摆到人行道上了，出店经营", "菜场北门对面"))
    ]
    assert cases[0].shop_id == cases[1].shop_id


async def test_closed_case_takes_no_shop_and_says_so(town):
    case = await close(town, await report(town.reporter, WORDS), shop="")
    assert "已办结" in (await town.officer.say(f"店铺 {case.number} {SHOP}")).text
    assert await Shop.all().count() == 0


async def test_look_backs_count_from_the_last_closing(stage, town, closed):
    await stage.pass_time(days=2, hours=23)
    await town.reporter.say(f"不满意 {closed.number} 又摆出来了")
    await stage.pass_time(hours=2)
    heard = await town.listen()
    assert "回头看" not in "".join(heard.get("patrol", ())), "it is being worked on"
    await hand_back(town.officer, closed, "又收进去了")
    await town.desk.say(f"核查通过 {closed.number}")
    assert await state_of(closed) == "closed"
    first = await LookBack.filter(case_id=closed.id, asked_at=None).order_by("due_at").first()
    assert first.due_at == closed.closed_at + timedelta(days=3)


async def test_look_back_of_a_patrol_who_left_is_asked_of_another(stage, town, closed):
    await stage.pass_time(days=3, minutes=1)
    await town.expect(patrol="回头看（3 天）")
    await town.patrol.unfollow()
    await stage.pass_time(days=1)
    assert "回头看（3 天）" in "".join((await town.listen()).get("officer", ()))


async def test_two_shops_of_one_name_at_different_places_stay_two(stage, town, closed):
    second = await report(town.reporter, "炉子摆到人行道上了，出店经营", (HERE[0] + 0.004, HERE[1]))
    second = await close(town, second)
    assert second.shop_id != closed.shop_id
