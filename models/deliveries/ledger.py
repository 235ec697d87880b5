"""The send ledger of each person: what opened their reply windows, what was spent, what waits for their next word."""

from datetime import datetime

from models.deliveries.tables import Delivery, Owing
from models.deliveries.windows import Windows
from models.people import Person
from models.statements import run

TAPS = frozenset({"click", "subscribe", "scan", "scancode_push", "scancode_waitmsg"})
SAVE = (
    "UPDATE person SET message_at = ?, message_used = ?, tap_at = ?, tap_used = ?, offered = ?, following = ?"
    " WHERE id = ?"
)


def hear_from(person: Person, *, event: str, tapped: bool, at: datetime) -> None:
    """Open the window that this push opened when it was sent; the caller saves the row.

    ``event`` is "" for messages; ``tapped`` is True for a tap in a msgmenu message, which counts as a menu click.
    """
    windows = windows_of(person)
    if event in TAPS or (tapped and not event):
        set_windows(person, windows.tapped(at))
    elif not event:
        set_windows(person, windows.written(at))
    if event != "unsubscribe":
        person.following = True


async def take_waiting(person: Person, *, room: int, now: datetime) -> list[str]:
    """Return words kept for this contact that fit into ``room`` bytes of the reply: they count as sent.

    What does not fit, or asks something, is owed again: the window is open now. What a stop holds rides along as
    well, for an answer needs none of the ways that are stopped; a picture, and what may have arrived, stays held.
    """
    if not person.waiting:
        return []
    taken: list[str] = []
    left = 0
    kept = Delivery.filter(person_id=person.id, state__in=[Owing.WAITING, Owing.HELD])
    for delivery in await kept.order_by("id"):
        if not delivery.text or delivery.doubtful_at is not None:
            left += 1
            continue
        size = len(delivery.text.encode()) + 2
        if not delivery.choices and size <= room:
            room -= size
            taken.append(delivery.text)
            delivery.state, delivery.channel, delivery.sent_at = Owing.SENT, "reply", now
        else:
            delivery.state, delivery.due_at, delivery.closed = Owing.OWED, now, []
        delivery.way = ""
        await delivery.save(update_fields=["state", "channel", "sent_at", "due_at", "closed", "way"])
    person.waiting = left
    await person.save(update_fields=["waiting"])
    return taken


async def save_contact(person: Person) -> None:
    """Keep the windows, and what the person was asked last."""
    windows = (person.message_at, person.message_used, person.tap_at, person.tap_used)
    await run(SAVE, (*windows, person.offered, person.following, person.id))


def windows_of(person: Person) -> Windows:
    """Return the person's reply windows as a value."""
    return Windows(person.message_at, person.message_used, person.tap_at, person.tap_used)


async def keep_windows(person: Person, windows: Windows) -> None:
    """Write the reply windows back to the (locked) person."""
    set_windows(person, windows)
    await save_contact(person)


def set_windows(person: Person, windows: Windows) -> None:
    """Put the reply windows on the row; the caller saves it."""
    person.message_at, person.message_used = windows.message_at, windows.message_used
    person.tap_at, person.tap_used = windows.tap_at, windows.tap_used
