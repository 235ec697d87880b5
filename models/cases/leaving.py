"""Passes on the work of somebody who leaves: nothing stays in hands that are gone."""

from datetime import datetime

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from models.cases.audience import choose_assignee
from models.cases.erasing import erase_traces
from models.cases.moves import RULE, Move
from models.cases.states import AT_WORK
from models.cases.stepping import lock_case, take_step
from models.cases.tables import Case
from models.people import Person, forget_person
from models.town import Town

LEFT = "原来的处理人员不在了，请您接着办。"


async def leave_town(person: Person, *, town: Town, now: datetime) -> None:
    """Forget who the person is; what they had in hand or were asked to take is passed on within its unit.

    Where the unit has nobody, the desk is told. Nothing that leads to them stays (models/cases/erasing.py); files go
    with the next run of the job ``tidy``.
    """
    name, openid = person.name, person.openid or ""
    async with in_transaction():
        await forget_person(person)
        if openid:
            await erase_traces(person, name=name, openid=openid, now=now)
        held = Case.filter(Q(handler_id=person.id) | Q(assignee_id=person.id), at_work=True).order_by("id")
        for case_id in await held.values_list("id", flat=True):
            case = await lock_case(int(str(case_id)))
            if case.state not in AT_WORK or person.id not in {case.handler_id, case.assignee_id}:
                continue
            if case.handler_id not in {None, person.id}:  # was asked, and somebody else has taken it
                continue
            case.handler_id = case.assignee_id = None
            chosen = await choose_assignee(case, city=town.city, now=now)
            move = Move("reassign", RULE, LEFT, person_id=chosen.id if chosen else None)
            await take_step(case, move, town=town, now=now)
            await case.save()
