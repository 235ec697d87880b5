"""Faults on order: what goes wrong, on which paths, how often."""

from collections.abc import Callable
from dataclasses import dataclass, field

API_FAULTS = frozenset(
    {
        "expired_token",
        "quota",
        "refusal",
        "busy",
        "timeout",
        "server_error",
        "lost_reply",
        "slow",
        "msgmenu_refused",
    }
)
PUSH_FAULTS = frozenset({"duplicate_push", "push_timeout"})
TOKEN_PATHS = ("/cgi-bin/stable_token", "/cgi-bin/token")
DEFAULT_SECONDS = {"timeout": 30.0, "slow": 2.0}


@dataclass
class Fault:
    """One order: a kind, limited to paths that contain `path`, with strikes left."""

    kind: str
    path: str | None = None
    times: int = 1
    seconds: float = 0.0
    code: int = 0  # of a "refusal"

    def to_json(self) -> dict[str, object]:
        """As the page shows it."""
        told: dict[str, object] = {
            "kind": self.kind,
            "path": self.path,
            "times": self.times,
            "seconds": self.seconds,
        }
        return told | ({"code": self.code} if self.code else {})


@dataclass
class FaultDesk:
    """Keeps the orders and hands each one out as often as it was ordered."""

    orders: list[Fault] = field(default_factory=list)

    def order(
        self,
        kind: str,
        path: str | None = None,
        *,
        times: int = 1,
        seconds: float | None = None,
        code: int = 0,
    ) -> Fault:
        """Order a fault; an unknown kind, fewer than one strike, or a refusal without its code is a ValueError."""
        if kind not in API_FAULTS | PUSH_FAULTS:
            raise ValueError(f"unknown fault: {kind}")
        if (kind == "refusal") is not bool(code):
            raise ValueError("a refusal has a code, and nothing else has one")
        if times < 1 or (seconds is not None and seconds < 0):
            raise ValueError("times must be at least 1, seconds at least 0")
        lasts = DEFAULT_SECONDS.get(kind, 0.0) if seconds is None else seconds
        fault = Fault(kind, path, times, lasts, code)
        self.orders.append(fault)
        return fault

    def clear(self) -> None:
        """No fault is on order any more."""
        self.orders.clear()

    def strike_call(self, path: str, msgtype: str = "") -> Fault | None:
        """The fault that strikes this API call, used up by one; None if none does."""
        return self._strike(lambda one: one.kind in API_FAULTS and _hits(one, path, msgtype))

    def strike_push(self, kind: str) -> Fault | None:
        """The fault of this kind that strikes the push about to be sent, used up by one."""
        return self._strike(lambda one: one.kind == kind)

    def _strike(self, hits: Callable[[Fault], bool]) -> Fault | None:
        for one in self.orders:
            if hits(one):
                one.times -= 1
                if one.times == 0:
                    self.orders.remove(one)
                return one
        return None


def _hits(fault: Fault, path: str, msgtype: str) -> bool:
    if fault.kind == "msgmenu_refused" and msgtype != "msgmenu":
        return False
    if fault.kind == "expired_token" and path in TOKEN_PATHS:
        return False
    # Without a path the token calls are spared: who orders a fault means the work, not the way to it.
    return fault.path in path if fault.path is not None else path not in TOKEN_PATHS
