"""Takes back the last step of somebody who tapped wrongly, as long as nobody went on from there."""

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from models.cases import sentences as say
from models.cases.moves import Actor, Move
from models.cases.states import OPEN, STEP_NAMES
from models.cases.stepping import KEPT_BEFORE, MOMENTS_BEFORE, lock_case, write_step
from models.cases.tables import Case, CaseEvent
from models.cases.words import case_words, fields_of
from models.deliveries.actions import drop_owed, queue_deliveries
from models.deliveries.tables import Delivery
from models.errors import Refusal
from models.lifecycle import Role
from models.people import Person
from models.town import Town

UNDO_LIFE = timedelta(minutes=10)
NOT_UNDONE = frozenset(
    {"report", "supplement", "urge", "join", "undo", "link", "unlink", "split", "correct", "proof"}
)

NOTHING_TO_UNDO = "十分钟内没有可以撤销的操作。想看办到哪一步，回复「进度」；有话要说，回复「人工」。"
WENT_ON = "{number} 已经有人接着办了，不能撤销。有问题请和同事说一声，或回复「备注 {number} 情况」。"


async def undo_step(actor: Actor, *, town: Town, now: datetime) -> tuple[Case, str]:
    """Undo this person's last step; return the case and the step undone.

    What was owed and not yet sent is dropped; who was told already is told that it is undone. Raises Refusal when
    there is none, it is older than ``UNDO_LIFE``, or somebody went on from it.
    """
    person = actor.person
    async with in_transaction():
        case = await _last_case(person, now)
        before = case.before
        later = await CaseEvent.filter(case_id=case.id, seq__gt=before["seq"]).order_by("seq")
        parted = case.parent_id is not None and case.state not in OPEN  # the whole may have been handed back
        if parted or any(event.person_id != before["person"] and event.role != Role.RULE for event in later):
            raise Refusal(WENT_ON.format(number=case.number))
        for name in KEPT_BEFORE:
            setattr(case, name, before["row"][name])
        for name in MOMENTS_BEFORE:
            moment = before["row"][name]
            setattr(case, name, datetime.fromisoformat(moment) if moment else None)
        case.before = {}
        told = await drop_owed(case.id, [event.seq for event in later])
        undone = STEP_NAMES[before["step"]]
        event = await write_step(
            case, Move("undo", actor, undone, undone_after=before["seq"]), (), town=town, now=now
        )
        await _tell_undone(case, event, told, undone, town=town, now=now)
        await case.save()
        return case, undone


async def _last_case(person: Person | None, now: datetime) -> Case:
    """Return the locked case of the person's last step; raises Refusal when there is nothing to undo."""
    last = CaseEvent.filter(person_id=person.id if person else None, at__gt=now - UNDO_LIFE, at__lte=now)
    event = await last.order_by("-id").first()
    if event is None or event.step in NOT_UNDONE:
        raise Refusal(NOTHING_TO_UNDO)
    case = await lock_case(event.case_id)
    mine = case.before and case.before["person"] == event.person_id and case.before["step"] == event.step
    if not mine or case.before["seq"] + 1 != event.seq:
        raise Refusal(WENT_ON.format(number=case.number))
    return case


async def _tell_undone(
    case: Case, event: CaseEvent, told: list[int], undone: str, *, town: Town, now: datetime
) -> None:
    words = case_words(case, town, note="", now=now, handler=None) | {"undone": undone}
    people = await Person.filter(id__in=told).order_by("id")
    await queue_deliveries(
        [
            Delivery(
                key=f"s{case.id}-{event.seq}-{person.id}",
                person_id=person.id,
                case_id=case.id,
                use="work" if person.is_staff else "progress",
                text=(say.UNDONE if person.is_staff else say.UNDONE_TO_PUBLIC).format(**words),
                fields_=fields_of(words),
                due_at=now,
                owed_at=now,
            )
            for person in people
        ]
    )
