"""What the house asks of whoever carries its words out: a Parcel in, an Outcome back."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Channel(StrEnum):
    """The ways to one person, cheapest first."""

    CUSTOMER = "customer"  # 客服消息: free, but only inside the reply window
    SUBSCRIBE = "subscribe"  # 订阅通知: one consent, one notice
    TEMPLATE = "template"  # 类目模板消息
    CONTACT = "contact"  # kept until the person writes next


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery made ready for one channel; texts are final, in the reader's words."""

    key: str  # unique for ever: client_msg_id of templates
    openid: str
    channel: Channel
    text: str = ""
    choices: tuple[
        tuple[str, str], ...
    ] = ()  # (id digits, label): a msgmenu, or links where msgmenu is refused
    photo: str = ""  # content hash of a picture to show (customer messages only)
    use: str = ""  # which template or subscribe notice (key of GONGZHI_WECHAT_TEMPLATES)
    fields: dict[str, str] = field(default_factory=dict)  # plain names: case, state, time, note
    url: str = ""


class Result(StrEnum):
    """How a sending ended, as far as we know."""

    SENT = "sent"
    CLOSED = "closed"  # this channel is shut for this person now: choose the next one
    GONE = "gone"  # the person does not follow or refuses messages: drop
    LATER = "later"  # not now: try again after ``wait`` seconds
    WRONG = "wrong"  # our data is wrong: do not repeat
    STOPPED = "stopped"  # nothing goes this way now: keep it until the way is open again
    UNCERTAIN = "uncertain"  # no answer came: it may have arrived


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one sending; ``code`` and ``rid`` are WeChat's, for the log and Tencent's staff.

    LATER says more: ``counts`` is False where the answer was not about this one thing (the platform is busy), and
    ``doubtful`` is True where it may have arrived, but a repeat under the same key soon after is harmless.
    """

    result: Result
    code: int = 0
    rid: str = ""
    note: str = ""
    wait: float = 0.0
    way: str = ""  # STOPPED: which way is stopped (models/deliveries/stops.py); "" is the channel
    counts: bool = True
    doubtful: bool = False


class Sender(Protocol):
    """Carries a parcel out; never raises, never sends twice of its own accord after an unknown outcome."""

    async def send(self, parcel: Parcel) -> Outcome:
        """Send and say what came of it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Something kept: sha-256 of the cleaned bytes, MIME type found in the content, size in bytes."""

    digest: str
    mime: str
    size: int


class MediaStore(Protocol):
    """Keeps photos and other evidence by content hash."""

    async def fetch(self, media_id: str, *, url: str = "") -> Stored:
        """Download from the channel at once and keep it; raises MediaLost for good, MediaLater for now."""

    def read(self, digest: str) -> bytes:
        """Return the bytes kept under that hash; raises FileNotFoundError."""


class Unkept(StrEnum):
    """Why something sent is not kept; models/evidence.py has the words."""

    GONE = "gone"  # the channel has forgotten it
    KIND = "kind"  # not a photo, voice or video of a kind that we keep
    LARGE = "large"  # too many bytes
    PIXELS = "pixels"  # too many pixels to be unpacked
    BROKEN = "broken"  # it cannot be opened
    UNCLEAR = "unclear"  # of a kind from which we cannot take what tells where it was made
    NO_PHOTO = "no_photo"  # something else where a photo was asked for


class MediaLost(Exception):  # noqa: N818 - names the fact
    """It will never come: dead media id, not a permitted type, too large; ``why`` chooses the sender's words."""

    def __init__(self, note: str = "", why: Unkept = Unkept.GONE) -> None:
        super().__init__(note or why.value)
        self.why = why


class MediaLater(Exception):  # noqa: N818 - names the fact
    """The channel could not give it now; worth another try."""
