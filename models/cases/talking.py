"""A talk between a citizen and the people at the desk on one consultation: both sides speak until one ends it."""

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from models.cases.draft import KEPT, REMIND_AFTER
from models.cases.moves import Move
from models.cases.sources import HUMAN
from models.cases.states import CONSULTATION
from models.cases.stepping import lock_case, take_step
from models.cases.tables import Case
from models.city.calendar import due_at, is_working
from models.city.city import Limit, WorkingCalendar
from models.errors import Refusal
from models.people import Person
from models.talks import Talk, lock_talk, save_talk
from models.town import Town

TOPIC = "talk"  # of the citizen, while what they say goes to the desk
GIVES_WAY = frozenset({"", "also", "question", "human", KEPT, TOPIC})  # what a person's reply may push aside
WAITED_FOR = "asked"  # an answer to the staff, which waits for days (asking.py)
LEFT_ALONE = timedelta(hours=2)  # after which any other talk gives way too
GOES_ON = ("accepted", "talking")
LOST = "对方已经取消关注，收不到回复了。回复「结束 {number}」收尾。"


async def find_talk(person: Person, *, states: tuple[str, ...] = GOES_ON) -> Case | None:
    """Return the last talk of this person with the desk that is in one of these states."""
    talks = Case.filter(reporter_id=person.id, type=CONSULTATION, source=HUMAN, state__in=list(states))
    return await talks.order_by("-id").first()


async def tell_reporter(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """Let the desk say something to who asked; from here on their next words go to the desk.

    Raises Refusal when nobody can hear it, or as ``move_case`` does.
    """
    async with in_transaction():
        talk = await _lock_reporter(case_id)  # before the case, as when the reporter speaks
        case = await lock_case(case_id)
        if talk is None or not talk.person.following or not talk.person.openid:
            raise Refusal(LOST.format(number=case.number))
        await take_step(case, move, town=town, now=now)
        await case.save()
        if _gives_way(talk, now):
            begin_talk(talk, case, now)
            await save_talk(talk)
        return case


async def end_talk(case_id: int, move: Move, *, town: Town, now: datetime) -> Case:
    """End the talk for the desk; what the citizen says next is something new. Raises Refusal as ``move_case`` does."""
    async with in_transaction():
        talk = await _lock_reporter(case_id)
        case = await lock_case(case_id)
        await take_step(case, move, town=town, now=now)
        await case.save()
        if talk is not None and talk.topic == TOPIC and talk.data.get("number") == case.number:
            leave_talk(talk, now)
            await save_talk(talk)
        return case


async def rest_talk(person_id: int, *, before: datetime, now: datetime) -> int:
    """Let the talk of that person rest if nobody said anything since ``before``; return 1, else 0."""
    async with in_transaction():
        talk = await lock_talk(person_id)
        if talk is None or talk.topic != TOPIC or talk.changed_at > before:
            return 0
        leave_talk(talk, now)
        await save_talk(talk)
        return 1


def begin_talk(talk: Talk, case: Case, now: datetime) -> None:
    """Let what the citizen says next go to the desk; a report that was half done rests behind it."""
    draft = talk.data if talk.topic in {"report", KEPT} else talk.data.get("draft")
    talk.begin(TOPIC, now, number=case.number, **({"draft": draft} if draft else {}))


def leave_talk(talk: Talk, now: datetime) -> None:
    """End the talk on the citizen's side; a report that rested behind it may be taken up again."""
    draft = talk.data.get("draft")
    if draft:
        talk.begin(KEPT, now, **draft)
    else:
        talk.end(now)


def opens_at(now: datetime, calendar: WorkingCalendar) -> datetime | None:
    """Return when somebody is at the desk again; None while somebody is."""
    return None if is_working(now, calendar) else due_at(Limit(0, "work_hour"), now, calendar)


def _gives_way(talk: Talk, now: datetime) -> bool:
    """Tell whether what was talked about may rest while a person speaks: nothing much, or left alone for long."""
    left = REMIND_AFTER if talk.topic == "report" else LEFT_ALONE
    return talk.topic in GIVES_WAY or (talk.topic != WAITED_FOR and now - talk.changed_at >= left)


async def _lock_reporter(case_id: int) -> Talk | None:
    found = await Case.get_or_none(id=case_id)
    return await lock_talk(found.reporter_id) if found and found.reporter_id else None
