"""The history of a case: appended only, each row sealed with the hash of the one before."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import dropwhile
from typing import Any

from models.cases.moves import Actor
from models.cases.tables import Case, CaseEvent


def next_event(
    case: Case, step: str, actor: Actor, *, note: str, now: datetime, data: Mapping[str, Any] | None = None
) -> CaseEvent:
    """Return the next row of the history, not yet written; the state is the case's at this moment."""
    return CaseEvent(
        case_id=case.id,
        seq=case.steps + 1,
        at=now,
        step=step,
        state=case.state,
        role=actor.role,
        person_id=actor.person.id if actor.person else None,
        client=actor.client[:60],
        note=note,
        data=dict(data or {}),
        said=[],
    )


async def write_event(case: Case, event: CaseEvent) -> None:
    """Seal and write the row; the case, which the caller saves, remembers it as its last."""
    event.previous = case.head
    event.digest = seal(case.number, event)
    await event.save()
    case.steps, case.head = event.seq, event.digest


def seal(number: str, event: CaseEvent) -> str:
    """Return the hash over the row and the one before, in hexadecimal."""
    told = [
        event.previous,
        number,
        event.seq,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.step,
        event.state,
        str(event.role),
        event.person_id,
        event.client,
        event.note,
        event.data,
        event.said,
    ]
    return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def find_break(case: Case, history: Sequence[CaseEvent]) -> int | None:
    """Return the place (1 for the first row) where the history does not hold together, or None.

    Changed, missing, added and reordered rows show, and so do rows cut off the end. Rows of releases before the chain
    (``seq`` 0) stand before its beginning and are not covered by it.
    """
    previous = ""
    history = list(dropwhile(lambda event: event.seq == 0, history))
    for place, event in enumerate(history, start=1):
        if event.seq != place or event.previous != previous or event.digest != seal(case.number, event):
            return place
        previous = event.digest
    return None if (case.steps, case.head) == (len(history), previous) else len(history) + 1
