"""The simulated people and what stands on their screens."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.simulator.windows import Windows

TYPING_LASTS = timedelta(seconds=15)
UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"


@dataclass(frozen=True)
class Bubble:
    """One thing on a phone's screen; `sender` is me, account or notice."""

    seq: int
    at: datetime
    sender: str
    kind: str
    data: dict[str, Any]

    @property
    def text(self) -> str:
        """The words of it, whatever its kind; empty for pictures and the like."""
        return bubble_text(self.kind, self.data)

    def to_json(self) -> dict[str, Any]:
        """As the page shows it."""
        return {
            **self.data,
            "seq": self.seq,
            "at": self.at.isoformat(),
            "from": self.sender,
            "kind": self.kind,
        }


@dataclass
class Person:
    """One person with a phone: what the platform knows of them, and their screen."""

    openid: str
    name: str
    role: str
    unionid: str = ""
    following: bool = False
    followed_at: datetime | None = None
    came_by: str = ""
    remark: str = ""
    tags: list[int] = field(default_factory=list)
    windows: Windows = field(default_factory=Windows)
    last_contact: datetime | None = None
    credits: dict[str, int] = field(default_factory=dict)
    blocks_templates: bool = False
    place: tuple[float, float] | None = None
    bubbles: list[Bubble] = field(default_factory=list)
    typing: Bubble | None = None

    def is_typed_to(self, now: datetime) -> bool:
        """Whether the account's 正在输入 shows at `now`."""
        return self.typing is not None and now < self.typing.at + TYPING_LASTS

    def screen_after(self, seq: int, now: datetime) -> list[Bubble]:
        """The bubbles with a higher number, oldest first, with the passing 正在输入 at the end."""
        new = [bubble for bubble in self.bubbles if bubble.seq > seq]
        if self.typing is not None and self.is_typed_to(now) and self.typing.seq > seq:
            new.append(self.typing)
        return new

    def to_json(self) -> dict[str, Any]:
        """As the page lists it."""
        return {"openid": self.openid, "name": self.name, "role": self.role, "following": self.following}


def bubble_text(kind: str, data: dict[str, Any]) -> str:
    """The words of a bubble of this kind, lines joined."""
    if kind == "text":
        return str(data["content"])
    if kind == "msgmenu":
        items = [str(item["content"]) for item in data["items"]]
        return "\n".join(line for line in [data["head"], *items, data["tail"]] if line)
    if kind == "template":
        return "\n".join([data["title"], *(f"{one['name']}：{one['value']}" for one in data["fields"])])
    if kind == "news":
        return "\n".join(f"{one['title']}\n{one['description']}".strip() for one in data["articles"])
    return str(data["text"]) if kind in {"event", "unavailable"} else ""
