"""How much one person may report: limits that are explained, and never silently applied."""

from datetime import datetime, timedelta

from models.cases.flows import OPEN
from models.cases.tables import Case
from models.classify.abuse import same_text
from models.errors import Refusal
from models.people import Person

A_DAY = timedelta(days=1)
CASES_A_DAY = 20
LOOKED_AT = 20

TOO_MANY = "您今天已经报了{count}件,我们先把这些办好。明天可以接着报;急事请打 {hotline}。"
SAID_BEFORE = "这件事您已经报过了,案件 {number},正在办。回复「进度」看到哪一步,回复「补充」可以加照片。"


async def check_limits(person: Person, text: str, *, hotline: str, now: datetime) -> None:
    """Raise Refusal when this person has reported too much today, or the same words about an open case."""
    recent = (
        await Case.filter(reporter_id=person.id, opened_at__gt=now - A_DAY).order_by("-id").limit(LOOKED_AT)
    )
    if len(recent) >= CASES_A_DAY:
        raise Refusal(TOO_MANY.format(count=len(recent), hotline=hotline))
    for case in recent:
        if case.state in OPEN and text.strip() and same_text(case.text, text):
            raise Refusal(SAID_BEFORE.format(number=case.number))
