"""What WeChat's error codes ask us to do, as a table, and the four ways in which a call can fail."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wechatpy.exceptions import WeChatClientException


class Kind(StrEnum):
    """What to do about an error code."""

    REFRESH = "refresh"  # the token is bad: renew it once, repeat once, then tell the operator
    BACK_OFF = "back_off"  # the platform is busy: 1, 2, 4 seconds, then later
    MINUTE = "minute"  # too fast: wait for the next minute
    DAY = "day"  # the day's quota is used up: stop until midnight in Beijing
    REST = "rest"  # this person hears too much from us: leave them alone for hours
    DROP_PERSON = "drop_person"  # does not follow, or refuses messages
    CLOSED_CHANNEL = "closed_channel"  # this way to the person is shut now: take another
    WRONG_DATA = "wrong_data"  # our data is wrong: repeating does not help
    STOP_FEATURE = "stop_feature"  # this call will not work until the operator acts
    FALL_BACK = "fall_back"  # the account may not do this: use the plain form
    DONE = "done"  # it has been done already
    MEDIA_DEAD = "media_dead"  # the media id has died: upload again, once
    OPERATOR = "operator"  # nothing at all will work until the operator acts


HOUR = 3600.0
PROBE = HOUR  # a stopped call is tried again after this, so that a repaired account needs no restart


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind, and for how many seconds it holds (0: the kind alone says it)."""

    kind: Kind
    seconds: float = 0.0


CODES: dict[int, Rule] = {
    -1: Rule(Kind.BACK_OFF),
    **dict.fromkeys((40001, 40014, 42001, 41001), Rule(Kind.REFRESH, 60)),
    **dict.fromkeys((40013, 40125, 41004), Rule(Kind.OPERATOR, 600)),
    **dict.fromkeys((40164, 89503), Rule(Kind.OPERATOR, 600)),
    89506: Rule(Kind.OPERATOR, 24 * HOUR),
    89507: Rule(Kind.OPERATOR, HOUR),
    **dict.fromkeys((40003, 43004, 50005, 46004, 43019, 48002, 50002), Rule(Kind.DROP_PERSON)),
    **dict.fromkeys((45015, 45047, 43101), Rule(Kind.CLOSED_CHANNEL)),
    45009: Rule(Kind.DAY),
    **dict.fromkeys((45011, 45066), Rule(Kind.MINUTE)),
    43117: Rule(Kind.REST, 3 * HOUR),
    45028: Rule(Kind.STOP_FEATURE, 24 * HOUR),
    **dict.fromkeys((40037, 48001, 48004), Rule(Kind.STOP_FEATURE, PROBE)),
    48006: Rule(Kind.STOP_FEATURE, 24 * HOUR),
    **dict.fromkeys((45065, 40241), Rule(Kind.DONE)),
    40200: Rule(Kind.FALL_BACK),
    40007: Rule(Kind.MEDIA_DEAD),
    **dict.fromkeys((45067, 47003, 47001, 40033, 44004, 45002, 43108), Rule(Kind.WRONG_DATA)),
    **dict.fromkeys((45157, 45158, 45159, 45056, 45057, 45058, 45059), Rule(Kind.WRONG_DATA)),
    **dict.fromkeys(range(65301, 65321), Rule(Kind.WRONG_DATA)),
}
TEMPLATE_GONE = 40037  # stops one template, not the whole call

_RID = re.compile(r"\brid:?\s*([0-9a-zA-Z-]{8,64})")
_OPENID = re.compile(r"(?<![\w-])o[\w-]{27}(?![\w-])", re.ASCII)


def rule_of(code: int) -> Rule:
    """Return what to do about a code; an unknown one is taken as a lasting failure of this one call."""
    return CODES.get(code, Rule(Kind.WRONG_DATA))


def rid_of(errmsg: str) -> str:
    """Return the request id that Tencent's staff ask for, or an empty string."""
    found = _RID.search(errmsg)
    return found.group(1) if found else ""


def masked(text: str) -> str:
    """Return the text with every openid made unreadable, fit for a log."""
    return _OPENID.sub("o***", text)


class WeChatRefused(WeChatClientException):  # type: ignore[misc]
    """WeChat answered with an error code: the call had no effect (unless the rule is ``done``)."""

    def __init__(self, code: int, errmsg: str, *, action: str) -> None:
        super().__init__(code, masked(errmsg))
        self.code = code
        self.rid = rid_of(errmsg)
        self.rule = rule_of(code)
        self.kind = self.rule.kind
        self.action = action


class WeChatUnreachable(Exception):  # noqa: N818 - names the fact
    """Nothing was sent: no connection could be made, or no token was to be had. Safe to repeat."""


class WeChatUnanswered(Exception):  # noqa: N818 - names the fact
    """The call went out and no readable answer came: it may or may not have taken effect."""

    def __init__(self, note: str, *, status: int = 0) -> None:
        super().__init__(note)
        self.status = status  # of HTTP, 0 if none came


class WeChatTooLarge(WeChatUnanswered):
    """The answer is larger than its kind may be: read no further."""


class WeChatStopped(Exception):  # noqa: N818 - names the fact
    """The call was not made: it is stopped until ``until`` because of an earlier answer."""

    def __init__(self, *, kind: Kind, code: int, rid: str, until: datetime) -> None:
        super().__init__(f"stopped until {until.isoformat()} after code {code}")
        self.kind = kind
        self.code = code
        self.rid = rid
        self.until = until
