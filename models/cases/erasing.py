"""Takes out of the cases of somebody who left what leads to them: texts stay for the record, without a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from models.cases.history import seal
from models.cases.masking import mask_personal, names_in, numbers_in, without_names
from models.cases.public import UNWANTED
from models.cases.states import CONSULTATION
from models.cases.tables import Case, CaseEvent, Following, PatrolVisit
from models.deliveries.tables import Delivery, Owing
from models.evidence import Evidence, Keeping
from models.lifecycle import Role
from models.people import Appointment, Person
from models.talks import Talk

GONE = "（已按本人要求删除）"
# Steps whose words are facts of the case; other words of a citizen (a verdict, an urging, a talk) are theirs alone.
FACTS = frozenset({"report", "open", "supplement", "reply", "join"})
OF_CITIZENS = frozenset({Role.REPORTER, Role.FOLLOWER, Role.CITIZEN})
AT_ONCE = (
    20  # cases that are made nameless in the breath in which somebody leaves; the rest follows by the job
)
UNSENT = (Owing.OWED, Owing.HELD, Owing.WAITING)


class Erasure(Model):
    """注销: somebody left, their cases are being made nameless. Gone once that is done, and the names with it."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="erasures", on_delete=fields.CASCADE
    )
    person_id: int
    names: list[str] = fields.JSONField[list[str]](default=list)  # what else to take out: names of staff
    last_case = fields.BigIntField(default=0)  # cases up to this id are done
    at = fields.DatetimeField()

    class Meta:
        table = "erasure"


async def erase_traces(person: Person, *, name: str, openid: str, now: datetime) -> None:
    """Delete what only this person was about; owe, in the caller's transaction, that their cases become nameless.

    ``name`` and ``openid`` are what they were known by until now. Photos are given up at once; their files go with the
    next run of the job (models/keeping), those of a case that is not finished when it is.
    """
    await Talk.filter(person_id=person.id).update(topic="", data={}, reminded_at=None)
    await _blank_deliveries(person.id)
    await _give_up_evidence(person.id)
    await Following.filter(person_id=person.id).update(note="")
    await PatrolVisit.filter(person_id=person.id).update(note="")
    if name:
        await Appointment.filter(name=name, used_at__isnull=False).delete()
    erasure = await Erasure.create(
        person_id=person.id, names=[word for word in (name, openid) if word], at=now
    )
    await _make_cases_nameless(erasure, AT_ONCE)  # the job goes through them all, and what others were told


async def go_on_erasing(erasure: Erasure, *, limit: int) -> list[int]:
    """Make the next cases of somebody who left nameless, in the caller's transaction; return their ids.

    Fewer than ``limit`` mean that it is done, and the row with its names is deleted.
    """
    ids = await _make_cases_nameless(erasure, limit)
    if len(ids) < limit:
        await erasure.delete()
    else:
        erasure.last_case = ids[-1]
        await erasure.save(update_fields=["last_case"])
    return ids


async def _make_cases_nameless(erasure: Erasure, limit: int) -> list[int]:
    ids = await _list_cases(erasure, limit)
    for case in await Case.filter(id__in=ids).order_by("id").select_for_update(no_key=True):
        await _make_nameless(case, erasure)
    return ids


async def list_erasures(limit: int = 20) -> list[Erasure]:
    """Return what is still to be made nameless, the oldest first."""
    return list(await Erasure.all().order_by("id").limit(limit))


async def _list_cases(erasure: Erasure, limit: int) -> list[int]:
    who = erasure.person_id
    steps = CaseEvent.filter(person_id=who, case_id__gt=erasure.last_case)
    stepped = await steps.order_by("case_id").distinct().limit(limit).values_list("case_id", flat=True)
    theirs = Case.filter(
        Q(reporter_id=who) | Q(handler_id=who) | Q(joined__person_id=who), id__gt=erasure.last_case
    )
    owned = await theirs.order_by("id").distinct().limit(limit).values_list("id", flat=True)
    told = Delivery.filter(person_id=who, case_id__gt=erasure.last_case).order_by("case_id").distinct()
    heard = await told.limit(limit).values_list("case_id", flat=True)
    return sorted({int(str(one)) for one in (*stepped, *owned, *heard)})[:limit]


async def _make_nameless(case: Case, erasure: Erasure) -> None:
    """Take the person out of the texts of a case, and seal its history anew: rows, order and times stay."""
    history = await CaseEvent.filter(case_id=case.id).order_by("seq", "id")
    is_reporter = case.reporter_id == erasure.person_id
    said = [event.note for event in history if event.person_id == erasure.person_id]
    mine = "\n".join([case.text, case.address, *said] if is_reporter else said)
    names = [*erasure.names, *names_in(mine), *(numbers_in(mine) if is_reporter else ())]
    alone = is_reporter and _is_theirs_alone(case)
    if is_reporter:
        case.text = GONE if alone else nameless(case.text, names)
        case.address = "" if alone else nameless(case.address, names)
    case.asked, case.before = (_nameless_data(told, names) for told in (case.asked, case.before))
    for event in history:
        if alone:
            event.note, event.said = GONE if event.note else "", []
        else:
            _rewrite(event, erasure.person_id, names, is_reporter=is_reporter)
    await _seal_anew(case, history)
    await case.save()
    if alone:
        await Delivery.filter(case_id=case.id).update(text=GONE, fields_={})
    else:
        await _rename_in_deliveries(case.id, names)


def _is_theirs_alone(case: Case) -> bool:
    """Tell whether no words of it need to stay: it was a talk with the desk, or taken back, or not ours to do."""
    return case.state in UNWANTED or case.type == CONSULTATION


def nameless(text: str, names: Sequence[str]) -> str:
    """Return a text without numbers, accounts, rooms and these names."""
    return without_names(mask_personal(text), names)


def _rewrite(event: CaseEvent, person_id: int, names: Sequence[str], *, is_reporter: bool) -> None:
    mine = event.person_id == person_id
    if event.note and mine and event.role in OF_CITIZENS and event.step not in FACTS:
        event.note = GONE
    elif event.note:
        event.note = nameless(event.note, names) if mine or is_reporter else without_names(event.note, names)
    event.client = without_names(event.client, names)
    event.data = _nameless_data(event.data, names)
    said = []
    for one in event.said:
        told = "" if one.get("person") == person_id else without_names(str(one.get("text", "")), names)
        said.append(one | {"text": told})
    event.said = said


def _nameless_data(told: Any, names: Sequence[str]) -> Any:
    """Return JSON data whose texts do without the names."""
    if isinstance(told, str):
        return without_names(told, names)
    if isinstance(told, list):
        return [_nameless_data(one, names) for one in told]
    if isinstance(told, dict):
        return {key: _nameless_data(one, names) for key, one in told.items()}
    return told


async def _seal_anew(case: Case, history: Sequence[CaseEvent]) -> None:
    """Write the rows with new seals. Rows from before the chain have none and get none."""
    previous = ""
    for event in history:
        if event.seq:
            event.previous = previous
            event.digest = previous = seal(case.number, event)
        await event.save(update_fields=["note", "client", "data", "said", "previous", "digest"])
    case.head = previous or case.head


async def _rename_in_deliveries(case_id: int, names: Sequence[str]) -> None:
    """Take the person out of what others were told of the case."""
    for row in await Delivery.filter(case_id=case_id):
        told = (without_names(row.text, names), _nameless_data(row.fields_, names))
        if told != (row.text, row.fields_):
            row.text, row.fields_ = told
            await row.save(update_fields=["text", "fields_"])


async def _blank_deliveries(person_id: int) -> None:
    """Give up what the person was still owed, and take the words out of what they were told; the counts stay."""
    theirs = Delivery.filter(person_id=person_id)
    await theirs.filter(state__in=list(UNSENT)).update(state=Owing.DROPPED, way="")
    await theirs.update(text="", choices=[], photo="", fields_={}, url="", note="")


async def _give_up_evidence(person_id: int) -> None:
    """Give up pieces that are in no case; of those in one, what only leads back to the sender."""
    theirs = Evidence.filter(person_id=person_id)
    await theirs.filter(case_id=None).update(state=Keeping.DELETED, media_id="", url="")
    await theirs.filter(state=Keeping.WANTED).update(state=Keeping.LOST)
    await theirs.update(media_id="", url="")
