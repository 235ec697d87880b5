"""The words of a case: what the sentences about it are filled with."""

from datetime import datetime, timedelta

from models.cases.clocks import load_clock, moment_of
from models.cases.clockwork import limit_of
from models.cases.masking import mask_personal
from models.cases.sources import BY_RULE
from models.cases.states import STATE_NAMES
from models.cases.tables import Case
from models.cases.timings import PAUSE, SUPERVISION
from models.city.calendar import is_provisional
from models.city.city import GcjPoint
from models.city.coordinates import metres_between
from models.clock import local
from models.links import without_markup
from models.people import Person
from models.town import Town

WEEKDAYS = "一二三四五六日"
PAUSED_UNTIL = "先缓一缓，{until} 恢复"
PAUSED = {
    "asking": "等上报人回答，时限先停着",
    "returned": "正在换单位，时限先停着",
    "merged": "跟主案件一起办",
}
PROVISIONAL = "{moment}（以节假日安排公布后为准）"
FIELDS = ("number", "type", "state", "place", "due", "note")  # what a template or subscribe notice may carry
UNASSIGNED = "已受理，还在安排人"  # sent to a unit in which nobody can hear of it
SOMEBODY = "工作人员"
SHOWN_NOTE = 200  # characters of a note
SHOWN_TEXT = 120  # characters of a report shown in a chat line


def say_moment(moment: datetime, now: datetime) -> str:
    """Say a moment as people do: 今天17:30, 明天09:00, 7月3日（周四）17:30."""
    there, today = local(moment), local(now).date()
    clock = f"{there:%H:%M}"
    if there.date() == today:
        return f"今天{clock}"
    if there.date() == today + timedelta(days=1):
        return f"明天{clock}"
    year = f"{there.year}年" if there.year != today.year else ""
    return f"{year}{there.month}月{there.day}日（周{WEEKDAYS[there.weekday()]}）{clock}"


def say_due(case: Case, town: Town, now: datetime) -> str:
    """Say when the work is due; a moment that still waits for the holidays to be announced says so."""
    moment = say_moment(case.due_at, now)
    return PROVISIONAL.format(moment=moment) if is_due_provisional(case, town, now) else moment


def is_due_provisional(case: Case, town: Town, now: datetime) -> bool:
    """Whether the due moment lies ahead and may still move, because its year's holidays are not announced."""
    known = case.source == BY_RULE or case.type in town.city.case_types
    if case.due_at <= now or not known:
        return False
    return is_provisional(limit_of(case, town), case.due_at, town.city.calendar)


def say_clock(case: Case, now: datetime) -> str:
    """Say how the case stands with its clock: 还剩 1 小时 59 分, 已超时 20 分钟."""
    late = now > case.due_at
    return ("已超时 " if late else "还剩 ") + say_length(now - case.due_at if late else case.due_at - now)


def say_length(length: timedelta) -> str:
    """Say a length of time as people do, in its two largest units, never zero: 1 小时 59 分 is not 1 小时."""
    minutes = max(int(length.total_seconds() // 60), 1)
    hours, days = minutes // 60, minutes // (24 * 60)
    if not hours:
        return f"{minutes} 分钟"
    if hours < 48:
        return f"{hours} 小时 {minutes % 60} 分" if minutes % 60 else f"{hours} 小时"
    return f"{days} 天 {hours % 24} 小时" if hours % 24 else f"{days} 天"


def case_words(case: Case, town: Town, *, note: str, now: datetime, handler: Person | None) -> dict[str, str]:
    """Return what every sentence about ``case`` may name, except the reader's own link."""
    unit = town.city.units.get(case.unit)
    kind = town.city.case_types.get(case.type)
    return {
        "number": case.number,
        "type": kind.short if kind else case.type,
        "state": STATE_NAMES[case.state],
        "place": without_markup(say_place(case, town)),
        "area": say_area(case, town),
        "text": without_markup(shorten(case.text, SHOWN_TEXT)) or "（没有文字，请看照片）",
        "unit": unit.name if unit else "城管中心",
        "phone": unit.phone if unit else town.city.hotline,
        "handler": f" {handler.name}" if handler and handler.name else "",
        "due": say_due(case, town, now),
        "due_bare": say_moment(case.due_at, now),
        "urgent": "【紧急】" if case.urgent else "",
        "urged": str(case.urged),
        "followers": str(case.followers),
        "until": _say_end(case, PAUSE, town, now),
        "wanted": _say_wanted(case, now),
        "answer_due": _say_end(case, SUPERVISION, town, now),
        "note": without_markup(shorten(note, SHOWN_NOTE)),
        "hotline": town.city.hotline,
    }


def fields_of(words: dict[str, str]) -> dict[str, str]:
    """Return what a notice's template is filled with; the due moment bare: a field of time takes no more."""
    return {name: words[name] for name in FIELDS} | {"due": words["due_bare"]}


def say_pause(case: Case, town: Town, now: datetime) -> str:
    """Say that the time for the work stands still, and until when where that is known; "" while it runs."""
    if case.state == "suspended":
        return PAUSED_UNTIL.format(until=_say_end(case, PAUSE, town, now))
    return PAUSED.get(case.state, "")


def _say_end(case: Case, name: str, town: Town, now: datetime) -> str:
    """Say when that clock of the case runs out; empty while it does not run."""
    kept = case.clocks.get(name)
    clock = load_clock(kept) if kept else None
    moment = moment_of(clock, 1.0, town.city.calendar) if clock else None
    if clock is None or moment is None:
        return ""
    told = say_moment(moment, now)
    waits = is_provisional(clock.limit, moment, town.city.calendar)
    return PROVISIONAL.format(moment=told) if waits else told


def _say_wanted(case: Case, now: datetime) -> str:
    """Say until when a pause was asked for; empty where none is."""
    until = case.asked.get("suspension", {}).get("until")
    return say_moment(datetime.fromisoformat(until), now) if until else ""


def say_place(case: Case, town: Town) -> str:
    """Say where it is, as exactly as we know."""
    names = [town.city.areas[code].name for code in (case.street, case.grid) if code in town.city.areas]
    return case.address or "".join(names) or "地点见详情"


def say_area(case: Case, town: Town) -> str:
    """Say where it is as far as anybody may know: road, street and grid, never what somebody typed."""
    codes = (case.road, case.street, case.grid)
    return "·".join(town.city.areas[code].name for code in codes if code in town.city.areas) or "附近"


def for_public(case: Case, words: dict[str, str]) -> dict[str, str]:
    """Return the words as people outside may read them: they name no unit in which nobody is there."""
    return words | {"unit": SOMEBODY, "state": UNASSIGNED} if case.is_unassigned() else words


def for_strangers(words: dict[str, str]) -> dict[str, str]:
    """Return the words as people may read them who did not report the case: no address, no numbers of people."""
    return words | {"place": words["area"], "note": mask_personal(words["note"])}


def shorten(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of ``text`` on one line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def metres_from(case: Case, lat: float | None, lng: float | None) -> float | None:
    """Return how far that point (GCJ-02) is from the case, metres; None where either is not known."""
    if lat is None or lng is None or case.lat is None or case.lng is None:
        return None
    return metres_between(GcjPoint(lat, lng), GcjPoint(case.lat, case.lng))
