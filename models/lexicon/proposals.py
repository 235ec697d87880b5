"""Words that wait for a person: proposed by night from corrections, accepted or refused with a reason."""

import asyncio
from datetime import datetime

from tortoise.transactions import in_transaction

from models.errors import Refusal
from models.lexicon.past import list_corrected, list_past
from models.lexicon.proposing import propose_words
from models.lexicon.tables import LexiconVersion, WordProposal
from models.lexicon.versions import save_change
from models.lexicon.words import WordChange
from models.town import Town

MOST = 20  # a night
OPEN, ACCEPTED, REFUSED = "open", "accepted", "refused"
GONE = "没有第 {number} 条建议，或者已经处理过了。"
WHY = "采纳建议：{count} 件更正里都有（如 {cases}）"
SHOWN = 3


async def propose(town: Town, *, now: datetime) -> list[WordProposal]:
    """Propose words that corrections speak for; what was proposed before is not proposed again."""
    corrected = await list_corrected()
    known = [(row.type, row.word) for row in await WordProposal.all()]
    past = await list_past()
    classifier = town.classifier.with_words(town.classifier.city)  # its own: a version may be saved meanwhile
    # Seconds of reckoning: in a thread, so that nobody's message waits for it.
    found = await asyncio.to_thread(propose_words, corrected, past, classifier, known)
    return [
        await WordProposal.create(
            at=now,
            type=one.change.type,
            word=one.change.word,
            weight=one.change.weight,
            cases=list(one.cases),
            elsewhere=one.elsewhere,
            better=one.better,
            worse=one.worse,
        )
        for one in found[:MOST]
    ]


async def list_proposals() -> list[WordProposal]:
    """Return those that wait, the most useful first."""
    rows = await WordProposal.filter(state=OPEN)
    return sorted(rows, key=lambda row: (row.worse - row.better, row.id))


async def accept_proposal(number: int, *, town: Town, by: str, now: datetime) -> LexiconVersion:
    """Let the word count from now on; raises Refusal when it was decided before."""
    async with in_transaction():
        row = await _decide(number, ACCEPTED, by=by, why="", now=now)
        why = WHY.format(count=len(row.cases), cases="、".join(row.cases[:SHOWN]))
        change = WordChange(row.type, row.word, row.weight)
        return await save_change([change], town=town, by=by, why=why, now=now)


async def refuse_proposal(number: int, *, by: str, why: str, now: datetime) -> None:
    """Leave the word as it is; it is not proposed again. Raises Refusal when it was decided before."""
    async with in_transaction():
        await _decide(number, REFUSED, by=by, why=why, now=now)


async def _decide(number: int, state: str, *, by: str, why: str, now: datetime) -> WordProposal:
    told = {"state": state, "decided_at": now, "decided_by": by[:80], "why": why[:300]}
    if not await WordProposal.filter(id=number, state=OPEN).update(**told):
        raise Refusal(GONE.format(number=number))
    return await WordProposal.get(id=number)
