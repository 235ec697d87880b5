"""The clocks of a case: started, paused, resumed, extended and stopped; pure functions over plain values."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from models.city.calendar import due_at, remaining_limit, used_between
from models.city.city import Limit, WorkingCalendar

NOTHING = timedelta()


class Running(StrEnum):
    """Whether a clock runs."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One clock: its whole limit, what of it was used before ``since``, and which alarms it has rung.

    ``since`` is the beginning of the stretch that runs now, None when none does. ``base`` is the limit before any
    extension.
    """

    limit: Limit
    base: Limit
    since: datetime | None
    used: timedelta = NOTHING
    state: Running = Running.RUNNING
    rung: frozenset[str] = frozenset()


def start_clock(limit: Limit, now: datetime) -> CaseClock:
    """Return a clock that begins to run at ``now``."""
    return CaseClock(limit, limit, now.astimezone(UTC))


def pause_clock(clock: CaseClock, now: datetime, calendar: WorkingCalendar) -> CaseClock:
    """Return the clock standing still from ``now``; one that does not run stays as it is."""
    return _halted(clock, now, calendar, Running.PAUSED) if clock.state is Running.RUNNING else clock


def resume_clock(clock: CaseClock, now: datetime) -> CaseClock:
    """Return the paused or stopped clock running on from what it had used; a running one stays as it is."""
    if clock.state is Running.RUNNING:
        return clock
    return replace(clock, since=now.astimezone(UTC), state=Running.RUNNING)


def stop_clock(clock: CaseClock, now: datetime, calendar: WorkingCalendar) -> CaseClock:
    """Return the clock stopped; what it used stays readable, for figures."""
    if clock.state is Running.RUNNING:
        return _halted(clock, now, calendar, Running.STOPPED)
    return replace(clock, state=Running.STOPPED)


def extend_clock(clock: CaseClock) -> CaseClock:
    """Return the clock with one more of its first limit; its alarms may ring again."""
    longer = Limit(clock.limit.amount + clock.base.amount, clock.limit.unit)
    return replace(clock, limit=longer, rung=frozenset())


def ring(clock: CaseClock, alarm: str) -> CaseClock:
    """Return the clock that remembers having rung that alarm."""
    return replace(clock, rung=clock.rung | {alarm})


def used_time(clock: CaseClock, now: datetime, calendar: WorkingCalendar) -> timedelta:
    """Return how much of the limit's own time is used at ``now``: never negative, never less than before."""
    if clock.since is None:
        return clock.used
    return clock.used + used_between(clock.limit, clock.since, now, calendar)


def moment_of(clock: CaseClock, share: float, calendar: WorkingCalendar) -> datetime | None:
    """Return when ``share`` of the limit is used (1.0: the due moment); None while the clock stands still.

    A share that was used up before the running stretch began gives that beginning.
    """
    if clock.since is None:
        return None
    part = Limit(clock.limit.amount * share, clock.limit.unit)
    return due_at(remaining_limit(part, clock.used, calendar), clock.since, calendar)


def is_late(clock: CaseClock, now: datetime, calendar: WorkingCalendar) -> bool:
    """Tell whether more than the limit was used at ``now``."""
    return (
        remaining_limit(clock.limit, used_time(clock, now, calendar), calendar).amount
        <= 0
        < clock.limit.amount
    )


def dump_clock(clock: CaseClock) -> dict[str, Any]:
    """Return the clock as JSON keeps it; seconds of use, moments in ISO 8601."""
    return {
        "limit": [clock.limit.amount, clock.limit.unit],
        "base": clock.base.amount,
        "since": clock.since.isoformat() if clock.since else None,
        "used": clock.used.total_seconds(),
        "state": clock.state.value,
        "rung": sorted(clock.rung),
    }


def load_clock(data: dict[str, Any]) -> CaseClock:
    """Return the clock that ``dump_clock`` wrote."""
    amount, unit = data["limit"]
    return CaseClock(
        limit=Limit(amount, unit),
        base=Limit(data["base"], unit),
        since=datetime.fromisoformat(data["since"]) if data["since"] else None,
        used=timedelta(seconds=data["used"]),
        state=Running(data["state"]),
        rung=frozenset(data["rung"]),
    )


def _halted(clock: CaseClock, now: datetime, calendar: WorkingCalendar, state: Running) -> CaseClock:
    return replace(clock, used=used_time(clock, now, calendar), since=None, state=state)
