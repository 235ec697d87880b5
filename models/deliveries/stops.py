"""Which ways out are stopped, why, and when one may try again: rows that all processes share.

A stop has no end that we could know beforehand: its quota may have been cleared, its rights given back. So it says
only when the next try is due (``next_at``); that try is one real call, which ends the stop or moves ``next_at``.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.clock import SKEW, local

EVERYTHING = "*"  # the way of ways: nothing at all goes out
TURN = timedelta(seconds=60)  # longer than a call may take: whoever tries has this long to say how it went
AFTER_MIDNIGHT = timedelta(minutes=1)  # the platform's clock decides, and ours may be ahead
SOON = timedelta(minutes=10)  # after a quota that was used up already when its day had hardly begun
UNNEEDED = timedelta(days=1)
SAME = timedelta(minutes=10)  # a stop that comes back within this time is still the same one to people


class Why(StrEnum):
    """What stopped a way."""

    MINUTE = "minute"  # too fast: the next minute
    QUOTA = "quota"  # the day's count is used up: the next day in Beijing
    TOKEN = "token"  # noqa: S105 - a fresh token is refused too
    SECRET = "secret"  # noqa: S105 - AppID or AppSecret is wrong
    ADDRESS = "address"  # our IP address is not permitted
    RIGHTS = "rights"  # the account may not use it (any more)
    TEMPLATE = "template"  # this template is gone
    BUSY = "busy"  # the platform says so of itself
    UNREACHABLE = "unreachable"  # no connection: nothing went out
    UNANSWERED = "unanswered"  # calls go out and no answer comes
    UNKNOWN = "unknown"  # a code that we do not know, of one call after another


@dataclass(frozen=True, slots=True)
class Pace:
    """How a kind of stop goes: what makes it one, how often it is tried, whom it concerns."""

    first: timedelta  # from the stop to the first try; each further pause is twice as long
    longest: timedelta
    strikes: int = 1  # so many in a row make a stop; before that it is a doubt, and nothing is held back
    lasting: bool = False  # long enough that another way is taken meanwhile where there is one
    told_after: int | None = 0  # failed tries before people are told; None: never, it passes by itself


_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_SOON = timedelta(seconds=40)  # what passes by itself: with the call it takes, within a minute of its end
PACES = {
    Why.MINUTE: Pace(_MINUTE, _MINUTE, told_after=None),
    Why.QUOTA: Pace(_HOUR, _HOUR, lasting=True),
    Why.TOKEN: Pace(_SOON, _SOON, told_after=2),
    Why.SECRET: Pace(5 * _MINUTE, 10 * _MINUTE),
    Why.ADDRESS: Pace(5 * _MINUTE, 10 * _MINUTE),
    Why.RIGHTS: Pace(30 * _MINUTE, _HOUR, lasting=True),
    Why.TEMPLATE: Pace(_HOUR, _HOUR, lasting=True),
    Why.BUSY: Pace(_SOON, _SOON, strikes=3, told_after=9),
    Why.UNREACHABLE: Pace(timedelta(seconds=5), _SOON, told_after=6),
    Why.UNANSWERED: Pace(_SOON, _SOON, strikes=3, told_after=2),
    Why.UNKNOWN: Pace(10 * _MINUTE, _HOUR, strikes=3),
}


class Stop(Model):
    """停发: a way out that is stopped. One row a way, kept after its end, so that people are not told at every turn."""

    way = fields.CharField(max_length=80, primary_key=True)  # "*", a Channel, "template:USE", "photo", a call
    why = fields.CharEnumField(Why, max_length=12)
    code = fields.IntField(default=0)
    note = fields.CharField(max_length=200, default="")  # the platform's own words, without people
    rid = fields.CharField(max_length=64, default="")
    strikes = fields.IntField(default=0)  # refusals in a row
    since = fields.DatetimeField()
    next_at = fields.DatetimeField()  # when one may try again
    ended_at = fields.DatetimeField(null=True)
    told_at = fields.DatetimeField(null=True)  # when the administrators were told of it

    class Meta:
        table = "sending_stop"

    @property
    def in_force(self) -> bool:
        """Tell whether this is a stop and no mere doubt."""
        return self.ended_at is None and self.strikes >= PACES[self.why].strikes

    @property
    def failed_tries(self) -> int:
        """How many tries have failed since the way was stopped."""
        return max(self.strikes - PACES[self.why].strikes, 0)

    @property
    def lasting(self) -> bool:
        """Tell whether another way should be taken meanwhile."""
        return PACES[self.why].lasting

    def is_shut(self, now: datetime) -> bool:
        """Tell whether nothing may go this way at ``now``; once a try is due one may."""
        return self.in_force and self.next_at > now and not self._is_ahead(now)

    def _is_ahead(self, now: datetime) -> bool:
        """Tell whether it was written while the clock stood ahead of the right time: its own times mean nothing."""
        return self.since > now + SKEW


@dataclass(frozen=True, slots=True)
class Strike:
    """One refusal that speaks of the way, not of the one thing sent; ``least``: the pause that it asks for."""

    way: str
    why: Why
    code: int = 0
    note: str = ""
    rid: str = ""
    least: timedelta = timedelta(0)
    tried: bool = False  # this was the try that the stop was waiting for


async def list_stops() -> list[Stop]:
    """Return what is stopped or in doubt, oldest first."""
    return list(await Stop.filter(ended_at=None).order_by("since", "way"))


async def strike(struck: Strike, *, now: datetime) -> Stop:
    """Count a refusal: the way is stopped from now on, or (of what may be chance) in doubt. Return the stop."""
    async with in_transaction():
        row = await Stop.select_for_update(no_key=True).get_or_none(way=struck.way)
        if row is not None and row.is_shut(now) and not struck.tried and row.why is struck.why:
            return (
                row  # many calls were under way when the first of them was refused: it is one stop, not many
            )
        if row is None or row.ended_at is not None or row.why != struck.why:
            row = _begun(struck, row, now)
        row.code, row.note, row.rid = struck.code, struck.note[:200], struck.rid[:64]
        row.strikes += 1
        row.next_at = _next(row, struck, now)
        if not await Stop.filter(way=row.way).update(**_columns(row)):
            await Stop.bulk_create([row], ignore_conflicts=True)
    return row


async def take_turn(stop: Stop, *, now: datetime) -> bool:
    """Try a stopped way whose time has come: True for exactly one caller, for the length of a call."""
    due = Stop.filter(Q(next_at__lte=now) | Q(since__gt=now + SKEW), way=stop.way, ended_at=None)
    return await due.update(next_at=now + TURN, since=min(stop.since, now)) == 1


async def end_stops(ways: Iterable[str], *, now: datetime) -> None:
    """Note that these ways are open: a call has gone through."""
    await Stop.filter(way__in=list(ways), ended_at=None).update(ended_at=now)


async def hasten_stops(ways: Collection[str] | None = None, *, now: datetime) -> int:
    """Let these ways (or all) be tried at once: a person says that the cause is mended. Return how many."""
    stopped = Stop.filter(ended_at=None, next_at__gt=now)
    stopped = stopped if ways is None else stopped.filter(way__in=list(ways))
    return await stopped.update(next_at=now)


async def lapse_stops(*, now: datetime) -> int:
    """Forget stops that nothing has needed to try for a day: a template that is no longer set up, say."""
    return await Stop.filter(ended_at=None, next_at__lte=now - UNNEEDED).update(ended_at=now, told_at=None)


def _begun(struck: Strike, before: Stop | None, now: datetime) -> Stop:
    row = Stop(way=struck.way, why=struck.why, since=now, next_at=now)
    if (
        before is not None
        and before.ended_at is None
        and _may_be_chance(before.why)
        and _may_be_chance(struck.why)
    ):
        row.strikes = before.strikes  # now this, now that: nothing gets through all the same
    if before is not None and before.code == struck.code:
        came_back = before.ended_at is not None and now - before.ended_at < SAME
        if came_back or before.ended_at is None:
            row.since, row.told_at = before.since, before.told_at
    return row


def _may_be_chance(why: Why) -> bool:
    return PACES[why].strikes > 1


def _next(row: Stop, struck: Strike, now: datetime) -> datetime:
    if not row.in_force:
        return now
    if row.why is Why.MINUTE:
        return now.replace(second=0, microsecond=0) + _MINUTE
    if row.why is Why.QUOTA:
        return _next_day(now)
    pace = PACES[row.why]
    pause: timedelta = min(pace.first * 2 ** min(row.failed_tries, 10), pace.longest)
    return now + max(pause, struck.least)


def _next_day(now: datetime) -> datetime:
    """Return when the day's counts begin anew in Beijing."""
    today = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if local(now) - today < _HOUR:
        return now + SOON
    # In UTC, as every moment that is kept: SQLite compares them as text.
    return (today + timedelta(days=1) + AFTER_MIDNIGHT).astimezone(UTC)


def _columns(row: Stop) -> dict[str, object]:
    names = ("why", "code", "note", "rid", "strikes", "since", "next_at", "ended_at", "told_at")
    return {name: getattr(row, name) for name in names}
