"""The only place that asks what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SKEW = timedelta(minutes=1)  # what was written further ahead than this was written while a clock stood wrong
BEIJING = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Whatever tells the time: the machine's clock, a test's, or the simulator's movable one."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class MachineClock:
    """The clock of the machine that we run on."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """Return the same moment as clocks in the town show it (Beijing time)."""
    return moment.astimezone(BEIJING)
