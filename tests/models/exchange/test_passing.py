"""Only the first unsent step of a case may go; one that was given up holds back its case, and only its case."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise import Tortoise

from models.cases.tables import Case
from models.database import close_database, open_database
from models.errors import Refusal
from models.exchange.passing import (
    BACK_OFF,
    SENDING_LIFE,
    claim_transfer,
    retry_transfer,
    settle_transfer,
    skip_transfer,
    tidy_transfers,
)
from models.exchange.queries import count_transfers, list_transfers
from models.exchange.tables import Passing, Subscriber, Transfer

A_SECOND = timedelta(seconds=1)


@pytest.fixture
def owed(database, now):
    """Owe steps 1..``steps`` of ``cases`` cases to one subscriber; return the subscriber."""

    async def make(name="民呼我应", *, cases=1, steps=3):
        return await owe_plain(name, cases, steps, now)

    return make


async def owe_plain(name, cases, steps, now):
    to = await Subscriber.create(name=name, url="https://a.example/", secret="s" * 40, made_at=now)
    for number in range(cases):
        case, _ = await Case.get_or_create(
            number=f"260706{number:04d}",
            defaults={
                "state": "rated",
                "type": "manhole",
                "opened_at": now,
                "due_at": now,
                "changed_at": now,
            },
        )
        for seq in range(1, steps + 1):
            payload = {"seq": seq, "case": {"id": case.number}}
            await Transfer.create(
                subscriber_id=to.id,
                case_id=case.id,
                seq=seq,
                payload=payload,
                due_at=now + seq * A_SECOND / 100,
            )
    return to


async def send_all(moment, *, trouble=""):
    """Claim and settle until nothing may go; return the keys in order."""
    keys = []
    while parting := await claim_transfer(moment):
        keys.append(parting.key)
        await settle_transfer(parting, trouble, now=moment)
    return keys


async def give_up(moment):
    """Let every try of what is first fail; return when it was over."""
    for pause in (*BACK_OFF, timedelta(0)):
        await send_all(moment, trouble="对方回了 500")
        moment += pause + A_SECOND
    return moment


async def test_steps_of_a_case_go_one_after_the_other(owed, now):
    await owed()
    moment = now + A_SECOND
    first = await claim_transfer(moment)
    assert first.seq == 1
    assert await claim_transfer(moment) is None
    assert await settle_transfer(first, "", now=moment) is Passing.SENT
    assert [key.rsplit("/", 1)[1] for key in await send_all(moment)] == ["2", "3"]


async def test_cases_and_subscribers_do_not_wait_for_each_other(owed, now):
    one = await owed("甲", cases=2)
    two = await owed("乙", cases=2)
    moment, held = now + A_SECOND, []
    while parting := await claim_transfer(moment):
        held.append((parting.subscriber_id, parting.key.split("/")[1], parting.seq))
    assert sorted(held) == sorted(
        (to.id, number, 1) for to in (one, two) for number in ("2607060000", "2607060001")
    )


async def test_subscriber_left_out_is_not_claimed(owed, now):
    one, two = await owed("甲"), await owed("乙")
    parting = await claim_transfer(now + A_SECOND, without=[one.id])
    assert parting.subscriber_id == two.id
    assert await claim_transfer(now + A_SECOND, without=[one.id, two.id]) is None


async def test_failed_step_waits_longer_each_time_and_then_is_given_up(owed, now):
    await owed()
    moment = now + A_SECOND
    for pause in BACK_OFF:
        parting = await claim_transfer(moment)
        assert parting.seq == 1
        assert await settle_transfer(parting, "连不上", now=moment) is Passing.OWED
        assert await claim_transfer(moment + pause - A_SECOND) is None
        moment += pause
    last = await claim_transfer(moment)
    assert await settle_transfer(last, "连不上", now=moment) is Passing.DEAD
    assert await claim_transfer(moment + timedelta(days=365)) is None
    assert await count_transfers() == {"owed": 2, "sent": 0, "dead": 1}


async def test_given_up_step_blocks_its_case_for_its_subscriber_and_says_so(owed, now):
    await owed("甲")
    moment = await give_up(now + A_SECOND)
    other = await owed("乙")
    standings = await list_transfers()
    troubles = [s.trouble for s in standings if s.transfer.subscriber_id != other.id]
    assert troubles[0] == "对方回了 500"
    assert all("前面第 1 步没有送到" in trouble for trouble in troubles[1:])
    assert [s.blocked_by for s in standings] == [None, 1, 1, None, None, None]
    assert len(await send_all(moment)) == 3
    assert [s.transfer.seq for s in await list_transfers(Passing.DEAD)] == [1]


async def test_retried_step_goes_first_and_the_rest_follow(owed, now):
    await owed()
    moment = await give_up(now + A_SECOND)
    dead = await Transfer.get(state=Passing.DEAD)
    await retry_transfer(dead.id, now=moment)
    assert [key.rsplit("/", 1)[1] for key in await send_all(moment)] == ["1", "2", "3"]


async def test_skipped_step_lets_the_rest_go(owed, now):
    await owed()
    moment = await give_up(now + A_SECOND)
    dead = await Transfer.get(state=Passing.DEAD)
    await skip_transfer(dead.id, now=moment)
    assert [key.rsplit("/", 1)[1] for key in await send_all(moment)] == ["2", "3"]
    await dead.refresh_from_db()
    assert (dead.state, dead.sent_at, dead.trouble) == (Passing.SENT, None, "已跳过")


async def test_step_owed_behind_a_given_up_one_waits_with_it(subscribe, open_here, owe_all, add_step, now):
    await subscribe()
    case = await open_here()
    await owe_all(case)
    moment = await give_up(now + A_SECOND)
    event = await add_step(case)
    await owe_all(case, now=moment, since=event.seq)
    new = await Transfer.get(seq=event.seq)
    assert new.due_at.year == 2999
    await skip_transfer((await Transfer.get(state=Passing.DEAD)).id, now=moment)
    assert [key.rsplit("/", 1)[1] for key in await send_all(moment)] == [
        str(seq) for seq in range(2, event.seq + 1)
    ]


async def test_only_what_was_given_up_is_retried_or_skipped(owed, now):
    to = await owed()
    first = await Transfer.filter(seq=1).get()
    for decide in (retry_transfer, skip_transfer):
        with pytest.raises(Refusal, match="没有停下来"):
            await decide(first.id, now=now)
        with pytest.raises(Refusal, match="没有编号"):
            await decide(999_999, now=now)
    await Transfer.filter(id=first.id).update(state=Passing.DEAD)
    await Subscriber.filter(id=to.id).update(stopped_at=now)
    with pytest.raises(Refusal, match="已停用"):
        await retry_transfer(first.id, now=now)


async def test_claim_of_a_dead_process_ends_and_its_late_word_counts_no_more(owed, now):
    await owed(steps=1)
    moment = now + A_SECOND
    lost = await claim_transfer(moment)
    assert await claim_transfer(moment + SENDING_LIFE - A_SECOND) is None
    again = await claim_transfer(moment + SENDING_LIFE)
    assert again.key == lost.key
    assert await settle_transfer(lost, "连不上", now=moment + SENDING_LIFE) is None
    assert await settle_transfer(again, "", now=moment + SENDING_LIFE) is Passing.SENT
    assert await settle_transfer(lost, "", now=moment + SENDING_LIFE) is None


async def test_claims_at_once_take_different_transfers(owed, now):
    await owed(cases=6, steps=2)
    taken = await asyncio.gather(*(claim_transfer(now + A_SECOND) for _ in range(8)))
    keys = [parting.key for parting in taken if parting]
    assert len(keys) == len(set(keys)) == 6
    assert all(key.endswith("/1") for key in keys)


async def test_sent_rows_of_ended_cases_are_tidied_later(owed, now):
    await owed()
    await send_all(now + A_SECOND)
    assert await tidy_transfers(now) == 0
    await Case.all().update(state="handling")
    assert await tidy_transfers(now + timedelta(days=1)) == 0
    await Case.all().update(state="rated")
    assert await tidy_transfers(now + timedelta(days=1)) == 3


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    luck=st.lists(st.sampled_from(["", "", "连不上", "lost"]), min_size=5, max_size=40),
    hops=st.lists(st.integers(1, 90_000), min_size=40, max_size=40),
)
def test_whatever_fails_the_order_holds(luck, hops, now, tmp_path_factory):
    asyncio.run(play(luck, hops, now, tmp_path_factory.mktemp("play")))


async def play(luck, hops, moment, folder):
    """Send under any luck; what arrives of each case, first copies only, is 1, 2, 3 … without a gap."""
    database = await open_database(f"sqlite://{folder / 'x.sqlite3'}")
    try:
        await Tortoise.generate_schemas()
        await owe_plain("甲", 2, 3, moment)
        moment += A_SECOND
        arrived = {}
        for trouble, hop in zip(luck, hops, strict=False):
            if parting := await claim_transfer(moment):
                if trouble != "连不上":
                    seqs = arrived.setdefault(parting.payload["case"]["id"], [])
                    if parting.seq not in seqs:
                        seqs.append(parting.seq)
                if trouble != "lost":
                    await settle_transfer(parting, trouble, now=moment)
            moment += timedelta(seconds=hop)
        assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in arrived.values())
        sent = await Transfer.filter(state=Passing.SENT).count()
        assert sent <= sum(len(seqs) for seqs in arrived.values())
    finally:
        await close_database(database)
