"""What a case's clocks do: moved by its steps, read for the next alarm; over rows, without I/O."""

from dataclasses import dataclass
from datetime import datetime

from models.cases.clocks import (
    CaseClock,
    Running,
    dump_clock,
    load_clock,
    moment_of,
    pause_clock,
    resume_clock,
    ring,
    start_clock,
    stop_clock,
)
from models.cases.flows import CASE_FLOW
from models.cases.sources import BY_RULE
from models.cases.tables import Case
from models.cases.timings import (
    ACCEPT,
    CHECK,
    DISPATCH,
    HANDLING,
    INQUIRY,
    PAUSE,
    REPLY,
    SUPERVISION,
    TAKE,
    TALK,
)
from models.city.city import Limit
from models.city.settings import setting
from models.lifecycle import BACK, ClockDeed, Step, Timing
from models.town import Town

LIMITS = {  # of a clock: which setting, in which unit
    ACCEPT: ("accept_minutes", "natural_minute"),
    DISPATCH: ("dispatch_minutes", "natural_minute"),
    TAKE: ("take_minutes", "natural_minute"),
    CHECK: ("check_minutes", "natural_minute"),
    INQUIRY: ("check_minutes", "natural_minute"),
    REPLY: ("reply_days", "natural_day"),
    SUPERVISION: ("supervision_days", "work_day"),
    TALK: ("talk_hours", "natural_hour"),
}
FIRST_CLOCK = {"reported": ACCEPT, "accepted": DISPATCH, "returned": DISPATCH, "handed_back": CHECK}
FIRST_CLOCK |= dict.fromkeys(("dispatched", "handling"), HANDLING)
SOON = (
    ACCEPT,
    DISPATCH,
    TAKE,
)  # nobody waits longer than urgent_take_minutes for these where it is dangerous


@dataclass(frozen=True, slots=True)
class Alarm:
    """The step that is taken when a share of a clock's limit is used; the share may be a setting.

    ``minutes`` names a setting instead: so many minutes from the clock's beginning. ``urgent``: only where it is
    dangerous, or only where it is not.
    """

    step: str
    clock: str
    share: float | str = 1.0
    minutes: str = ""
    urgent: bool | None = None


ALARMS = (  # of one clock, the later before the earlier: after an outage only the latest is told
    Alarm("supervise", HANDLING, "escalate_share"),
    Alarm("overdue", HANDLING),
    Alarm("warn", HANDLING, "warn_share"),
    Alarm("hand_on", DISPATCH, minutes="urgent_desk_minutes", urgent=True),
    Alarm("late_dispatch", ACCEPT),
    Alarm("late_dispatch", DISPATCH),
    Alarm("hand_up", TAKE, minutes="urgent_desk_minutes", urgent=True),
    Alarm("alert", TAKE, urgent=True),
    Alarm("prompt", TAKE, urgent=False),
    Alarm("late_check", CHECK),
    Alarm("late_inquiry", INQUIRY),
    Alarm("no_reply", REPLY),
    Alarm("resume", PAUSE),
    Alarm("call_in", SUPERVISION),
    Alarm("end_talk", TALK),
)
SUPERVISE_NOTE = "用时已是时限的两倍，还没有办好。"
NOTES = {"supervise": SUPERVISE_NOTE}


def limit_of(case: Case, town: Town) -> Limit:
    """Return how long the handling of the case may take: of its small class, else of its type.

    A case against a cause has its own: what is put right in two hours comes back; its cause takes weeks.
    """
    if case.source == BY_RULE:
        return Limit(setting(town.city, "recur_work_days", case.type), "work_day")
    kind = town.city.case_types[case.type]
    small = next((small for small in kind.small if small.code == case.small_class), None)
    return small.limit if small and small.limit else kind.limit


def move_clocks(case: Case, step: Step, town: Town, now: datetime) -> None:
    """Do to the case's clocks what the step says, and set when it is due and must be looked at next."""
    clocks = read_clocks(case)
    halted = _note_halted(case, step, clocks)
    for timing in step.clocks:
        if timing.deed is ClockDeed.RESUME and step.target == BACK and timing.clock not in halted:
            continue  # it stood still before the pause began
        changed = _moved(clocks.get(timing.clock), timing, case, town=town, now=now)
        if changed is not None:
            clocks[timing.clock] = changed
    keep_clocks(case, clocks, town)


def start_first(case: Case, town: Town, now: datetime) -> None:
    """Start the clock that a report starts."""
    keep_clocks(case, {ACCEPT: start_clock(_limit(ACCEPT, case, town, now), now)}, town)


def adopt_clocks(case: Case, since: datetime, town: Town, now: datetime) -> None:
    """Give a case of a release without clocks the one that its state runs, from when it began."""
    name = FIRST_CLOCK.get(case.state)
    if name is not None:
        clock = start_clock(_limit(name, case, town, now), since if name == HANDLING else now)
        keep_clocks(case, {name: clock}, town)


def keep_clocks(case: Case, clocks: dict[str, CaseClock], town: Town) -> None:
    """Write the clocks into the row, with the due moment of the work and the next alarm."""
    case.clocks = {name: dump_clock(clock) for name, clock in clocks.items()}
    handling = clocks.get(HANDLING)
    due = moment_of(handling, 1.0, town.city.calendar) if handling else None
    case.due_at = due or case.due_at
    case.wake_at = min(filter(None, (_moment(alarm, case, clocks, town) for alarm in ALARMS)), default=None)


def read_clocks(case: Case) -> dict[str, CaseClock]:
    """Return the clocks of the case by name."""
    return {name: load_clock(data) for name, data in case.clocks.items()}


def is_miscounted(case: Case, town: Town) -> bool:
    """Whether the work falls due at another moment than the row says: the calendar has changed since."""
    handling = read_clocks(case).get(HANDLING)
    due = moment_of(handling, 1.0, town.city.calendar) if handling else None
    return due is not None and due != case.due_at


def ring_due(case: Case, town: Town, now: datetime) -> list[str]:
    """Mark every alarm that is due as rung; return the steps to take, of each clock only the latest."""
    clocks, steps, told = read_clocks(case), [], set()
    for alarm in ALARMS:
        moment = _moment(alarm, case, clocks, town)
        if moment is None or moment > now:
            continue
        clocks[alarm.clock] = ring(clocks[alarm.clock], alarm.step)
        if alarm.clock not in told:
            steps.append(alarm.step)
            told.add(alarm.clock)
    keep_clocks(case, clocks, town)
    return steps


def _moment(alarm: Alarm, case: Case, clocks: dict[str, CaseClock], town: Town) -> datetime | None:
    """Return when the alarm rings; None when it has rung, its clock stands still, or its step cannot be taken now."""
    clock = clocks.get(alarm.clock)
    if clock is None or alarm.step in clock.rung or not CASE_FLOW.find(alarm.step, case.state):
        return None
    if alarm.urgent not in {None, case.urgent}:
        return None
    return moment_of(clock, _share(alarm, case, clock, town), town.city.calendar)


def _share(alarm: Alarm, case: Case, clock: CaseClock, town: Town) -> float:
    """Return after which share of the clock's limit the alarm rings."""
    if alarm.minutes:
        return setting(town.city, alarm.minutes, case.type) / max(clock.limit.amount, 0.01)
    return setting(town.city, alarm.share, case.type) if isinstance(alarm.share, str) else alarm.share


def _moved(
    clock: CaseClock | None, timing: Timing, case: Case, *, town: Town, now: datetime
) -> CaseClock | None:
    """Return what that deed makes of the clock; None where there is none to move."""
    if timing.deed is ClockDeed.START or (clock is None and timing.deed is ClockDeed.CONTINUE):
        return start_clock(_limit(timing.clock, case, town, now), now)
    if clock is None:
        return None
    if timing.deed is ClockDeed.CONTINUE:
        return resume_clock(clock, now)
    if timing.deed is ClockDeed.RESUME:
        return resume_clock(clock, now) if clock.state is Running.PAUSED else clock
    halt = pause_clock if timing.deed is ClockDeed.PAUSE else stop_clock
    return halt(clock, now, town.city.calendar)


def _note_halted(case: Case, step: Step, clocks: dict[str, CaseClock]) -> list[str]:
    """Keep which clocks a pause makes stand still; return which ones the pause that ends now had halted."""
    halted: list[str] = case.asked.get("halted", [])
    if step.pauses:
        running = [name for name, clock in clocks.items() if clock.state is Running.RUNNING]
        case.asked = {**case.asked, "halted": running}
    elif step.target == BACK:
        case.asked = {name: told for name, told in case.asked.items() if name != "halted"}
    return halted


def _limit(name: str, case: Case, town: Town, now: datetime) -> Limit:
    """Return the limit of that clock for this case."""
    if name == HANDLING:
        return limit_of(case, town)
    if name == PAUSE:
        until = datetime.fromisoformat(case.asked["until"])
        return Limit(max((until - now).total_seconds() / 60, 1.0), "natural_minute")
    key, unit = LIMITS[name]
    amount = setting(town.city, key, case.type)
    if case.urgent and name in SOON:
        amount = min(amount, setting(town.city, "urgent_take_minutes", case.type))
    return Limit(amount, unit)
