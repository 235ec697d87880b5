"""Reads calendar.toml: when people work, the days of the town's own, and what was announced for each year."""

from datetime import date, time
from typing import Any

from models.city.city import WorkingCalendar
from models.city.documents import Document, Row
from models.city.statutory import statutory_holidays

ANNOUNCED = "announced"


def read_calendar(document: Document) -> WorkingCalendar:
    """Return the calendar of the town, with every mistake noted in the document."""
    periods: list[tuple[time, time]] = []
    for index, (since, until) in enumerate(_list(document, "periods")):
        if since >= until or (periods and since < periods[-1][1].strftime("%H:%M")):
            document.fault(("periods", index), f"工作时段 {since}–{until} 应先早后晚，互不重叠")
        else:
            periods.append((time.fromisoformat(since), time.fromisoformat(until)))
    off: set[date] = set()
    worked: set[date] = set()
    announced: set[int] = set()
    seen: set[int] = set()
    for row in document.rows("years"):
        _check_once(row, seen)
        off |= _days_off(row)
        worked |= _days_worked(row)
        announced |= {row.data["year"]} if row.data["state"] == ANNOUNCED else set()
    return WorkingCalendar(
        periods=tuple(periods),
        holidays=_local_days(document, "holidays"),
        workdays=_local_days(document, "workdays"),
        announced=frozenset(announced),
        national_holidays=frozenset(off),
        national_workdays=frozenset(worked),
    )


def _check_once(row: Row, seen: set[int]) -> None:
    year = row.data["year"]
    if year in seen:
        row.fault(f"{year} 年写了两次", "year")
    seen.add(year)


def _days_off(row: Row) -> set[date]:
    days = _days_of(row, "holidays")
    if row.data["state"] == ANNOUNCED and not row.data["holidays"]:
        row.fault("请写上通知里的放假日子", "holidays")
    return set(days.values())


def _days_worked(row: Row) -> set[date]:
    """Return the weekend days that are worked; only an announcement can name any."""
    days = _days_of(row, "workdays")
    for index, day in days.items():
        if row.data["state"] != ANNOUNCED:
            row.fault("安排还没有公布，不能有调休上班的日子", "workdays", index)
        elif day in statutory_holidays(day.year):
            row.fault(f"{day} 是法定节日，不会上班", "workdays", index)
        elif day.isoweekday() <= 5:
            row.fault(f"{day} 不是周末：只有周末才会调成上班", "workdays", index)
    return set(days.values())


def _days_of(row: Row, key: str) -> dict[int, date]:
    """Return the days of that list by their places; a notice may reach into the December before its year."""
    days: dict[int, date] = {}
    for index, text in enumerate(row.texts(key)):
        day = _day(row.document, text, (*row.path, key, index))
        if day is None:
            continue
        if day.year == row.data["year"] or (day.year, day.month) == (row.data["year"] - 1, 12):
            days[index] = day
        else:
            row.fault(f"“{text}”不是 {row.data['year']} 年的日子", key, index)
    return days


def _local_days(document: Document, key: str) -> frozenset[date]:
    found = (_day(document, text, (key, index)) for index, text in enumerate(_list(document, key)))
    return frozenset(day for day in found if day)


def _day(document: Document, text: str, path: tuple[str | int, ...]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        document.fault(path, f"没有“{text}”这一天")
        return None


def _list(document: Document, key: str) -> tuple[Any, ...]:
    return tuple(document.data.get(key, ())) if document.is_sound((key,)) else ()
