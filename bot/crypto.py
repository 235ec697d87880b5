"""The lock of the WeChat door: signatures, decrypting pushes, sealing replies.

Safe mode only: the plain ``signature`` does not cover the body, so whoever has seen one signed address could
send any message with it. Pushes are believed by ``msg_signature`` alone.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.inbound import BadMessage, read_json, read_xml
from bot.outbound import cdata

WINDOW_SECONDS = 600  # how far a push's timestamp may lie from our clock, either way
BLOCK = 32  # PKCS#7 with this block: not AES's 16, real samples carry paddings up to 32
HEAD = 16 + 4  # random bytes, then the length of the content, big-endian

_KEY_SHAPE = re.compile(r"[A-Za-z0-9+/]{43}")
_SECONDS = re.compile(r"[0-9]{1,11}")
# WeCom's echo is a number. A replayed push presented as a URL check must not be read out to its thief.
_ECHO = re.compile(r"[A-Za-z0-9_-]{1,64}")

_NAMES = ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
_ROBOT_NAMES = ("encrypt", "msgsignature", "timestamp", "nonce")


class Forbidden(Exception):  # noqa: N818 - the name says what it is
    """Not from the platform, or too old: answered with 403. Its text is for the log."""


class Form(Enum):
    """How a push came, and so how its reply must go."""

    XML = "xml"
    JSON = "json"
    ROBOT = "robot"  # WeCom smart robot: JSON with names of its own


@dataclass(frozen=True, slots=True)
class Opened:
    """A push that was let in: what it says, and what its reply needs."""

    content: bytes
    form: Form = Form.XML
    key: int = 0  # which of the Door's keys opened it


class Door:
    """Opens what the platform pushes and seals what we answer, for one token and appid.

    ``keys`` are EncodingAESKeys, the current one first. While a key is changed the platform's machines still
    use the old one for a while, so each is tried. ``appid`` is the receiver's id: the appid, WeCom's corp id,
    or '' for a smart robot. Raises ValueError for an empty token (it would let anyone in) or a malformed key.
    """

    def __init__(self, token: str, appid: str, keys: Sequence[str]) -> None:
        if not token.strip():
            raise ValueError("the WeChat token is empty")
        if not keys:
            raise ValueError("at least one EncodingAESKey is needed")
        self._token = token
        self._appid = appid.encode()
        self._ciphers = [_cipher(key) for key in keys]

    def check_url(self, query: Mapping[str, str]) -> str:
        """Return what the URL check wants to hear back; raises Forbidden.

        A service account signs without the echo and sends it plain, so answer it as text/plain only. WeCom
        encrypts it and signs it with ``msg_signature``.
        """
        echo = query.get("echostr", "")
        if "msg_signature" not in query:
            self._check(query, "signature")
            return echo
        self._check(query, "msg_signature", echo)
        try:
            plain = self._unseal(echo)[0].decode("ascii", "replace")
        except BadMessage as error:
            raise Forbidden(str(error)) from None
        if not _ECHO.fullmatch(plain):
            raise Forbidden("this is a message, not a URL check")
        return plain

    def open(self, body: bytes, query: Mapping[str, str], now: datetime) -> Opened:
        """Return the push inside ``body``; in compatible mode the plain fields beside it are ignored.

        Raises Forbidden (unsigned, wrongly signed, nothing encrypted, more than 10 minutes off), or, once the
        signature was right, BadMessage.
        """
        encrypt, form = _encrypted(body)
        self._check(query, "msg_signature", encrypt)
        if abs(int(query["timestamp"]) - now.timestamp()) > WINDOW_SECONDS:
            raise Forbidden("the timestamp is more than ten minutes off")
        content, key = self._unseal(encrypt)
        return Opened(content, form, key)

    def seal(
        self,
        text: str,
        *,
        timestamp: str,
        nonce: str,
        to: Opened | None = None,
        random16: bytes | None = None,
    ) -> str:
        """Return the encrypted envelope of a reply, in the form of the push ``to`` (without it: XML).

        It is sealed with the key that opened the push, as Tencent asks: the machine that waits for the answer
        is the one that may not have the new key yet. ``timestamp`` is seconds as digits; give ``random16`` in
        tests only.
        """
        push = to or Opened(b"")
        content = text.encode()
        # Printable, because the platform's papers call it a string; 96 random bits.
        start = base64.b64encode(secrets.token_bytes(12)) if random16 is None else random16
        sealed = _encrypt(
            self._ciphers[push.key], start + len(content).to_bytes(4, "big") + content + self._appid
        )
        return _reply_envelope(
            push.form, (sealed, sign(self._token, timestamp, nonce, sealed), timestamp, nonce)
        )

    def _check(self, query: Mapping[str, str], name: str, *signed: str) -> None:
        timestamp = query.get("timestamp", "")
        # The parts are signed without a border between them: a loose timestamp could borrow from a neighbour.
        if not _SECONDS.fullmatch(timestamp):
            raise Forbidden("no timestamp")
        expected = sign(self._token, timestamp, query.get("nonce", ""), *signed)
        if not hmac.compare_digest(expected.encode(), query.get(name, "").encode("utf-8", "replace")):
            raise Forbidden(f"wrong or missing {name}")

    def _unseal(self, encrypt: str) -> tuple[bytes, int]:
        try:
            sealed = base64.b64decode(encrypt, validate=True)
        except ValueError:
            raise BadMessage("Encrypt is not base64") from None
        if not sealed or len(sealed) % 16:
            raise BadMessage("Encrypt is not made of whole blocks")
        for key, cipher in enumerate(self._ciphers):
            content = _content(_decrypt(cipher, sealed), self._appid)
            if content is not None:
                return content, key
        raise BadMessage("no key opens it, or it is meant for another appid")


def sign(*parts: str) -> str:
    """Return the SHA-1 that the platform calls signature, over the parts sorted and joined."""
    return _sha1("".join(sorted(parts)))


def sign_page(*, ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """Return the JS-SDK signature of a page; ``url`` counts without its fragment."""
    page = url.partition("#")[0]
    return _sha1(f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}")


def _sha1(text: str) -> str:
    # The platform chose SHA-1; "replace" because a query may hold what no encoding can.
    return hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _cipher(key: str) -> Cipher[modes.CBC]:
    if not _KEY_SHAPE.fullmatch(key):
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    secret = base64.b64decode(key + "=")
    return Cipher(algorithms.AES(secret), modes.CBC(secret[:16]))


def _encrypted(body: bytes) -> tuple[str, Form]:
    """Return what stands under Encrypt; the body is a stranger's still, so any fault is Forbidden."""
    try:
        if not body.lstrip().startswith(b"{"):
            fields, form, name = read_xml(body), Form.XML, "Encrypt"
        else:
            fields = read_json(body)
            form, name = (Form.ROBOT, "encrypt") if "encrypt" in fields else (Form.JSON, "Encrypt")
    except BadMessage as error:
        raise Forbidden(str(error)) from None
    encrypt = fields.get(name)
    if not isinstance(encrypt, str) or not encrypt:
        raise Forbidden("nothing encrypted inside")
    return encrypt, form


def _content(plain: bytes, appid: bytes) -> bytes | None:
    """Return the content if padding, length and appid all fit, else None: another key or another door."""
    pad = plain[-1]
    if not 1 <= pad <= BLOCK or not plain.endswith(bytes([pad]) * pad):
        return None
    end = HEAD + int.from_bytes(plain[16:HEAD], "big")
    inner = plain[:-pad]
    if end > len(inner) or not hmac.compare_digest(inner[end:], appid):
        return None
    return inner[HEAD:end]


def _decrypt(cipher: Cipher[modes.CBC], sealed: bytes) -> bytes:
    decryptor = cipher.decryptor()
    return decryptor.update(sealed) + decryptor.finalize()


def _encrypt(cipher: Cipher[modes.CBC], plain: bytes) -> str:
    pad = BLOCK - len(plain) % BLOCK
    encryptor = cipher.encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


def _reply_envelope(form: Form, values: tuple[str, str, str, str]) -> str:
    if form is Form.XML:
        inner = (f"<{name}>{cdata(value)}</{name}>" for name, value in zip(_NAMES, values, strict=True))
        return f"<xml>{''.join(inner)}</xml>"
    sealed, signature, timestamp, nonce = values
    names = _ROBOT_NAMES if form is Form.ROBOT else _NAMES
    return json.dumps(dict(zip(names, (sealed, signature, int(timestamp), nonce), strict=True)))
