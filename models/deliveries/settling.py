"""Keeps what came of a sending: sent, another way, later, held by a stop, uncertain, or wrong by our own fault."""

from datetime import datetime, timedelta

from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from models.clock import SKEW
from models.deliveries.claims import SENDING_LIFE
from models.deliveries.ledger import keep_windows, windows_of
from models.deliveries.sender import Channel, Outcome, Result
from models.deliveries.stops import Stop, Strike, Why, strike
from models.deliveries.tables import Delivery, Owing
from models.deliveries.ways import REPEAT_WITHIN, SAFE_TO_REPEAT
from models.people import Person

# Pauses after each refusal of this one delivery; then its way is taken as shut for this person and the next is chosen,
# at last their next contact: nothing is thrown away, and nothing knocks for ever.
BACK_OFF = tuple(timedelta(seconds=s) for s in (5, 60, 600, 3600, 3 * 3600, 6 * 3600))
NOT_SENT = frozenset({Result.LATER, Result.WRONG, Result.STOPPED})  # the platform has counted nothing
SEEN = frozenset({Result.SENT, Result.UNCERTAIN})
DIED = "the process ended while sending"


async def settle(delivery_id: int, outcome: Outcome, *, now: datetime) -> None:
    """Keep what came of one sending."""
    owner = await Delivery.filter(id=delivery_id).values_list("person_id", flat=True)
    if not owner:
        return
    async with in_transaction():
        person = await Person.select_for_update(no_key=True).get(id=owner[0])
        delivery = await Delivery.select_for_update(no_key=True).get(id=delivery_id)
        if delivery.state != Owing.SENDING:
            return
        delivery.code, delivery.rid, delivery.note = outcome.code, outcome.rid[:64], outcome.note[:200]
        delivery.tries += outcome.counts and outcome.result is not Result.STOPPED
        await _keep_ledger(delivery, person, outcome)
        await _decide(delivery, outcome, now)
        delivery.claimed_until = None
        await delivery.save()


async def recover_deliveries(*, now: datetime) -> int:
    """Free what a dead process was sending: repeat where that is safe still, else show it as uncertain.

    What was owed while the clock stood ahead of the right time, and was due then, is due now.
    """
    ahead = Delivery.filter(state=Owing.OWED, owed_at__gt=now + SKEW, due_at__lte=F("owed_at"))
    await ahead.update(due_at=now, owed_at=now)
    over = Q(claimed_until__lt=now) | Q(claimed_until__gt=now + SENDING_LIFE + SKEW)
    stuck = Delivery.filter(over, state=Owing.SENDING)
    safe = stuck.filter(
        channel__in=[channel.value for channel in SAFE_TO_REPEAT],
        claimed_until__gt=now - REPEAT_WITHIN + SENDING_LIFE,
    )
    repeated = 0
    for row in await safe.only("id", "claimed_until", "doubtful_at"):
        began = row.doubtful_at or (row.claimed_until or now) - SENDING_LIFE
        same = Delivery.filter(id=row.id, state=Owing.SENDING)
        repeated += await same.update(state=Owing.OWED, doubtful_at=began, tries=F("tries") + 1)
    return repeated + await stuck.update(state=Owing.UNCERTAIN, note=DIED, tries=F("tries") + 1)


async def _decide(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    match outcome.result:
        case Result.SENT:
            delivery.state, delivery.sent_at, delivery.doubtful_at = Owing.SENT, now, None
        case Result.CLOSED:
            delivery.state = Owing.OWED
            _close(delivery)
        case Result.LATER:
            _put_off(delivery, outcome, now)
        case Result.GONE:
            delivery.state = Owing.DROPPED
            await Person.filter(id=delivery.person_id).update(following=False)
        case Result.UNCERTAIN:
            delivery.state = Owing.UNCERTAIN
        case Result.WRONG:
            delivery.state = Owing.FAILED
        case Result.STOPPED:
            await _wait_for_way(delivery, outcome, now)


async def _keep_ledger(delivery: Delivery, person: Person, outcome: Outcome) -> None:
    """Give back what surely was not sent, shut what the platform says is shut, remember what was asked."""
    if delivery.channel != Channel.CUSTOMER:
        return
    claimed_at = (delivery.claimed_until or delivery.due_at) - SENDING_LIFE
    if outcome.result in SEEN:
        person.offered = delivery.choices or person.offered  # numbers answer the last question asked
        await keep_windows(person, windows_of(person))
    elif outcome.result in NOT_SENT:
        await keep_windows(person, windows_of(person).given_back(claimed_at))
    if outcome.result is Result.CLOSED or _is_used_up(delivery, outcome):
        last = max(filter(None, (person.message_at, person.tap_at)), default=claimed_at)
        if last <= claimed_at:  # else they spoke since: a window is open anew
            await keep_windows(person, windows_of(person).shut())


def _close(delivery: Delivery) -> None:
    """Take the next way from now on; the reply window is shut on the person, the others on the delivery."""
    if delivery.channel != Channel.CUSTOMER:
        delivery.closed = [*delivery.closed, delivery.channel]
    delivery.doubtful_at = None


def _is_used_up(delivery: Delivery, outcome: Outcome) -> bool:
    return outcome.result is Result.LATER and not outcome.doubtful and delivery.tries > len(BACK_OFF)


def _put_off(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    delivery.state = Owing.OWED
    wait = timedelta(seconds=outcome.wait)
    if outcome.doubtful:
        claimed_at = (delivery.claimed_until or now) - SENDING_LIFE
        delivery.doubtful_at = delivery.doubtful_at or claimed_at
        delivery.due_at = now + wait
    elif _is_used_up(delivery, outcome):
        _close(delivery)
    else:
        pause = BACK_OFF[max(delivery.tries - 1, 0)]
        delivery.due_at = now + max(pause, wait)


async def _wait_for_way(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Owe it as before: the next claim goes round the stop or holds it. Nothing of it was sent.

    A Sender that keeps no stops of its own leaves it to us to write the stop down.
    """
    way = outcome.way or delivery.channel
    stop = await Stop.get_or_none(way=way, ended_at=None)
    if stop is None and outcome.wait > 0:
        least = timedelta(seconds=outcome.wait)
        stop = await strike(Strike(way, Why.RIGHTS, outcome.code, outcome.note, outcome.rid, least), now=now)
    delivery.state = Owing.OWED
    if stop is None or not stop.is_shut(now):
        delivery.due_at = now + BACK_OFF[0]
