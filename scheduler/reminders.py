"""Reminds people of reports left half done, lets old ones rest, and ends the time for a verdict."""

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from models.cases.actions import move_case
from models.cases.draft import EXPIRE_AFTER, KEPT, REMIND_AFTER, load_draft
from models.cases.moves import TIMER, Move
from models.cases.queries import list_unrated
from models.cases.states import CONSULTATION
from models.cases.talking import TOPIC as TALK
from models.cases.talking import rest_talk
from models.cases.unexplained import PATIENCE, settle_unexplained
from models.cases.unexplained import TOPIC as UNHAPPY
from models.city.settings import setting
from models.clock import Clock
from models.deliveries.actions import queue_deliveries
from models.deliveries.tables import Delivery
from models.errors import Refusal
from models.talks import Talk, list_left_alone, lock_talk, note_reminded, save_talk
from models.town import Town
from scheduler.items import each

HALF_DONE = "您有一个没报完的问题，还差{missing}。发来就行，或回复「取消」。隔天再报，回复「继续」。"
NAMES = {"what": "一句话说明", "where": "位置"}


async def remind_half_done(clock: Clock) -> int:
    """Remind each person once of a report left alone; return how many were reminded."""
    now = clock.now()

    async def remind(person_id: int) -> int:
        async with in_transaction():
            talk = await lock_talk(person_id)
            if talk is None or not _is_left_alone(talk, now):
                return 0
            talk.reminded_at = now
            await save_talk(talk)
            await queue_deliveries([_reminder(talk, clock)])
            return 1

    async def give_up(person_id: int) -> None:
        await note_reminded(person_id, now=now)

    left = await list_left_alone("report", before=now - REMIND_AFTER, reminded=False)
    return await each("remind_half_done", left, remind, give_up=give_up)


async def rest_old(clock: Clock) -> int:
    """Let reports rest that nobody went on with; nothing of them is deleted. Return how many."""
    now = clock.now()

    async def rest(person_id: int) -> int:
        async with in_transaction():
            talk = await lock_talk(person_id)
            if talk is None or talk.topic != "report" or talk.changed_at > now - EXPIRE_AFTER:
                return 0
            talk.topic = KEPT
            await save_talk(talk)
            return 1

    return await each(
        "rest_old", await list_left_alone("report", before=now - EXPIRE_AFTER, reminded=True), rest
    )


async def rest_talks(town: Town, clock: Clock) -> int:
    """Let talks with the desk rest in which nobody said anything for long; what was asked stays there."""
    now = clock.now()
    before = now - timedelta(hours=setting(town.city, "talk_hours", CONSULTATION))

    async def rest(person_id: int) -> int:
        return await rest_talk(person_id, before=before, now=now)

    return await each("rest_talks", await list_left_alone(TALK, before=before, reminded=False), rest)


async def settle_unhappy(town: Town, clock: Clock) -> int:
    """Take 「不满意」 whose reason never came for the verdict; return how many."""
    now = clock.now()

    async def settle(person_id: int) -> int:
        return await settle_unexplained(person_id, town=town, now=now)

    left = await list_left_alone(UNHAPPY, before=now - PATIENCE, reminded=False)
    return await each("settle_unhappy", left, settle)


async def end_verdicts(town: Town, clock: Clock) -> int:
    """Note cases as not rated whose reporter did not answer in time; return how many."""
    now, done, last = clock.now(), 0, 0

    async def end(case_id: int) -> int:
        try:
            await move_case(case_id, Move("lapse", TIMER), town=town, now=now)
        except Refusal:
            return 0  # rated meanwhile
        return 1

    while lapsed := await list_unrated(now=now, after=last):
        done += await each("end_verdicts", lapsed, end)
        last = lapsed[-1]
    return done


def _is_left_alone(talk: Talk, now: datetime) -> bool:
    return talk.topic == "report" and not talk.reminded_at and talk.changed_at <= now - REMIND_AFTER


def _reminder(talk: Talk, clock: Clock) -> Delivery:
    now = clock.now()
    missing = "和".join(NAMES[name] for name in load_draft(talk.data).missing()) or "最后点一下「提交」"
    return Delivery(
        key=f"half-{talk.person.id}-{int(talk.changed_at.timestamp())}",
        person_id=talk.person.id,
        text=HALF_DONE.format(missing=missing),
        due_at=now,
        owed_at=now,
    )
