"""Takes a hand-back back whose photos never came: without one to look at, nobody can check the work."""

from datetime import datetime

from tortoise.transactions import in_transaction

from models.cases.moves import RULE, Move
from models.cases.stepping import lock_case, take_step
from models.cases.tables import CaseEvent
from models.evidence import is_proved
from models.town import Town


async def take_back_unproved(case_id: int, *, why: str, town: Town, now: datetime) -> bool:
    """Send a case that waits for its check back to work if no photo of its hand-back is left; tell who handles it.

    ``why`` says what became of the photo. Return whether that was so; safe to call twice.
    """
    async with in_transaction():
        case = await lock_case(case_id)
        handed = await CaseEvent.filter(case_id=case.id, step="hand_back").order_by("-id").first()
        if case.state != "handed_back" or handed is None or await is_proved(case.id, since=handed.id):
            return False
        await take_step(case, Move("no_proof", RULE, why), town=town, now=now)
        await case.save()
        return True
