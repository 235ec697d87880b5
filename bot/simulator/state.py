"""Everything the simulated platform knows: people, tokens, media, menu, tags, codes and all that was said."""

import base64
import hashlib
import secrets
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from bot.simulator.clock import SimClock
from bot.simulator.faults import FaultDesk
from bot.simulator.media import MediaShelf
from bot.simulator.people import Bubble, Person
from bot.simulator.refusals import ApiError
from bot.simulator.tokens import TokenDesk
from bot.simulator.web_grants import WebGrants
from bot.simulator.windows import TAPS_THAT_COUNT
from bot.simulator.wire import Changes, WireLog

JsonObject = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Account:
    """The service account as its console shows it."""

    appid: str
    secret: str
    token: str
    aes_key: str
    name: str

    @property
    def original_id(self) -> str:
        """The account's gh_ name, which stands in ToUserName of every push."""
        return "gh_" + hashlib.sha256(self.appid.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class QrCode:
    """A QR code with a scene."""

    ticket: str
    scene: str
    url: str
    until: datetime | None


@dataclass(frozen=True)
class ApiCall:
    """One API call as it came, and what was answered."""

    at: datetime
    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int | None
    answer: Any
    fault: str | None


@dataclass(kw_only=True)
class Platform:
    """The platform's memory, shared by the API, the pushes, the phones and the page."""

    account: Account
    clock: SimClock
    templates: Mapping[str, JsonObject]
    notices: Mapping[str, JsonObject]
    keep: int
    public_url: str = ""
    home: tuple[float, float] = (31.0, 121.0)
    announce: Callable[[str], None] = lambda xml: None  # noqa: ARG005 - replaced by the pushing side
    faults: FaultDesk = field(default_factory=FaultDesk)
    changes: Changes = field(default_factory=Changes)
    people: dict[str, Person] = field(default_factory=dict)
    menu: list[JsonObject] | None = None
    tags: dict[int, str] = field(default_factory=dict)
    qr_codes: dict[str, QrCode] = field(default_factory=dict)
    sent_templates: dict[tuple[str, str], datetime] = field(default_factory=dict)
    guarded: dict[tuple[str, str], tuple[int, datetime]] = field(default_factory=dict)
    typings: int = 0

    def __post_init__(self) -> None:
        self.tokens = TokenDesk(self.clock)
        self.media = MediaShelf(self.clock)
        self.grants = WebGrants(self.clock)
        self.wire = WireLog(self.changes, self.keep)
        self._names: Counter[str] = Counter()
        self.calls: deque[ApiCall] = deque(maxlen=self.keep)
        # A random beginning, so that a service that remembers an earlier run sees no number twice.
        self._ids = count((secrets.randbits(29) + (1 << 29)) << 32)

    def next_id(self) -> int:
        """A new 64-bit number for a message."""
        return next(self._ids)

    def new_person(self, name: str, role: str) -> Person:
        """A person who does not follow yet; the openid depends on appid, name and count alone."""
        self._names[name] += 1
        digest = hashlib.sha256(f"{self.account.appid}/{name}/{self._names[name]}".encode()).digest()
        openid = "o" + base64.urlsafe_b64encode(digest).decode()[:27]
        person = self.people[openid] = Person(openid, name, role)
        self.changes.bump()
        return person

    def find_person(self, openid: object) -> Person:
        """The person of this openid, following or not; ApiError 40003 if there is none."""
        person = self.people.get(openid) if isinstance(openid, str) else None
        if person is None:
            raise ApiError(40003)
        return person

    def show(self, person: Person, sender: str, kind: str, data: JsonObject) -> Bubble:
        """Put a bubble on a person's screen."""
        bubble = Bubble(self.changes.bump(), self.clock.now(), sender, kind, data)
        person.bubbles.append(bubble)
        if sender == "account":
            person.typing = None
        return bubble

    def media_url(self, media_id: str) -> str:
        """Where the simulator serves a stored file; media ids stand for themselves until its address is known."""
        return f"{self.public_url or 'http://127.0.0.1'}/sim/media/{media_id}"

    def new_qr_code(self, scene: str, until: datetime | None) -> QrCode:
        """A QR code with this scene, for good if `until` is None."""
        ticket = "g" + secrets.token_urlsafe(60)
        code = QrCode(ticket, scene, f"http://weixin.qq.com/q/{secrets.token_urlsafe(16)}", until)
        self.qr_codes[ticket] = code
        return code

    def hear(self, fields: Mapping[str, Any]) -> None:
        """What a person did changes what the platform knows: following, windows, the last contact."""
        person = self.people.get(str(fields.get("FromUserName")))
        if person is None:
            return
        now = self.clock.now()
        kind = str(fields.get("MsgType"))
        if kind != "event":
            person.last_contact = now
            person.windows.open("tap" if fields.get("bizmsgmenuid") else "message", now)
            return
        self._hear_event(person, str(fields.get("Event")), str(fields.get("EventKey") or ""))

    def _hear_event(self, person: Person, event: str, key: str) -> None:
        now = self.clock.now()
        if event == "unsubscribe":
            person.following = False
            person.tags.clear()
            person.windows.close()
            person.typing = None
            return
        if event == "subscribe":
            person.following = True
            person.followed_at = now
            person.came_by = key.removeprefix("qrscene_")
            person.windows.open("follow", now)
            if key:
                person.windows.open("scan", now)
        elif event == "SCAN":
            person.windows.open("scan", now)
        elif event in TAPS_THAT_COUNT:
            person.last_contact = now
            person.windows.open("tap", now)
