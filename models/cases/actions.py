"""The only writers of cases: every change has a name, a row in the history, and owes its words in one transaction."""

from dataclasses import replace
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from models.cases import sentences as say
from models.cases.audience import is_theirs
from models.cases.clockwork import NOTES as ALARM_NOTES
from models.cases.clockwork import (
    adopt_clocks,
    is_miscounted,
    keep_clocks,
    limit_of,
    read_clocks,
    ring_due,
    start_first,
)
from models.cases.corrections import keep_correction
from models.cases.flows import CONSULTATION_TELLS
from models.cases.involved import check_involved, may_join
from models.cases.limits import note_report
from models.cases.moves import RULE, TIMER, Actor, Move, Report
from models.cases.states import CONSULTATION, OPEN, STATE_NAMES, STEP_NAMES
from models.cases.stepping import NOT_YOURS, lock_case, not_now, take_step, write_step
from models.cases.tables import Case, CaseEvent, Following
from models.city.calendar import due_at
from models.city.city import Area
from models.city.duty import unit_for
from models.city.places import Place
from models.city.settings import setting
from models.clock import local
from models.errors import Refusal
from models.lifecycle import Role, Told, Words
from models.people import Person
from models.statements import run
from models.town import Town

URGED = (Words(Told.HANDLER, say.URGED, "work"),)
URGE_PAUSE = timedelta(hours=4)
NEXT_SERIAL = """INSERT INTO "serial" (day, given) VALUES (?, 1)
ON CONFLICT (day) DO UPDATE SET given = "serial".given + 1 RETURNING given"""
SUPPLEMENT_PAUSE = timedelta(minutes=10)  # pieces of one supplement tell the handler once

URGED_ALREADY = "已经帮您催过了，处理人员收到了。{hours}小时后还没消息可以再催。"
OUTSIDE = "这个位置不在{town}范围内，我们管不到。请打 12345，他们会转给当地。"
NOBODY_THERE = "{unit}现在没有人能接 {number}。请换一个单位：「派 {number} 单位名」。"
NOT_TAKEN_THERE = "{number} 派给{unit}了，还没人接。要换单位，请带上名字：「派 {number} 单位名」。"
WITH_THEM = "{number} 正在由{unit}办。要换单位，请带上名字：「派 {number} 单位名」。"
NOT_PUBLIC = "这个案件不能一起跟进。您也遇到了，请发照片、位置和一句话，我们当新案件办。"
CLOSED_ALREADY = "这个案件已经结束了（{state}）。要是又有问题，请重新发照片和位置。"


async def open_case(report: Report, *, reporter: Person | None, town: Town, now: datetime) -> Case:
    """Open the case, accept it and send it to whoever is on duty, as far as the town's rules let that be done.

    Raises Refusal when the place lies outside the town.
    """
    async with in_transaction():
        case = await _new_case(report, reporter, town, now)
        if reporter is not None:
            await note_report(reporter, report, town=town, now=now)
        role = Role.REPORTER if reporter or not report.client else Role.SYSTEM
        told = Move("report", Actor(role, reporter, report.client), report.text, report.evidence)
        await write_step(case, told, (), town=town, now=now)
        await take_step(case, Move("accept", RULE), town=town, now=now)
        kind = town.city.case_types[case.type]
        onward = "dispatch" if kind.auto_dispatch and kind.handled else "queue"
        onward = "recur" if report.instances else onward
        await take_step(case, Move(onward, RULE, report.note), town=town, now=now)
        await case.save()
        if report.instances:
            await Case.filter(id__in=report.instances, pattern_id=None).update(pattern_id=case.id)
        await keep_correction(case, report.guessed, role=role.value, now=now)
        return case


async def move_case(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Take one step with a case; the one door for every change of state.

    Raises Refusal when the case is gone, the step does not start from its state, the actor may not take it, a rule
    of the step says no, or a note or photo is missing.
    """
    async with in_transaction():
        case = await lock_case(case_id)
        await take_step(case, move, town=town, now=now)
        await case.save()
        return case


async def redirect_case(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Take a case from the unit that has it and send it to another; whose hands it was in is told.

    Raises Refusal as ``move_case`` does, and when no other unit is named.
    """
    async with in_transaction():
        case = await lock_case(case_id)
        if move.unit in {"", case.unit}:
            unit = town.city.units.get(case.unit)
            raise Refusal(_with_whom(case).format(number=case.number, unit=unit.name if unit else case.unit))
        await take_step(case, replace(move, step="call_back", unit=""), town=town, now=now)
        await take_step(case, move, town=town, now=now)
        await case.save()
        return case


def _with_whom(case: Case) -> str:
    if case.state != "dispatched":
        return WITH_THEM
    return NOBODY_THERE if case.is_unassigned() else NOT_TAKEN_THERE


async def wake_case(case_id: int, *, town: Town, now: datetime) -> int:
    """Take the steps of the alarms that are due, as the clock; return how many. Safe to call at any time."""
    async with in_transaction():
        case = await lock_case(case_id)
        steps = ring_due(case, town, now)
        for step in steps:
            await take_step(case, Move(step, TIMER, ALARM_NOTES.get(step, "")), town=town, now=now)
        await case.save()
        return len(steps)


async def put_off_case(case_id: int, *, until: datetime) -> None:
    """Look at the clocks of a case no earlier than that; what they say is not lost, only said later."""
    await Case.filter(id=case_id, wake_at__lt=until).update(wake_at=until)


async def adopt_case(case_id: int, *, town: Town, now: datetime) -> None:
    """Start the clock of an open case that was opened by a release without clocks. Safe to call twice."""
    async with in_transaction():
        case = await lock_case(case_id)
        if case.clocks:
            return
        sent = CaseEvent.filter(case_id=case.id, step__in=["dispatch", "rework", "order_rework"])
        last = await sent.order_by("-id").first()
        adopt_clocks(case, last.at if last else case.opened_at, town, now)
        await case.save(update_fields=["clocks", "due_at", "wake_at"])


async def recount_case(case_id: int, *, town: Town) -> bool:
    """Count the clocks of a case by the calendar as it is now; tell whether that moved it. Safe to call twice."""
    async with in_transaction():
        case = await lock_case(case_id)
        if not is_miscounted(case, town):
            return False
        keep_clocks(case, read_clocks(case), town)
        await case.save(update_fields=["clocks", "due_at", "wake_at"])
        return True


async def join_case(
    case_id: int, person: Person, *, note: str, evidence: tuple[int, ...], town: Town, now: datetime
) -> Case:
    """Let ``person`` follow an open case; joining twice is joining once. Their words and photos are kept.

    Many who join wake a higher level, once. Raises Refusal when the case has ended, or is none that others may join.
    """
    async with in_transaction():
        case = await _lock_open(case_id, None, town, now)
        if not may_join(case, person, town.city):
            raise Refusal(NOT_PUBLIC)
        if person.id != case.reporter_id and not await Following.exists(case_id=case.id, person_id=person.id):
            await Following.create(case_id=case.id, person_id=person.id, at=now, note=note)
            case.followers += 1
        move = Move("join", Actor(Role.CITIZEN, person), note, evidence)
        await write_step(case, move, (), town=town, now=now)
        await _wake_higher(case, town, now)
        await case.save()
        return case


async def supplement_case(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Add words or photos to an open case and tell who handles it, once for pieces that come together.

    Raises Refusal when the case has ended, or is not this actor's to add to.
    """
    async with in_transaction():
        case = await _lock_open(case_id, move.actor, town, now)
        told = () if await _told_lately(case, now) else (Words(Told.HANDLER, say.SUPPLEMENTED, "work"),)
        move = replace(move, note=move.note or "（照片）")
        await write_step(case, move, told, town=town, now=now)
        await case.save()
        return case


async def prove_case(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Add photos of the finished work to a case that waits for its check.

    Raises Refusal when it does not wait, or is not theirs.
    """
    async with in_transaction():
        case = await lock_case(case_id)
        if case.state != "handed_back":
            raise Refusal(not_now(case, STEP_NAMES["proof"], move))
        if not await is_theirs(case, move.actor, city=town.city, now=now):
            raise Refusal(NOT_YOURS)
        await write_step(case, move, (), town=town, now=now)
        await case.save()
        return case


async def urge_case(case_id: int, actor: Actor, *, town: Town, now: datetime) -> Case:
    """Count one more urging and tell who handles it; many wake a higher level, once.

    Raises Refusal when the case has ended, is not theirs, or within ``URGE_PAUSE`` of the last one.
    """
    async with in_transaction():
        case = await _lock_open(case_id, actor, town, now)
        if case.urged_at is not None and now - case.urged_at < URGE_PAUSE:
            raise Refusal(URGED_ALREADY.format(hours=int(URGE_PAUSE.total_seconds() // 3600)))
        case.urged, case.urged_at = case.urged + 1, now
        told = CONSULTATION_TELLS["urge"] if case.type == CONSULTATION else URGED
        await write_step(case, Move("urge", actor), told, town=town, now=now)
        await _wake_higher(case, town, now)
        await case.save()
        return case


async def _lock_open(case_id: int, actor: Actor | None, town: Town, now: datetime) -> Case:
    """Return the locked case that is under way, for a linked one its main case.

    Raises Refusal when it ended, or is not this actor's where one is named.
    """
    case = await lock_case(case_id)
    if actor is not None:
        await check_involved(case, actor, town=town, now=now)
    if case.state == "merged" and case.same_as_id:
        case = await lock_case(case.same_as_id)
    if case.state not in OPEN:
        raise Refusal(CLOSED_ALREADY.format(state=STATE_NAMES[case.state]))
    return case


async def _wake_higher(case: Case, town: Town, now: datetime) -> None:
    """Tell the leaders, once, of a case that many people want."""
    many = case.followers >= setting(town.city, "followers_wake", case.type)
    often = case.urged >= setting(town.city, "urges_wake", case.type)
    if (many or often) and not case.asked.get("higher"):
        case.asked = {**case.asked, "higher": now.isoformat()}
        await take_step(case, Move("wake_higher", RULE), town=town, now=now)


async def _told_lately(case: Case, now: datetime) -> bool:
    """Tell whether a supplement was passed on so lately that its link shows this piece too."""
    added = CaseEvent.filter(case_id=case.id, step="supplement", at__gt=now - SUPPLEMENT_PAUSE)
    return any(event.said for event in await added)


async def _new_case(report: Report, reporter: Person | None, town: Town, now: datetime) -> Case:
    kind = town.city.case_types[report.type]
    place = town.atlas.areas_at(report.point) if report.point else Place()
    if report.point and not place.inside:
        raise Refusal(OUTSIDE.format(town=town.city.name))
    case = Case(
        number=await next_number(now),
        origin=report.origin,
        state="reported",
        type=kind.code,
        small_class=report.small_class,
        source=report.source,
        text=report.text,
        address=report.address[:200],
        lat=report.point.lat if report.point else None,
        lng=report.point.lng if report.point else None,
        urgent=report.urgent,
        reporter_id=reporter.id if reporter else None,
        shop_id=report.shop_id,
        opened_at=now,
        due_at=now,
        changed_at=now,
    )
    case.due_at = due_at(limit_of(case, town), now, town.city.calendar)
    put_place(case, place, town)
    start_first(case, town, now)
    await case.save()
    return case


def put_place(case: Case, place: Place, town: Town) -> None:
    """Write into the row in which areas the case lies, and which unit answers for its type there."""
    case.grid, case.street = _code(place.grid), _code(place.street)
    case.district, case.road = _code(place.district), _code(place.road)
    case.unit = unit_for(town.city, case.type, place).code


def _code(area: Area | None) -> str:
    return area.code if area else ""


async def next_number(now: datetime) -> str:
    """Return the next number of the day: yymmdd and a serial; the day's row is locked until the transaction ends."""
    day = f"{local(now):%y%m%d}"
    [row] = await run(NEXT_SERIAL, (day,))
    return f"{day}{row['given']:04d}"
