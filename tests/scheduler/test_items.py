"""No item of any job may end or stall its batch: what breaks is counted, told, and put by."""

from datetime import timedelta

import pytest
from stage import HERE, photo

from models.cases.tables import Case, LookBack
from models.deliveries.tables import Delivery
from models.shops import note_shop
from models.talks import Talk
from scheduler import deadlines, exchange, items, reminders, rounds
from scheduler.items import BROKEN, each


async def test_one_item_that_breaks_is_counted_and_the_others_are_done(caplog):
    async def work(item):
        if item == 2:
            raise ZeroDivisionError("poison")
        return 1

    put_by = []

    async def give_up(item):
        put_by.append(item)

    before = BROKEN["some_job"]
    assert await each("some_job", [1, 2, 3], work, give_up=give_up) == 2
    assert (put_by, BROKEN["some_job"] - before) == ([2], 1)
    (record,) = [record for record in caplog.records if record.name == items.__name__]
    assert (record.action, record.job, record.item) == ("item_failed", "some_job", 2)


async def test_item_that_cannot_even_be_put_by_ends_nothing():
    async def breaks(_item):
        raise OSError("poison")

    assert await each("some_job", [1, 2], breaks, give_up=breaks) == 0


async def test_the_log_names_a_row_by_its_id_alone(caplog):
    async def breaks(_row):
        raise OSError("poison")

    await each("some_job", [Talk(id=7, topic="secret words"), object()], breaks)
    assert [record.item for record in caplog.records] == [7, "?"]
    assert "secret words" not in caplog.text


async def report(stage, phone, words="路口的井盖翘起来了，怕摔着人"):
    await phone.photo(photo())
    await phone.locate(*HERE)
    await phone.say(words)
    await phone.say("提交")


@pytest.fixture
async def two_cases(stage):
    """Two cases of two people."""
    await stage.officer()
    for name in ("王阿姨", "李叔"):
        phone = await stage.citizen(name)
        await report(stage, phone, f"路口的井盖翘起来了，{name}怕摔着人")
        await phone.say("不是")
        await phone.say("提交")
    cases = await Case.all().order_by("id")
    assert len(cases) == 2
    return cases


def breaking(work, first):
    """The same work, which breaks for one item: its first argument, or the id of that."""

    async def broken(item, *args, **options):
        if getattr(item, "id", item) == first:
            raise ZeroDivisionError("poison")
        return await work(item, *args, **options)

    return broken


async def test_case_that_cannot_be_woken_is_put_off_and_the_others_are_woken(stage, two_cases, monkeypatch):
    first, second = two_cases
    stage.clock.advance(86400)
    await Case.all().update(wake_at=stage.clock.now() - timedelta(minutes=1))
    monkeypatch.setattr(deadlines, "wake_case", breaking(deadlines.wake_case, first.id))
    await deadlines.wake_cases(stage.town, stage.clock)
    for case in two_cases:
        await case.refresh_from_db()
    assert first.wake_at == stage.clock.now() + deadlines.PAUSE
    assert second.ladder > first.ladder


async def test_report_whose_reminder_breaks_is_reminded_of_no_more_and_others_are(stage, monkeypatch):
    phones = [await stage.citizen(name) for name in ("王阿姨", "李叔")]
    for phone in phones:
        await phone.photo(photo())
    first = await Talk.all().order_by("id").first()
    first.data = {"evidence": 5}
    await first.save()
    await stage.pass_time(minutes=31)
    assert "没报完" in phones[1].last_text
    await first.refresh_from_db()
    assert first.reminded_at is not None
    before = BROKEN["remind_half_done"]
    await stage.pass_time(minutes=1)
    assert BROKEN["remind_half_done"] == before, "it is not tried again"


async def test_verdict_that_cannot_be_ended_holds_up_no_other(stage, two_cases, monkeypatch):
    first, second = two_cases
    await Case.all().update(state="closed", closed_at=stage.clock.now() - timedelta(days=60))
    monkeypatch.setattr(reminders, "move_case", breaking(reminders.move_case, first.id))
    listed = reminders.list_unrated

    async def one_by_one(**options):
        return await listed(**options, limit=1)

    monkeypatch.setattr(reminders, "list_unrated", one_by_one)
    assert await reminders.end_verdicts(stage.town, stage.clock) == 1
    await second.refresh_from_db()
    assert second.rating == "unrated"


async def test_look_back_that_breaks_holds_up_no_other(stage, two_cases, monkeypatch):
    shop = await note_shop("老王面馆", street="", address="", point=None, now=stage.clock.now())
    await Case.all().update(shop_id=shop.id)
    backs = [await LookBack.create(case_id=case.id, days=3, due_at=stage.clock.now()) for case in two_cases]
    monkeypatch.setattr(rounds, "_ask", breaking(rounds._ask, backs[0].id))
    await rounds.ask_look_backs(stage.town, stage.clock)
    for back in backs:
        await back.refresh_from_db()
    assert [back.asked_at is not None for back in backs] == [False, True]


async def test_plan_that_breaks_holds_up_no_other(stage, two_cases, monkeypatch):
    await stage.officer(name="小张")
    stage.clock.advance(23 * 3600)  # eight on Tuesday
    people = await rounds.list_all_staff()
    assert len(people) > 1
    monkeypatch.setattr(rounds, "_plan_of", breaking(rounds._plan_of, people[0].id))
    told = await rounds.tell_plans(stage.town, stage.clock)
    assert told == await Delivery.filter(key__startswith="plan-").count() > 0


async def test_transfer_whose_outcome_cannot_be_kept_ends_no_batch(stage, monkeypatch):
    class Parting:
        id, subscriber_id, tries, url, seq = 1, 1, 1, "https://one.example", 1

        def sealed(self, _now):
            raise KeyError("a payload of another release")

    waiting = [Parting(), None]

    async def claim(_now, *, without):
        return waiting.pop(0)

    async def settle(_parting, trouble, *, now):
        assert trouble == exchange.BROKE
        raise OSError("the disk is full")

    monkeypatch.setattr(exchange, "claim_transfer", claim)
    monkeypatch.setattr(exchange, "settle_transfer", settle)
    assert await exchange.pass_on(None, stage.clock) == 1
