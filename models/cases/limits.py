"""How much one person may report: limits that are explained, and never silently applied."""

from datetime import datetime, timedelta
from functools import cache

from models.cases.moves import Report
from models.cases.queries import count_consultations
from models.cases.states import CONSULTATION, OPEN
from models.cases.tables import Case
from models.city.city import GcjPoint
from models.city.coordinates import metres_between
from models.classify.abuse import same_text
from models.errors import Refusal
from models.people import Person
from models.statements import columns, read, run
from models.tallies import CASE, QUESTION, count_uses, note_use
from models.town import Town

A_DAY = timedelta(days=1)
CASES_A_DAY = 20
LOOKED_AT = 20
SAME_PLACE = 30.0  # metres: two lamps further apart are two lamps

TOO_MANY = "您今天已经报了{count}件，我们先把这些办好。明天可以接着报；急事请打 {hotline}。"
SAID_BEFORE = "这件事您已经报过了，案件 {number}，正在办。回复「进度」看到哪一步，回复「补充」可以加照片。"


async def check_limits(person: Person, report: Report, *, town: Town, now: datetime) -> None:
    """Raise Refusal when this person has reported too much today, or the same words about the same place.

    What was reported today counts also for who had themselves forgotten since.
    """
    rows = await run(_recent(), (person.id, now - A_DAY, LOOKED_AT))
    recent = [read(Case, row, "c_") for row in rows]
    today = max(len(recent), await _count_used(person, (CASE, QUESTION), town, now))
    if today >= CASES_A_DAY:
        raise Refusal(TOO_MANY.format(count=today, hotline=town.city.hotline))
    for case in recent:
        if case.state in OPEN and same_text(case.text, report.text) and _is_same_place(case, report):
            raise Refusal(SAID_BEFORE.format(number=case.number))


async def count_questions(person: Person, *, town: Town, now: datetime) -> int:
    """Return how many questions this person has put to the desk today, whoever they are to us now."""
    asked = await count_consultations(person, since=now - A_DAY)
    return max(asked, await _count_used(person, (QUESTION,), town, now))


async def note_report(person: Person, report: Report, *, town: Town, now: datetime) -> None:
    """Count what a citizen reported or asked, by a mark that outlives their row."""
    if person.openid and not person.is_staff:
        what = QUESTION if report.type == CONSULTATION else CASE
        await note_use(town.links.mark(person.openid), what, now=now)


async def _count_used(person: Person, what: tuple[str, ...], town: Town, now: datetime) -> int:
    if not person.openid:
        return 0
    return await count_uses(town.links.mark(person.openid), what, since=now - A_DAY)


@cache
def _recent() -> str:
    found = f"SELECT {columns(Case, 'c', 'c_')} FROM case_file c"  # noqa: S608
    return f"{found} WHERE c.reporter_id = ? AND c.opened_at > ? ORDER BY c.id DESC LIMIT ?"


def _is_same_place(case: Case, report: Report) -> bool:
    if report.point is None or case.lat is None or case.lng is None:
        return case.address == report.address
    return metres_between(report.point, GcjPoint(case.lat, case.lng)) <= SAME_PLACE
