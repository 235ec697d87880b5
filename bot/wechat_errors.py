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
    SECRET = "secret"  # noqa: S105 - AppID or AppSecret is wrong: nothing at all will work
    ADDRESS = "address"  # our IP address is not permitted: nothing at all will work
    UNKNOWN = "unknown"  # may be about this message, this person or the account: told by what comes after


HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind, and for how many seconds it holds (0: the kind alone says it)."""

    kind: Kind
    seconds: float = 0.0


CODES: dict[int, Rule] = {
    -1: Rule(Kind.BACK_OFF),
    **dict.fromkeys((40001, 40014, 42001, 41001), Rule(Kind.REFRESH)),
    **dict.fromkeys((40013, 40125, 41002, 41004, 40243), Rule(Kind.SECRET)),
    **dict.fromkeys((40164, 89503, 61004, 45035), Rule(Kind.ADDRESS)),
    **dict.fromkeys((89506, 89507), Rule(Kind.ADDRESS, HOUR)),
    **dict.fromkeys((40003, 43004, 50005, 46004, 43019, 48002), Rule(Kind.DROP_PERSON)),
    50002: Rule(
        Kind.UNKNOWN, 600
    ),  # this person is frozen, or the account's API is closed: the next one tells
    **dict.fromkeys((45015, 45047, 43101), Rule(Kind.CLOSED_CHANNEL)),
    45009: Rule(Kind.DAY),
    **dict.fromkeys((45011, 45066), Rule(Kind.MINUTE)),
    43117: Rule(Kind.REST, 3 * HOUR),
    **dict.fromkeys((40037, 45028, 48001, 48004, 48006, 50001, 61007), Rule(Kind.STOP_FEATURE)),
    **dict.fromkeys((45065, 40241), Rule(Kind.DONE)),
    40200: Rule(Kind.FALL_BACK),
    40007: Rule(Kind.MEDIA_DEAD),
    **dict.fromkeys((45067, 47003, 47001, 40033, 44004, 45002, 43108), Rule(Kind.WRONG_DATA)),
    **dict.fromkeys((40004, 40006, 40008, 40009, 44001, 44002, 45001, 45003, 45004), Rule(Kind.WRONG_DATA)),
    **dict.fromkeys((45005, 45006, 45007, 45008), Rule(Kind.WRONG_DATA)),
    **dict.fromkeys((45157, 45158, 45159, 45056, 45057, 45058, 45059), Rule(Kind.WRONG_DATA)),
    **dict.fromkeys(range(65301, 65321), Rule(Kind.WRONG_DATA)),
}
TEMPLATE_GONE = 40037  # stops one template, not the whole call

_RID = re.compile(r"\brid:?\s*([0-9a-zA-Z-]{8,64})")
_OPENID = re.compile(r"(?<![\w-])o[\w-]{27}(?![\w-])", re.ASCII)


def rule_of(code: int) -> Rule:
    """Return what to do about a code; one that Tencent has added since is no reason to give anything up."""
    return CODES.get(code, Rule(Kind.UNKNOWN, 600))


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
        self.way = ""  # which way it has stopped, if any (models/deliveries/stops.py)


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
    """The call was not made: its way is stopped, and the next try is due at ``until``."""

    def __init__(self, *, way: str, code: int, rid: str, until: datetime) -> None:
        super().__init__(f"{way} is stopped after code {code}, next try at {until.isoformat()}")
        self.way = way
        self.code = code
        self.rid = rid
        self.until = until
