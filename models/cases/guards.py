"""Rules that a step must pass besides its state and its actor; each says no in the words of who reads it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from models.cases.clocks import is_late, load_clock
from models.cases.moves import Move
from models.cases.queries import is_talk
from models.cases.tables import Case
from models.cases.timings import HANDLING, SUPERVISION
from models.city.settings import setting
from models.errors import Refusal
from models.lifecycle import Role
from models.town import Town

STILL_WANTED = "还有{count}人在跟这件事，不能撤回，会接着办。回复「补充」可以说明情况。"
OWN_WORK = "自己办的案件不能自己核查，请让别的同事来看。"
SECOND_PERSON = "这件抽到复核，要由另一位同事来看。"
ENOUGH_EXTENSIONS = "这件已经延过 {extended} 次，不能再延了。实在办不了，请「退回 {number} 原因」。"
TOO_LATE = "已经过了期限，不能再申请延期。请尽快办完，办结后可以「申诉 {number} 原因」。"
ALREADY_ASKED = "已经申请过了，派遣员在看。有结果会告诉您。"
NOT_ASKED = "这件没有等您批的申请。回复「待办」看看。"
SECOND_BY_ADMIN = "第二次延期要管理员同意。请转给管理员，或回复 2 不同意。"
SUSPENDED_ONCE = "这件已经暂缓过一次，不能再暂缓了。"
UNTIL_WHEN = "请写明恢复的日期（今天之后、一年以内），例如「暂缓 {number} 12月1日 等材料到」。"
DAY_GONE = "申请里的日子已经过了。换个日子（今天之后、一年以内），例如「同意 {number} 12月1日」。"
NOT_LATE = "这件没有超时，不用申诉。"
APPEALED = "这件已经申诉过了，每件一次。"
WINDOW_OVER = "这件办结超过 {days} 天了。要是又有问题，请重新发照片和位置，会当新案件办。"
NO_TALK = "{number} 不是和上报人的对话。回复「待办」看看。"
NO_DUTY = "督办 {number} 没有等回复。"

Guard = Callable[[Case, Move, Town, datetime], str | None]


def check_guards(case: Case, move: Move, *, town: Town, now: datetime) -> None:
    """Raise Refusal with the sentence to say when a rule of this step says no."""
    guard = GUARDS.get(move.step)
    sentence = guard(case, move, town, now) if guard else None
    if sentence:
        days = int(setting(town.city, "reopen_days", case.type))
        words = {"number": case.number, "count": case.followers, "extended": case.extended, "days": days}
        raise Refusal(sentence.format(**words))


def is_supervised(case: Case) -> bool:
    """Tell whether a 督办 of the case waits for its answer."""
    clock = case.clocks.get(SUPERVISION)
    return bool(clock and load_clock(clock).since)


def _withdraw(case: Case, _move: Move, _town: Town, _now: datetime) -> str | None:
    return STILL_WANTED if case.followers else None


def _not_own(case: Case, move: Move, _town: Town, _now: datetime) -> str | None:
    person = move.actor.person
    did = {case.handler_id, case.asked.get("handed_by")}
    return OWN_WORK if person is not None and person.id in did else None


def _close(case: Case, move: Move, town: Town, now: datetime) -> str | None:
    person = move.actor.person
    if case.drawn and (move.actor.role is Role.RULE or (person and person.id == case.checker_id)):
        return SECOND_PERSON
    return _not_own(case, move, town, now)


def _ask_extension(case: Case, _move: Move, town: Town, now: datetime) -> str | None:
    if case.extended >= setting(town.city, "extensions_max", case.type):
        return ENOUGH_EXTENSIONS
    clock = case.clocks.get(HANDLING)
    if clock is None or is_late(load_clock(clock), now, town.city.calendar):
        return TOO_LATE
    return ALREADY_ASKED if "extension" in case.asked else None


def _extend(case: Case, move: Move, town: Town, _now: datetime) -> str | None:
    if "extension" not in case.asked:
        return NOT_ASKED
    if case.extended >= setting(town.city, "extensions_max", case.type):
        return ENOUGH_EXTENSIONS
    return SECOND_BY_ADMIN if case.extended and move.actor.role is not Role.ADMIN else None


def _ask_suspension(case: Case, move: Move, town: Town, now: datetime) -> str | None:
    if case.suspended:
        return SUSPENDED_ONCE
    if not _is_date_fit(case, move.until, town, now):
        return UNTIL_WHEN
    return ALREADY_ASKED if "suspension" in case.asked else None


def _suspend(case: Case, move: Move, town: Town, now: datetime) -> str | None:
    if case.suspended:
        return SUSPENDED_ONCE
    return None if _is_date_fit(case, move.until, town, now) else DAY_GONE


def _is_date_fit(case: Case, until: datetime | None, town: Town, now: datetime) -> bool:
    days = setting(town.city, "suspension_days_max", case.type)
    return until is not None and now < until <= now + timedelta(days=days + 1)


def _appeal(case: Case, _move: Move, _town: Town, _now: datetime) -> str | None:
    if not case.late:
        return NOT_LATE
    return APPEALED if case.excused or case.asked.get("appealed") else None


def _asked(kind: str) -> Guard:
    return lambda case, _move, _town, _now: None if kind in case.asked else NOT_ASKED


def _in_window(case: Case, _move: Move, town: Town, now: datetime) -> str | None:
    days = setting(town.city, "reopen_days", case.type)
    return WINDOW_OVER if case.closed_at and now > case.closed_at + timedelta(days=days) else None


def _supervision_open(case: Case, _move: Move, _town: Town, _now: datetime) -> str | None:
    return None if is_supervised(case) else NO_DUTY


def _in_talk(case: Case, _move: Move, _town: Town, _now: datetime) -> str | None:
    return None if is_talk(case) else NO_TALK


GUARDS: dict[str, Guard] = {
    "tell": _in_talk,
    "say": _in_talk,
    "end_talk": _in_talk,
    "withdraw": _withdraw,
    "verify": _not_own,
    "close": _close,
    "ask_extension": _ask_extension,
    "extend": _extend,
    "refuse_extension": _asked("extension"),
    "ask_suspension": _ask_suspension,
    "suspend": _suspend,
    "refuse_suspension": _asked("suspension"),
    "appeal": _appeal,
    "grant_appeal": _asked("appeal"),
    "refuse_appeal": _asked("appeal"),
    "rework": _in_window,
    "complain": _in_window,
    "answer_supervision": _supervision_open,
}
