"""How systems sign what they send to each other: one canonical text, HMAC-SHA256, a time that must be fresh. Pure."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

PARTY = "X-Gongzhi-System"  # inbound: the system's code; outbound: "subscriber-" and its id
TIMESTAMP = "X-Gongzhi-Timestamp"  # seconds since 1970, UTC
SIGNATURE = "X-Gongzhi-Signature"  # 64 hexadecimal digits
KEY = "Idempotency-Key"
VERSION = "gongzhi-v1"  # first line of what is signed: another way of signing would have another
FRESH = timedelta(
    minutes=5
)  # how far two clocks may stand apart, and how long a sealed body can be sent again

MISSING = "缺少请求头 {name}，或写得不对。"
STALE = "X-Gongzhi-Timestamp 和服务器时间相差超过 5 分钟，请校准时钟后重新签名。"

_FORMS = {
    PARTY: re.compile(r"[a-z][a-z0-9_-]{0,39}"),
    TIMESTAMP: re.compile(r"[0-9]{1,12}"),
    KEY: re.compile(r"[!-~]{1,120}"),
    SIGNATURE: re.compile(r"[0-9a-f]{64}"),
}


class Unsigned(Exception):  # noqa: N818 - names the fact
    """The headers of a sending are not in order; ``sentence`` is Chinese and names the first that is wrong."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Seal:
    """What the headers say: who sends, when (Unix seconds), under which key, and the signature."""

    party: str
    timestamp: int
    key: str
    signature: str = ""


def canonical(seal: Seal, body: bytes) -> bytes:
    """Return what is signed: version, party, time, key and the SHA-256 of the body, a line each, none at the end."""
    lines = (VERSION, seal.party, str(seal.timestamp), seal.key, sha256(body).hexdigest())
    return "\n".join(lines).encode()


def sign(secret: str, seal: Seal, body: bytes) -> str:
    """Return the signature in lower hexadecimal digits."""
    return hmac.new(secret.encode(), canonical(seal, body), sha256).hexdigest()


def is_signed(secret: str, seal: Seal, body: bytes) -> bool:
    """Tell whether the seal was made with this secret over this body; takes the same time for every answer."""
    return hmac.compare_digest(sign(secret, seal, body), seal.signature)


def read_seal(headers: Mapping[str, str], *, now: datetime) -> Seal:
    """Return what the headers say; raises Unsigned when one is missing or malformed, or the time is not fresh."""
    told = {name: headers.get(name, "") for name in _FORMS}
    for name, form in _FORMS.items():
        if not form.fullmatch(told[name]):
            raise Unsigned(MISSING.format(name=name))
    seal = Seal(told[PARTY], int(told[TIMESTAMP]), told[KEY], told[SIGNATURE])
    if abs(now.timestamp() - seal.timestamp) > FRESH.total_seconds():
        raise Unsigned(STALE)
    return seal


def seal_headers(secret: str, party: str, key: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """Return the four headers with which ``body`` is sent now."""
    seal = Seal(party, int(now.timestamp()), key)
    return {PARTY: party, TIMESTAMP: str(seal.timestamp), KEY: key, SIGNATURE: sign(secret, seal, body)}
