"""How much one person may report: limits that are explained, and never silently applied."""

from datetime import datetime, timedelta

from models.cases.moves import Report
from models.cases.states import OPEN
from models.cases.tables import Case
from models.city.city import GcjPoint
from models.city.coordinates import metres_between
from models.classify.abuse import same_text
from models.errors import Refusal
from models.people import Person

A_DAY = timedelta(days=1)
CASES_A_DAY = 20
LOOKED_AT = 20
SAME_PLACE = 30.0  # metres: two lamps further apart are two lamps

TOO_MANY = "您今天已经报了{count}件，我们先把这些办好。明天可以接着报；急事请打 {hotline}。"
SAID_BEFORE = "这件事您已经报过了，案件 {number}，正在办。回复「进度」看到哪一步，回复「补充」可以加照片。"


async def check_limits(person: Person, report: Report, *, hotline: str, now: datetime) -> None:
    """Raise Refusal when this person has reported too much today, or the same words about the same place."""
    recent = (
        await Case.filter(reporter_id=person.id, opened_at__gt=now - A_DAY).order_by("-id").limit(LOOKED_AT)
    )
    if len(recent) >= CASES_A_DAY:
        raise Refusal(TOO_MANY.format(count=len(recent), hotline=hotline))
    for case in recent:
        if case.state in OPEN and same_text(case.text, report.text) and _is_same_place(case, report):
            raise Refusal(SAID_BEFORE.format(number=case.number))


def _is_same_place(case: Case, report: Report) -> bool:
    if report.point is None or case.lat is None or case.lng is None:
        return case.address == report.address
    return metres_between(report.point, GcjPoint(case.lat, case.lng)) <= SAME_PLACE
