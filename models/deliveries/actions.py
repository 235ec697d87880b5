"""The only writers of deliveries: owe, claim for sending, and keep what came of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.database import is_postgres
from models.deliveries.ledger import keep_windows, windows_of
from models.deliveries.sender import Channel, Outcome, Parcel, Result
from models.deliveries.tables import Delivery, Owing
from models.deliveries.windows import choose_channel
from models.people import Person

SENDING_LIFE = timedelta(seconds=60)  # longer than any call to the platform may take
BACK_OFF = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
SAFE_TO_REPEAT = frozenset({Channel.TEMPLATE})  # the platform drops a second one with the same client_msg_id

UNSENT = frozenset({Owing.OWED, Owing.WAITING, Owing.FAILED})
TOLD = frozenset({Owing.SENDING, Owing.SENT, Owing.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Owed:
    """A delivery claimed for sending, with the parcel to carry."""

    id: int
    parcel: Parcel


async def queue_deliveries(deliveries: Iterable[Delivery]) -> None:
    """Owe these, in the caller's transaction; one whose key is owed already is left as it is."""
    rows = list(deliveries)
    if rows:
        await Delivery.bulk_create(rows, ignore_conflicts=True)


async def claim_next(*, now: datetime, ready: dict[str, Collection[Channel]]) -> Owed | None:
    """Take the oldest delivery that is due and choose its way; None when nothing is due.

    ``ready`` maps a use to the paid channels set up for it. The person's ledger is spent before the sending, so that
    a crash can only leave us poorer by one message, never send one too many. Deliveries without any open way are put
    by for the next contact.
    """
    while True:
        async with in_transaction():
            delivery = await _lock_due(now)
            if delivery is None:
                return None
            person = await Person.select_for_update(no_key=True).get(id=delivery.person_id)
            paid = ready.get(delivery.use, ()) if delivery.fields_ else ()  # they carry fields, not words
            owed = await _prepare(delivery, person, now=now, ready=paid)
        if owed is not None:
            return owed


async def settle(delivery_id: int, outcome: Outcome, *, now: datetime) -> None:
    """Keep what came of one sending."""
    async with in_transaction():
        delivery = await Delivery.select_for_update(no_key=True).get(id=delivery_id)
        if delivery.state != Owing.SENDING:
            return
        delivery.code, delivery.rid, delivery.note = outcome.code, outcome.rid[:64], outcome.note[:200]
        match outcome.result:
            case Result.SENT:
                delivery.state, delivery.sent_at = Owing.SENT, now
            case Result.CLOSED:
                delivery.state = Owing.OWED
                await _close(delivery, now)
            case Result.LATER:
                delivery.state, delivery.due_at = _later(delivery, outcome, now)
            case Result.GONE:
                delivery.state = Owing.DROPPED
                await Person.filter(id=delivery.person_id).update(following=False)
            case Result.UNCERTAIN:
                delivery.state = Owing.UNCERTAIN
            case Result.WRONG | Result.STOPPED:
                delivery.state = Owing.FAILED
        delivery.claimed_until = None
        await delivery.save()


async def recover_deliveries(*, now: datetime) -> int:
    """Free what a dead process was sending: repeat where that is safe, else show it as uncertain."""
    stuck = Delivery.filter(state=Owing.SENDING, claimed_until__lt=now)
    repeated = await stuck.filter(channel__in=[c.value for c in SAFE_TO_REPEAT]).update(state=Owing.OWED)
    return repeated + await stuck.update(state=Owing.UNCERTAIN, note="the process ended while sending")


async def retry_delivery(delivery: Delivery, *, now: datetime) -> None:
    """Owe a failed or uncertain delivery once more: only a person may decide that."""
    delivery.state, delivery.due_at, delivery.closed = Owing.OWED, now, []
    await delivery.save(update_fields=["state", "due_at", "closed"])


async def drop_owed(case_id: int, steps: Collection[int]) -> list[int]:
    """Drop what of these steps of a case is not sent yet; return who was told, or may have been, by person id."""
    keys = tuple(f"{kind}{case_id}-{seq}-" for seq in steps for kind in "sq")
    found = Delivery.filter(case_id=case_id).order_by("id").select_for_update(no_key=True)
    rows = [row for row in await found if row.key.startswith(keys)]
    unsent = [row for row in rows if row.state in UNSENT]
    for row in unsent:
        if row.state == Owing.WAITING:
            await Person.filter(id=row.person_id, waiting__gt=0).update(waiting=F("waiting") - 1)
    await Delivery.filter(id__in=[row.id for row in unsent]).update(state=Owing.DROPPED)
    told = {row.person_id for row in rows if row.state in TOLD}
    return sorted(told)


async def _lock_due(now: datetime) -> Delivery | None:
    due = Delivery.filter(state=Owing.OWED, due_at__lte=now).order_by("due_at", "id").limit(1)
    return await (due.select_for_update(skip_locked=True, no_key=True) if is_postgres() else due).first()


async def _prepare(
    delivery: Delivery, person: Person, *, now: datetime, ready: Collection[Channel]
) -> Owed | None:
    if not person.following or not person.openid:
        delivery.state = Owing.DROPPED
        await delivery.save(update_fields=["state"])
        return None
    windows = windows_of(person)
    closed = [Channel(name) for name in delivery.closed]
    channel = choose_channel(windows.remaining(now), ready=ready, closed=closed)
    if channel is Channel.CONTACT:
        await _put_by(delivery, person)
        return None
    if channel is Channel.CUSTOMER:
        person.offered = delivery.choices or person.offered  # numbers answer the last question asked
        await keep_windows(person, windows.spent())
    delivery.state, delivery.channel, delivery.tries = Owing.SENDING, channel.value, delivery.tries + 1
    delivery.claimed_until = now + SENDING_LIFE
    await delivery.save(update_fields=["state", "channel", "tries", "claimed_until"])
    return Owed(delivery.id, _parcel(delivery, person.openid, channel))


async def _put_by(delivery: Delivery, person: Person) -> None:
    """Keep for the next contact; a picture alone is not worth keeping: the text leads to it."""
    delivery.state = Owing.WAITING if delivery.text else Owing.DROPPED
    await delivery.save(update_fields=["state"])
    if delivery.text:
        await Person.filter(id=person.id).update(waiting=F("waiting") + 1)


async def _close(delivery: Delivery, now: datetime) -> None:
    if delivery.channel == Channel.CUSTOMER:
        person = await Person.select_for_update(no_key=True).get(id=delivery.person_id)
        claimed_at = (delivery.claimed_until or now) - SENDING_LIFE
        if max(filter(None, (person.message_at, person.tap_at)), default=claimed_at) <= claimed_at:
            await keep_windows(
                person, windows_of(person).shut()
            )  # else they spoke since: a window is open anew
    else:
        delivery.closed = [*delivery.closed, delivery.channel]


def _later(delivery: Delivery, outcome: Outcome, now: datetime) -> tuple[Owing, datetime]:
    if delivery.tries > len(BACK_OFF):
        return Owing.FAILED, delivery.due_at
    return Owing.OWED, now + max(BACK_OFF[delivery.tries - 1], timedelta(seconds=outcome.wait))


def _parcel(delivery: Delivery, openid: str, channel: Channel) -> Parcel:
    return Parcel(
        key=delivery.key,
        openid=openid,
        channel=channel,
        text=delivery.text,
        choices=tuple((choice[0], choice[1]) for choice in delivery.choices),
        photo=delivery.photo,
        use=delivery.use,
        fields={name: str(value) for name, value in delivery.fields_.items()},
        url=delivery.url,
    )
