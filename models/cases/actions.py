"""The only writers of cases: every change has a name, a row in the history, and owes its words in one transaction."""

from dataclasses import replace
from datetime import datetime, timedelta

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.cases.audience import is_theirs
from models.cases.flows import CASE_FLOW, OPEN, STATE_NAMES, STEP_NAMES, SUPPLEMENTED, URGED, tells_of
from models.cases.moves import EFFECTS, RULE, Actor, Move, Report
from models.cases.tables import Case, CaseEvent, Following, Serial
from models.cases.telling import append_event, tell_people
from models.city.calendar import due_at
from models.city.city import Area, Limit
from models.city.duty import unit_for
from models.city.places import Place
from models.clock import local
from models.errors import Refusal
from models.evidence import attach_evidence
from models.lifecycle import Role, Step, Told, Words
from models.people import Person
from models.town import Town

URGE_PAUSE = timedelta(hours=4)
SUPPLEMENT_PAUSE = timedelta(minutes=10)  # pieces of one supplement tell the handler once

NOT_FOUND = "没有找到这个案件。回复「进度」看您的案件。"
NOT_NOW = "这个案件现在是「{state}」,不能再{step}了。回复「进度」看最新情况。"
NOT_YOURS = "这一步要由负责这个案件的人来做。有疑问请回复「人工」。"
NEEDS_NOTE = "请带上几句说明,例如「{step} {number} 说明」。"
NEEDS_PHOTO = "请先发一张处理后的照片,再说「{step} {number}」和处理情况。"
URGED_ALREADY = "已经帮您催过了,处理人员收到了。{hours}小时后还没消息可以再催。"
OUTSIDE = "这个位置不在{town}范围内,我们管不到。请打 12345,他们会转给当地。"
STILL_WANTED = "还有{count}人在跟这件事,不能撤回,会接着办。回复「补充」可以说明情况。"
CLOSED_ALREADY = "这个案件已经结束了({state})。要是又有问题,请重新发照片和位置。"


async def open_case(report: Report, *, reporter: Person | None, town: Town, now: datetime) -> Case:
    """Open the case, accept it and send it to whoever is on duty, as far as the town's rules let that be done.

    Raises Refusal when the place lies outside the town.
    """
    async with in_transaction():
        case = await _new_case(report, reporter, town, now)
        event = await append_event(case, "report", Actor(Role.REPORTER, reporter), note=report.text, now=now)
        await attach_evidence(list(report.evidence), case_id=case.id, event_id=event.id, stage="before")
        await _take_step(case, Move("accept", RULE), town=town, now=now)
        kind = town.city.case_types[case.type]
        onward = "dispatch" if kind.auto_dispatch and kind.handled else "queue"
        await _take_step(case, Move(onward, RULE), town=town, now=now)
        await case.save()
        return case


async def move_case(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Take one step with a case; the one door for every change of state.

    Raises Refusal when the case is gone, the step does not start from its state, the actor may not take it, or a
    note or photo is missing.
    """
    async with in_transaction():
        case = await _lock(case_id)
        await _take_step(case, move, town=town, now=now)
        await case.save()
        return case


async def check_move(case: Case, move: Move, *, town: Town, now: datetime) -> Step:
    """Return the step if this actor may take it now; raises Refusal. Its note and photo may still be missing."""
    step = CASE_FLOW.find(move.step, case.state)
    if step is None:
        name = STEP_NAMES.get(move.step, move.step)
        raise Refusal(NOT_NOW.format(state=STATE_NAMES[case.state], step=name))
    if move.actor.role not in step.by or not await is_theirs(case, move.actor, city=town.city, now=now):
        raise Refusal(NOT_YOURS)
    if step.name == "withdraw" and case.followers:
        raise Refusal(STILL_WANTED.format(count=case.followers))
    return step


async def join_case(
    case_id: int, person: Person, *, note: str, evidence: tuple[int, ...], now: datetime
) -> Case:
    """Let ``person`` follow an open case; joining twice is joining once. Their words and photos are kept."""
    async with in_transaction():
        case = await _lock(case_id)
        if case.state not in OPEN:
            raise Refusal(CLOSED_ALREADY.format(state=STATE_NAMES[case.state]))
        if person.id != case.reporter_id and not await Following.exists(case_id=case.id, person_id=person.id):
            await Following.create(case_id=case.id, person_id=person.id, at=now, note=note)
            case.followers += 1
        event = await append_event(case, "join", Actor(Role.CITIZEN, person), note=note, now=now)
        await attach_evidence(list(evidence), case_id=case.id, event_id=event.id, stage="before")
        await _keep(case, now)
        return case


async def supplement_case(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Add words or photos to an open case and tell who handles it, once for pieces that come together.

    Raises Refusal when the case has ended.
    """
    async with in_transaction():
        case = await _lock(case_id)
        if case.state not in OPEN:
            raise Refusal(CLOSED_ALREADY.format(state=STATE_NAMES[case.state]))
        told = () if await _told_lately(case, now) else (Words(Told.HANDLER, SUPPLEMENTED, "work"),)
        move = replace(move, note=move.note or "(照片)")
        event = await append_event(case, "supplement", move.actor, note=move.note, now=now)
        await attach_evidence(list(move.evidence), case_id=case.id, event_id=event.id, stage="before")
        await tell_people(case, event, told, town=town, now=now)
        await _keep(case, now)
        return case


async def prove_case(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Add photos of the finished work to a case that waits for its check.

    Raises Refusal when it does not wait, or is not theirs.
    """
    async with in_transaction():
        case = await _lock(case_id)
        if case.state != "handed_back":
            raise Refusal(NOT_NOW.format(state=STATE_NAMES[case.state], step=STEP_NAMES["proof"]))
        if not await is_theirs(case, move.actor, city=town.city, now=now):
            raise Refusal(NOT_YOURS)
        event = await append_event(case, "proof", move.actor, note=move.note, now=now)
        await attach_evidence(list(move.evidence), case_id=case.id, event_id=event.id, stage="after")
        await _keep(case, now)
        return case


async def urge_case(case_id: int, actor: Actor, *, town: Town, now: datetime) -> Case:
    """Count one more urging and tell who handles it; raises Refusal within ``URGE_PAUSE`` of the last one."""
    async with in_transaction():
        case = await _lock(case_id)
        if case.state not in OPEN:
            raise Refusal(CLOSED_ALREADY.format(state=STATE_NAMES[case.state]))
        if case.urged_at is not None and now - case.urged_at < URGE_PAUSE:
            raise Refusal(URGED_ALREADY.format(hours=int(URGE_PAUSE.total_seconds() // 3600)))
        case.urged, case.urged_at = case.urged + 1, now
        event = await append_event(case, "urge", actor, note="", now=now)
        await tell_people(case, event, (Words(Told.HANDLER, URGED, "work"),), town=town, now=now)
        await _keep(case, now)
        return case


async def _take_step(case: Case, move: Move, *, town: Town, now: datetime) -> None:
    step = await check_move(case, move, town=town, now=now)
    _check_needs(case, step, move)
    effect = EFFECTS.get(step.name)
    if effect is not None:
        effect(case, move, now)
    case.state, case.changed_at = step.target, now
    event = await append_event(case, step.name, move.actor, note=move.note, now=now)
    stage = "after" if step.name == "hand_back" else "before"
    await attach_evidence(list(move.evidence), case_id=case.id, event_id=event.id, stage=stage)
    await tell_people(case, event, tells_of(step, case.type), town=town, now=now)


def _check_needs(case: Case, step: Step, move: Move) -> None:
    name = STEP_NAMES.get(step.name, step.name)
    if "note" in step.needs and not move.note.strip():
        raise Refusal(NEEDS_NOTE.format(step=name, number=case.number))
    if "photo" in step.needs and not move.evidence:
        raise Refusal(NEEDS_PHOTO.format(step=name, number=case.number))


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
        number=await _next_number(now),
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
        opened_at=now,
        due_at=due_at(_limit(report, town), now, town.city.calendar),
        changed_at=now,
    )
    case.grid, case.street = _code(place.grid), _code(place.street)
    case.district, case.road = _code(place.district), _code(place.road)
    case.unit = unit_for(town.city, kind.code, place).code
    await case.save()
    return case


def _code(area: Area | None) -> str:
    return area.code if area else ""


def _limit(report: Report, town: Town) -> Limit:
    kind = town.city.case_types[report.type]
    small = next((small for small in kind.small if small.code == report.small_class), None)
    return small.limit if small and small.limit else kind.limit


async def _next_number(now: datetime) -> str:
    """Return the next number of the day: yymmdd and a serial; the day's row is locked until the transaction ends."""
    day = f"{local(now):%y%m%d}"
    if not await Serial.filter(day=day).update(given=F("given") + 1):
        await Serial.bulk_create([Serial(day=day, given=0)], ignore_conflicts=True)
        await Serial.filter(day=day).update(given=F("given") + 1)
    serial = await Serial.get(day=day)
    return f"{day}{serial.given:04d}"


async def _lock(case_id: int) -> Case:
    case = await Case.filter(id=case_id).select_for_update().first()
    if case is None:
        raise Refusal(NOT_FOUND)
    return case


async def _keep(case: Case, now: datetime) -> None:
    case.changed_at = now
    await case.save()
