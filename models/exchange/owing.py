"""Owes every subscriber a change of a case, inside the case's own transaction.

It stands apart from actions.py, which opens cases: whoever takes a step with a case may import this file.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import cache

from models.cases.public import public_types
from models.cases.tables import Case, CaseEvent
from models.exchange.payloads import payload_of
from models.exchange.tables import Passing, Subscriber, Transfer
from models.statements import columns, read, run
from models.town import Town

# A transfer that stands behind one that was given up is not due before a person decides about that one.
NEVER = datetime(2999, 1, 1, tzinfo=UTC)


async def queue_transfers(case: Case, event: CaseEvent, town: Town, *, now: datetime) -> None:
    """Owe this step, whose ``seq`` is known, to every subscriber that wants the case; one query when there is none.

    Call it with the locked case as it stands after the step. Who was once told of a case is told of all that
    follows, even when its type is corrected to one that they did not ask for. A second call for a step does nothing.
    """
    subscribers = [read(Subscriber, row, "s_") for row in await run(_subscribers(), ())]
    if not subscribers:
        return
    told = await _told_before(case, event, [subscriber.id for subscriber in subscribers])
    wanted = [s.id for s in subscribers if s.id in told or _wants(s, case, town)]
    if not wanted:
        return
    due = await _due_after(case, wanted, now) if told else {}
    payload = payload_of(case, event, town, note=await _passed_on(case, event))
    rows = [
        Transfer(subscriber_id=s, case_id=case.id, seq=event.seq, payload=payload, due_at=due.get(s, now))
        for s in wanted
    ]
    await Transfer.bulk_create(rows, ignore_conflicts=True)


@cache
def _subscribers() -> str:
    found = f"SELECT {columns(Subscriber, 's', 's_')} FROM subscriber s"  # noqa: S608
    return f"{found} WHERE s.stopped_at IS NULL ORDER BY s.id"


def _wants(subscriber: Subscriber, case: Case, town: Town) -> bool:
    """Tell whether the case is one of those asked for; what is not public only where its type was named."""
    types = subscriber.types or public_types(town.city)
    return case.type in types and (not subscriber.sources or case.source in subscriber.sources)


async def _told_before(case: Case, event: CaseEvent, ids: Collection[int]) -> set[int]:
    if event.seq <= 1:
        return set()
    found = Transfer.filter(subscriber_id__in=list(ids), case_id=case.id).distinct()
    return set(await found.values_list("subscriber_id", flat=True))  # type: ignore[arg-type]


async def _due_after(case: Case, ids: list[int], now: datetime) -> dict[int, datetime]:
    """Return when each next one is due: not before the one in front of it, which stays as it is until we commit."""
    unsent = Transfer.filter(subscriber_id__in=ids, case_id=case.id, state__not=Passing.SENT)
    rows = await unsent.order_by("subscriber_id", "seq").select_for_update(no_key=True)
    first: dict[int, datetime] = {}
    for row in rows:
        first.setdefault(row.subscriber_id, NEVER if row.state is Passing.DEAD else max(now, row.due_at))
    return first


async def _passed_on(case: Case, event: CaseEvent) -> str:
    """Return what the unit wrote about the work, which a closing passes on to everybody."""
    if event.step != "close":
        return ""
    done = await CaseEvent.filter(case_id=case.id, step="hand_back").order_by("-seq").first()
    return done.note if done else ""
