"""Reminds people of reports left half done, lets old ones rest, and ends the time for a verdict."""

from tortoise.transactions import in_transaction

from models.cases.actions import move_case
from models.cases.draft import EXPIRE_AFTER, KEPT, REMIND_AFTER, load_draft
from models.cases.moves import TIMER, Move
from models.cases.queries import list_unrated
from models.clock import Clock
from models.deliveries.actions import queue_deliveries
from models.deliveries.tables import Delivery
from models.errors import Refusal
from models.talks import Talk, list_left_alone, lock_talk, save_talk
from models.town import Town

HALF_DONE = "您有一个没报完的问题，还差{missing}。发来就行，或回复「取消」。隔天再报，回复「继续」。"
NAMES = {"what": "一句话说明", "where": "位置"}


async def remind_half_done(clock: Clock) -> int:
    """Remind each person once of a report left alone; return how many were reminded."""
    now = clock.now()
    left = await list_left_alone("report", before=now - REMIND_AFTER, reminded=False)
    for person_id in left:
        async with in_transaction():
            talk = await lock_talk(person_id)
            if (
                talk is None
                or talk.topic != "report"
                or talk.reminded_at
                or talk.changed_at > now - REMIND_AFTER
            ):
                continue
            talk.reminded_at = now
            await save_talk(talk)
            await queue_deliveries([_reminder(talk, clock)])
    return len(left)


async def rest_old(clock: Clock) -> int:
    """Let reports rest that nobody went on with; nothing of them is deleted. Return how many."""
    now = clock.now()
    left = await list_left_alone("report", before=now - EXPIRE_AFTER, reminded=True)
    for person_id in left:
        async with in_transaction():
            talk = await lock_talk(person_id)
            if talk is not None and talk.topic == "report" and talk.changed_at <= now - EXPIRE_AFTER:
                talk.topic = KEPT
                await save_talk(talk)
    return len(left)


async def end_verdicts(town: Town, clock: Clock) -> int:
    """Note cases as not rated whose reporter did not answer in time; return how many."""
    now = clock.now()
    lapsed = await list_unrated(now=now)
    for case_id in lapsed:
        try:
            await move_case(case_id, Move("lapse", TIMER), town=town, now=now)
        except Refusal:
            continue  # rated meanwhile
    return len(lapsed)


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
