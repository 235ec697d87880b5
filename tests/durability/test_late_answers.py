"""An answer that is late, or whose process died, is told once; what breaks leaves nothing behind."""

import asyncio

import pytest
from letters import WORDS, Slow, answering, leave_in_inbox, letter, texts
from stage import HERE

from handlers import routes
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Choice, Silence, Text
from models.cases.tables import Case
from models.deliveries.tables import Delivery, Owing
from models.errors import Refusal
from models.inbox import Arrival, Letter, keep_letters
from models.people import Person
from models.talks import Talk

# --- slow answers ---


async def test_slow_answer_is_success_now_and_a_delivery_once(stage):
    slow, phone = Slow(), await stage.citizen()
    await phone.say("你好")
    path, incoming = answering(stage, slow, patience=0.05), letter(stage, phone)
    assert await path.hear(incoming) == Silence()
    slow.go.set()
    await path.close()
    before = len(phone.received)
    await stage.run_jobs(times=3)
    assert texts(phone)[before:] == ["好，记下了(1)"]
    assert slow.runs == 1
    assert await path.hear(incoming) == Silence(), "nor does a copy after the answer tell it twice"


async def test_copy_of_a_push_whose_answer_is_late_is_told_success_too(postgres_stage):
    stage, slow = postgres_stage, Slow()
    phone = await stage.citizen()
    path, incoming = answering(stage, slow, patience=0.05), letter(postgres_stage, phone)
    other = answering(stage, routes.answer, patience=0.05)
    assert [await path.hear(incoming), await path.hear(incoming), await other.hear(incoming)] == [
        Silence()
    ] * 3
    slow.go.set()
    await path.close()
    await other.close()
    assert await Delivery.filter(key__startswith="late-").count() == 1


async def test_answer_that_becomes_late_in_the_queue_is_told_once(stage):
    """Without any patience: the answer is being made when the platform is told success, on both databases."""

    async def answer(scene):
        return Text("好，记下了", (Choice("61", "不是这一类"),))

    phone = await stage.citizen()
    await phone.say("你好")
    path = answering(stage, answer, patience=0)
    incoming = [letter(stage, phone) for _ in range(3)]
    said = await asyncio.gather(*(path.hear(one) for one in incoming))
    await path.close()
    before = len(phone.received)
    await stage.run_jobs(times=3)
    late = [bubble for bubble in phone.received[before:] if "记下了" in bubble.text]
    assert said == [Silence()] * 3
    assert len(late) == 3
    assert "不是这一类" in late[0].text


async def test_late_answer_brings_its_case_once(stage):
    phone = await stage.citizen()
    await phone.say(WORDS)
    await phone.locate(*HERE)
    path = answering(stage, routes.answer, patience=0)
    incoming = letter(stage, phone, "提交")
    said = [await path.hear(incoming) for _ in range(3)]
    await path.close()
    await stage.run_jobs(times=3)
    case = await Case.get()
    told = [text for text in texts(phone) if "案件编号" in text]
    assert said == [Silence()] * 3
    assert len(told) == 1
    assert case.number in told[0]


async def test_who_answers_in_time_keeps_quiet_when_another_process_said_success_meanwhile(postgres_stage):
    stage, slow = postgres_stage, Slow()
    phone = await stage.citizen()
    path, other = answering(stage, slow), answering(stage, routes.answer, patience=0.05)
    incoming = letter(stage, phone)
    first = asyncio.create_task(path.hear(incoming))
    await slow.running.wait()
    assert await other.hear(incoming) == Silence()
    await other.close()  # now it is written down for the first
    slow.go.set()
    assert await first == Silence()
    assert await Delivery.filter(key__startswith="late-").count() == 1


# --- a process that dies ---


async def test_push_whose_process_died_is_answered_by_the_next_try(stage):
    phone = await stage.citizen()
    incoming = letter(stage, phone, WORDS)
    await leave_in_inbox(stage, incoming)
    stage.clock.advance(6)
    reply = await answering(stage, routes.answer).hear(incoming)
    assert "井盖" in reply.text
    await stage.run_jobs()
    assert await Delivery.all().count() == 0


async def test_push_that_nobody_pushes_again_is_answered_by_a_delivery_once(stage):
    phone = await stage.citizen()
    await phone.say("你好")
    incoming = letter(stage, phone, WORDS)
    await leave_in_inbox(stage, incoming)
    await stage.run_jobs()
    assert "听起来" not in phone.last_text, "it may still be at work elsewhere"
    stage.clock.advance(6)
    before = len(phone.received)
    await stage.run_jobs(times=3)
    assert len(phone.received) == before + 1
    assert "井盖" in phone.last_text
    assert await answering(stage, routes.answer).hear(incoming) == Silence()
    assert (await Talk.get(person__openid=phone.openid)).data["text"] == [WORDS]


async def test_two_processes_take_up_the_same_letters_and_each_is_answered_once(stage):
    phones = [await stage.citizen(f"居民{number}") for number in range(8)]
    for phone in phones:
        await phone.say("你好")
        await leave_in_inbox(stage, letter(stage, phone, WORDS))
    before = {phone.openid: len(phone.received) for phone in phones}
    stage.clock.advance(6)
    one, other = answering(stage, routes.answer), answering(stage, routes.answer)
    await asyncio.gather(one.resume(), other.resume())
    await stage.run_jobs(times=3)
    assert [len(phone.received) - before[phone.openid] for phone in phones] == [1] * 8
    assert await Letter.filter(answered_at=None).count() == 0


async def test_letter_that_cannot_be_taken_up_does_not_hold_up_the_others(stage, caplog):
    first, second = await stage.citizen("王阿姨"), await stage.citizen("老张")
    await second.say("你好")
    at = stage.clock.now()
    spoiled = Arrival("m-spoiled", first.openid, "text", {"at": at.isoformat(), "of_old": 1}, at)
    assert await stage.house.intake.keep(spoiled)
    await leave_in_inbox(stage, letter(stage, second, WORDS))
    stage.clock.advance(6)
    await stage.run_jobs(times=3)
    assert "井盖" in second.last_text
    actions = [getattr(record, "action", "") for record in caplog.records]
    assert actions.count("letter_unreadable") == 1, "it is given up: nobody will ever be able to read it"


async def test_tap_taken_up_late_opens_no_window_that_the_platform_has_closed(stage):
    phone = stage.simulator.phone("王阿姨")
    await phone.follow()
    stage.clock.advance(30)
    incoming = letter(stage, phone, "帮助")
    tapped = Incoming(**{name: getattr(incoming, name) for name in incoming.__slots__} | {"menu_id": "99"})
    await leave_in_inbox(stage, tapped)
    stage.clock.advance(120)
    await stage.run_jobs(times=3)
    assert not stage.simulator.calls("custom/send"), "the window of the tap was over"
    assert not stage.simulator.calls("template/send"), "a template cannot carry an answer"
    assert await Delivery.get(key__startswith="late-").values_list("state", flat=True) == Owing.WAITING
    said = await phone.say("你好")
    assert "进度" in said.text


async def test_older_letter_taken_up_late_gives_nothing_back_of_what_was_spent(stage):
    phone = await stage.citizen()
    await leave_in_inbox(stage, letter(stage, phone, WORDS))
    stage.clock.advance(3)
    await phone.say("你好")
    person = (await Talk.get(person__openid=phone.openid).prefetch_related("person")).person
    at = stage.clock.now()
    for number in range(5):
        await Delivery.create(
            key=f"x-{number}", person_id=person.id, text=f"第{number}条", due_at=at, owed_at=at
        )
    stage.clock.advance(3)
    await stage.run_jobs(times=4)
    codes = [call.answer.get("errcode", 0) for call in stage.simulator.calls("custom/send")]
    assert codes == [0] * 5, "the platform never had to say no"


# --- a handler that breaks, a rule that says no ---


async def test_broken_handler_leaves_nothing_behind_and_the_person_is_told(stage, caplog):
    async def breaks(scene):
        scene.talk.begin("report", scene.now, text=["half"])
        await Delivery.create(
            key="half", person_id=scene.person.id, text="x", due_at=scene.now, owed_at=scene.now
        )
        raise RuntimeError("broken")

    phone = await stage.citizen()
    path, incoming = answering(stage, breaks), letter(stage, phone)
    said = await asyncio.gather(*(path.hear(incoming) for _ in range(3)))
    assert len(set(said)) == 1
    assert "没处理好" in said[0].text
    assert await Delivery.all().count() == 0
    assert (await Talk.get(person__openid=phone.openid)).topic == ""
    assert (await Letter.get(key=incoming.key)).failed
    assert "answer_failed" in {getattr(record, "action", "") for record in caplog.records}


async def test_refusal_is_said_to_every_copy_and_undoes_what_was_begun(stage):
    async def refuses(scene):
        await Delivery.create(
            key="half", person_id=scene.person.id, text="x", due_at=scene.now, owed_at=scene.now
        )
        raise Refusal("今天不行，明天再来。")

    phone = await stage.citizen()
    path, incoming = answering(stage, refuses), letter(stage, phone)
    said = await asyncio.gather(*(path.hear(incoming) for _ in range(3)))
    assert {reply.text for reply in said} == {"今天不行，明天再来。"}
    assert await Delivery.all().count() == 0
    assert not (await Letter.get(key=incoming.key)).failed


async def test_one_that_breaks_among_many_undoes_only_itself(stage):
    async def odd(scene):
        await Delivery.create(
            key=scene.text, person_id=scene.person.id, text="x", due_at=scene.now, owed_at=scene.now
        )
        if scene.text == "7":
            raise RuntimeError("broken")
        return Text(scene.text)

    phones = [await stage.citizen(f"居民{number}") for number in range(20)]
    path = answering(stage, odd)
    said = await asyncio.gather(*(path.hear(letter(stage, phone, str(n))) for n, phone in enumerate(phones)))
    assert [reply.text for reply in said if "没处理好" not in reply.text] == [
        str(n) for n in range(20) if n != 7
    ]
    assert set(await Delivery.all().values_list("key", flat=True)) == {str(n) for n in range(20) if n != 7}


@pytest.fixture
def disk(monkeypatch):
    """A disk that is full until ``monkeypatch`` is undone; nothing is waited for."""

    async def full(letters, *, now):
        raise OSError("disk full")

    def fill():
        monkeypatch.setattr("bot.intake.keep_letters", full)

    monkeypatch.setattr("bot.answering.KEEP_PAUSE", 10.0)
    return fill


async def test_push_that_cannot_be_kept_is_not_promised(stage, disk, monkeypatch):
    phone = await stage.citizen()
    disk()
    answer = await phone.say("路灯不亮")
    assert answer.outcome == "reply"
    assert "没有收到" in answer.text
    monkeypatch.undo()
    assert "路灯" in (await phone.say("路灯不亮")).text


async def test_event_that_cannot_be_kept_is_pushed_again_by_the_platform(stage, disk, monkeypatch):
    phone = stage.simulator.phone("王阿姨")
    disk()
    answer = await phone.follow()
    assert (answer.outcome, answer.tries) == ("failed", 3)
    monkeypatch.undo()
    assert "拍张照" in (await phone.follow()).text


@pytest.mark.parametrize("tries", [1, 2])
async def test_leaving_is_kept_at_a_later_try_of_the_platform(stage, monkeypatch, tries):
    phone = await stage.citizen()
    failing = iter(range(tries))

    async def sometimes(letters, *, now, keep=keep_letters):
        if next(failing, None) is not None:
            raise OSError("disk full")
        return await keep(letters, now=now)

    monkeypatch.setattr("bot.answering.KEEP_PAUSE", 10.0)
    monkeypatch.setattr("bot.intake.keep_letters", sometimes)
    answer = await phone.unfollow()
    assert (answer.outcome, answer.tries) == ("success", tries + 1)
    assert not await Person.filter(openid=phone.openid).exists()


async def test_leaving_while_nothing_can_be_kept_is_not_lost(stage, disk, monkeypatch):
    phone = await stage.citizen()
    disk()
    assert (await phone.unfollow()).outcome == "failed"
    assert await Person.filter(openid=phone.openid).exists()
    monkeypatch.undo()
    await stage.run_jobs()
    assert not await Person.filter(openid=phone.openid).exists()


async def test_who_came_back_meanwhile_is_not_forgotten_afterwards(stage, disk, monkeypatch):
    phone = await stage.citizen()
    disk()
    await phone.unfollow()
    monkeypatch.undo()
    stage.clock.advance(1)
    await phone.follow()
    await stage.run_jobs()
    assert await Person.filter(openid=phone.openid).exists()


async def test_moment_without_a_database_is_waited_out(stage, monkeypatch):
    phone, calls = await stage.citizen(), []

    async def restarting(letters, *, now, keep=keep_letters):
        calls.append(now)
        if len(calls) < 3:
            raise OSError("connection refused")
        return await keep(letters, now=now)

    monkeypatch.setattr("bot.answering.KEEP_PAUSE", 0.0)
    monkeypatch.setattr("bot.intake.keep_letters", restarting)
    assert "路灯" in (await phone.say("路灯不亮")).text


async def test_answer_to_what_was_kept_too_late_follows_by_itself(stage, monkeypatch):
    phone, go = await stage.citizen(), asyncio.Event()

    async def slow(letters, *, now, keep=keep_letters):
        await go.wait()
        return await keep(letters, now=now)

    monkeypatch.setattr("bot.intake.keep_letters", slow)
    stage.house.answering.patience = 0.0
    hearing = asyncio.create_task(stage.house.answering.hear(letter(stage, phone, "路灯不亮")))
    await asyncio.sleep(0)
    go.set()
    assert await hearing == Silence()
    stage.house.answering.patience = 4.0
    await stage.house.answering.close()
    await stage.run_jobs()
    assert "路灯" in phone.last_text
