"""Passes changes of cases on to subscribers: in the order of each case, again until they arrive or are given up."""

import logging
from datetime import timedelta

from models.clock import Clock
from models.exchange.passing import Parting, claim_transfer, settle_transfer, tidy_transfers
from models.exchange.sending import Post, Unreachable
from models.exchange.tables import Passing
from scheduler.items import count_broken

log = logging.getLogger(__name__)

AT_ONCE = 200  # sendings in one go; the rest a moment later
TRANSFER_LIFE = timedelta(days=180)

ANSWERED = "对方回了 {status}"
BROKE = "发送时出错，详见日志"


async def pass_on(post: Post, clock: Clock) -> int:
    """Send what is due; return how many sendings were tried. Safe to run on two machines at once.

    A transfer is claimed before its sending and settled after it: when we die between the two it is sent again, with
    the same key, once the claim is over. A subscriber who does not answer is left alone until the next run, so that
    it holds up nobody else.
    """
    silent: set[int] = set()
    for count in range(AT_ONCE):
        parting = await claim_transfer(clock.now(), without=sorted(silent))
        if parting is None:
            return count
        trouble = await _send(parting, post, clock)
        if trouble:
            silent.add(parting.subscriber_id)
        await _settle(parting, trouble, clock)
    return AT_ONCE


async def tidy_exchange(clock: Clock) -> int:
    """Delete what was passed on longer ago than ``TRANSFER_LIFE`` about ended cases; return how many rows."""
    return await tidy_transfers(clock.now() - TRANSFER_LIFE)


async def _settle(parting: Parting, trouble: str, clock: Clock) -> None:
    """Keep what came of it; where even that breaks, its claim runs out and it is tried again."""
    try:
        _note(parting, trouble, await settle_transfer(parting, trouble, now=clock.now()))
    except Exception:
        log.exception("a transfer could not be settled", extra=count_broken("pass_on", parting))


async def _send(parting: Parting, post: Post, clock: Clock) -> str:
    """Return what went wrong, "" when the receiver took it: any answer of 2xx."""
    try:
        body, headers = parting.sealed(clock.now())
        status = await post(parting.url, body, headers)
    except Unreachable as error:
        return str(error)
    except Exception:
        log.exception("a transfer broke", extra=count_broken("pass_on", parting))
        return BROKE
    return "" if 200 <= status < 300 else ANSWERED.format(status=status)


def _note(parting: Parting, trouble: str, state: Passing | None) -> None:
    level = logging.WARNING if trouble else logging.DEBUG
    told = state.value if state else "overtaken"
    extra = {
        "action": f"transfer_{told}",
        "transfer": parting.id,
        "subscriber": parting.subscriber_id,
        "tries": parting.tries,
    }
    log.log(level, "a transfer was tried: %s %s", told, trouble, extra=extra)
