"""One step of a case inside its transaction: permitted, applied, timed, written, told. Used by the actions alone."""

from datetime import datetime
from typing import Any

from models.cases.audience import choose_assignee, choose_checker, find_holder, is_theirs
from models.cases.clockwork import move_clocks
from models.cases.flows import CASE_FLOW, tells_of
from models.cases.guards import check_guards
from models.cases.history import next_event, write_event
from models.cases.look_backs import drop_look_backs, plan_look_backs
from models.cases.moves import EFFECTS, RULE, Move, forget_requests
from models.cases.states import AT_WORK, OPEN, STATE_NAMES, STEP_NAMES
from models.cases.tables import Case, CaseEvent
from models.cases.telling import tell_people
from models.errors import Refusal
from models.evidence import attach_evidence, has_photo
from models.lifecycle import BACK, STAY, Role, Step, Words
from models.town import Town

KEPT_BEFORE = (
    "state",
    "unit",
    "handler_id",
    "assignee_id",
    "checker_id",
    "contractor",
    "reworked",
    "returned",
    "extended",
    "reopened",
    "suspended",
    "back_to",
    "asked",
    "waiting",
    "clocks",
    "ladder",
    "late",
    "excused",
    "flagged",
    "drawn",
    "rating",
)
MOMENTS_BEFORE = ("due_at", "wake_at", "handed_back_at", "closed_at")
ALONG = {
    "close": "close_along",
    "answer": "close_along",
    "reject": "reject_along",
}  # what it means for linked ones
SHOW_WORK_DONE = frozenset({"hand_back", "proof"})  # whose photos show the place after the work

# What only who has a case in hand may do with it (and the unit's leader, and the desk); anybody else may write a note.
HANDS_ONLY = frozenset(
    {"hand_back", "return", "ask_extension", "ask_suspension", "reassign", "entrust", "ask_back"}
)

NOT_FOUND = "没有找到这个案件。回复「进度」看您的案件。"
NOT_NOW = "这个案件现在是「{state}」，不能再{step}了。回复「{look}」看最新情况。"
NOT_YOURS = "这一步要由负责这个案件的人来做。有疑问请回复「人工」。"
OTHER_HANDS = (
    "{number} 现在是{holder}在办。有情况回复「备注 {number} 情况」；要换人办，请{holder}或负责人「转派」。"
)
NOBODY_WALKS = "现在没有能去看的巡查员。直接派单位去看，回复「派 {number}」。"
NEEDS_NOTE = "请带上几句说明，例如「{step} {number} 说明」。"
NEEDS_PHOTO = "请先发一张处理后的照片，再说「{step} {number}」和处理情况。"


async def lock_case(case_id: int) -> Case:
    """Return the case locked until the transaction ends; raises Refusal when it is gone."""
    case = await Case.filter(id=case_id).select_for_update(no_key=True).first()
    if case is None:
        raise Refusal(NOT_FOUND)
    return case


async def check_move(case: Case, move: Move, *, town: Town, now: datetime) -> Step:
    """Return the step if this actor may take it now; raises Refusal. Its note and photo may still be missing."""
    step = CASE_FLOW.find(move.step, case.state)
    if step is None:
        name = STEP_NAMES.get(move.step, move.step)
        raise Refusal(not_now(case, name, move))
    if move.actor.role not in step.by or not await is_theirs(case, move.actor, city=town.city, now=now):
        raise Refusal(NOT_YOURS)
    await _check_hands(case, move)
    check_guards(case, move, town=town, now=now)
    return step


async def _check_hands(case: Case, move: Move) -> None:
    """Raise Refusal when a colleague has the case in hand: what is theirs to do, nobody does behind their back."""
    if move.step in HANDS_ONLY and (holder := await find_holder(case, move.actor)):
        raise Refusal(OTHER_HANDS.format(number=case.number, holder=holder.name or "同事"))


def not_now(case: Case, step: str, move: Move) -> str:
    """Return the sentence that says no to a step that does not start from the case's state."""
    look = "进度" if move.actor.role in {Role.REPORTER, Role.FOLLOWER, Role.CITIZEN} else "待办"
    return NOT_NOW.format(state=STATE_NAMES[case.state], step=step, look=look)


async def take_step(case: Case, move: Move, *, town: Town, now: datetime) -> CaseEvent:
    """Take a permitted step with the locked case and what follows from it by rule; the caller saves the case.

    Raises Refusal.
    """
    step = await check_move(case, move, town=town, now=now)
    await _check_needs(case, step, move)
    before = case.state
    if move.actor.person is not None:
        remember(case, move, now)
    effect = EFFECTS.get(step.name)
    if effect is not None:
        effect(case, move, town, now)
    await _ask_people(case, step, town, now)
    _enter(case, step, before)
    move_clocks(case, step, town, now)
    event = await write_step(
        case, move, tells_of(step, case.type, extended=case.extended), town=town, now=now
    )
    if case.parent_id and before in OPEN and case.state not in OPEN:
        await _join_parts(case, town, now)
    await _go_on(case, step, town, now)
    if step.name in ALONG:
        await _take_along(case, ALONG[step.name], town, now)
    return event


async def write_step(
    case: Case, move: Move, tells: tuple[Words, ...], *, town: Town, now: datetime
) -> CaseEvent:
    """Write one row of the history with its evidence, and owe its words."""
    event = next_event(case, move.step, move.actor, note=move.note, now=now, data=_data_of(move))
    await tell_people(case, event, tells, town=town, now=now, more=move.more)
    await write_event(case, event)
    if town.pass_on is not None:
        await town.pass_on(case, event, town, now=now)
    stage = "after" if move.step in SHOW_WORK_DONE else "before"
    await attach_evidence(list(move.evidence), case_id=case.id, event_id=event.id, stage=stage)
    case.changed_at = now
    return event


async def _ask_people(case: Case, step: Step, town: Town, now: datetime) -> None:
    """Choose whom the step asks to work or to look."""
    if step.name == "dispatch":
        chosen = await choose_assignee(case, city=town.city, now=now)
        case.assignee_id = chosen.id if chosen else None
    elif step.name in {"hand_back", "inquire"}:
        checker = await choose_checker(case, now=now)
        if checker is None and step.name == "inquire":
            raise Refusal(NOBODY_WALKS.format(number=case.number))
        case.checker_id = checker.id if checker else None


def _enter(case: Case, step: Step, before: str) -> None:
    if step.target == BACK:
        case.state, case.back_to = case.back_to, ""
    elif step.target != STAY:
        case.state = step.target
    if step.pauses:
        case.back_to = before
    if case.state not in AT_WORK:  # what was asked for while working is no longer wanted
        forget_requests(case, "extension", "suspension")


async def _go_on(case: Case, step: Step, town: Town, now: datetime) -> None:
    """Take the steps that follow by rule."""
    if step.name == "verify":
        onward = "second_look" if case.drawn else "close"
        await take_step(case, Move(onward, RULE), town=town, now=now)
    elif step.name == "close":
        await _after_close(case, now)
    elif step.name in {"rework", "order_rework"}:
        await drop_look_backs(case)
    elif step.name == "correct":
        kind = town.city.case_types[case.type]
        onward = "dispatch" if kind.auto_dispatch and kind.handled else "queue"
        await take_step(case, Move(onward, RULE), town=town, now=now)


async def _take_along(case: Case, step: str, town: Town, now: datetime) -> None:
    """Let the cases that were linked to this one end with it; their people are told with its own."""
    for linked_id in (
        await Case.filter(same_as_id=case.id, state="merged").order_by("id").values_list("id", flat=True)
    ):
        linked = await lock_case(int(str(linked_id)))
        if linked.state == "merged":
            await take_step(linked, Move(step, RULE), town=town, now=now)
            await linked.save()


async def _after_close(case: Case, now: datetime) -> None:
    if case.shop_id:
        await plan_look_backs(case, now=now)


async def _join_parts(part: Case, town: Town, now: datetime) -> None:
    """Hand the whole back once every part of it has ended."""
    await part.save()
    whole = await lock_case(part.parent_id or 0)
    if whole.state == "split" and not await Case.exists(parent_id=whole.id, state__in=sorted(OPEN)):
        await take_step(whole, Move("join_parts", RULE), town=town, now=now)
        await whole.save()


def remember(case: Case, move: Move, now: datetime) -> None:
    """Keep the row as it is before a person's step, so that it can be undone for a short while."""
    row = {name: getattr(case, name) for name in KEPT_BEFORE}
    row |= {name: moment.isoformat() if (moment := getattr(case, name)) else None for name in MOMENTS_BEFORE}
    person = move.actor.person
    case.before = {
        "seq": case.steps,
        "step": move.step,
        "person": person.id if person else None,
        "at": now.isoformat(),
        "row": row,
    }


async def _check_needs(case: Case, step: Step, move: Move) -> None:
    """Raise Refusal when the note is missing, or a photo where one is asked for: a film or a voice is none."""
    name = STEP_NAMES.get(step.name, step.name)
    if "note" in step.needs and not move.note.strip():
        raise Refusal(NEEDS_NOTE.format(step=name, number=case.number))
    if "photo" in step.needs and not await has_photo(move.evidence):
        raise Refusal(NEEDS_PHOTO.format(step=name, number=case.number))


def _data_of(move: Move) -> dict[str, Any]:
    """Return what else the step was given, for the history."""
    told = {
        "unit": move.unit,
        "to": move.person_id,
        "until": move.until.isoformat() if move.until else None,
        "contractor": move.contractor,
        "after": move.undone_after or None,
        "metres": round(move.metres) if move.metres is not None else None,
    }
    return {
        name: value
        for name, value in told.items()
        if value not in {None, "", 0} or (name == "metres" and value == 0)
    }
