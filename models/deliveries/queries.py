"""Readers of deliveries for operators and programs: what stands where, why, and how much of it; never to whom."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from models.deliveries.alarms import stop_words
from models.deliveries.stops import Stop, list_stops
from models.deliveries.tables import Delivery, Owing
from models.errors import Refusal

MOST = 200  # rows of one page
UNSETTLED = (Owing.FAILED, Owing.UNCERTAIN, Owing.HELD, Owing.OWED, Owing.SENDING, Owing.WAITING)
BAD_CURSOR = "cursor 不对，请用上一页给的 next_cursor，或从第一页重新开始。"
STATE_WORDS = {
    Owing.OWED: "待发",
    Owing.HELD: "停发留着",
    Owing.SENDING: "正在发",
    Owing.SENT: "已发",
    Owing.WAITING: "等对方下次说话",
    Owing.UNCERTAIN: "可能已送到",
    Owing.DROPPED: "不发了",
    Owing.FAILED: "没发成",
}
WHY_HELD = "{what}停了：{why}。恢复后自动发。"
WHY_SOON = "停发刚结束，马上接着发。"
WHY_WAITING = "现在没有能用的渠道，对方下次说话时一起带到。"
WHY_UNCERTAIN = "发出去没等到回音，对方可能收到了。要再发须写明 may_repeat。"
WHYS = {  # with a code of the platform, and without one
    Owing.OWED: ("上次微信答 {code}，到时间再试。", ""),
    Owing.WAITING: (WHY_WAITING, WHY_WAITING),
    Owing.UNCERTAIN: (WHY_UNCERTAIN, WHY_UNCERTAIN),
    Owing.FAILED: (
        "内容不被接受（代码 {code}），请改好后再发，或不发了。",
        "程序出错没发出去，请看日志，修好后再发。",
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One delivery as an operator sees it: why it stands where it stands, in Chinese."""

    delivery: Delivery
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some deliveries, and where the next ones begin; "" after the last."""

    rows: list[Standing]
    next_cursor: str


async def list_deliveries(
    states: Sequence[Owing] = UNSETTLED, *, ids: Sequence[int] = (), cursor: str = "", limit: int = 50
) -> Page:
    """Return at most ``limit`` (1..200) deliveries, the newest first; raises Refusal for a cursor that is not ours."""
    found = Delivery.filter(id__in=list(ids)) if ids else Delivery.filter(state__in=list(states))
    if cursor:
        found = found.filter(id__lt=_before(cursor))
    rows = await found.order_by("-id").limit(limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    return Page(await _standings(rows), _cursor(rows[-1].id) if more else "")


async def find_standing(delivery_id: int) -> Standing | None:
    """Return one delivery with its reason."""
    found = await _standings(await Delivery.filter(id=delivery_id))
    return found[0] if found else None


def _reason(delivery: Delivery, stops: Sequence[Stop]) -> str:
    """Return why it stands where it stands, in Chinese; "" where the state alone says it."""
    if delivery.state is Owing.HELD:
        stop = next((one for one in stops if one.way == delivery.way and one.in_force), None)
        what, why, _ = stop_words(stop) if stop else ("", "", "")
        return WHY_HELD.format(what=what, why=why) if stop else WHY_SOON
    if delivery.state is Owing.DROPPED:
        return delivery.note
    with_code, without = WHYS.get(delivery.state, ("", ""))
    return with_code.format(code=delivery.code) if delivery.code else without


async def _standings(rows: Sequence[Delivery]) -> list[Standing]:
    stops = await list_stops()
    return [Standing(row, _reason(row, stops)) for row in rows]


def _before(cursor: str) -> int:
    try:
        told = json.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        ok = isinstance(told, list) and len(told) == 1 and type(told[0]) is int and 0 < told[0] < 2**62
    except (ValueError, TypeError, RecursionError):
        ok = False
    if not ok:
        raise Refusal(BAD_CURSOR)
    return int(told[0])


def _cursor(last: int) -> str:
    return urlsafe_b64encode(json.dumps([last]).encode()).decode().rstrip("=")
