"""The shortest closed loop: told, taken, handed back, checked, told with the picture, rated, reworked once."""

from stage import HERE, photo

from models.cases.tables import Case, CaseEvent

WORDS = "路边的井盖坏了，一走就响，怕摔着人"


async def report(phone):
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say(WORDS)
    await phone.say("提交")
    return await Case.all().order_by("-id").first()


async def finish(stage, officer, dispatcher, case):
    """The officer hands back, the dispatcher closes."""
    await officer.say(f"办结 {case.number} 已换新井盖")
    await officer.photo(photo("修好"))
    await stage.run_jobs()
    await dispatcher.say(f"核查通过 {case.number}")
    await stage.run_jobs()


async def test_case_goes_from_report_to_a_satisfied_citizen(stage):
    phone = await stage.citizen()
    officer, dispatcher = await stage.officer(), await stage.dispatcher()
    case = await report(phone)
    await stage.run_jobs()
    assert case.number in officer.last_text
    assert "接单" in officer.last_text or officer.received[-1].kind == "msgmenu"
    await officer.say("1")
    await stage.run_jobs()
    assert "去处理" in phone.last_text
    await finish(stage, officer, dispatcher, case)
    assert [bubble.kind for bubble in phone.received][-2:] == ["image", "msgmenu"]
    thanks = await phone.tap("11" + case.number, "满意")
    assert "谢谢" in thanks.text
    await case.refresh_from_db()
    assert (case.state, case.rating) == ("rated", "satisfied")
    steps = await CaseEvent.filter(case_id=case.id).order_by("id").values_list("step", flat=True)
    assert steps == ["report", "accept", "dispatch", "take", "hand_back", "verify", "close", "rate"]


async def test_unhappy_citizen_gets_it_reworked_once_then_a_person_decides(stage):
    phone = await stage.citizen()
    officer, dispatcher = await stage.officer(), await stage.dispatcher()
    case = await report(phone)
    await stage.run_jobs()
    await officer.say(f"接单 {case.number}")
    await finish(stage, officer, dispatcher, case)
    await phone.say("不满意")
    await phone.say("还是晃，没修好")
    await case.refresh_from_db()
    assert (case.state, case.reworked) == ("handling", 1)
    await stage.run_jobs()
    assert "返工" in officer.last_text
    await finish(stage, officer, dispatcher, case)
    await phone.say("不满意")
    await phone.say("还是不行")
    await case.refresh_from_db()
    assert (case.state, case.reworked) == ("disputed", 1)
    await stage.run_jobs()
    assert "请您决定" in dispatcher.last_text


async def test_history_holds_the_words_actually_sent(stage):
    phone = await stage.citizen()
    officer = await stage.officer()
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await stage.run_jobs()
    event = await CaseEvent.get(case_id=case.id, step="take")
    assert event.said[0]["text"] == phone.last_text


async def test_no_verdict_in_seven_days_counts_as_not_rated(stage):
    phone = await stage.citizen()
    officer, dispatcher = await stage.officer(), await stage.dispatcher()
    case = await report(phone)
    await officer.say(f"接单 {case.number}")
    await finish(stage, officer, dispatcher, case)
    await stage.pass_time(days=7, minutes=1)
    await case.refresh_from_db()
    assert case.rating == "unrated"


async def test_progress_supplement_urge_and_withdraw(stage):
    phone = await stage.citizen()
    officer = await stage.officer()
    case = await report(phone)
    assert case.number in (await phone.say("进度")).text
    await phone.say(f"补充 {case.number} 旁边还有一个")
    await phone.say("好了")
    assert "催" in (await phone.say("催办")).text
    assert "催过" in (await phone.say("催办")).text
    await phone.say("撤回")
    await phone.say("1")
    await case.refresh_from_db()
    assert case.state == "withdrawn"
    await stage.run_jobs()
    assert "撤回" in officer.last_text


async def test_old_news_reaches_a_citizen_out_of_window_at_the_next_contact(stage):
    phone = await stage.citizen()
    officer = await stage.officer()
    stage.without_templates()
    case = await report(phone)
    await stage.run_jobs()
    await stage.pass_time(days=3)
    await officer.say(f"接单 {case.number}")
    await stage.run_jobs()
    count = len(phone.received)
    answer = await phone.say("帮助")
    assert "去处理" in answer.text
    assert len(phone.received) == count + 1
