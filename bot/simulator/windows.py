"""When, and how often, an account may write to a person: the customer-service windows and their counts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

# https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage
GRANTS: dict[str, tuple[int, timedelta]] = {
    "message": (5, timedelta(hours=48)),
    "tap": (3, timedelta(minutes=1)),
    "follow": (3, timedelta(minutes=1)),
    "scan": (3, timedelta(minutes=1)),
}
TAPS_THAT_COUNT = frozenset({"CLICK", "scancode_push", "scancode_waitmsg"})


@dataclass
class Allowance:
    """What one deed of the person allows: so many messages until then."""

    left: int
    until: datetime


@dataclass
class Windows:
    """All that one person's deeds allow the account at present."""

    allowances: dict[str, Allowance] = field(default_factory=dict)

    def open(self, deed: str, now: datetime) -> None:
        """A deed (`message`, `tap`, `follow`, `scan`) opens its window anew, with the full count."""
        count, lasts = GRANTS[deed]
        self.allowances[deed] = Allowance(count, now + lasts)

    def is_open(self, now: datetime) -> bool:
        """Whether any window is open, used up or not."""
        return any(now < one.until for one in self.allowances.values())

    def count_left(self, now: datetime) -> int:
        """How many messages may still be sent; the windows do not add up, the largest counts."""
        return max((one.left for one in self.allowances.values() if now < one.until), default=0)

    def use(self, now: datetime) -> None:
        """One message was sent: every open window has one less."""
        for one in self.allowances.values():
            if now < one.until:
                one.left = max(0, one.left - 1)

    def close(self) -> None:
        """The person unfollowed: nothing is allowed."""
        self.allowances.clear()
