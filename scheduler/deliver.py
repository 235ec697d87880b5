"""Sends what is owed, the oldest first, each by the cheapest permitted way, and tells of ways that are stopped."""

import logging
from collections.abc import Callable

from models.clock import Clock
from models.deliveries.alarms import tell_ends, tell_stops
from models.deliveries.claims import FAULT, Owed, Ready, claim_next, release_held
from models.deliveries.sender import Outcome, Result, Sender
from models.deliveries.settling import recover_deliveries, settle
from models.deliveries.stops import lapse_stops

log = logging.getLogger(__name__)

AT_ONCE = 200  # sendings in one go; the rest a moment later
KEPT_TRIES = 2


async def deliver_owed(sender: Sender, clock: Clock, *, ready: Callable[[], Ready]) -> int:
    """Send what is due; return how many sendings were tried.

    A row is claimed and the person's ledger spent before the sending, and the outcome kept after it: a crash
    between the two leaves the row as "sending", which ``recover`` shows as uncertain. Nothing that one delivery
    brings about ends the go: the others are owed too.
    """
    await release_held()
    for count in range(AT_ONCE):
        owed = await claim_next(now=clock.now(), ready=ready())
        if owed is None:
            return count
        outcome = await _carried(owed, sender)
        _note(owed, outcome)
        await _settled(owed, outcome, clock)
    return AT_ONCE


async def recover(clock: Clock) -> int:
    """Free what a dead process was sending; return how many rows."""
    return await recover_deliveries(now=clock.now())


async def tell_of_stops(clock: Clock) -> int:
    """Tell the administrators, once, of each way that is stopped and of its end; return how many were told."""
    now = clock.now()
    await lapse_stops(now=now)
    return await tell_stops(now=now) + await tell_ends(now=now)


async def _carried(owed: Owed, sender: Sender) -> Outcome:
    try:
        return await sender.send(owed.parcel)
    except Exception as error:
        log.exception("a sender broke", extra={"action": "delivery_fault", "delivery": owed.id})
        return Outcome(Result.UNCERTAIN, note=f"{FAULT}{type(error).__name__}")


async def _settled(owed: Owed, outcome: Outcome, clock: Clock) -> None:
    """Keep the outcome; once more where another transaction got in its way. What is not kept becomes uncertain."""
    for _ in range(KEPT_TRIES):
        try:
            await settle(owed.id, outcome, now=clock.now())
        except Exception:
            log.exception("an outcome was not kept", extra={"action": "delivery_fault", "delivery": owed.id})
        else:
            return


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
