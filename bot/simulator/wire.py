"""The wire log: the raw traffic both ways, with secrets and tokens masked, for the page and for tests."""

import asyncio
import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MASK = "***"
MAX_TEXT = 20_000
SECRET_NAMES = frozenset({"access_token", "refresh_token", "secret", "appsecret"})
SECRET_TEXT = re.compile(r'("(?:access_token|refresh_token|secret|appsecret)"\s*:\s*")[^"]*"')
SECRET_QUERY = re.compile(r"((?:access_token|refresh_token|secret|appsecret)=)[^&#\s]*")


@dataclass
class Changes:
    """Counts every change of the simulator and wakes those who watch."""

    seq: int = 0
    watchers: set[asyncio.Event] = field(default_factory=set)

    def bump(self) -> int:
        """The number of a new change; all watchers wake."""
        self.seq += 1
        for event in self.watchers:
            event.set()
        return self.seq

    @contextmanager
    def watch(self) -> Iterator[asyncio.Event]:
        """An event that is set at each change, while the block lasts."""
        event = asyncio.Event()
        self.watchers.add(event)
        try:
            yield event
        finally:
            self.watchers.discard(event)


@dataclass(frozen=True, kw_only=True)
class WireEntry:
    """One request and its answer."""

    seq: int
    at: datetime
    direction: str
    method: str
    url: str
    query: dict[str, str]
    request: str
    status: int | None
    response: str
    ms: float
    decrypted: str | None = None
    decrypted_response: str | None = None
    attempt: int | None = None
    fault: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As the page's drawer shows it; what does not apply is left out."""
        row = {name: value for name, value in vars(self).items() if value is not None}
        return {**row, "at": self.at.isoformat(), "status": self.status}


class WireLog:
    """The last `keep` entries."""

    def __init__(self, changes: Changes, keep: int) -> None:
        self._changes = changes
        self.entries: deque[WireEntry] = deque(maxlen=keep)

    def add(self, *, query: Mapping[str, str], url: str, request: str, response: str, **rest: Any) -> None:
        """Keep one exchange, masked."""
        if self.entries.maxlen == 0:
            return
        entry = WireEntry(
            seq=self._changes.bump(),
            url=SECRET_QUERY.sub(rf"\g<1>{MASK}", url),
            query={name: MASK if name in SECRET_NAMES else value for name, value in query.items()},
            request=mask_text(request),
            response=mask_text(response),
            **rest,
        )
        self.entries.append(entry)

    def after(self, seq: int) -> list[WireEntry]:
        """The entries with a higher number, oldest first."""
        return [entry for entry in self.entries if entry.seq > seq]


def mask_text(text: str) -> str:
    """The text without the values of tokens and secrets, cut when very long."""
    return SECRET_TEXT.sub(rf'\g<1>{MASK}"', text[:MAX_TEXT])
