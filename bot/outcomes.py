"""What a WeChat call's ending means for a delivery: an exception in, an Outcome out."""

from collections.abc import Awaitable
from datetime import datetime

from bot.wechat_errors import Kind, WeChatRefused, WeChatStopped, WeChatUnanswered, WeChatUnreachable
from bot.wechat_stops import midnight_after
from models.deliveries.sender import Outcome, Result

SOON = 30.0  # seconds: nothing was sent, or a repeat is harmless
BUSY = 60.0

RESULTS = {
    Kind.REFRESH: Result.STOPPED,
    Kind.BACK_OFF: Result.LATER,
    Kind.MINUTE: Result.LATER,
    Kind.DAY: Result.STOPPED,
    Kind.REST: Result.LATER,
    Kind.DROP_PERSON: Result.GONE,
    Kind.CLOSED_CHANNEL: Result.CLOSED,
    Kind.WRONG_DATA: Result.WRONG,
    Kind.STOP_FEATURE: Result.STOPPED,
    Kind.FALL_BACK: Result.STOPPED,
    Kind.DONE: Result.SENT,
    Kind.MEDIA_DEAD: Result.WRONG,
    Kind.OPERATOR: Result.STOPPED,
}


async def told(call: Awaitable[object], *, lost: Result, now: datetime) -> Outcome:
    """Await the call and say what came of it; ``lost``: what an unknown ending means here."""
    try:
        await call
    except WeChatRefused as refusal:
        return _refused(refusal, now)
    except WeChatStopped as stop:
        note = f"stopped until {stop.until.isoformat()}"
        return Outcome(RESULTS[stop.kind], stop.code, stop.rid, note, _seconds(now, stop.until))
    except WeChatUnreachable as error:
        return Outcome(Result.LATER, note=str(error), wait=SOON)
    except WeChatUnanswered as error:
        return Outcome(lost, note=str(error), wait=SOON if lost is Result.LATER else 0.0)
    return Outcome(Result.SENT)


def _refused(refusal: WeChatRefused, now: datetime) -> Outcome:
    result = RESULTS[refusal.kind]
    wait = 0.0
    if result in (Result.LATER, Result.STOPPED):
        wait = refusal.rule.seconds or BUSY
    if refusal.kind is Kind.DAY:
        wait = _seconds(now, midnight_after(now))
    return Outcome(result, refusal.code, refusal.rid, str(refusal.errmsg), wait)


def _seconds(now: datetime, until: datetime) -> float:
    return max((until - now).total_seconds(), 1.0)
