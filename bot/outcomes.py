"""What a WeChat call's ending means for a delivery: an exception in, an Outcome out."""

from collections.abc import Awaitable
from datetime import datetime

from bot.wechat_errors import Kind, WeChatRefused, WeChatStopped, WeChatUnanswered, WeChatUnreachable
from models.deliveries.sender import Outcome, Result
from models.deliveries.stops import EVERYTHING

SOON = 30.0  # seconds: nothing was sent, or a repeat is harmless
BUSY = 60.0

RESULTS = {
    Kind.REFRESH: Result.STOPPED,
    Kind.BACK_OFF: Result.LATER,
    Kind.MINUTE: Result.STOPPED,
    Kind.DAY: Result.STOPPED,
    Kind.REST: Result.LATER,
    Kind.DROP_PERSON: Result.GONE,
    Kind.CLOSED_CHANNEL: Result.CLOSED,
    Kind.WRONG_DATA: Result.WRONG,
    Kind.STOP_FEATURE: Result.STOPPED,
    Kind.FALL_BACK: Result.STOPPED,
    Kind.DONE: Result.SENT,
    Kind.MEDIA_DEAD: Result.LATER,  # twice in a row, just after its upload: nothing is wrong with ours
    Kind.SECRET: Result.STOPPED,
    Kind.ADDRESS: Result.STOPPED,
    Kind.UNKNOWN: Result.LATER,
}
NOT_ABOUT_IT = frozenset({Kind.BACK_OFF})  # the platform speaks of itself


async def told(call: Awaitable[object], *, lost: Result, now: datetime) -> Outcome:
    """Await the call and say what came of it; ``lost``: what an unknown ending means here."""
    try:
        await call
    except WeChatRefused as refusal:
        return _refused(refusal)
    except WeChatStopped as stop:
        return Outcome(
            Result.STOPPED, stop.code, stop.rid, str(stop), wait=_seconds(now, stop.until), way=stop.way
        )
    except WeChatUnreachable as error:
        return Outcome(Result.STOPPED, note=str(error), wait=SOON, way=EVERYTHING)
    except WeChatUnanswered as error:
        later = lost is Result.LATER
        return Outcome(lost, note=str(error), wait=SOON if later else 0.0, doubtful=later)
    return Outcome(Result.SENT)


def _refused(refusal: WeChatRefused) -> Outcome:
    result = RESULTS[refusal.kind]
    wait = (refusal.rule.seconds or BUSY) if result in (Result.LATER, Result.STOPPED) else 0.0
    counts = refusal.kind not in NOT_ABOUT_IT and refusal.action != "stable_token"
    note = str(refusal.errmsg)
    return Outcome(result, refusal.code, refusal.rid, note, wait, way=refusal.way, counts=counts)


def _seconds(now: datetime, until: datetime) -> float:
    return max((until - now).total_seconds(), 1.0)
