"""Which way a delivery goes now, or which stop holds it: pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.deliveries.sender import Channel
from models.deliveries.stops import EVERYTHING, Stop
from models.deliveries.tables import Delivery
from models.deliveries.windows import choose_channel

PHOTO = "photo"  # the way of pictures to the platform
# The platform drops a second one with the same client_msg_id, for ten minutes: after a lost answer it may be repeated.
SAFE_TO_REPEAT = frozenset({Channel.TEMPLATE})
REPEAT_WITHIN = timedelta(minutes=9)


@dataclass(frozen=True, slots=True)
class Route:
    """The channel to take, or the way whose stop holds the delivery; neither: it may have arrived, ask a person."""

    channel: Channel | None = None
    held_by: str = ""


def choose_route(
    delivery: Delivery, remaining: int, *, ready: Collection[Channel], stops: Collection[Stop], now: datetime
) -> Route:
    """Return the cheapest open way; a lasting stop is gone round where another way is ready, a short one is waited for.

    ``remaining``: how many customer messages the person may still get. What may have arrived goes its first way again
    while a repeat is harmless there, and never another.
    """
    if delivery.doubtful_at is not None:
        return _repeated(delivery, stops, now)
    closed = [Channel(name) for name in delivery.closed]
    held_by = ""
    while True:
        channel = choose_channel(remaining, ready=ready, closed=closed)
        if channel is Channel.CONTACT:
            return Route(held_by=held_by) if held_by else Route(channel)
        stop = _first_shut(delivery, channel, stops, now)
        if stop is None:
            return Route(channel)
        held_by = held_by or stop.way
        if not stop.lasting:
            return Route(held_by=held_by)
        closed.append(channel)


def ways_of(use: str, channel: Channel, *, photo: bool) -> tuple[str, ...]:
    """Return every way that must be open for this channel, the broadest first."""
    ways = (EVERYTHING, channel.value, f"{channel.value}:{use}")
    return (*ways, PHOTO) if photo and channel is Channel.CUSTOMER else ways


def _repeated(delivery: Delivery, stops: Iterable[Stop], now: datetime) -> Route:
    channel = Channel(delivery.channel)
    sure = delivery.doubtful_at is None or now - delivery.doubtful_at < REPEAT_WITHIN
    if channel not in SAFE_TO_REPEAT or not sure:
        return Route()
    stop = _first_shut(delivery, channel, stops, now)
    return Route(held_by=stop.way) if stop else Route(channel)


def _first_shut(delivery: Delivery, channel: Channel, stops: Iterable[Stop], now: datetime) -> Stop | None:
    shut = {stop.way: stop for stop in stops if stop.is_shut(now)}
    ways = ways_of(delivery.use, channel, photo=bool(delivery.photo))
    return next((shut[way] for way in ways if way in shut), None)
