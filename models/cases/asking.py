"""Asks the reporter something: the clock stands still, and their next words are the answer."""

from datetime import datetime

from tortoise.transactions import in_transaction

from models.cases.moves import Move
from models.cases.stepping import lock_case, take_step
from models.cases.tables import Case, CaseEvent
from models.errors import Refusal
from models.talks import lock_talk, save_talk
from models.town import Town

TOPIC = "asked"  # the talk of somebody who was asked about a case
NOBODY = "这件没有上报人可以问。"


async def ask_reporter(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Ask the reporter what ``move.note`` says; who talks about nothing else answers with the next words.

    Raises Refusal when there is nobody to ask, or the case cannot wait now.
    """
    async with in_transaction():
        found = await Case.get_or_none(id=case_id)
        if found is None or found.reporter_id is None:
            raise Refusal(NOBODY)
        talk = await lock_talk(found.reporter_id)  # before the case, as when the reporter speaks
        case = await lock_case(case_id)
        await take_step(case, move, town=town, now=now)
        await case.save()
        if talk is not None and talk.topic in {"", "also"}:  # an offer of ours gives way
            talk.begin(TOPIC, now, number=case.number)
            await save_talk(talk)
        return case


async def is_unanswered(case: Case) -> bool:
    """Tell whether the last question to the reporter got no answer in its time."""
    asked = CaseEvent.filter(case_id=case.id, step__in=("ask_back", "reply", "no_reply"))
    last = await asked.order_by("-id").first()
    return last is not None and last.step == "no_reply"
