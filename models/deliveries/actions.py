"""Who owes words and who decides about what did not go out: owe, take back, send again, drop."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tortoise.expressions import F, Q
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models.deliveries.stops import hasten_stops
from models.deliveries.tables import Delivery, Owing
from models.errors import Refusal
from models.people import Person

UNSENT = frozenset({Owing.OWED, Owing.HELD, Owing.WAITING, Owing.FAILED})
TOLD = frozenset({Owing.SENDING, Owing.SENT, Owing.UNCERTAIN})
COUNTED = frozenset({Owing.WAITING, Owing.HELD})  # what the person's next contact may bring along
RETRIED = frozenset({Owing.OWED, Owing.HELD, Owing.FAILED})
DROPPABLE = frozenset({Owing.OWED, Owing.HELD, Owing.WAITING, Owing.FAILED, Owing.UNCERTAIN})
AT_ONCE = 200  # rows of one transaction
REASON = 150  # characters

NO_DELIVERY = "没有编号 {id} 的投递，请用 list 查编号。"
NOT_NOW = "编号 {id} 的投递现在是「{state}」，不能这样做。"
MAY_REPEAT = (
    "这些可能已经送到（uncertain），再发一次，对方可能收到两遍。"
    "确定要再发，请写明：命令加 --may-repeat，接口写 may_repeat。"
)
NEEDS_REASON = "请写原因，会记在投递上。"
NEEDS_WHICH = "请写是哪些：编号（id）或状态（state）。"


class Decision(StrEnum):
    """What an operator decides about a delivery."""

    RETRY = "retry"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which deliveries: by ids or by states; both empty means all that may be retried."""

    ids: tuple[int, ...] = ()
    states: tuple[Owing, ...] = ()


async def queue_deliveries(deliveries: Iterable[Delivery]) -> None:
    """Owe these, in the caller's transaction; one whose key is owed already is left as it is."""
    rows = list(deliveries)
    if rows:
        await Delivery.bulk_create(rows, ignore_conflicts=True)


async def retry_deliveries(chosen: Chosen, *, may_repeat: bool = False, now: datetime) -> int:
    """Owe these once more, from the first way on, and let stopped ways be tried at once; return how many.

    What may have arrived is told twice by this, so it goes only with ``may_repeat``; what waits for a contact only
    when it is named. Raises Refusal for an unknown id, one that is settled, and for uncertain ones without the word.
    """
    states = set(chosen.states) or (set(RETRIED) if not chosen.ids else RETRIED | {Owing.WAITING})
    if chosen.ids and not chosen.states:
        states |= {Owing.UNCERTAIN}
    await _check_ids(chosen.ids, states - {Owing.SENDING, Owing.SENT, Owing.DROPPED})
    found = _of(chosen, states - {Owing.SENDING, Owing.SENT, Owing.DROPPED})
    if not may_repeat:
        risky = found.filter(Q(state=Owing.UNCERTAIN) | Q(doubtful_at__isnull=False))
        if (chosen.ids or Owing.UNCERTAIN in states) and await risky.exists():
            raise Refusal(MAY_REPEAT)
        found = found.filter(doubtful_at__isnull=True)  # these are repeated by themselves, while it is safe
    await hasten_stops(now=now)
    fresh = {"state": Owing.OWED, "way": "", "due_at": now, "closed": [], "doubtful_at": None, "note": ""}
    return await _change(found, fresh)


async def drop_deliveries(chosen: Chosen, *, reason: str, now: datetime) -> int:
    """Give these up with a reason that stays with them; return how many. Raises Refusal without reason or choice."""
    if not reason.strip():
        raise Refusal(NEEDS_REASON)
    if not (chosen.ids or chosen.states):
        raise Refusal(NEEDS_WHICH)
    states = set(chosen.states or DROPPABLE) & DROPPABLE
    await _check_ids(chosen.ids, states)
    return await _change(
        _of(chosen, states),
        {"state": Owing.DROPPED, "way": "", "note": reason.strip()[:REASON], "due_at": now},
    )


async def drop_owed(case_id: int, steps: Collection[int]) -> list[int]:
    """Drop what of these steps of a case is not sent yet; return who was told, or may have been, by person id."""
    keys = tuple(f"{kind}{case_id}-{seq}-" for seq in steps for kind in "sq")
    found = Delivery.filter(case_id=case_id).order_by("id").select_for_update(no_key=True)
    rows = [row for row in await found if row.key.startswith(keys)]
    unsent = [row for row in rows if row.state in UNSENT and row.doubtful_at is None]
    for row in unsent:
        if row.state in COUNTED:
            await Person.filter(id=row.person_id, waiting__gt=0).update(waiting=F("waiting") - 1)
    await Delivery.filter(id__in=[row.id for row in unsent]).update(state=Owing.DROPPED, way="")
    told = {row.person_id for row in rows if row.state in TOLD or row.doubtful_at is not None}
    return sorted(told)


def _of(chosen: Chosen, states: Collection[Owing]) -> QuerySet[Delivery]:
    found = Delivery.filter(state__in=list(states))
    return found.filter(id__in=list(chosen.ids)) if chosen.ids else found


async def _check_ids(ids: Collection[int], states: Collection[Owing]) -> None:
    known = dict(await Delivery.filter(id__in=list(ids)).values_list("id", "state")) if ids else {}
    for one in ids:
        if one not in known:
            raise Refusal(NO_DELIVERY.format(id=one))
        if known[one] not in states:
            raise Refusal(NOT_NOW.format(id=one, state=Owing(known[one]).value))


async def _change(found: QuerySet[Delivery], values: dict[str, object]) -> int:
    """Change these, some at a time, each as it stood when it was found; return how many."""
    rows = await found.order_by("id").values_list("id", "state", "person_id")
    changed = 0
    for start in range(0, len(rows), AT_ONCE):
        async with in_transaction():
            for row_id, state, person_id in rows[start : start + AT_ONCE]:
                if await Delivery.filter(id=row_id, state=state).update(**values):
                    changed += 1
                    if state in COUNTED:
                        waiting = Person.filter(id=person_id, waiting__gt=0)
                        await waiting.update(waiting=F("waiting") - 1)
    return changed
