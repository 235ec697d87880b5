"""Takes what is due for sending, one at a time; what a stop holds back is put by and costs nothing until it ends."""

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.exceptions import DBConnectionError, OperationalError, TransactionManagementError
from tortoise.expressions import F
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models.database import is_postgres
from models.deliveries.ledger import keep_windows, windows_of
from models.deliveries.sender import Channel, Parcel
from models.deliveries.stops import Stop, list_stops
from models.deliveries.tables import Delivery, Owing
from models.deliveries.ways import Route, choose_route
from models.people import Person

SENDING_LIFE = timedelta(seconds=60)  # longer than any call to the platform may take
HELD_AT_ONCE = 100  # rows of one transaction: on SQLite its statements run in the event loop
FAULT = "a fault of ours: "  # how the note of a delivery begins that broke us
FAULT_PAUSE = timedelta(minutes=1)
UNSURE = "it may have arrived, and a repeat is no longer safe"
DATABASE_TROUBLE = (OperationalError, DBConnectionError, TransactionManagementError, OSError)

Ready = dict[str, Collection[Channel]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Owed:
    """A delivery claimed for sending, with the parcel to carry."""

    id: int
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Now:
    """What a claim decides by: the moment, the paid channels by use, the stops."""

    at: datetime
    ready: Ready
    stops: Sequence[Stop]

    def route(self, delivery: Delivery, person: Person) -> Route:
        """Return the way of this delivery to its person."""
        paid = self.ready.get(delivery.use, ()) if delivery.fields_ else ()  # they carry fields, not words
        remaining = windows_of(person).remaining(self.at)
        return choose_route(delivery, remaining, ready=paid, stops=self.stops, now=self.at)


async def claim_next(*, now: datetime, ready: Ready) -> Owed | None:
    """Take the oldest delivery that is due and choose its way; None when nothing can go.

    ``ready`` maps a use to the paid channels set up for it. The person's ledger is spent before the sending, so that
    a crash can only leave us poorer by one message, never send one too many. What has no open way is put by for the
    next contact; what a stop holds is put by until it ends; what breaks us is put by and told.
    """
    while True:
        known = Now(now, ready, await list_stops())
        await _let_one_try(known)
        due_id = await _find_due(now)
        if due_id is None:
            return None
        owed = await _claimed(due_id, known)
        if owed is not None:
            return owed


async def release_held(*, limit: int = 500) -> int:
    """Owe again what was held by stops that have ended; return how many rows, at most ``limit``."""
    held = Delivery.filter(state=Owing.HELD)
    if not await held.exists():
        return 0
    going_on = [stop.way for stop in await list_stops() if stop.in_force]
    return await _release(held.exclude(way__in=going_on) if going_on else held, limit=limit)


async def _let_one_try(known: Now) -> None:
    """Owe the oldest delivery of each stop that may be tried again: it finds out whether the way is open."""
    for stop in known.stops:
        if stop.in_force and not stop.is_shut(known.at):
            await _release(Delivery.filter(state=Owing.HELD, way=stop.way), limit=1)


async def _release(held: QuerySet[Delivery], *, limit: int) -> int:
    rows = await held.order_by("due_at", "id").limit(limit).values_list("id", "person_id")
    if not rows:
        return 0
    async with in_transaction():
        # People first, as every message does: two who want the same rows never wait crosswise.
        people = sorted({person_id for _, person_id in rows})
        await Person.filter(id__in=people).order_by("id").select_for_update(no_key=True).only("id")
        still = Delivery.filter(id__in=[row_id for row_id, _ in rows], state=Owing.HELD)
        found = await still.values_list("id", "person_id")
        await still.update(state=Owing.OWED, way="")
        for person_id, count in Counter(person_id for _, person_id in found).items():
            await Person.filter(id=person_id).update(waiting=F("waiting") - count)
    return len(found)


async def _find_due(now: datetime) -> int | None:
    """Return the id alone: a row that cannot even be read must not end the batch."""
    due = Delivery.filter(state=Owing.OWED, due_at__lte=now).order_by("due_at", "id").limit(1)
    ids: list[int] = list(await due.values_list("id", flat=True))  # type: ignore[arg-type]
    return ids[0] if ids else None


async def _claimed(due_id: int, known: Now) -> Owed | None:
    held = False
    try:
        async with in_transaction():
            delivery = await _locked(due_id)
            if delivery is None:
                return None  # another process was faster
            person = await Person.select_for_update(no_key=True).get(id=delivery.person_id)
            owed = await _prepared(delivery, person, known)
            held = delivery.state is Owing.HELD
    except Exception as error:
        log.exception("a delivery broke us", extra={"action": "delivery_fault", "delivery": due_id})
        await put_by_fault(due_id, error, now=known.at)
        return None
    if held:
        await _hold_more(known)
    return owed


async def put_by_fault(delivery_id: int, error: Exception, *, now: datetime) -> None:
    """Put by a delivery that broke us before it was sent: once more in a minute, then for a person to look at.

    What may be the database's trouble is tried each minute; while the database is away this raises as well.
    """
    note = f"{FAULT}{type(error).__name__}"
    same = Delivery.filter(id=delivery_id, state=Owing.OWED)
    again = isinstance(error, DATABASE_TROUBLE)
    if again or not await same.filter(note__startswith=FAULT).update(state=Owing.FAILED, note=note):
        await same.update(due_at=now + FAULT_PAUSE, note="" if again else note)


async def _locked(due_id: int) -> Delivery | None:
    same = Delivery.filter(id=due_id, state=Owing.OWED)
    return await (same.select_for_update(skip_locked=True, no_key=True) if is_postgres() else same).first()


async def _prepared(delivery: Delivery, person: Person, known: Now) -> Owed | None:
    if not person.following or not person.openid:
        delivery.state = Owing.DROPPED
        await delivery.save(update_fields=["state"])
        return None
    route = known.route(delivery, person)
    if route.held_by:
        await _hold([delivery], route.held_by)
    elif route.channel is None:
        delivery.state, delivery.note = Owing.UNCERTAIN, UNSURE
        await delivery.save(update_fields=["state", "note"])
    elif route.channel is Channel.CONTACT:
        await _put_by(delivery, person)
    else:
        return await _taken(delivery, person, route.channel, known.at)
    return None


async def _taken(delivery: Delivery, person: Person, channel: Channel, now: datetime) -> Owed:
    parcel = _parcel(delivery, str(person.openid), channel)
    if channel is Channel.CUSTOMER:
        await keep_windows(person, windows_of(person).spent())
    delivery.state, delivery.channel = Owing.SENDING, channel.value
    delivery.claimed_until = now + SENDING_LIFE
    await delivery.save(update_fields=["state", "channel", "claimed_until"])
    return Owed(delivery.id, parcel)


async def _put_by(delivery: Delivery, person: Person) -> None:
    """Keep for the next contact; a picture alone is not worth keeping: the text leads to it."""
    delivery.state = Owing.WAITING if delivery.text else Owing.DROPPED
    await delivery.save(update_fields=["state"])
    if delivery.text:
        await Person.filter(id=person.id).update(waiting=F("waiting") + 1)


async def _hold_more(known: Now) -> None:
    """Put by at once what the same stops hold of the next rows: each row is looked at once while a stop lasts.

    Only a matter of speed: what cannot be locked or read is left to the claims that follow.
    """
    try:
        async with in_transaction():
            due = Delivery.filter(state=Owing.OWED, due_at__lte=known.at).order_by("due_at", "id")
            rows = await _lock_free(due.limit(HELD_AT_ONCE))
            people = {one.id: one for one in await _lock_free(Person.filter(id__in=_people(rows)))}
            held: dict[str, list[Delivery]] = defaultdict(list)
            for row in rows:
                person = people.get(row.person_id)
                if person is not None and person.following and person.openid:
                    held[known.route(row, person).held_by].append(row)
            held.pop("", None)
            for way, theirs in held.items():
                await _hold(theirs, way)
    except Exception:
        log.exception("deliveries could not be held together", extra={"action": "delivery_fault"})


def _people(rows: Sequence[Delivery]) -> list[int]:
    return sorted({row.person_id for row in rows})


async def _lock_free(found: QuerySet) -> list:  # type: ignore[type-arg]
    """Lock the rows that nobody else has locked: who holds many must not wait for any."""
    return list(await (found.select_for_update(skip_locked=True, no_key=True) if is_postgres() else found))


async def _hold(deliveries: Sequence[Delivery], way: str) -> None:
    """Keep until the stop of ``way`` ends, or for the next contact, whichever comes first."""
    await Delivery.filter(id__in=[row.id for row in deliveries]).update(state=Owing.HELD, way=way)
    for row in deliveries:
        row.state, row.way = Owing.HELD, way
    for person_id, count in Counter(row.person_id for row in deliveries).items():
        await Person.filter(id=person_id).update(waiting=F("waiting") + count)


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
