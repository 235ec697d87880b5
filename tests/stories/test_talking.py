"""「人工」 is a talk: what the citizen says goes to the desk and back, until one of both ends it."""

from datetime import UTC, datetime

import aiohttp
import pytest
from hearing import Ears
from stage import HERE, Stage, photo

from models.cases.tables import Case, CaseEvent
from models.evidence import Evidence

SATURDAY = datetime(2026, 7, 11, 2, 0, tzinfo=UTC)
EVENING = datetime(2026, 7, 6, 12, 30, tzinfo=UTC)  # 20:30 in the town


@pytest.fixture
async def ears(stage):
    """A citizen, and two people at the desk."""
    return Ears(
        stage,
        citizen=await stage.citizen(),
        desk=await stage.dispatcher(),
        other=await stage.dispatcher("小周"),
    )


async def begin(ears, words="老房子想加装雨棚"):
    await ears.citizen.say("人工")
    told = (await ears.citizen.say(words)).text
    case = await Case.all().order_by("-id").first()
    assert case.number in told
    await ears.listen()
    return case


async def test_both_sides_speak_on_one_consultation_until_the_citizen_ends_it(ears):
    case = await begin(ears)
    tail = case.number[-4:]
    assert "已答复" in (await ears.desk.say(f"答 {tail} 要先到社区登记")).text
    await ears.expect(citizen="要先到社区登记")
    assert "转给工作人员了" in (await ears.citizen.say("登记要带什么材料？")).text
    await ears.expect(desk="登记要带什么材料")
    await ears.desk.say(f"答 {tail} 带身份证")
    await ears.desk.say(f"答 {tail} 房产证也带上")
    await ears.expect(citizen=["带身份证", "房产证也带上"])
    await ears.citizen.say("好的，明天去")
    await ears.expect(desk="好的，明天去")
    ended = await ears.citizen.say("没有了，谢谢")
    assert "清楚" in ended.text
    await ears.expect(desk="对话结束")
    await case.refresh_from_db()
    assert case.state == "closed"
    assert await Case.all().count() == 1


async def test_photos_places_and_reports_said_in_a_talk_open_nothing(ears):
    case = await begin(ears)
    await ears.desk.say(f"答 {case.number[-4:]} 您说")
    await ears.listen()
    await ears.citizen.photo(photo())
    await ears.citizen.locate(*HERE, "胡埭路")
    await ears.citizen.say("路灯不亮了，垃圾堆了好几天没人收")
    await ears.citizen.say("在吗")
    assert await Case.all().count() == 1
    said = [event.note for event in await CaseEvent.filter(case_id=case.id, step="say").order_by("id")]
    assert said[0] == "（照片）"
    assert "胡埭路" in said[1]
    assert said[2:] == ["路灯不亮了，垃圾堆了好几天没人收", "在吗"]
    assert await Evidence.filter(case_id=case.id).count() == 1
    heard = await ears.listen()
    assert len(heard["desk"]) == 4
    assert list(heard) == ["desk"], "colleagues are not disturbed once somebody answers"


async def test_photo_sent_when_asked_what_it_is_about_begins_the_talk(ears):
    await ears.citizen.say("人工")
    assert "已转给工作人员" in (await ears.citizen.photo(photo())).text
    case = await Case.get()
    assert (case.source, await Evidence.filter(case_id=case.id).count()) == ("人工", 1)
    await ears.citizen.say("这个能不能装？")
    heard = await ears.listen()
    assert "这个能不能装" in heard["desk"][-1]


async def test_officer_who_talks_with_the_desk_shows_it_photos_too(stage, ears):
    officer = await stage.officer()
    await officer.say("人工 请问这个归谁管")
    await officer.photo(photo())
    assert await Case.all().count() == 1
    assert await CaseEvent.filter(step="say").count() == 1


async def test_answer_is_heard_though_a_report_was_left_alone_before_it(stage, ears):
    case = await begin(ears)
    await stage.pass_time(hours=25)
    await ears.citizen.say("门口路灯不亮了")
    await stage.pass_time(minutes=40)
    await ears.desk.say(f"答 {case.number[-4:]} 要登记")
    await ears.listen()
    await ears.citizen.say("那我明天带材料过来")
    heard = await ears.listen()
    assert "明天带材料" in heard["desk"][0]
    await ears.citizen.say("结束")
    assert "路灯" in (await ears.citizen.say("继续")).text


async def test_what_is_said_before_anybody_answers_goes_to_the_desk_too(ears):
    case = await begin(ears)
    await ears.citizen.say("是胡埭路 12 号的路灯旁边那栋")
    heard = await ears.listen()
    assert set(heard) == {"desk", "other"}
    assert await Case.all().count() == 1
    assert "正在和工作人员说" in (await ears.citizen.say("人工")).text
    assert case.number in (await ears.citizen.say("转人工")).text


async def test_danger_goes_before_the_talk(ears):
    await begin(ears)
    assert "119" in (await ears.citizen.say("着火了，楼下店里冒烟了")).text


async def test_the_desk_ends_the_talk_and_what_follows_is_something_new(ears):
    case = await begin(ears)
    await ears.desk.say(f"答 {case.number[-4:]} 要登记")
    assert "结束了" in (await ears.desk.say(f"结束 {case.number[-4:]}")).text
    await ears.expect(citizen=["要登记", "说到这里"])
    assert "听起来" in (await ears.citizen.say("门口路灯不亮了")).text


async def test_who_has_more_to_say_after_the_end_goes_on_with_the_same_talk(ears):
    case = await begin(ears)
    await ears.desk.say(f"答 {case.number[-4:]} 要登记")
    await ears.listen()
    await ears.citizen.say("结束")
    await ears.listen()
    await ears.citizen.say("2")
    await ears.citizen.say("还有，几点开门？")
    await ears.expect(desk="几点开门")
    await case.refresh_from_db()
    assert (case.state, case.rating) == ("accepted", "")
    assert await Case.all().count() == 1


async def test_silence_ends_the_talk_for_both(stage, ears):
    case = await begin(ears)
    await ears.desk.say(f"答 {case.number[-4:]} 要登记")
    await ears.listen()
    await stage.pass_time(hours=24, minutes=2)
    await ears.expect(citizen="说到这里", desk="对话结束")
    await case.refresh_from_db()
    assert case.state == "closed"
    assert "听起来" in (await ears.citizen.say("门口路灯不亮了")).text


async def test_silence_lasts_as_long_as_the_town_says(stage, ears):
    stage.house.tools.town.city.settings["talk_hours"] = 2
    try:
        case = await begin(ears)
        await ears.desk.say(f"答 {case.number[-4:]} 要登记")
        await stage.pass_time(hours=2, minutes=1)
        await case.refresh_from_db()
        assert case.state == "closed"
    finally:
        del stage.house.tools.town.city.settings["talk_hours"]


async def test_talk_goes_on_in_another_process_and_after_a_restart(stage, ears):
    case = await begin(ears)
    await stage.start_service()
    await ears.desk.say(f"答 {case.number[-4:]} 要登记")
    await stage.start_service()
    await ears.citizen.say("登记在哪里？")
    heard = await ears.listen()
    assert "登记在哪里" in heard["desk"][0]


async def test_who_left_hears_nothing_and_the_desk_is_told(ears):
    case = await begin(ears)
    await ears.citizen.unfollow()
    assert "取消关注" in (await ears.desk.say(f"答 {case.number[-4:]} 要登记")).text
    assert "结束了" in (await ears.desk.say(f"结束 {case.number[-4:]}")).text


async def test_dispatcher_who_left_is_followed_by_colleagues(ears):
    case = await begin(ears)
    await ears.desk.say(f"答 {case.number[-4:]} 要登记")
    await ears.listen()
    await ears.desk.unfollow()
    await ears.citizen.say("登记在哪里？")
    await ears.expect(other="登记在哪里")


async def test_colleagues_see_who_answers(ears):
    case = await begin(ears)
    await ears.desk.say(f"答 {case.number[-4:]} 要登记")
    await ears.citizen.say("登记在哪里？")
    assert "周姐在答" in (await ears.other.say("待办")).text
    assert "周姐" in (await ears.other.say(case.number)).text
    assert "周姐正在答" in (await ears.other.say(f"答 {case.number[-4:]}")).text
    await ears.other.say("在镇政府一楼")
    await ears.listen()
    await ears.citizen.say("好找吗？")
    await ears.expect(other="好找吗")


async def test_page_of_a_talk_says_how_it_goes_on(stage, ears):
    case = await begin(ears)
    await ears.desk.say(f"答 {case.number[-4:]} 要登记")
    await case.refresh_from_db()
    for person_id, words in (
        (case.reporter_id, "工作人员正在和您沟通"),
        (case.handler_id, f"结束 {case.number}"),
    ):
        path = stage.town.links.case(case.id, person_id, now=stage.clock.now())
        address = stage.address + "/" + path.split("/", 3)[3]
        async with aiohttp.ClientSession() as client, client.get(address) as answer:
            assert answer.status == 200
            assert words in await answer.text()


async def test_report_half_done_waits_behind_the_talk(ears):
    await ears.citizen.say("门口路灯不亮了")
    assert "继续" in (await ears.citizen.say("人工")).text
    await ears.citizen.say("想问雨棚的事")
    case = await Case.get()
    await ears.desk.say(f"答 {case.number[-4:]} 要登记")
    await ears.citizen.say("谢谢")
    assert "路灯" in (await ears.citizen.say("继续")).text


async def test_answer_does_not_break_into_a_report_and_can_be_taken_up_by_a_tap(stage, ears):
    case = await begin(ears)
    await stage.pass_time(hours=25)
    await ears.citizen.say("门口路灯不亮了")
    await ears.desk.say(f"答 {case.number[-4:]} 要登记")
    await stage.run_jobs()
    await ears.citizen.say("胡埭路 12 号门口")
    await ears.citizen.tap("83" + case.number, "接着说")
    await ears.listen()
    await ears.citizen.say("登记在哪里？")
    await ears.expect(desk="登记在哪里")
    await ears.citizen.say("结束")
    assert "胡埭路12号" in (await ears.citizen.say("继续")).text


async def test_case_made_of_a_talk_gets_what_is_still_said(stage, ears):
    await stage.officer()
    case = await begin(ears, "我家门口那条路坏了")
    assert "已派给" in (await ears.desk.say(f"派 {case.number[-4:]} 市政")).text
    await ears.listen()
    await ears.citizen.say("就在十字路口")
    assert "十字路口" in (await CaseEvent.filter(case_id=case.id).order_by("-id").first()).note


@pytest.mark.parametrize(("start", "words"), [(SATURDAY, "7月13日"), (EVENING, "明天0")])
async def test_who_calls_a_person_out_of_hours_is_told_when_the_desk_opens(
    stage_town, sqlite_url, tmp_path, start, words
):
    async with Stage(stage_town, sqlite_url, tmp_path, start=start) as stage:
        phone = await stage.citizen()
        said = (await phone.say("人工")).text
        assert words in said
        assert "上班后" in (await phone.say("问雨棚的事")).text


async def test_who_calls_a_person_in_working_hours_is_told_so(stage):
    phone = await stage.citizen()
    assert "现在有人在" in (await phone.say("人工")).text


ENDS = (
    *(
        "结束",
        "结束。",
        "结束吧",
        "好的，结束",
        "没有了",
        "没有了，谢谢",
        "没了",
        "没事了",
        "没有别的了",
        "没别的事了",
    ),
    *(
        "没有问题了！",
        "没什么了",
        "说完了",
        "我说完了",
        "就这些",
        "就这样吧",
        "不问了",
        "谢谢",
        "谢谢您",
        "谢谢你们啊",
        "好的谢谢",
    ),
    *(
        "好的，谢谢！",
        "嗯嗯谢谢",
        "知道了，谢谢",
        "明白了谢谢您",
        "多谢",
        "非常感谢",
        "辛苦了",
        "麻烦您了",
        "那就这样，再见",
        "拜拜",
    ),
    *("再见", "好，没有要问的了", "暂时没有了", "🙏", "谢谢，再见"),
)
GOES_ON = (
    *(
        "好的",
        "嗯",
        "可以",
        "知道了",
        "没有",
        "有",
        "还有",
        "不是",
        "谢谢你，还有一件事想问",
        "没有身份证怎么办",
        "什么时候结束",
    ),
    *(
        "再说说材料",
        "没人理我",
        "行",
        "不对",
        "对",
        "房产证没带",
        "那就麻烦您派人来看一下",
        "你好",
        "在吗",
        "提交",
        "1",
    ),
)


@pytest.fixture
async def quick(stage_town, sqlite_url, tmp_path):
    """A stage on one database, for long tables."""
    async with Stage(stage_town, sqlite_url, tmp_path, start=datetime(2026, 7, 6, 1, 0, tzinfo=UTC)) as stage:
        yield stage


async def test_ways_to_end_a_talk_and_ways_to_go_on(quick):
    desk = await quick.dispatcher()
    wrong = []
    for number, (words, goes_on) in enumerate([(w, False) for w in ENDS] + [(w, True) for w in GOES_ON]):
        phone = await quick.citizen(f"市民{number}")
        await phone.say("人工 想问雨棚的事")
        case = await Case.all().order_by("-id").first()
        await desk.say(f"答 {case.number} 要登记")
        await phone.say(words)
        await case.refresh_from_db()
        if case.state != ("accepted" if goes_on else "closed"):
            wrong.append((words, case.state))
    assert wrong == []
    assert len(ENDS) >= 30
