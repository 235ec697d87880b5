"""While the account is stopped nothing owed is given up, hardly anything is tried, and then all goes on, once."""

import logging
from datetime import UTC, datetime

import pytest
from owing import owe, refused, said_to
from stage import Stage

from models.deliveries.actions import Chosen, retry_deliveries
from models.deliveries.settling import settle
from models.deliveries.stops import Stop, list_stops
from models.deliveries.tables import Delivery, Owing
from models.errors import Refusal
from models.lifecycle import Role
from models.people import Person

SEND, TEMPLATE, TOKEN = "custom/send", "template/send", "stable_token"
# Every code of our notes on the platform (section 2.7) that speaks of the account and not of one message or person,
# and some that Tencent has not invented yet; with the time after which it is over, when the cause is.
LASTS = (
    ((40001, 40014, 42001, 41001, 40013, 40125, 41004, 41002, 40243, -1), {"minutes": 11}),
    ((40164, 89503, 61004, 45035), {"minutes": 11}),
    ((45011, 45066), {"minutes": 1}),
    ((89506, 89507, 45028, 48001, 48004, 48006, 50001, 61007, 40200), {"hours": 1}),
    ((50002, 99999, 45999, 61999), {"hours": 4}),
    ((45009,), {"days": 1}),
)
ACCOUNT = {code: lasts for codes, lasts in LASTS for code in codes}
OURS = (47003, 47001, 40033, 44004, 45002, 45067, 43108, 40008)
LEFT = (40003, 43004, 50005, 46004, 43019, 48002)
SHUT = (45015, 45047)
MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
NEVER = 10**6  # strikes: until the faults are cleared


async def people(stage, count):
    """Phones whose people have just written."""
    phones = [await stage.citizen(f"居民{number}") for number in range(count)]
    for phone in phones:
        await phone.say("你好")
    return phones


async def states():
    """How many deliveries stand in each state."""
    rows = await Delivery.all()
    return {state.value: sum(row.state is state for row in rows) for state in {row.state for row in rows}}


def knocks(stage, path):
    """The calls of that path, of which the token was not the trouble."""
    return stage.simulator.calls(path)


def busy_without_pauses(stage, monkeypatch):
    """The answer -1 is asked again after 1, 2 and 4 seconds: not of the test's time."""

    async def at_once(_seconds):
        pass

    monkeypatch.setattr(stage.house.wechat, "_sleep", at_once)


async def end_trouble(stage, monkeypatch, **units):
    """The cause is mended, the service is started anew, time passes."""
    stage.simulator.platform.faults.clear()
    await stage.start_service()
    stage.without_templates()
    busy_without_pauses(stage, monkeypatch)
    await stage.pass_time(**units)
    await stage.run_jobs(times=3)


@pytest.fixture
async def small_stage(stage_town, sqlite_url, tmp_path):
    """One kind of database is enough for what a code means; what rows do is tried on both."""
    async with Stage(stage_town, sqlite_url, tmp_path, start=MONDAY) as stage:
        yield stage


@pytest.mark.parametrize("many", [1, 4], ids=["one", "many"])
@pytest.mark.parametrize("code", ACCOUNT)
async def test_stop_keeps_what_is_owed_and_it_goes_on_by_itself_after_a_restart(
    small_stage, monkeypatch, code, many
):
    await check_stop(small_stage, monkeypatch, code, many)


@pytest.mark.parametrize("code", [45009, 40164, 99999])
async def test_stop_keeps_what_is_owed_on_both_databases(stage, monkeypatch, code):
    await check_stop(stage, monkeypatch, code, 4)


async def check_stop(stage, monkeypatch, code, many):
    """Refuse with the code what is owed to so many people, then mend the cause and start anew."""
    stage.without_templates()
    busy_without_pauses(stage, monkeypatch)
    phones = await people(stage, many)
    stage.simulator.order_fault("refusal", SEND, times=NEVER, code=code)
    owed = [await owe(stage, phone) for phone in phones for _ in range(1 if many == 1 else 3)]
    await stage.run_jobs(times=10)
    assert len(knocks(stage, SEND)) <= (12 if code == -1 else 3), (
        "three that may be chance, each asked 4 times"
    )
    told = await states()
    assert set(told) <= {"held", "owed"}, "nothing is failed, dropped or uncertain"
    assert sum(told.values()) == len(owed)
    await end_trouble(stage, monkeypatch, **ACCOUNT[code])
    await stage.pass_time(**ACCOUNT[code])
    assert await states() == {"sent": len(owed)}
    for phone in phones:
        mine = [one.text for one in owed if one.person_id == (await Person.get(openid=phone.openid)).id]
        assert sorted(said_to(stage, phone)) == sorted(mine), "each once"
        assert (await Person.get(openid=phone.openid)).message_used == len(mine), "and each spent once"
    assert await list_stops() == []


@pytest.mark.parametrize("code", [40013, 40125, 40164, 89503, 45009, 45011, 99999])
async def test_token_that_is_refused_keeps_everything_too(small_stage, monkeypatch, code):
    stage = small_stage
    stage.without_templates()
    phones = await people(stage, 3)
    stage.clock.advance(7200)  # the token has expired
    stage.simulator.order_fault("refusal", TOKEN, times=NEVER, code=code)
    owed = [await owe(stage, phone) for phone in phones]
    before = len(knocks(stage, TOKEN))
    await stage.run_jobs(times=10)
    assert len(knocks(stage, TOKEN)) - before <= 4
    assert not knocks(stage, SEND)
    assert set(await states()) <= {"held", "owed"}
    await end_trouble(stage, monkeypatch, **ACCOUNT[code])
    await stage.pass_time(**ACCOUNT[code])
    assert await states() == {"sent": len(owed)}
    assert [len(said_to(stage, phone)) for phone in phones] == [1, 1, 1]


@pytest.mark.parametrize("code", OURS)
async def test_only_what_is_wrong_with_ours_fails_and_holds_nobody_up(small_stage, code):
    stage = small_stage
    stage.without_templates()
    phones = await people(stage, 2)
    stage.simulator.order_fault("refusal", SEND, times=1, code=code)
    bad, good = [await owe(stage, phone) for phone in phones]
    await stage.run_jobs()
    for one in (bad, good):
        await one.refresh_from_db()
    assert (bad.state, bad.code, bad.tries) == (Owing.FAILED, code, 1)
    assert good.state is Owing.SENT
    assert await list_stops() == []


@pytest.mark.parametrize("code", LEFT)
async def test_who_cannot_be_told_any_more_is_dropped_and_stops_nobody(small_stage, code):
    stage = small_stage
    phones = await people(stage, 2)
    stage.simulator.order_fault("refusal", SEND, times=1, code=code)
    gone, good = [await owe(stage, phone) for phone in phones]
    await stage.run_jobs()
    for one in (gone, good):
        await one.refresh_from_db()
    assert (gone.state, good.state) == (Owing.DROPPED, Owing.SENT)


@pytest.mark.parametrize("code", SHUT)
async def test_shut_window_leads_to_the_next_way_and_stops_nobody(stage, code):
    phones = await people(stage, 2)
    stage.simulator.order_fault("refusal", SEND, times=1, code=code)
    first, second = [await owe(stage, phone) for phone in phones]
    await stage.run_jobs()
    for one in (first, second):
        await one.refresh_from_db()
    assert (first.channel, second.channel) == ("template", "customer")
    assert await states() == {"sent": 2}


async def test_person_who_hears_too_much_is_left_alone_for_hours_and_then_told(stage):
    stage.without_templates()
    first, second = await people(stage, 2)
    stage.simulator.order_fault("refusal", SEND, times=2, code=43117)
    late, _ = await owe(stage, first), await owe(stage, second)
    await stage.run_jobs()
    assert refused(stage) == [43117, 43117], "each of them once"
    await stage.pass_time(hours=2)
    assert len(knocks(stage, SEND)) == 2
    await stage.pass_time(hours=1)
    assert await states() == {"sent": 2}
    await late.refresh_from_db()
    assert late.tries == 2


async def test_minute_quota_fails_nothing_however_often_it_comes(stage):
    stage.without_templates()
    (phone,) = await people(stage, 1)
    stage.simulator.order_fault("refusal", SEND, times=40, code=45011)
    delivery = await owe(stage, phone)
    for _ in range(40):
        await stage.pass_time(minutes=1)
    await stage.pass_time(minutes=1)
    await delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (Owing.SENT, 1)
    assert len(said_to(stage, phone)) == 1
    assert (await Person.get(openid=phone.openid)).message_used == 1


@pytest.mark.parametrize("code", [-1, 99999, 50002])
async def test_what_may_be_chance_holds_up_nobody_else(stage, monkeypatch, code):
    stage.without_templates()
    busy_without_pauses(stage, monkeypatch)
    phones = await people(stage, 5)
    stage.simulator.order_fault("refusal", SEND, times=4 if code == -1 else 1, code=code)
    for phone in phones:
        await owe(stage, phone)
    await stage.run_jobs()
    assert await states() == {"owed": 1, "sent": 4}
    await stage.pass_time(minutes=10)
    assert await states() == {"sent": 5}


async def test_one_that_is_refused_again_and_again_for_no_known_reason_is_kept_for_the_next_contact(stage):
    stage.without_templates()
    (phone,) = await people(stage, 1)
    bad = await owe(stage, phone)
    for _ in range(40):
        stage.simulator.order_fault("refusal", SEND, times=1, code=77777)
        await stage.pass_time(hours=1)
        stage.simulator.platform.faults.clear()
        await stage.simulator.settle()
    await bad.refresh_from_db()
    assert bad.state is Owing.WAITING
    assert len(knocks(stage, SEND)) == 7
    assert bad.text in (await phone.say("帮助")).text
    await bad.refresh_from_db()
    assert (bad.state, bad.channel) == (Owing.SENT, "reply")


async def test_stopped_customer_messages_leave_templates_alone(stage):
    inside, outside = await stage.citizen("王阿姨"), await stage.citizen("老张")
    stage.clock.advance(3 * 86400)
    await inside.say("你好")
    stage.simulator.order_fault("refusal", SEND, times=NEVER, code=45011)
    for _ in range(30):
        await owe(stage, inside)
    last = await owe(stage, outside)
    await stage.run_jobs(times=1)
    await last.refresh_from_db()
    assert (last.state, last.channel) == (Owing.SENT, "template"), "in the same go, behind thirty that wait"
    assert len(knocks(stage, SEND)) == 1
    assert (await states())["held"] == 30


async def test_lasting_stop_of_one_way_is_gone_round_where_another_is_ready(stage):
    (phone,) = await people(stage, 1)
    stage.simulator.order_fault("quota", SEND, times=NEVER)
    first, second = await owe(stage, phone), await owe(stage, phone)
    await stage.run_jobs(times=4)
    for one in (first, second):
        await one.refresh_from_db()
    assert [(one.state, one.channel) for one in (first, second)] == [(Owing.SENT, "template")] * 2
    assert len(knocks(stage, SEND)) == 1


async def test_template_that_is_gone_stops_its_use_only(stage):
    phone = await stage.citizen()
    stage.clock.advance(3 * 86400)
    stage.simulator.order_fault("refusal", TEMPLATE, times=1, code=40037)
    lost, other = await owe(stage, phone), await owe(stage, phone, use="work")
    await stage.run_jobs(times=4)
    for one in (lost, other):
        await one.refresh_from_db()
    assert (lost.state, lost.way) == (Owing.HELD, "template:progress")
    assert (other.state, other.channel) == (Owing.SENT, "template")
    assert len(knocks(stage, TEMPLATE)) == 2
    await stage.pass_time(hours=1)
    await lost.refresh_from_db()
    assert lost.state is Owing.SENT


async def test_stop_of_a_template_that_is_no_longer_used_holds_nothing_and_is_forgotten(stage):
    phone = await stage.citizen()
    stage.clock.advance(3 * 86400)
    stage.simulator.order_fault("refusal", TEMPLATE, times=1, code=40037)
    delivery = await owe(stage, phone)
    await stage.run_jobs()
    stage.without_templates()
    await stage.pass_time(hours=1)
    await delivery.refresh_from_db()
    assert delivery.state is Owing.WAITING
    await stage.pass_time(days=1)
    assert await list_stops() == []
    assert delivery.text in (await phone.say("帮助")).text


async def test_what_is_held_rides_on_the_next_answer_for_an_answer_needs_no_call(stage):
    stage.without_templates()
    (phone,) = await people(stage, 1)
    stage.simulator.order_fault("refusal", SEND, times=NEVER, code=40164)
    delivery = await owe(stage, phone)
    await stage.run_jobs()
    assert delivery.text in (await phone.say("帮助")).text
    stage.simulator.platform.faults.clear()
    await stage.pass_time(minutes=11)
    await delivery.refresh_from_db()
    assert (delivery.state, delivery.channel) == (Owing.SENT, "reply")
    assert said_to(stage, phone) == []
    assert (await Person.get(openid=phone.openid)).waiting == 0


async def test_stopped_question_does_not_take_the_meaning_of_a_number(stage):
    stage.without_templates()
    (phone,) = await people(stage, 1)
    before = (await Person.get(openid=phone.openid)).offered
    stage.simulator.order_fault("refusal", SEND, times=NEVER, code=48001)
    await owe(stage, phone, choices=[["11", "满意"], ["12", "不满意"]])
    await stage.run_jobs()
    assert (await Person.get(openid=phone.openid)).offered == before, "they never saw the question"


async def test_platform_without_answers_makes_few_uncertain_and_holds_the_rest(stage):
    stage.without_templates()
    phones = await people(stage, 4)
    for phone in phones:
        for _ in range(5):
            await owe(stage, phone)
    stage.simulator.order_fault("server_error", SEND, times=NEVER)
    await stage.run_jobs(times=10)
    assert (await states())["uncertain"] == 3
    stage.simulator.platform.faults.clear()
    await stage.pass_time(minutes=2)
    await stage.run_jobs()
    assert await states() == {"uncertain": 3, "sent": 17}


@pytest.mark.parametrize("path", [None, SEND])
async def test_outage_leaves_at_most_few_uncertain_and_is_over_within_a_minute(stage, path):
    """Where nothing answers, what harms nobody is tried first: the one that was on its way is all that is unclear."""
    stage.without_templates()
    phones = await people(stage, 5)
    for phone in phones:
        for _ in range(2):
            await owe(stage, phone)
    stage.simulator.order_fault("server_error", path, times=NEVER)
    for _ in range(30):
        stage.clock.advance(60)
        await stage.run_jobs()
    if path is None:
        assert await states() == {"uncertain": 1, "held": 9}
    stage.simulator.platform.faults.clear()
    before = (await states())["uncertain"]
    await stage.pass_time(minutes=1)
    await stage.run_jobs()
    assert await states() == {"uncertain": before, "sent": 10 - before} or path is SEND
    assert "held" not in await states()


async def test_platform_that_cannot_be_reached_costs_one_try_at_a_time(stage, monkeypatch):
    stage.without_templates()
    phones = await people(stage, 3)
    owed = [await owe(stage, phone) for phone in phones for _ in range(3)]
    base, stage.house.wechat.base = stage.house.wechat.base, "http://127.0.0.1:1"
    for _ in range(30):
        await stage.pass_time(minutes=1)
    assert await states() == {"held": len(owed)}
    assert {row.tries for row in await Delivery.all()} == {0}
    stage.house.wechat.base = base
    await stage.pass_time(minutes=1)
    await stage.run_jobs()
    assert await states() == {"sent": len(owed)}


async def test_template_that_may_have_arrived_is_not_repeated_once_the_platform_forgets_its_key(stage):
    phone = await stage.citizen()
    stage.clock.advance(3 * 86400)
    stage.simulator.order_fault("lost_reply", TEMPLATE, times=1)
    delivery = await owe(stage, phone)
    await stage.run_jobs(times=1)
    stage.simulator.order_fault("refusal", TEMPLATE, times=1, code=45011)
    await stage.pass_time(minutes=1)
    await stage.pass_time(minutes=30)
    await delivery.refresh_from_db()
    assert delivery.state is Owing.UNCERTAIN
    assert [bubble.kind for bubble in phone.bubbles].count("template") == 1


async def test_template_that_may_have_arrived_is_not_told_by_another_way(stage):
    phone = await stage.citizen()
    stage.clock.advance(3 * 86400)
    stage.simulator.order_fault("lost_reply", TEMPLATE, times=1)
    delivery = await owe(stage, phone)
    await stage.run_jobs(times=1)
    answer = await phone.say("帮助")  # a window is open now
    await stage.pass_time(minutes=1)
    await delivery.refresh_from_db()
    assert (delivery.state, delivery.channel) == (Owing.SENT, "template")
    assert said_to(stage, phone) == []
    assert delivery.text not in answer.text


async def test_template_that_may_have_arrived_is_not_sent_anew_by_retrying_all(stage):
    phone = await stage.citizen()
    stage.clock.advance(3 * 86400)
    stage.simulator.order_fault("lost_reply", TEMPLATE, times=1)
    delivery = await owe(stage, phone)
    await stage.run_jobs(times=1)
    await phone.say("帮助")  # a window is open now
    assert await retry_deliveries(Chosen(), now=stage.clock.now()) == 0
    with pytest.raises(Refusal, match="两遍"):
        await retry_deliveries(Chosen((delivery.id,)), now=stage.clock.now())
    await stage.pass_time(minutes=1)
    assert await states() == {"sent": 1}
    assert said_to(stage, phone) == []


async def test_template_of_a_process_that_was_dead_for_an_hour_is_shown_as_uncertain(stage):
    phone = await stage.citizen()
    stage.clock.advance(3 * 86400)
    delivery = await owe(stage, phone)
    await Delivery.filter(id=delivery.id).update(
        state=Owing.SENDING, channel="template", claimed_until=stage.clock.now()
    )
    await stage.pass_time(hours=1)
    await delivery.refresh_from_db()
    assert delivery.state is Owing.UNCERTAIN
    assert not knocks(stage, TEMPLATE)


# --- told once, in words ---


async def admin(stage):
    """Somebody who runs the account."""
    return await stage.officer("zhihui", name="管理员", role=Role.ADMIN)


async def test_stop_is_logged_once_in_words(stage, caplog):
    stage.without_templates()
    (phone,) = await people(stage, 1)
    stage.simulator.order_fault("refusal", SEND, times=NEVER, code=48001)
    await owe(stage, phone)
    caplog.set_level(logging.INFO)
    for _ in range(5):
        await stage.pass_time(hours=1)
    loud = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(loud) == 1
    assert "公众号没有这个接口的权限" in loud[0].getMessage()
    assert phone.openid not in caplog.text


async def test_administrators_are_told_by_template_when_customer_messages_are_stopped(stage):
    phone = await admin(stage)
    (citizen,) = await people(stage, 1)
    stage.simulator.order_fault("refusal", SEND, times=NEVER, code=48001)
    await owe(stage, citizen)
    for _ in range(6):
        await stage.pass_time(minutes=20)
    shown = [bubble for bubble in phone.bubbles if bubble.kind == "template"]
    assert len(shown) == 1, "once, however long it lasts"
    stage.simulator.platform.faults.clear()
    await owe(stage, citizen)
    await stage.pass_time(hours=1)
    await stage.pass_time(minutes=11)
    assert any("客服消息恢复了" in words for words in said_to(stage, phone))


async def test_administrators_are_told_at_their_next_contact_when_nothing_goes_out(stage):
    phone = await admin(stage)
    (citizen,) = await people(stage, 1)
    stage.simulator.order_fault("refusal", times=NEVER, code=40164)
    await owe(stage, citizen)
    await stage.run_jobs(times=4)
    answer = await phone.say("待办")
    assert "服务器的 IP 不在白名单里" in answer.text
    assert "白名单" not in (await phone.say("待办")).text, "once"


async def test_what_is_over_before_anybody_heard_of_it_is_not_told(stage):
    phone = await admin(stage)
    stage.without_templates()
    (citizen,) = await people(stage, 1)
    stage.simulator.order_fault("refusal", times=NEVER, code=40164)
    await owe(stage, citizen)
    await stage.run_jobs(times=4)
    assert await Delivery.filter(key__startswith="stop-*", state=Owing.HELD).exists()
    stage.simulator.platform.faults.clear()
    await Person.filter(openid=phone.openid).update(message_at=None, tap_at=None)
    await stage.pass_time(minutes=11)
    await stage.pass_time(minutes=11)
    assert "白名单" not in (await phone.say("待办")).text
    assert said_to(stage, phone) == []


async def test_minute_quota_and_doubts_are_told_to_nobody(stage):
    phone = await admin(stage)
    (citizen,) = await people(stage, 1)
    stage.simulator.order_fault("refusal", SEND, times=3, code=45011)
    await owe(stage, citizen)
    for _ in range(5):
        await stage.pass_time(minutes=1)
    assert not await Delivery.filter(person__openid=phone.openid).exists()


async def test_stop_that_comes_and_goes_is_told_once(stage):
    phone = await admin(stage)
    stage.without_templates()
    (citizen,) = await people(stage, 1)
    for _ in range(4):
        stage.simulator.order_fault("refusal", SEND, times=1, code=40164)
        await owe(stage, citizen)
        await stage.pass_time(minutes=6)
    assert await Delivery.filter(person__openid=phone.openid, key__startswith="stop-").count() == 1


# --- one that breaks us ---


async def test_delivery_that_breaks_us_is_put_by_and_told_and_the_others_go(stage, caplog):
    stage.without_templates()
    phones = await people(stage, 2)
    poison = await owe(stage, phones[0])
    await Delivery.filter(id=poison.id).update(choices=[[]])
    others = [await owe(stage, phone) for phone in phones]
    await stage.run_jobs(times=1)
    for one in others:
        await one.refresh_from_db()
    assert {one.state for one in others} == {Owing.SENT}
    await stage.pass_time(minutes=2)
    await poison.refresh_from_db()
    assert poison.state is Owing.FAILED
    assert "IndexError" in poison.note
    assert [record.action for record in caplog.records if record.levelno >= logging.ERROR] == [
        "delivery_fault"
    ] * 2
    assert (await Person.get(openid=phones[0].openid)).message_used == 1, "it has spent nothing"


async def test_sender_that_breaks_ends_no_batch(stage, monkeypatch):
    stage.without_templates()
    phones = await people(stage, 3)
    owed = [await owe(stage, phone) for phone in phones]
    send = stage.house.tools.sender.send

    async def breaking(parcel):
        if parcel.key == owed[0].key:
            raise RuntimeError("ours")
        return await send(parcel)

    monkeypatch.setattr(stage.house.tools.sender, "send", breaking)
    await stage.run_jobs(times=1)
    assert await states() == {"uncertain": 1, "sent": 2}


async def test_bookkeeping_that_breaks_once_is_done_again(stage, monkeypatch):
    stage.without_templates()
    phones = await people(stage, 2)
    for phone in phones:
        await owe(stage, phone)
    broken = []

    async def breaking(*args, **options):
        if not broken:
            broken.append(args)
            raise RuntimeError("another transaction got in the way")
        await settle(*args, **options)

    monkeypatch.setattr("scheduler.deliver.settle", breaking)
    await stage.run_jobs(times=1)
    assert await states() == {"sent": 2}


async def test_row_that_cannot_be_read_ends_no_batch(stage):
    stage.without_templates()
    phones = await people(stage, 2)
    poison, good = [await owe(stage, phone) for phone in phones]
    await Delivery.filter(id=poison.id).update(closed=["pigeon"])
    await stage.run_jobs(times=1)
    await good.refresh_from_db()
    assert good.state is Owing.SENT
    await stage.pass_time(minutes=2)
    await poison.refresh_from_db()
    assert poison.state is Owing.FAILED


# --- many ---


async def test_stop_costs_each_row_one_look(stage, monkeypatch):
    stage.without_templates()
    phones = await people(stage, 3)
    person_ids = [await Person.get(openid=phone.openid).values_list("id", flat=True) for phone in phones]
    now = stage.clock.now()
    rows = [
        Delivery(key=f"m{n}", person_id=person_ids[n % 3], text=f"第{n}", due_at=now, owed_at=now)
        for n in range(700)
    ]
    await Delivery.bulk_create(rows)
    stage.simulator.order_fault("refusal", times=NEVER, code=40164)
    await stage.run_jobs(times=1)
    assert await states() == {"held": 700}
    assert len(knocks(stage, SEND)) == 1
    assert sum(await Person.all().values_list("waiting", flat=True)) == 700
    await stage.run_jobs(times=3)
    assert len(knocks(stage, SEND)) == 1
    stage.simulator.platform.faults.clear()
    await stage.pass_time(minutes=11)
    await stage.run_jobs(times=3)
    assert await states() == {"sent": 15, "waiting": 685}, (
        "what five messages each leave waits for the next word"
    )
    assert sum(await Person.all().values_list("waiting", flat=True)) == 685
    assert await Stop.filter(ended_at=None).count() == 0
