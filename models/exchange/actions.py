"""Lets other systems in and out: adds and stops them, and opens the cases that they send, each once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from tortoise.transactions import in_transaction

from models.cases.actions import open_case
from models.cases.moves import Report
from models.cases.once import KEY_USED
from models.cases.once import KeyUsed as KeyUsed
from models.cases.states import STATE_NAMES
from models.cases.tables import Case
from models.cases.words import is_due_provisional
from models.city.city import City
from models.clock import local
from models.errors import Refusal
from models.exchange.owing import queue_transfers as queue_transfers
from models.exchange.payloads import payload_of as payload_of
from models.exchange.reading import read_case
from models.exchange.sending import check_url
from models.exchange.tables import Passing, Received, Subscriber, System, Transfer
from models.town import Town

OPENED, REPEATED = 201, 200  # what the sender is answered, as HTTP says it
DEFAULT_SOURCE = "第三方"
STOPPED_TROUBLE = "订阅已停用"

BAD_CODE = "编号要以小写字母开头，只用小写字母、数字、- 和 _，最长 40 个字符。"
CODE_TAKEN = "编号“{code}”已经有了，请换一个。"
NAME_TAKEN = "名称“{name}”已经有了，请换一个。"
NO_NAME = "请写名称，最长 {most} 个字。"
BAD_SOURCE = "来源要写 1 到 20 个字。"
NO_SYSTEM = "没有编号为“{code}”的接入系统，或已停用。"
NO_SUBSCRIBER = "没有名称为“{name}”的订阅方，或已停用。"
NO_TYPE = "没有这个案件类别：{codes}。"

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system is told of the case that it sent."""

    status: int
    content: dict[str, Any]


async def add_system(code: str, name: str, *, source: str = DEFAULT_SOURCE, now: datetime) -> System:
    """Let a system send cases, which will count under ``source``; its fresh secret is in the row.

    Raises Refusal for a code that is malformed or taken, and for a name or source that is missing or too long.
    """
    if not _CODE.fullmatch(code):
        raise Refusal(BAD_CODE)
    if not 0 < len(source) <= 20:
        raise Refusal(BAD_SOURCE)
    _check_name(name)
    async with in_transaction():
        if await System.exists(code=code):
            raise Refusal(CODE_TAKEN.format(code=code))
        return await System.create(code=code, name=name, source=source, secret=token_urlsafe(32), made_at=now)


async def stop_system(code: str, *, now: datetime) -> None:
    """Accept nothing more from that system; its cases stay. Raises Refusal when there is none to stop."""
    if not await System.filter(code=code, stopped_at=None).update(stopped_at=now):
        raise Refusal(NO_SYSTEM.format(code=code))


async def add_subscriber(
    name: str, url: str, *, city: City, now: datetime, types: Sequence[str] = (), sources: Sequence[str] = ()
) -> Subscriber:
    """Tell a system of every change of cases from now on; its fresh secret is in the row.

    Empty ``types`` means all that are public, empty ``sources`` all. Raises Refusal for a name that is taken, an
    address that may not be kept, and types that the town does not have.
    """
    _check_name(name)
    check_url(url)
    unknown = [code for code in types if code not in city.case_types]
    if unknown:
        raise Refusal(NO_TYPE.format(codes="、".join(unknown)))
    async with in_transaction():
        if await Subscriber.exists(name=name):
            raise Refusal(NAME_TAKEN.format(name=name))
        return await Subscriber.create(
            name=name,
            url=url,
            secret=token_urlsafe(32),
            types=list(types),
            sources=list(sources),
            made_at=now,
        )


async def stop_subscriber(name: str, *, now: datetime) -> int:
    """Tell that subscriber nothing more; return how many owed transfers are given up. Raises Refusal."""
    async with in_transaction():
        subscriber = (
            await Subscriber.filter(name=name, stopped_at=None).select_for_update(no_key=True).first()
        )
        if subscriber is None:
            raise Refusal(NO_SUBSCRIBER.format(name=name))
        subscriber.stopped_at = now
        await subscriber.save(update_fields=["stopped_at"])
        owed = Transfer.filter(subscriber_id=subscriber.id, state=Passing.OWED)
        return await owed.update(state=Passing.DEAD, trouble=STOPPED_TROUBLE)


async def receive_case(system: System, key: str, *, body: bytes, town: Town, now: datetime) -> Answer:
    """Open the case that ``body`` tells of, once; the same key with the same body has the same answer for ever.

    The key, the case and the answer are kept in one transaction: after a crash there are all or none of them, and of
    two copies that arrive at once the second waits for the answer to the first. Raises KeyUsed for a known key with
    another body, Faults for a body that is no case, Refusal when the town does not take it; these are not kept, so
    that a corrected body may use the same key.
    """
    digest = sha256(body).hexdigest()
    answered = await Received.get_or_none(system_id=system.id, key=key)
    if answered is not None:
        return _again(answered, digest)
    report = read_case(body, town=town, now=now)
    origin = origin_of(system.code, key)
    report = replace(report, source=system.source, origin=origin, client=system.code)
    async with in_transaction():
        row = await _lock_received(system, key, digest, now)
        if row.status:
            return _again(row, digest)
        answer = await _opened(report, town, now)
        row.status, row.answer = OPENED, answer.content
        await row.save(update_fields=["status", "answer"])
        return answer


def origin_of(code: str, key: str) -> str:
    """Return the key under which the case itself remembers what opened it, at most 80 characters."""
    plain = f"{code}:{key}"
    return plain if len(plain) <= 80 else f"{code}#{sha256(key.encode()).hexdigest()[:39]}"


async def _opened(report: Report, town: Town, now: datetime) -> Answer:
    """Open the case; when its answer was tidied away, the case still knows its key."""
    case = await Case.get_or_none(origin=report.origin)
    if case is not None:
        return Answer(REPEATED, _content(case, town))
    case = await open_case(report, reporter=None, town=town, now=now)
    return Answer(OPENED, _content(case, town))


async def _lock_received(system: System, key: str, digest: str, now: datetime) -> Received:
    """Return the key's row, ours until the transaction ends; a copy in another process waits here for our answer."""
    fresh = Received(system_id=system.id, key=key, digest=digest, answer={}, at=now)
    await Received.bulk_create([fresh], ignore_conflicts=True)
    return await Received.filter(system_id=system.id, key=key).select_for_update(no_key=True).get()


def _again(answered: Received, digest: str) -> Answer:
    if answered.digest != digest:
        raise KeyUsed(KEY_USED)
    return Answer(REPEATED, answered.answer)


def _content(case: Case, town: Town) -> dict[str, Any]:
    unit = town.city.units.get(case.unit)
    return {
        "id": case.number,
        "state": case.state,
        "state_name": STATE_NAMES[case.state],
        "type": case.type,
        "type_name": town.city.case_types[case.type].name,
        "unit_name": unit.name if unit else "",
        "urgent": case.urgent,
        "opened_at": local(case.opened_at).isoformat(timespec="seconds"),
        "due_at": local(case.due_at).isoformat(timespec="seconds"),
        "due_provisional": is_due_provisional(case, town, case.opened_at),
    }


def _check_name(name: str) -> None:
    if not 0 < len(name.strip()) <= 80:
        raise Refusal(NO_NAME.format(most=80))
