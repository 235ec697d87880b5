"""A person follows their case: where it stands, more to say, hurrying, taking back, and the verdict."""

import pytest

from handlers.chat.officer import HANDS_BACK
from handlers.kit import keys
from models.cases.actions import join_case, move_case
from models.cases.moves import Actor, Move
from models.cases.tables import CaseEvent
from models.evidence import Evidence, note_evidence
from models.lifecycle import Role


@pytest.fixture
def finish(town, clock, officer, dispatcher):
    """Take a case, hand it back with a photo, close it."""

    async def run(case, *, until="close"):
        if case.state == "dispatched":
            await step(case, "take", Role.OFFICER, officer)
        photo = await note_evidence(officer.person, kind="image", media_id="after", now=clock.now())
        await step(case, "hand_back", Role.OFFICER, officer, "已换新井盖", (photo.id,))
        if until == "close":
            await step(case, "verify", Role.DISPATCHER, dispatcher)

    async def step(case, name, role, who, note="", evidence=()):
        move = Move(name, Actor(role, who.person), note, evidence)
        await move_case(case.id, move, town=town, now=clock.now())
        await case.refresh_from_db()

    return run


async def test_progress_of_the_only_case_is_told_at_once(citizen, officer, report):
    case = await report()
    said = await citizen.click(keys.PROGRESS)
    assert case.number in said
    assert "已派人" in said
    assert "市政养护队" in said
    assert "今天14:00前办好" in said
    assert "https://town.example/h5/c/" in said
    assert "· 今天12:00 上报" in said
    assert citizen.labels == ["补充", "催办", "类别或位置不对", "撤回"]


async def test_several_cases_are_listed_and_opened_by_number(citizen, report):
    first, second = await report(), await report("路灯不亮", kind="street_light")
    await citizen.say("进度")
    assert [label[:4] for label in citizen.labels] == [second.number[-4:], first.number[-4:]]
    assert first.number in await citizen.say("2")
    assert second.number in await citizen.say(f"进度 {second.number[-4:]}")
    assert first.number in await citizen.say(f"查 {first.number}")
    assert second.number in await citizen.say(second.number)


async def test_nobody_without_a_case_is_left_standing(citizen):
    assert "照片" in await citizen.say("进度")
    assert "没有正在办" in await citizen.say("催办")
    assert "没有正在办" in await citizen.say("补充 还有一个")
    assert "没有等您评价" in await citizen.say("满意")


async def test_stranger_sees_where_a_case_stands_and_nothing_else(stranger, report):
    case = await report("门口 138 号李家倒的垃圾")
    said = await stranger.say(case.number)
    assert "已派人" in said
    assert "李家" not in said
    assert "138" not in said
    assert "http" not in said
    assert "王阿姨" not in said
    assert stranger.labels == []


async def test_stranger_may_neither_hurry_nor_add_nor_take_back(stranger, report):
    case = await report()
    for words in (f"催办 {case.number}", f"补充 {case.number} 乱写", f"撤回 {case.number}"):
        assert "不是您报的" in await stranger.say(words)
    assert await CaseEvent.filter(case_id=case.id, step__in=["urge", "supplement", "withdraw"]).count() == 0


async def test_who_joined_reads_the_steps_but_not_the_words_of_others(citizen, stranger, report, clock, town):
    case = await report()
    await citizen.say("补充 我家住三楼")
    await join_case(case.id, stranger.person, note="", evidence=(), town=town, now=clock.now())
    said = await stranger.say("进度")
    assert "补充" in said
    assert "三楼" not in said
    assert "三楼" in await citizen.say("进度")


async def test_unknown_number_is_told_so_and_a_phone_number_is_no_case(citizen):
    assert "没有找到编号 2607069999" in await citizen.say("2607069999")
    assert "没有找到编号" not in await citizen.say("13812345678")


async def test_case_past_its_time_is_owned_up_to(citizen, report, later):
    await report()
    later(days=10)
    assert "已经超时" in await citizen.say("进度")


async def test_supplement_takes_pieces_until_it_is_enough(citizen, officer, report):
    case = await report()
    assert case.number in await citizen.say("补充")
    await citizen.photo()
    await citizen.say("旁边还有一个")
    assert "好了" in citizen.text
    assert "都交给处理人员" in await citizen.say("好了")
    notes = await CaseEvent.filter(case_id=case.id, step="supplement").values_list("note", flat=True)
    assert notes == ["（照片）", "旁边还有一个"]
    assert await Evidence.filter(case_id=case.id).count() == 1


async def test_pieces_that_come_together_tell_the_handler_once(citizen, officer, report, later):
    await report()
    for words in ("补充 一", "二", "三"):
        await citizen.say(words)
    assert sum("有补充" in text for text in await officer.told()) == 1
    later(minutes=11)
    await citizen.say("四")
    assert sum("有补充" in text for text in await officer.told()) == 2


async def test_supplement_left_open_does_not_swallow_a_new_report(citizen, report, later):
    case = await report()
    await citizen.say("补充")
    later(hours=3)
    await citizen.photo()
    assert await Evidence.filter(case_id=case.id).count() == 0
    assert await CaseEvent.filter(case_id=case.id, step="supplement").count() == 0


async def test_supplement_asks_which_case_and_keeps_the_words(citizen, report):
    first = await report()
    await report("路灯不亮", kind="street_light")
    await citizen.say("补充 还在响")
    assert len(citizen.labels) == 2
    assert first.number in await citizen.say("2")
    assert (await CaseEvent.get(step="supplement")).note == "还在响"
    assert (await CaseEvent.get(step="supplement")).case_id == first.id


async def test_voice_is_kept_and_words_are_asked_for(citizen, report):
    case = await report()
    await citizen.say("补充")
    assert "打几个字" in await citizen.voice()
    assert (await Evidence.get()).case_id == case.id


async def test_words_for_a_report_under_way_stay_with_it(citizen, report):
    case = await report()
    await citizen.photo()
    await citizen.say("补充 这边还有")
    assert await CaseEvent.filter(case_id=case.id, step="supplement").count() == 0


async def test_hurrying_is_counted_and_not_again_at_once(citizen, officer, report, later):
    await report()
    assert "第 1 次" in await citizen.say("催办")
    assert "已经帮您催过" in await citizen.say("催一下")
    later(hours=4)
    assert "第 2 次" in await citizen.say("催办")
    assert sum("被催办" in text for text in await officer.told()) == 2


async def test_taking_back_asks_once(citizen, officer, report):
    case = await report()
    await citizen.say("撤回")
    await citizen.tap("先不撤回")
    await case.refresh_from_db()
    assert case.state == "dispatched"
    await citizen.say("撤回")
    assert "已撤回" in await citizen.say("1")
    await case.refresh_from_db()
    assert case.state == "withdrawn"
    assert any("已撤回" in text for text in await officer.told())


async def test_case_that_others_follow_is_not_taken_back(citizen, stranger, report, town, clock):
    case = await report()
    await join_case(case.id, stranger.person, note="", evidence=(), town=town, now=clock.now())
    assert "还有1人在跟" in await citizen.say("撤回")


async def test_work_begun_cannot_be_taken_back(citizen, officer, report):
    case = await report()
    await officer.say(f"接单 {case.number}")
    assert "不能再撤回" in await citizen.say("撤回")


async def test_satisfied_in_one_word(citizen, report, finish):
    case = await report()
    await finish(case)
    assert "谢谢" in await citizen.say("满意")
    await case.refresh_from_db()
    assert (case.state, case.rating) == ("rated", "satisfied")
    assert "没有等您评价" in await citizen.say("满意")


async def test_who_joined_does_not_rate_but_may_have_it_done_again(
    citizen, stranger, report, finish, town, clock
):
    case = await report()
    await join_case(case.id, stranger.person, note="", evidence=(), town=town, now=clock.now())
    await finish(case)
    assert "没有等您评价" in await stranger.say("满意")
    assert "再去处理" in await stranger.say(f"不满意 {case.number} 还在晃")
    await case.refresh_from_db()
    assert (case.state, case.reworked, case.reopened) == ("handling", 1, 1)


async def test_unhappy_is_asked_why_and_it_is_done_again(citizen, officer, report, finish):
    case = await report()
    await finish(case)
    assert "哪里不满意" in await citizen.say("不满意")
    assert "好了" in await citizen.photo()
    assert "再去处理" in await citizen.say("还是晃")
    await case.refresh_from_db()
    assert (case.state, case.reworked, case.handler_id) == ("handling", 1, officer.person.id)
    event = await CaseEvent.get(case_id=case.id, step="rework")
    assert event.note == "还是晃"
    assert await Evidence.filter(event_id=event.id).count() == 1
    assert "还是晃" in (await officer.told())[-1]


async def test_reason_may_come_with_the_word_or_be_a_photo_alone(citizen, report, finish):
    first = await report()
    await finish(first)
    await citizen.say("不满意，根本没换")
    assert (await CaseEvent.get(case_id=first.id, step="rework")).note == "根本没换"
    second = await report("路灯不亮", kind="street_light")
    await finish(second)
    await citizen.say(f"不满意 {second.number}")
    await citizen.photo()
    await citizen.say("好了")
    assert (await CaseEvent.get(case_id=second.id, step="rework")).note == "（见照片）"


async def test_unhappy_again_goes_to_a_person_who_decides(citizen, dispatcher, report, finish):
    case = await report()
    await finish(case)
    await citizen.say("不满意 没换")
    await case.refresh_from_db()
    await finish(case)
    assert "由人来决定" in await citizen.say("不满意 还是没换")
    await case.refresh_from_db()
    assert (case.state, case.rating, case.reworked) == ("disputed", "unsatisfied", 1)
    assert "请您决定" in (await dispatcher.told())[-1]


async def test_verdict_after_the_window_leaves_no_topic_behind(citizen, report, finish, later):
    case = await report()
    await finish(case)
    later(days=9)
    await citizen.say("不满意")
    later(days=1, minutes=1)
    assert "当新案件办" in await citizen.say("不满意 没修好")
    await citizen.say("进度")
    assert "当新案件办" not in await citizen.say("路灯不亮")


async def test_timeline_shows_what_was_done_once_it_was_checked(citizen, dispatcher, report, finish):
    case = await report()
    await finish(case, until="hand_back")
    assert "换新井盖" not in await citizen.say("进度")
    await dispatcher.say("核查通过")
    assert "换新井盖" in await citizen.say("进度")
    assert citizen.labels == ["满意", "不满意"]


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("办结", "", ""),
        ("办结 0012 已清理", "0012", "已清理"),
        ("办结2607060012已清理", "2607060012", "已清理"),
        ("办结：已清理 3 处", "", "已清理 3 处"),
        ("办结 2026年的旧账清了", "", "2026年的旧账清了"),
        ("办结\n已清理", "", "已清理"),
    ],
)
def test_command_is_read_with_its_number_and_words(text, number, words):
    said = HANDS_BACK.read(text)
    assert (said.number, said.words) == (number, words)
