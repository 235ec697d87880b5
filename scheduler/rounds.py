"""Asks for look-backs on their day, tells the staff at eight what the day holds, looks for what keeps coming back."""

from datetime import datetime, time

from tortoise.transactions import in_transaction

from models.cases.audience import choose_checker, list_on_duty, units_of
from models.cases.crews import list_deaf_units
from models.cases.look_backs import list_due_look_backs
from models.cases.patrols import list_look_backs, list_to_check
from models.cases.patterns import find_patterns
from models.cases.queries import list_desk, list_work
from models.cases.states import DESK
from models.cases.tables import LookBack
from models.cases.taps import ASK_AGAIN
from models.cases.words import case_words, fields_of, say_clock
from models.city.calendar import is_workday, is_working
from models.clock import Clock, local
from models.deliveries.actions import queue_deliveries
from models.deliveries.tables import Delivery
from models.lifecycle import Role
from models.people import Person, list_all_staff
from models.town import Town
from scheduler.items import each

FROM, UNTIL = time(8), time(8, 30)  # a plan that could not be told in the morning is not told at night
SHOWN = 5
COUNTED = 50
LOOK_AGAIN = (
    "回头看（{days} 天）：{number}「{type}」办结后又有没有？\n{place}\n{link}\n回复 1 又有了，2 没有了。"
)
PLAN = "早上好，今天要办 {count} 件，急的在前：\n{lines}\n回复「待办」点开办。"
LINE = "· {tail} {type} {place}({clock})"


async def ask_look_backs(town: Town, clock: Clock) -> int:
    """Ask the nearest patrol, else the unit, to look at shops again; return how many were due."""
    now, seen, last = clock.now(), 0, 0

    async def ask(back: LookBack) -> int:
        async with in_transaction():
            await _ask(back, town, now)
        return 1

    while due := await list_due_look_backs(now=now, after=last):
        seen += await each("ask_look_backs", due, ask)
        last = due[-1].id
    return seen


async def tell_plans(town: Town, clock: Clock) -> int:
    """Tell each of the staff who has work what the day holds, once a working day; return how many had work."""
    now = clock.now()
    there = local(now)
    if not FROM <= there.time() < UNTIL or not is_workday(there.date(), town.city.calendar):
        return 0

    async def tell(person: Person) -> int:
        plan = await _plan_of(person, town, now)
        if plan is None:
            return 0
        await queue_deliveries([plan])
        return 1

    return await each("tell_plans", await list_all_staff(), tell)


async def open_patterns(town: Town, clock: Clock) -> int:
    """Open a case against the cause where the same keeps coming back, while offices are open; return how many."""
    now = clock.now()
    return len(await find_patterns(town, now=now)) if is_working(now, town.city.calendar) else 0


async def _ask(back: LookBack, town: Town, now: datetime) -> None:
    case = back.case
    walker = await choose_checker(case, now=now)
    people = [walker] if walker else await list_on_duty(case.unit, city=town.city, now=now)
    if not people:
        return  # nobody is bound yet: asked for when somebody is
    person = people[0]
    same = LookBack.filter(id=back.id, asked_at=back.asked_at, done_at=None)
    if not await same.update(asked_at=now, person_id=person.id):
        return
    words = case_words(case, town, note="", now=now, handler=None) | {"days": str(back.days)}
    link = town.links.case_words(case.id, person.id, now=now)
    row = Delivery(
        key=f"look-back-{back.id}-{person.id}",
        person_id=person.id,
        case_id=case.id,
        use="work",
        text=LOOK_AGAIN.format(**words, link=link),
        choices=[[prefix + case.number, label] for prefix, label in ASK_AGAIN],
        fields_=fields_of(words),
        url=town.links.case(case.id, person.id, now=now),
        due_at=now,
        owed_at=now,
    )
    await queue_deliveries([row])


async def _plan_of(person: Person, town: Town, now: datetime) -> Delivery | None:
    cases = []
    if any(person.is_a(role) for role in DESK):
        cases += await list_desk(limit=COUNTED, deaf=await list_deaf_units(town.city, now=now))
    if person.is_a(Role.OFFICER) or person.is_a(Role.LEADER):
        units = units_of(person, city=town.city, now=now)
        cases += await list_work(person, units=units, limit=COUNTED)
    cases += await list_to_check(person) + [back.case for back in await list_look_backs(person)]
    cases = sorted(
        {case.id: case for case in cases}.values(), key=lambda case: (not case.urgent, case.due_at, case.id)
    )
    if not cases:
        return None
    lines = []
    for case in cases[:SHOWN]:
        words = case_words(case, town, note="", now=now, handler=None)
        lines.append(LINE.format(tail=case.number[-4:], clock=say_clock(case, now), **words))
    return Delivery(
        key=f"plan-{local(now):%Y%m%d}-{person.id}",
        person_id=person.id,
        use="work",
        text=PLAN.format(count=len(cases), lines="\n".join(lines)),
        due_at=now,
        owed_at=now,
    )
