"""Which WeChat calls are stopped, why and until when, for the calls themselves and for the operator."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.wechat_errors import TEMPLATE_GONE, Kind, WeChatRefused, WeChatStopped
from models.clock import Clock, local

EVERYTHING = "*"
_STOPPING = (Kind.REFRESH, Kind.MINUTE, Kind.DAY, Kind.STOP_FEATURE, Kind.OPERATOR)
_WHOLE_ACCOUNT = (Kind.REFRESH, Kind.OPERATOR)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stop:
    """One stopped call (``*``: all of them); ``reason`` is WeChat's own text, openids masked."""

    feature: str
    kind: Kind
    code: int
    reason: str
    rid: str
    since: datetime
    until: datetime


class Stops:
    """The stopped calls of one account; each lapses by itself: a repaired account needs no restart."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stops: dict[str, Stop] = {}

    def active(self) -> list[Stop]:
        """Return what is stopped now, oldest first."""
        now = self._clock.now()
        return sorted(
            (stop for stop in self._stops.values() if stop.until > now), key=lambda stop: stop.since
        )

    def check(self, *features: str) -> None:
        """Raise WeChatStopped if one of these calls, or everything, is stopped."""
        now = self._clock.now()
        for feature in (EVERYTHING, *features):
            stop = self._stops.get(feature)
            if stop and stop.until > now:
                raise WeChatStopped(kind=stop.kind, code=stop.code, rid=stop.rid, until=stop.until)

    def heed(self, refusal: WeChatRefused, feature: str) -> None:
        """Stop what this refusal says must stop: everything, the call, or (40037) the one template."""
        if refusal.kind not in _STOPPING:
            return
        name = feature if refusal.code == TEMPLATE_GONE else refusal.action
        name = EVERYTHING if refusal.kind in _WHOLE_ACCOUNT else name
        now = self._clock.now()
        self._stops[name] = Stop(
            feature=name,
            kind=refusal.kind,
            code=refusal.code,
            reason=str(refusal.errmsg),
            rid=refusal.rid,
            since=now,
            until=_end(refusal, now),
        )
        level = logging.WARNING if refusal.kind is Kind.MINUTE else logging.ERROR
        log.log(
            level,
            "wechat call stopped: %s code=%s rid=%s until=%s: %s",
            name,
            refusal.code,
            refusal.rid,
            self._stops[name].until.isoformat(),
            refusal.errmsg,
            extra={"action": "wechat_stop"},
        )

    def resume(self, feature: str) -> None:
        """Let that call be tried again at once (the operator has acted)."""
        self._stops.pop(feature, None)


def _end(refusal: WeChatRefused, now: datetime) -> datetime:
    if refusal.kind is Kind.DAY:
        return midnight_after(now)
    if refusal.kind is Kind.MINUTE:
        return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return now + timedelta(seconds=refusal.rule.seconds)


def midnight_after(now: datetime) -> datetime:
    """Return the next midnight in Beijing, when WeChat's day quotas begin anew."""
    today = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=1)
