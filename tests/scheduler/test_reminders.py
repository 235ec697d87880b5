"""Half-done reports are reminded of once and rest after a day; a verdict's time ends; old letters go."""

from stage import HERE, photo

from models.cases.draft import KEPT
from models.cases.tables import Case, CaseEvent
from models.inbox import Letter
from models.talks import Talk
from scheduler.reminders import end_verdicts, remind_half_done, rest_old
from scheduler.tidy import tidy

WORDS = "路边的井盖坏了，一走就响，怕摔着人"


def reminders(phone):
    return [bubble.text for bubble in phone.received if "没报完" in bubble.text]


async def test_reminder_comes_after_half_an_hour_not_before(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await stage.pass_time(minutes=29)
    assert not reminders(phone)
    await stage.pass_time(minutes=1)
    assert len(reminders(phone)) == 1


async def test_reminder_names_what_is_missing(stage):
    words, place, whole = [await stage.citizen(name) for name in ("王阿姨", "老张", "陈老板")]
    await words.say(WORDS)
    await place.locate(*HERE)
    await whole.say(WORDS)
    await whole.locate(*HERE)
    await stage.pass_time(minutes=31)
    assert "还差位置" in reminders(words)[0]
    assert "还差一句话说明" in reminders(place)[0]
    assert "提交" in reminders(whole)[0]


async def test_two_processes_remind_once(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    stage.clock.advance(31 * 60)
    assert await remind_half_done(stage.clock) == 1
    assert await remind_half_done(stage.clock) == 0
    await stage.run_jobs()
    assert len(reminders(phone)) == 1


async def test_who_goes_on_and_stops_again_is_reminded_again(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await stage.pass_time(minutes=31)
    await phone.photo(photo())
    await stage.pass_time(minutes=31)
    assert len(reminders(phone)) == 2


async def test_nobody_is_reminded_of_what_is_finished_or_cancelled(stage):
    done, cancelled, silent = [await stage.citizen(name) for name in ("王阿姨", "老张", "陈老板")]
    await done.say(WORDS)
    await done.locate(*HERE)
    await done.say("提交")
    await cancelled.say(WORDS)
    await cancelled.say("取消")
    await stage.pass_time(hours=1)
    assert not reminders(done) + reminders(cancelled) + reminders(silent)


async def test_reminder_that_finds_no_way_never_becomes_an_empty_template(stage):
    phone = await stage.citizen()
    await phone.tap("99", WORDS)
    await stage.pass_time(minutes=31)
    assert not stage.simulator.calls("template/send")
    assert "没报完" in (await phone.say("你好")).text


async def test_report_left_for_a_day_rests_and_nothing_of_it_is_lost(stage):
    phone = await stage.citizen()
    await phone.photo(photo())
    await phone.say(WORDS)
    await stage.pass_time(minutes=31)
    stage.clock.advance(23 * 3600)
    assert await rest_old(stage.clock) == 0
    stage.clock.advance(3600)
    assert await rest_old(stage.clock) == 1
    assert await rest_old(stage.clock) == 0
    talk = await Talk.get(person__openid=phone.openid)
    assert talk.topic == KEPT
    assert talk.data["text"] == [WORDS]
    assert len(talk.data["evidence"]) == 1


async def closed_case(stage):
    phone = await stage.citizen()
    officer, dispatcher = await stage.officer(), await stage.dispatcher()
    await phone.say(WORDS)
    await phone.locate(*HERE)
    await phone.say("提交")
    case = await Case.get()
    await officer.say(f"接单 {case.number}")
    await officer.say(f"办结 {case.number} 已换新井盖")
    await officer.photo(photo("修好"))
    await stage.run_jobs()
    await dispatcher.say(f"核查通过 {case.number}")
    await stage.run_jobs()
    await case.refresh_from_db()
    assert case.state == "closed"
    return case, phone


async def test_verdict_may_be_given_for_seven_days(stage):
    case, _ = await closed_case(stage)
    stage.clock.advance(7 * 86400 - 1)
    assert await end_verdicts(stage.town, stage.clock) == 0
    stage.clock.advance(1)
    assert await end_verdicts(stage.town, stage.clock) == 1
    assert await end_verdicts(stage.town, stage.clock) == 0
    await case.refresh_from_db()
    assert case.rating == "unrated"
    assert await CaseEvent.filter(case_id=case.id, step="lapse").count() == 1


async def test_verdict_given_stays(stage):
    case, phone = await closed_case(stage)
    await phone.say("满意")
    await stage.pass_time(days=8)
    await case.refresh_from_db()
    assert case.rating == "satisfied"


async def test_letters_are_deleted_after_half_a_year_and_not_before(stage):
    phone = await stage.citizen()
    await phone.say("你好")
    stage.clock.advance(179 * 86400)
    await phone.say("你好")
    tools = stage.house.tools
    await tidy(stage.town.city, tools.shelf, stage.clock)
    assert await Letter.all().count() == 3
    stage.clock.advance(86400 + 1)
    await tidy(stage.town.city, tools.shelf, stage.clock)
    assert await Letter.all().count() == 1
