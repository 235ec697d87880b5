"""How much one person may report: limits that are explained, and never silently applied."""

from datetime import datetime, timedelta
from functools import cache

from models.cases.moves import Report
from models.cases.states import OPEN
from models.cases.tables import Case
from models.city.city import GcjPoint
from models.city.coordinates import metres_between
from models.classify.abuse import same_text
from models.errors import Refusal
from models.people import Person
from models.statements import columns, read, run

A_DAY = timedelta(days=1)
CASES_A_DAY = 20
LOOKED_AT = 20
SAME_PLACE = 30.0  # metres: two lamps further apart are two lamps

TOO_MANY = "您今天已经报了{count}件，我们先把这些办好。明天可以接着报；急事请打 {hotline}。"
SAID_BEFORE = "这件事您已经报过了，案件 {number}，正在办。回复「进度」看到哪一步，回复「补充」可以加照片。"


async def check_limits(person: Person, report: Report, *, hotline: str, now: datetime) -> None:
    """Raise Refusal when this person has reported too much today, or the same words about the same place."""
    rows = await run(_recent(), (person.id, now - A_DAY, LOOKED_AT))
    recent = [read(Case, row, "c_") for row in rows]
    if len(recent) >= CASES_A_DAY:
        raise Refusal(TOO_MANY.format(count=len(recent), hotline=hotline))
    for case in recent:
        if case.state in OPEN and same_text(case.text, report.text) and _is_same_place(case, report):
            raise Refusal(SAID_BEFORE.format(number=case.number))


@cache
def _recent() -> str:
    found = f"SELECT {columns(Case, 'c', 'c_')} FROM case_file c"  # noqa: S608
    return f"{found} WHERE c.reporter_id = ? AND c.opened_at > ? ORDER BY c.id DESC LIMIT ?"


def _is_same_place(case: Case, report: Report) -> bool:
    if report.point is None or case.lat is None or case.lng is None:
        return case.address == report.address
    return metres_between(report.point, GcjPoint(case.lat, case.lng)) <= SAME_PLACE
