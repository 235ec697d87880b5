"""Writes the log as text or JSON, each line with the action it belongs to, and hides people and secrets in it."""

import hashlib
import json
import logging
import re
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TextIO

HIDDEN = "***"
NO_ACTION = "-"
CHATTY = ("apscheduler", "jieba")  # they tell of every run; ours is told by the jobs themselves
SECRET_LEAST = 6  # a shorter secret would blot out innocent words
# Extra fields of a record whose value is never shown, whatever it looks like.
SECRET_FIELDS = frozenset(
    {"openid", "unionid", "phone", "address", "secret", "token", "password", "key", "authorization", "cookie"}
)

_OPENID = re.compile(r"(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_CITIZEN_ID = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx](?!\d)")
_NAMED = re.compile(
    r"""(?i)(["']?\b(?:access_token|appsecret|secret|ticket|token|password|api_key)["']?\s*[=:]\s*["']?)[^\s"'&,;)}]+"""
)
_IN_ADDRESS = re.compile(r"(?i)([?&](?:key|code|state|signature|msg_signature)=)[^\s&#\"']+")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+")
_URL_PASSWORD = re.compile(r"(\w://[^\s:/@]*):[^\s/@]+@")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "action"}


def start_logging(
    form: str, level: str, *, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send every log record to ``stream`` (standard error) from ``level`` on, as ``text`` or ``json`` lines.

    ``secrets`` are hidden wherever they appear. What was set up before is replaced; warnings are logged too.
    """
    formatter = JsonLines(secrets) if form == "json" else TextLines(secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    logging.captureWarnings(capture=True)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


def redacted(text: str) -> str:
    """Return the text without openids, phone and identity numbers, keys and passwords.

    An openid leaves a short mark behind, the same for the same person, so that lines can still be told apart.
    """
    text = _URL_PASSWORD.sub(rf"\1:{HIDDEN}@", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _IN_ADDRESS.sub(rf"\1{HIDDEN}", _NAMED.sub(rf"\1{HIDDEN}", text))
    text = _OPENID.sub(lambda found: f"person:{_mark(found.group())}", text)
    return _PHONE.sub(HIDDEN, _CITIZEN_ID.sub(HIDDEN, text))


class TextLines(logging.Formatter):
    """One line for people: when, how grave, where, which action, what."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._hide = _hider(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line; only a traceback adds more, each indented."""
        extra = "".join(f" {name}={value}" for name, value in _extra(record).items())
        text = _one_line(f"{record.getMessage()}{extra}")
        lines = [f"{_time(record)} {record.levelname:<7} {record.name} [{_action(record)}] {text}"]
        lines += [f"    {line}" for line in _trace(self, record).splitlines()]
        return self._hide("\n".join(lines))


class JsonLines(logging.Formatter):
    """One JSON object a line, for machines."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._hide = _hider(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as an object: at, level, logger, action, text, then its extra fields, then the trace."""
        line = _extra(record) | {
            "at": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "action": _action(record),
            "text": record.getMessage(),
        }
        if trace := _trace(self, record):
            line["trace"] = trace
        shown = {name: self._hide(v) if isinstance(v, str) else v for name, v in line.items()}
        return json.dumps(shown, ensure_ascii=False)


def _hider(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return what hides these secrets, and then whatever ``redacted`` knows."""
    # Longest first: a secret that holds another one must not be left in pieces.
    known = sorted({secret for secret in secrets if len(secret) >= SECRET_LEAST}, key=len, reverse=True)

    def hide(text: str) -> str:
        for secret in known:
            text = text.replace(secret, HIDDEN)
        return redacted(text)

    return hide


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    given = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    return {name: HIDDEN if name in SECRET_FIELDS else _plain(value) for name, value in given.items()}


def _plain(value: object) -> object:
    """Return small numbers as they are and all else as text: a phone number may come as a number."""
    is_small = isinstance(value, int | float) and abs(value) < 10**10
    return value if is_small or value is None else str(value)


def _action(record: logging.LogRecord) -> str:
    return str(getattr(record, "action", NO_ACTION))


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""


def _one_line(text: str) -> str:
    """Return the text without line breaks: somebody's words must not look like a line of ours."""
    return text.replace("\r", "\\r").replace("\n", "\\n")


def _mark(openid: str) -> str:
    return hashlib.blake2b(openid.encode(), digest_size=4).hexdigest()
