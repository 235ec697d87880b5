"""Lets a WeChat call pass or not by the stops that all processes share, and learns from how it ended."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from tortoise.exceptions import BaseORMException

from bot.wechat_errors import TEMPLATE_GONE, Kind, WeChatRefused, WeChatStopped, WeChatUnreachable
from bot.wechat_wire import Call
from models.clock import Clock
from models.deliveries.alarms import stop_words
from models.deliveries.sender import Channel
from models.deliveries.stops import (
    EVERYTHING,
    Stop,
    Strike,
    Why,
    end_stops,
    hasten_stops,
    list_stops,
    strike,
    take_turn,
)
from models.deliveries.ways import PHOTO

WAYS = {
    "message/custom/send": Channel.CUSTOMER.value,
    "message/template/send": Channel.TEMPLATE.value,
    "message/subscribe/bizsend": Channel.SUBSCRIBE.value,
    "media/upload": PHOTO,
    "stable_token": EVERYTHING,
}
_ACCOUNT = {Kind.REFRESH: Why.TOKEN, Kind.SECRET: Why.SECRET, Kind.ADDRESS: Why.ADDRESS}
_CALL = {
    Kind.DAY: Why.QUOTA,
    Kind.MINUTE: Why.MINUTE,
    Kind.STOP_FEATURE: Why.RIGHTS,
    Kind.FALL_BACK: Why.RIGHTS,
}
# What may be chance, and only of ways on which things are owed: elsewhere a person or a job of its own tries again.
_DOUBTS = {Kind.BACK_OFF: Why.BUSY, Kind.UNKNOWN: Why.UNKNOWN}

log = logging.getLogger(__name__)


def way_of(call: Call) -> str:
    """Return the way that a call takes: a delivery's, or the call itself."""
    return WAYS.get(call.action, call.action)


class Stops:
    """The stops as the calls of one account see them; ``by_hand``: an operator calls, so nothing holds it back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.by_hand = False

    async def enter(self, call: Call) -> list[str]:
        """Let a call pass; return the stopped ways that it tries. Raises WeChatStopped, WeChatUnreachable."""
        try:
            return await self._entered(call)
        except BaseORMException as error:
            raise WeChatUnreachable(f"stops: {type(error).__name__}") from error

    async def doubt_answers(self, tried: Iterable[str]) -> bool:
        """Tell whether one of these ways was stopped, or is in doubt, because calls got no answer."""
        ways = set(tried)
        try:
            stops = await list_stops()
        except BaseORMException as error:
            raise WeChatUnreachable(f"stops: {type(error).__name__}") from error
        return any(stop.way in ways and stop.why in (Why.UNANSWERED, Why.UNREACHABLE) for stop in stops)

    async def passed(self, tried: Iterable[str]) -> None:
        """Note that these ways are open again; a fault of the database is no fault of the call."""
        ways = list(tried)
        if not ways:
            return
        try:
            await end_stops(ways, now=self._clock.now())
        except BaseORMException:
            log.exception("the end of a stop was not kept", extra={"action": "wechat_stop"})
            return
        log.warning("wechat open again: %s", ", ".join(ways), extra={"action": "wechat_open"})

    async def refused(self, refusal: WeChatRefused, call: Call, tried: list[str]) -> None:
        """Stop what this refusal says must stop; what was tried and is not meant by it is open."""
        struck = _strike_of(refusal, call)
        account = struck is not None and struck.way == EVERYTHING
        await self.passed([] if account else [way for way in tried if struck is None or way != struck.way])
        if struck is None or (self.by_hand and call.action not in WAYS):
            return  # who called by hand sees it, and nobody else makes this call
        stop = await self._struck(struck, tried)
        if stop is not None and stop.in_force and struck.why not in _DOUBTS.values():
            refusal.way = stop.way

    async def lost(self, call: Call, error: Exception, tried: list[str]) -> None:
        """Count a call that could not be made, or that brought no answer; after a few the way is stopped."""
        if isinstance(error, WeChatUnreachable):
            await self._struck(Strike(EVERYTHING, Why.UNREACHABLE, note=str(error)), tried)
        elif call.action in WAYS:
            await self._struck(Strike(way_of(call), Why.UNANSWERED, note=str(error)), tried)

    async def resume_quotas(self) -> None:
        """Let what a quota stopped be tried at once: the counts are at zero again."""
        ways = [stop.way for stop in await list_stops() if stop.why is Why.QUOTA]
        await hasten_stops(ways, now=self._clock.now())

    async def _entered(self, call: Call) -> list[str]:
        now, tried = self._clock.now(), []
        ways = {EVERYTHING, way_of(call), call.feature}
        for stop in await list_stops():
            if stop.way not in ways:
                continue
            if stop.in_force and not self.by_hand and not await take_turn(stop, now=now):
                raise WeChatStopped(way=stop.way, code=stop.code, rid=stop.rid, until=stop.next_at)
            tried.append(stop.way)
        return tried

    async def _struck(self, struck: Strike, tried: list[str]) -> Stop | None:
        now = self._clock.now()
        try:
            stop = await strike(replace(struck, tried=struck.way in tried), now=now)
        except BaseORMException:
            log.exception("a stop was not kept", extra={"action": "wechat_stop"})
            return None
        if stop.in_force and (struck.way in tried or stop.since == now):
            _tell(stop)
        return stop


def _strike_of(refusal: WeChatRefused, call: Call) -> Strike | None:
    """Return what a refusal says of its way, or None where it speaks of this one message or person."""
    why, way = _CALL.get(refusal.kind), WAYS.get(refusal.action, refusal.action)
    if refusal.kind is Kind.FALL_BACK and call.falls_back:
        return None
    if refusal.code == TEMPLATE_GONE:
        why, way = Why.TEMPLATE, call.feature or way
    if refusal.kind in _ACCOUNT:
        why, way = _ACCOUNT[refusal.kind], EVERYTHING
    if refusal.kind in _DOUBTS and refusal.action in WAYS:
        why = _DOUBTS[refusal.kind]
    if why is None:
        return None
    least = timedelta(seconds=refusal.rule.seconds)
    return Strike(way, why, refusal.code, str(refusal.errmsg), refusal.rid, least)


def _tell(stop: Stop) -> None:
    """Say it loudly once, when the way is stopped; each try that fails is only noted."""
    what, why, do = stop_words(stop)
    quiet = stop.failed_tries > 0 or stop.why is Why.MINUTE
    log.log(
        logging.INFO if stop.failed_tries else logging.WARNING if quiet else logging.ERROR,
        "wechat stopped: %s (%s) code=%s rid=%s since=%s next try=%s: %s. %s",
        stop.way,
        what,
        stop.code,
        stop.rid,
        stop.since.isoformat(),
        stop.next_at.isoformat(),
        why,
        do,
        extra={"action": "wechat_stop"},
    )
