"""Tells the administrators in words, once, that a way to people is stopped, and once that it is open again."""

from datetime import datetime

from tortoise.transactions import in_transaction

from models.clock import local
from models.deliveries.actions import DROPPABLE, Chosen, drop_deliveries, queue_deliveries
from models.deliveries.stops import EVERYTHING, PACES, SAME, Stop, Why, list_stops
from models.deliveries.tables import Delivery, Owing
from models.lifecycle import Role
from models.people import list_staff

STOPPED = "【系统提醒】{what}停了：{why}。{do}没发出去的都留着，恢复后自动接着发。（代码 {code}）"
ENDED = "【系统提醒】{what}恢复了，留着的已接着发。"
NAMES = {
    EVERYTHING: "微信接口",
    "customer": "客服消息",
    "template": "模板消息",
    "subscribe": "订阅通知",
    "photo": "往微信传照片",
    "media/get": "从微信取照片",
}
ONE_USE = "{name}「{use}」"
WHYS = {
    Why.MINUTE: ("这一分钟发得太多", "下一分钟自动继续，不用处理。"),
    Why.QUOTA: ("今天的次数用完了", "明天零点后自动继续；等不及，就到公众平台清零接口次数。"),
    Why.TOKEN: ("新领的 access_token 也不被接受", "请看看有没有别的系统在用同一个公众号、同一个 AppSecret。"),
    Why.SECRET: ("AppID 或 AppSecret 不对", "请到公众平台「基本配置」核对，改好设置后重启服务。"),
    Why.ADDRESS: (
        "服务器的 IP 不在白名单里{note}",
        "请到公众平台「基本配置」的 IP 白名单加上它，或让管理员确认。",
    ),
    Why.RIGHTS: ("公众号没有这个接口的权限，或被封了", "请到公众平台看看站内通知和「接口权限」。"),
    Why.TEMPLATE: (
        "这个模板被删了或编号不对",
        "请到公众平台核对模板编号，改 GONGZHI_WECHAT_TEMPLATES 后重启服务。",
    ),
    Why.BUSY: ("微信说系统繁忙", "会自动再试，不用处理。"),
    Why.UNREACHABLE: ("连不上微信", "请检查服务器的网络和域名解析。"),
    Why.UNANSWERED: (
        "微信收了请求不答",
        "会自动再试；有些可能已送到，用 deliveries list --state uncertain 查看。",
    ),
    Why.UNKNOWN: ("微信一再给出没见过的代码", "请按代码查微信的说明，或看日志里的 rid 问微信客服。"),
}
OVER = "已经恢复，不用再说"
NOTE_SHOWN = 60  # characters of the platform's own words


def stop_words(stop: Stop) -> tuple[str, str, str]:
    """Return what is stopped, why, and what to do about it."""
    why, do = WHYS[stop.why]
    return way_name(stop.way), why.format(note=f"：{stop.note[:NOTE_SHOWN]}" if stop.note else ""), do


def way_name(way: str) -> str:
    """Return what people call a way."""
    name, _, use = way.partition(":")
    shown = NAMES.get(name, name)
    return ONE_USE.format(name=shown, use=use) if use else shown


async def tell_stops(*, now: datetime) -> int:
    """Owe the administrators word of each stop that they have not heard of; return how many stops."""
    fresh = [stop for stop in await list_stops() if stop.in_force and stop.told_at is None and _is_told(stop)]
    for stop in fresh:
        async with in_transaction():
            same = Stop.filter(way=stop.way, since=stop.since, told_at=None, ended_at=None)
            if await same.update(told_at=now):
                what, why, do = stop_words(stop)
                words = STOPPED.format(what=what, why=why, do=do, code=stop.code)
                await _tell(stop, words, kind="stop", now=now)
    return len(fresh)


async def tell_ends(*, now: datetime) -> int:
    """Owe who heard of a stop word of its end, once it has lasted; take back what they have not heard yet."""
    over = await Stop.filter(ended_at__lte=now - SAME, told_at__not_isnull=True)
    for stop in over:
        async with in_transaction():
            same = Stop.filter(way=stop.way, since=stop.since, ended_at=stop.ended_at)
            if await same.update(told_at=None):
                await _tell(stop, ENDED.format(what=way_name(stop.way)), kind="over", now=now)
    return len(over)


def _is_told(stop: Stop) -> bool:
    after = PACES[stop.why].told_after
    return after is not None and stop.failed_tries >= after


async def _tell(stop: Stop, words: str, *, kind: str, now: datetime) -> None:
    """Owe these words to each administrator; the end of what they never heard of is not told."""
    owed = []
    for person in await list_staff(Role.ADMIN):
        if kind == "over" and not await _has_heard(stop, person.id, now=now):
            continue
        owed.append(
            Delivery(
                key=_key(kind, stop, person.id),
                person_id=person.id,
                use="work",
                text=words,
                fields_=_fields(stop, kind, now),
                due_at=now,
                owed_at=now,
            )
        )
    await queue_deliveries(owed)


async def _has_heard(stop: Stop, person_id: int, *, now: datetime) -> bool:
    """Tell whether the stop was told to this person; if not, take the words back: they are no longer true."""
    told = await Delivery.get_or_none(key=_key("stop", stop, person_id))
    if told is not None and told.state in DROPPABLE - {Owing.UNCERTAIN}:
        await drop_deliveries(Chosen((told.id,)), reason=OVER, now=now)
    return told is not None and told.state in {Owing.SENT, Owing.UNCERTAIN}


def _key(kind: str, stop: Stop, person_id: int) -> str:
    return f"{kind}-{stop.way[:40]}-{int(stop.since.timestamp())}-{person_id}"


def _fields(stop: Stop, kind: str, now: datetime) -> dict[str, str]:
    """Return what a template of the use "work" can show of it."""
    return {
        "number": str(stop.code),
        "type": f"{way_name(stop.way)}停发"[:20],
        "state": "已恢复" if kind == "over" else "需要处理",
        "place": "微信公众平台",
        "due": f"{local(now):%Y-%m-%d %H:%M}",
        "note": WHYS[stop.why][0].format(note="")[:20],
    }
