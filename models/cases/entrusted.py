"""Takes the work of an outside contractor back: words and photos in one, or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tortoise.transactions import in_transaction

from models.cases.actions import move_case
from models.cases.moves import Move
from models.cases.tables import Case
from models.deliveries.sender import Stored
from models.evidence import keep_sent
from models.town import Town


async def hand_in_work(
    case_id: int, move: Move, *, photos: Sequence[Stored], town: Town, now: datetime
) -> Case:
    """Take the step with these photos; raises Refusal as ``move_case`` does, and then keeps none of them."""
    async with in_transaction():
        pieces = [await keep_sent(one, now=now) for one in photos]
        move = replace(move, evidence=tuple(piece.id for piece in pieces))
        return await move_case(case_id, move, town=town, now=now)
