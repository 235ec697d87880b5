"""The simulator's time: real time plus an offset, or a fixed time that moves only when it is told to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


class SimClock:
    """A clock that can be moved forward; with `start` it stands still between moves."""

    def __init__(self, start: datetime | None = None) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError("start needs a time zone")
        self._fixed = start.astimezone(UTC) if start is not None else None
        self._offset = timedelta(0)
        self.moved: Callable[[], None] = lambda: (
            None
        )  # called after each move, for who has something to do then

    def now(self) -> datetime:
        """The simulated time, aware, in UTC."""
        return (self._fixed or datetime.now(UTC)) + self._offset

    def timestamp(self) -> int:
        """The simulated time in whole seconds since 1970, as WeChat writes it."""
        return int(self.now().timestamp())

    def advance(self, seconds: float) -> None:
        """Move the time forward by `seconds`; going back is refused with ValueError."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._offset += timedelta(seconds=seconds)
        self.moved()

    @property
    def ahead(self) -> float:
        """How many seconds it has been moved forward."""
        return self._offset.total_seconds()


def beijing_day(at: datetime) -> str:
    """The date in Beijing: WeChat's daily quotas begin anew at its midnight."""
    return at.astimezone(BEIJING).date().isoformat()
