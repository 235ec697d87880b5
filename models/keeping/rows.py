"""Deletes rows that are past their term: letters, talks at rest, what we told, check-ins, bind codes, deeds."""

from collections.abc import Callable
from typing import Any

from tortoise.expressions import F, Q
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models.access import ApiToken
from models.audit import AuditEntry
from models.cases.once import Request
from models.cases.tables import PatrolVisit
from models.deliveries.tables import Delivery, Owing
from models.inbox import Letter
from models.keeping.tasks import SLICE, Slice, Task, Tidying, slice_of
from models.people import BIND_LIFE, Appointment, Person
from models.talks import Talk
from models.tallies import KEEP, Tally

# What is still to go out, or may be going out, is no past: it keeps its words until it is settled or given up.
SETTLED = (Owing.SENT, Owing.DROPPED, Owing.UNCERTAIN, Owing.FAILED, Owing.WAITING)


def _letters(tidying: Tidying) -> QuerySet[Letter]:
    return Letter.filter(at__lt=tidying.before("chat_days"))


def _talks(tidying: Tidying) -> QuerySet[Talk]:
    return Talk.filter(changed_at__lt=tidying.before("draft_days")).exclude(topic="")


def _deliveries(tidying: Tidying) -> QuerySet[Delivery]:
    return Delivery.filter(state__in=list(SETTLED), owed_at__lt=tidying.before("chat_days"))


def _visits(tidying: Tidying) -> QuerySet[PatrolVisit]:
    return PatrolVisit.filter(at__lt=tidying.before("visit_days"))


def _codes(tidying: Tidying) -> QuerySet[Appointment]:
    before = tidying.before("code_days")
    return Appointment.filter(Q(used_at__lt=before) | Q(made_at__lt=before - BIND_LIFE))


def _deeds(tidying: Tidying) -> QuerySet[AuditEntry]:
    return AuditEntry.filter(at__lt=tidying.before("audit_days"))


def _tokens(tidying: Tidying) -> QuerySet[ApiToken]:
    return ApiToken.filter(revoked_at__lt=tidying.before("audit_days"))


def _uses(tidying: Tidying) -> QuerySet[Tally]:
    return Tally.filter(at__lt=tidying.now - KEEP)


def _requests(tidying: Tidying) -> QuerySet[Request]:
    return Request.filter(at__lt=tidying.before("audit_days"))


async def _ids(found: QuerySet[Any], after: int) -> list[int]:
    rows = await found.filter(id__gt=after).order_by("id").limit(SLICE).values_list("id", flat=True)
    return [int(str(row)) for row in rows]


def _deleting(name: str, words: str, found: Callable[[Tidying], QuerySet[Any]]) -> Task:
    async def count(tidying: Tidying) -> int:
        return await found(tidying).count()

    async def work(tidying: Tidying, after: int) -> Slice:
        ids = await _ids(found(tidying), after)
        done = await found(tidying).filter(id__in=ids).delete() if ids else 0
        return slice_of(done, ids)

    return Task(name, words, count, work)


async def _count_talks(tidying: Tidying) -> int:
    return await _talks(tidying).count()


async def _rest_talks(tidying: Tidying, after: int) -> Slice:
    """Forget what was half said; the row itself is where the person's next words begin."""
    ids = await _ids(_talks(tidying), after)
    blank: dict[str, Any] = {"topic": "", "data": {}, "reminded_at": None}
    done = await _talks(tidying).filter(id__in=ids).update(**blank) if ids else 0
    return slice_of(done, ids)


async def _count_deliveries(tidying: Tidying) -> int:
    return await _deliveries(tidying).count()


async def _delete_deliveries(tidying: Tidying, after: int) -> Slice:
    """Delete what was told long ago; what waited in vain for a contact is no longer counted as waiting."""
    ids = await _ids(_deliveries(tidying), after)
    async with in_transaction():
        waiting = _deliveries(tidying).filter(id__in=ids, state=Owing.WAITING)
        for person_id in await waiting.values_list("person_id", flat=True):
            await Person.filter(id=person_id, waiting__gt=0).update(waiting=F("waiting") - 1)
        done = await _deliveries(tidying).filter(id__in=ids).delete() if ids else 0
    return slice_of(done, ids)


TASKS = (
    _deleting("letters", "聊天原文", _letters),
    Task("talks", "没说完的话", _count_talks, _rest_talks),
    Task("deliveries", "发出去的话", _count_deliveries, _delete_deliveries),
    _deleting("visits", "巡查打卡的位置", _visits),
    _deleting("codes", "用过或过期的绑定码", _codes),
    _deleting("deeds", "操作日志", _deeds),
    _deleting("uses", "一天的限额用了多少", _uses),
    _deleting("requests", "接口请求的编号", _requests),
    _deleting("tokens", "撤销了的令牌", _tokens),
)
