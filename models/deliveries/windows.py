"""The send ledger's rules: which way to a person is open now, and how much may still go that way. Pure.

Platform facts (custom/send): after a message 5 customer messages in 48 hours, after a menu click, follow or scan 3 in
one minute; the two do not add up, the larger counts. We stay a little inside both ends of each window, because the
platform's clock decides and ours may differ.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.deliveries.sender import Channel

MESSAGE_WINDOW = timedelta(hours=48) - timedelta(minutes=2)
MESSAGE_COUNT = 5
TAP_WINDOW = timedelta(minutes=1) - timedelta(seconds=5)
TAP_COUNT = 3


@dataclass(frozen=True, slots=True)
class Windows:
    """When a person last wrote and last tapped, and how many customer messages went out since each."""

    message_at: datetime | None = None
    message_used: int = 0
    tap_at: datetime | None = None
    tap_used: int = 0

    def written(self, at: datetime) -> "Windows":
        """Return the windows after a message at ``at``; one heard late, after a newer one, opens nothing."""
        if self.message_at is not None and at < self.message_at:
            return self
        return replace(self, message_at=at, message_used=0)

    def tapped(self, at: datetime) -> "Windows":
        """Return the windows after a menu click, a follow or a scan at ``at``; an older one opens nothing."""
        if self.tap_at is not None and at < self.tap_at:
            return self
        return replace(self, tap_at=at, tap_used=0)

    def spent(self) -> "Windows":
        """Return the windows after one customer message; it counts on both, whichever carried it."""
        return replace(self, message_used=self.message_used + 1, tap_used=self.tap_used + 1)

    def given_back(self, spent_at: datetime) -> "Windows":
        """Return the windows after a message spent at ``spent_at`` that surely was not sent; newer windows stay."""
        message = self.message_at is not None and self.message_at <= spent_at
        tap = self.tap_at is not None and self.tap_at <= spent_at
        return replace(
            self,
            message_used=max(self.message_used - message, 0),
            tap_used=max(self.tap_used - tap, 0),
        )

    def shut(self) -> "Windows":
        """Return the windows after the platform said that there is nothing left (45015, 45047)."""
        return replace(self, message_used=MESSAGE_COUNT, tap_used=TAP_COUNT)

    def remaining(self, now: datetime) -> int:
        """Return how many customer messages may go out at ``now``."""
        message = MESSAGE_COUNT - self.message_used if _is_open(self.message_at, MESSAGE_WINDOW, now) else 0
        tap = TAP_COUNT - self.tap_used if _is_open(self.tap_at, TAP_WINDOW, now) else 0
        return max(message, tap, 0)


def choose_channel(remaining: int, *, ready: Collection[Channel], closed: Collection[Channel]) -> Channel:
    """Return the cheapest permitted way: customer message, subscribe notice, template, or the next contact.

    ``ready`` are the paid channels that are set up for this use; ``closed`` those that were refused already.
    """
    if remaining > 0 and Channel.CUSTOMER not in closed:
        return Channel.CUSTOMER
    for channel in (Channel.SUBSCRIBE, Channel.TEMPLATE):
        if channel in ready and channel not in closed:
            return channel
    return Channel.CONTACT


def _is_open(at: datetime | None, window: timedelta, now: datetime) -> bool:
    return at is not None and now - at < window
