"""Sends what is owed, the oldest first, each by the cheapest permitted way."""

import logging
from collections.abc import Callable, Collection

from models.clock import Clock
from models.deliveries.actions import Owed, claim_next, recover_deliveries, settle
from models.deliveries.sender import Channel, Outcome, Result, Sender

log = logging.getLogger(__name__)

AT_ONCE = 200  # sendings in one go; the rest a moment later

Ready = Callable[[], dict[str, Collection[Channel]]]


async def deliver_owed(sender: Sender, clock: Clock, *, ready: Ready) -> int:
    """Send what is due; return how many sendings were tried.

    A row is claimed and the person's ledger spent before the sending, and the outcome kept after it: a crash
    between the two leaves the row as "sending", which ``recover`` shows as uncertain.
    """
    for count in range(AT_ONCE):
        owed = await claim_next(now=clock.now(), ready=ready())
        if owed is None:
            return count
        outcome = await sender.send(owed.parcel)
        await settle(owed.id, outcome, now=clock.now())
        _note(owed, outcome)
    return AT_ONCE


async def recover(clock: Clock) -> int:
    """Free what a dead process was sending; return how many rows."""
    return await recover_deliveries(now=clock.now())


def _note(owed: Owed, outcome: Outcome) -> None:
    level = logging.DEBUG if outcome.result is Result.SENT else logging.WARNING
    extra = {
        "action": "delivery_" + outcome.result.value,
        "delivery": owed.id,
        "channel": owed.parcel.channel.value,
        "code": outcome.code,
        "rid": outcome.rid,
    }
    log.log(level, "a delivery was tried: %s", outcome.result.value, extra=extra)
