"""Reads the day that an order names: 12月1日, 2026-12-01, 12.1, 明天, 10天后."""

import re
from datetime import date, datetime, timedelta

from models.characters import MARKS
from models.clock import BEIJING, local

MONTH_DAY = re.compile(
    r"(?:(?P<year>20\d\d)[年./-])?(?P<month>1[0-2]|0?[1-9])[月./-](?P<day>3[01]|[12]\d|0?[1-9])[日号]?(?!\d)"
)
IN_DAYS = re.compile(r"(?P<days>\d{1,3}) ?天后?")
SEPARATORS = MARKS + "到至前"
NAMED = {"明天": 1, "后天": 2}


def read_day(text: str, now: datetime) -> tuple[datetime | None, str]:
    """Return the working beginning of the first day that the text names, and the rest of the words.

    Where no year is said it is the next such day; None when the text names none.
    """
    today = local(now).date()
    for word, days in NAMED.items():
        if word in text:
            return _start(today + timedelta(days=days)), _rest(text, word)
    if found := MONTH_DAY.search(text):
        day = _date(found, today)
        return (_start(day), _rest(text, found.group())) if day else (None, text)
    if found := IN_DAYS.search(text):
        return _start(today + timedelta(days=int(found["days"]))), _rest(text, found.group())
    return None, text


def _date(found: re.Match[str], today: date) -> date | None:
    month, day = int(found["month"]), int(found["day"])
    try:
        if found["year"]:
            return date(int(found["year"]), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year > today else date(today.year + 1, month, day)
    except ValueError:
        return None


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=BEIJING)


def _rest(text: str, word: str) -> str:
    return text.replace(word, "", 1).strip(SEPARATORS)
