"""A 「不满意」 whose reason never came: it counts as it stands, or our own figure would call it no verdict."""

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from models.cases.actions import move_case
from models.cases.moves import Actor, Move, unhappy_step
from models.cases.queries import find_case
from models.errors import Refusal
from models.lifecycle import Role
from models.talks import lock_talk, save_talk
from models.town import Town

TOPIC = "unhappy"  # of the person who was asked what is wrong
PATIENCE = timedelta(hours=2)  # for the reason
NO_REASON = "不满意（没有说原因）"


async def settle_unexplained(person_id: int, *, town: Town, now: datetime) -> int:
    """Take the 「不满意」 of that person for their verdict if no reason came in time; return 1, else 0."""
    async with in_transaction():
        talk = await lock_talk(person_id)
        if talk is None or talk.topic != TOPIC or talk.changed_at > now - PATIENCE:
            return 0
        case = await find_case(talk.data["number"])
        evidence = tuple(talk.data.get("evidence", ()))
        talk.end(now)
        await save_talk(talk)
    if case is None:
        return 0
    role = Role.REPORTER if case.reporter_id == person_id else Role.FOLLOWER
    move = Move(unhappy_step(case), Actor(role, talk.person), NO_REASON, evidence)
    try:
        await move_case(case.id, move, town=town, now=now)
    except Refusal:  # it was decided meanwhile
        return 0
    return 1
