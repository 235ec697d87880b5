"""Four digits find a case wherever an order may go with it; several are asked about; none is said as such."""

from datetime import UTC, datetime

import pytest
from hearing import cast, report, state_of
from stage import HERE, Stage, photo

from models.cases.actions import open_case
from models.cases.moves import Report
from models.cases.tables import Case, CaseEvent, Serial

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
PAUSE = ("officer", "暂缓 {number} 12月1日 等材料")
TAKE, GRANT, HAND_BACK = (
    ("officer", "接单 {number}"),
    ("desk", "同意 {number}"),
    ("officer", "办结 {number} 好"),
)
# order -> what happens before, the state afterwards
ORDERS = {
    "恢复": ((TAKE, PAUSE, GRANT), "handling"),
    "分开": ((("desk", "合并 {number} {main}"),), "dispatched"),
    "拆分|环卫所、市政养护队": ((), "split"),
    "改类|路灯照明": ((TAKE,), "dispatched"),
    "核实": ((("desk", "改类 {number} illegal_building"),), "accepted"),
    "发督办|请抓紧": ((TAKE,), "handling"),
    "挂牌|换整段": ((TAKE,), "handling"),
    "摘牌": ((TAKE, ("desk", "挂牌 {number} 换整段")), "handling"),
    "收回": ((TAKE,), "returned"),
    "合并|{main}": ((TAKE,), "merged"),
    "派|环卫所": ((TAKE,), "dispatched"),
    "不受理|有许可": ((("officer", "退回 {number} 不归我们"),), "rejected"),
    "返工": ((TAKE, HAND_BACK, ("desk", "通过 {number}"), ("reporter", "满意")), "handling"),
    "同意": ((TAKE, PAUSE), "suspended"),
    "通过": ((TAKE, HAND_BACK), "closed"),
    "没处理好|还响": ((TAKE, HAND_BACK), "handling"),
}


@pytest.fixture
async def quick(stage_town, sqlite_url, tmp_path):
    """A stage on one database, for long tables."""
    async with Stage(stage_town, sqlite_url, tmp_path, start=MONDAY) as stage:
        yield stage


async def open_as(stage, phone, serial, words="路边的井盖坏了，一走就响", place=HERE):
    """Report a case whose number ends with this serial."""
    day = f"{stage.clock.now():%y%m%d}"
    await Serial.update_or_create({"given": serial - 1}, day=day)
    return await report(phone, words, place)


async def play(town, case, main, steps):
    for who, text in steps:
        await town.phones[who].say(text.format(number=case.number, main=main.number))
        if text.startswith("办结"):
            await town.phones[who].photo(photo("修好"))


@pytest.mark.parametrize("order", ORDERS)
async def test_desk_finds_it_by_four_digits_in_whatever_state_it_is(quick, order):
    """Sixty cases that wait at the desk stand before it, and a namesake of last week that the order does not fit."""
    town = await cast(quick)
    await open_as(quick, town.reporter, 12)
    await town.reporter.say("撤回 0012")
    await town.reporter.say("1")
    await quick.pass_time(days=7)
    case = await open_as(quick, town.reporter, 12)
    main = await open_as(quick, town.joined, 40, "人行道上一个井盖松动", (HERE[0] + 0.002, HERE[1]))
    for number in range(60):
        waiting = Report(type="illegal_building", text=f"第{number}处违建", point=None, address="胡埭路")
        await open_case(waiting, reporter=None, town=quick.town, now=quick.clock.now())
    steps, state = ORDERS[order]
    await play(town, case, main, steps)
    name, _, words = order.partition("|")
    said = (await town.desk.say(f"{name} 0012 {words}".format(main=main.number).strip())).text
    assert (await state_of(case)) == state, said
    assert case.number in said
    assert "哪一件" not in said


async def two_alike(stage, town, *texts):
    """Two cases of two days that end alike, with which the same things happened."""
    cases = []
    for days, place in ((0, HERE), (1, (HERE[0] + 0.002, HERE[1]))):
        if days:
            await stage.pass_time(days=1)
        cases.append(await open_as(stage, town.reporter if not days else town.joined, 12, place=place))
        for who, text in texts:
            await town.phones[who].say(text.format(number=cases[-1].number))
    return cases


async def test_several_are_asked_about_and_the_picked_one_is_meant(stage):
    town = await cast(stage)
    first, second = await two_alike(stage, town, TAKE, PAUSE, GRANT)
    asked = (await town.desk.say("恢复 0012")).text
    assert "恢复哪一件" in asked
    assert {await state_of(first), await state_of(second)} == {"suspended"}
    assert first.number in (await town.desk.say("2")).text
    assert (await state_of(first), await state_of(second)) == ("handling", "suspended")


async def test_words_of_the_order_are_kept_while_we_ask_which(stage):
    town = await cast(stage)
    first, second = await two_alike(stage, town)
    assert "退回哪一件" in (await town.officer.say("退回 0012 不归我们管")).text
    assert "已退回" in (await town.officer.say("1")).text
    assert (await CaseEvent.get(case_id=second.id, step="return")).note == "不归我们管"
    assert "改类哪一件" in (await town.desk.say("改类 0012 路灯照明")).text
    await town.desk.say("2")
    await first.refresh_from_db()
    assert first.type == "street_light"


async def test_no_such_number_says_what_there_is_to_do(stage):
    town = await cast(stage)
    assert "没有找到尾号 9999" in (await town.desk.say("恢复 9999")).text
    case = await report(town.reporter)
    for who, text in (TAKE, PAUSE, GRANT):
        await town.phones[who].say(text.format(number=case.number))
    asked = (await town.desk.say("恢复 9999")).text
    assert "没有找到尾号 9999" in asked
    assert "可以恢复的有" in asked
    await town.desk.say("1")
    assert await state_of(case) == "handling"


async def test_what_does_not_fit_is_said_with_its_state(stage):
    town = await cast(stage)
    case = await report(town.reporter)
    await town.officer.say("接单")
    said = (await town.desk.say(f"恢复 {case.number[-4:]}")).text
    assert "处理中" in said
    assert "待办" in said


async def test_four_digits_reach_no_further_than_the_speaker(stage):
    town = await cast(stage)
    stranger = await stage.officer("huanwei", name="小张")
    case = await report(town.reporter)
    tail = case.number[-4:]
    for order in ("备注 {} 看过", "接单 {}", "延期 {} 等材料", "退回 {} 原因", "委托 {} 某公司"):
        assert "没有找到尾号" in (await stranger.say(order.format(tail))).text
    assert await state_of(case) == "dispatched"


@pytest.mark.parametrize(
    ("order", "words"), [("备注", "看过了"), ("店铺", "老王面馆"), ("报进展", "进场了"), ("督办", "马上办")]
)
async def test_officer_finds_a_paused_case_by_four_digits(quick, order, words):
    town = await cast(quick)
    case = await report(town.reporter)
    before = [TAKE, ("desk", "发督办 {number} 抓紧"), ("desk", "挂牌 {number} 换整段"), PAUSE, GRANT]
    await play(town, case, case, before)
    assert await state_of(case) == "suspended"
    said = (await town.officer.say(f"{order} {case.number[-4:]} {words}")).text
    assert case.number in said
    assert "没有" not in said


async def test_mere_digits_show_the_case_to_the_desk_and_to_its_officer(stage):
    town = await cast(stage)
    case = await report(town.reporter)
    await play(town, case, case, [TAKE, PAUSE, GRANT])
    assert "暂缓处理" in (await town.desk.say(case.number[-4:])).text
    assert "暂缓处理" in (await town.officer.say(case.number[-4:])).text


async def test_main_case_is_found_by_four_digits_and_several_are_named_in_full(stage):
    town = await cast(stage)
    first, second = await two_alike(stage, town)
    other = await open_as(stage, town.joined, 30, "又有一个井盖响", (HERE[0] + 0.004, HERE[1]))
    said = (await town.desk.say("合并 0030 0012")).text
    assert first.number in said
    assert second.number in said
    assert "并过去了" in (await town.desk.say(f"合并 0030 {first.number}")).text
    assert await state_of(other) == "merged"
    assert "单独办" in (await town.desk.say("分开 0030")).text


@pytest.mark.parametrize(
    "order", ["批准 0013", "恢复 0013", "通过 0013", "摘牌 0013", "收回 0013", "发督办 0013 快办"]
)
async def test_another_order_while_asked_why_turns_nothing_down(quick, order):
    """The case that was asked about stays as it is; the other order is carried out or told why not."""
    town = await cast(quick)
    case = await open_as(quick, town.reporter, 12)
    other = await open_as(quick, town.joined, 13, "人行道上一个井盖松动", (HERE[0] + 0.002, HERE[1]))
    await play(town, other, other, [TAKE, PAUSE])
    await town.officer.say("退回 0012 不归我们管")
    assert "为什么不受理" in (await town.desk.say("不受理 0012")).text
    said = (await town.desk.say(order)).text
    assert "不受理，原因已告诉" not in said
    assert await state_of(case) == "returned"
    assert (await Case.get(id=other.id)).state == (
        "suspended" if order.startswith("批准") else await state_of(other)
    )
