"""Links cases that are the same, takes them apart again, and splits one among several units."""

from dataclasses import replace
from datetime import datetime

from tortoise.transactions import in_transaction

from models.cases.actions import next_number
from models.cases.clockwork import limit_of, start_first
from models.cases.moves import RULE, Actor, Move
from models.cases.states import OPEN, STATE_NAMES
from models.cases.stepping import lock_case, take_step, write_step
from models.cases.tables import Case, Following
from models.city.calendar import due_at
from models.errors import Refusal
from models.lifecycle import Role
from models.town import Town

COPIED = (
    "type",
    "small_class",
    "source",
    "text",
    "address",
    "lat",
    "lng",
    "grid",
    "street",
    "district",
    "road",
)
SAME_CASE = "这是同一个案件，不用合并。"
NOT_OPEN = "主案件 {number} 现在是「{state}」，不能并进去。"
HAS_LINKED = "{number} 下面已经并着别的案件，请反过来合并。"
SOME_UNITS = "请写两个以上的单位，例如「拆分 {number} 环卫所、市政养护队」。"


async def link_cases(case_id: int, main_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Let one case go along with another: its people follow the main one, nothing of it is lost.

    Raises Refusal when the main case has ended or goes along with another itself.
    """
    if case_id == main_id:
        raise Refusal(SAME_CASE)
    async with in_transaction():
        case, main = await _lock_both(case_id, main_id)
        if main.state not in OPEN:
            raise Refusal(NOT_OPEN.format(number=main.number, state=STATE_NAMES[main.state]))
        if await Case.exists(same_as_id=case.id):
            raise Refusal(HAS_LINKED.format(number=case.number))
        await _follow_main(case, main, now)
        case.same_as_id = main.id
        move = replace(move, note=move.note or f"与 {main.number} 合并处理", more={"main": main.number})
        await take_step(case, move, town=town, now=now)
        told = Move("supplement", move.actor, f"并入案件 {case.number}：{case.text}")
        await write_step(main, told, (), town=town, now=now)
        await main.save()
        await case.save()
        return case


async def unlink_case(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Let a linked case go its own way again; its people follow the main one no longer. Raises Refusal."""
    async with in_transaction():
        case = await lock_case(case_id)
        main_id = case.same_as_id
        await take_step(case, move, town=town, now=now)
        if main_id is not None:
            main = await lock_case(main_id)
            gone = await Following.filter(case_id=main.id, linked_from=case.id).delete()
            main.followers = max(0, main.followers - gone)
            await main.save()
        await case.save()
        return case


async def split_case(
    case_id: int, units: tuple[str, ...], move: Move, *, town: Town, now: datetime
) -> list[Case]:
    """Split a case among units: each gets a part of its own; the whole is handed back once all parts have ended.

    Raises Refusal for fewer than two units, and when the case cannot be split now.
    """
    async with in_transaction():
        case = await lock_case(case_id)
        if len(set(units)) < 2:
            raise Refusal(SOME_UNITS.format(number=case.number))
        await take_step(case, move, town=town, now=now)
        case.handler_id = case.assignee_id = None
        await case.save()
        return [await _part(case, unit, move.actor, town=town, now=now) for unit in dict.fromkeys(units)]


async def _lock_both(case_id: int, main_id: int) -> tuple[Case, Case]:
    """Lock two cases, always the older first: two linkings crosswise never wait for each other."""
    locked = {one: await lock_case(one) for one in sorted((case_id, main_id))}
    return locked[case_id], locked[main_id]


async def _follow_main(case: Case, main: Case, now: datetime) -> None:
    joined = await Following.filter(case_id=case.id).values_list("person_id", flat=True)
    already = {main.reporter_id, *await Following.filter(case_id=main.id).values_list("person_id", flat=True)}
    people = [one for one in dict.fromkeys([case.reporter_id, *joined]) if one and one not in already]
    rows = [Following(case_id=main.id, person_id=one, at=now, linked_from=case.id) for one in people]
    await Following.bulk_create(rows)
    main.followers += len(rows)


async def _part(whole: Case, unit: str, actor: Actor, *, town: Town, now: datetime) -> Case:
    part = Case(
        number=await next_number(now),
        state="reported",
        urgent=whole.urgent,
        parent_id=whole.id,
        unit=unit,
        opened_at=now,
        due_at=now,
        changed_at=now,
        **{name: getattr(whole, name) for name in COPIED},
    )
    part.due_at = due_at(limit_of(part, town), now, town.city.calendar)
    start_first(part, town, now)
    await part.save()
    told = Move("report", Actor(Role.RULE, None, actor.client), f"案件 {whole.number} 的一部分")
    await write_step(part, told, (), town=town, now=now)
    for step in ("accept", "dispatch"):
        await take_step(part, Move(step, RULE), town=town, now=now)
    await part.save()
    return part
