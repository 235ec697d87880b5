"""The WeChat API for asyncio: wechatpy's client over aiohttp, with bounded repeats and a shared token."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import quote

from wechatpy import WeChatClient

from bot.wechat_calls import paged, prepared
from bot.wechat_errors import Kind, WeChatRefused, WeChatUnanswered, WeChatUnreachable
from bot.wechat_stops import Stops, way_of
from bot.wechat_tokens import Fresh, TokenKeeper
from bot.wechat_wire import TOTAL_SECONDS, Call, Limit, Part, Wire
from models.clock import Clock

OFFICIAL_API = "https://api.weixin.qq.com"
OFFICIAL_QR = "https://mp.weixin.qq.com"
BUSY_PAUSES = (1.0, 2.0, 4.0)  # seconds, after the answer -1
TYPING_HARMLESS = (45080, 45081, 45072, 40200)  # no exchange just now, typing already, a test account
NO_MENU = 46003
UNREPEATABLE = ("message/custom/send", "message/subscribe/bizsend")
PROBE = "get_api_domain_ip"
T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a template or subscribe notice says: template id, values by WeChat's keys, what a tap opens."""

    template: str
    fields: Mapping[str, str]
    url: str = ""
    miniprogram: Mapping[str, str] = field(default_factory=dict)  # appid, pagepath
    use: str = ""  # what it is used for: when this template is gone, only this use is stopped

    def body(self, openid: str) -> dict[str, Any]:
        """Return what both kinds have in common on the wire."""
        data = {key: {"value": value} for key, value in self.fields.items()}
        body: dict[str, Any] = {"touser": openid, "template_id": self.template, "data": data}
        return body | ({"miniprogram": dict(self.miniprogram)} if self.miniprogram else {})


class AsyncWeChat(WeChatClient):  # type: ignore[misc]
    """One service account; wechatpy's API classes work with ``await`` (``await wechat.tag.create(name)``).

    Every call may raise WeChatRefused, WeChatUnreachable, WeChatUnanswered or WeChatStopped, and nothing else
    of the network's. What wechatpy lacks or breaks stands here as a method of its own.
    """

    def __init__(
        self,
        appid: str,
        secret: str,
        *,
        clock: Clock,
        base: str = OFFICIAL_API,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        seconds: float = TOTAL_SECONDS,
    ) -> None:
        super().__init__(appid, secret, auto_retry=False)
        self.base = base.rstrip("/")
        self.stops = Stops(clock)
        self._wire = Wire(seconds)
        self._sleep = sleep
        self._tokens = TokenKeeper(appid, self._fetch_token, clock=clock, sleep=sleep)

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()

    async def check_account(self) -> None:
        """Ask once for a token; raises what says that the account is not ours or that WeChat is out of reach.

        The token in use stays good.
        """
        await self._fetch_token(False)

    async def send_customer(self, openid: str, kind: str, content: Mapping[str, Any]) -> None:
        """Send a customer message (``text``, ``image``, ``msgmenu`` …); never repeat it when unanswered."""
        body = {"touser": openid, "msgtype": kind, kind: content}
        await self._post_json("message/custom/send", body, falls_back=kind == "msgmenu")

    async def show_typing(self, openid: str, *, on: bool = True) -> None:
        """Show or hide 对方正在输入; where it is not allowed nothing happens."""
        command = "Typing" if on else "CancelTyping"
        try:
            body = {"touser": openid, "command": command}
            await self._post_json("message/custom/typing", body, falls_back=True)
        except WeChatRefused as refusal:
            if refusal.code not in TYPING_HARMLESS:
                raise

    async def send_template(self, openid: str, notice: Notice, *, key: str) -> None:
        """Send a template message; a repeat with the same ``key`` (32 characters) is dropped for 10 min."""
        action = "message/template/send"
        body = notice.body(openid) | {"client_msg_id": key} | ({"url": notice.url} if notice.url else {})
        await self._post_json(action, body, feature=notice.use or notice.template)

    async def send_notice(self, openid: str, notice: Notice) -> None:
        """Send a subscribe notice (订阅通知), using up one consent; not to be repeated when unanswered."""
        action = "message/subscribe/bizsend"
        body = notice.body(openid) | ({"page": notice.url} if notice.url else {})
        await self._post_json(action, body, feature=notice.use or notice.template)

    async def send_to_tag(self, tag_id: int, kind: str, content: Mapping[str, Any], *, key: str) -> int:
        """Send to all who bear a tag; return the msg_id. ``key``: 64 bytes, a repeat is not sent twice."""
        target = {"is_to_all": False, "tag_id": tag_id}
        mass = {"filter": target, "msgtype": kind, kind: content, "clientmsgid": key}
        return int((await self._post_json("message/mass/sendall", mass)).get("msg_id", 0))

    async def upload_media(self, kind: str, content: bytes, *, name: str, mime: str) -> str:
        """Upload a temporary file (``image``, ``voice``, ``video``); return its media id, good for 3 days."""
        part = Part("media", name, content, mime)
        url = f"{self.base}/cgi-bin/media/upload"
        answer = await self._ask(Call("post", url, "media/upload", params={"type": kind}, part=part))
        return _text(_object(answer), "media_id")

    async def open_media(self, media_id: str, limit: Limit) -> bytes | dict[str, Any]:
        """Return the bytes of what a person sent, or for a video the JSON that names its address."""
        params = {"media_id": media_id}
        return await self._ask(
            Call("get", f"{self.base}/cgi-bin/media/get", "media/get", params, limit=limit)
        )

    async def download(self, url: str, limit: Limit) -> bytes:
        """Return the bytes at an address that the caller has found permitted; our token stays here."""
        return await self._wire.download(url, limit)

    async def find_menu(self) -> dict[str, Any] | None:
        """Return the custom menu as WeChat has it, or None."""
        try:
            return _object(await self._get_json("menu/get"))
        except WeChatRefused as refusal:
            if refusal.code == NO_MENU:
                return None
            raise

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replace the custom menu; ``menu`` is ``{"button": [...]}``."""
        await self._post_json("menu/create", menu)

    async def delete_menu(self) -> None:
        """Delete the custom menu, the conditional ones included."""
        await self._get_json("menu/delete")

    async def create_qr(self, scene: str, *, seconds: int = 0) -> str:
        """Return a QR code's ticket; ``scene``: 1-64 characters; ``seconds`` 0: for ever (of 100,000)."""
        info: dict[str, Any] = {"action_name": "QR_LIMIT_STR_SCENE"}
        if seconds:
            info = {"action_name": "QR_STR_SCENE", "expire_seconds": seconds}
        info["action_info"] = {"scene": {"scene_str": scene}}
        return _text(await self._post_json("qrcode/create", info), "ticket")

    def qr_address(self, ticket: str) -> str:
        """Return where the picture of a QR code can be fetched, without a token."""
        host = OFFICIAL_QR if self.base == OFFICIAL_API else self.base
        return f"{host}/cgi-bin/showqrcode?ticket={quote(ticket, safe='')}"

    async def iterate_followers(self) -> AsyncIterator[str]:
        """Yield the openid of every follower."""
        async for openid in paged(lambda start: self._get_json("user/get", {"next_openid": start})):
            yield openid

    async def iterate_tagged(self, tag_id: int) -> AsyncIterator[str]:
        """Yield the openid of everyone who bears the tag."""
        async for openid in paged(
            lambda start: self._post_json("user/tag/get", {"tagid": tag_id, "next_openid": start})
        ):
            yield openid

    async def clear_quota(self) -> None:
        """Set today's API counts to zero (10 times a month) and let the stopped calls be tried again."""
        await self._post_json("clear_quota", {"appid": self.appid})
        await self.stops.resume_quotas()

    def fetch_access_token(self) -> None:
        """Refuse: wechatpy's own token request is synchronous and goes to a fixed host."""
        raise NotImplementedError("tokens are kept by TokenKeeper")

    async def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        # The one door through which wechatpy's API classes go out.
        processor = kwargs.pop("result_processor", None)
        answer = await self._ask(prepared(method, url_or_endpoint, self.base, kwargs))
        return processor(answer) if processor else answer

    async def _get_json(self, action: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        return _object(await self._ask(Call("get", f"{self.base}/cgi-bin/{action}", action, params or {})))

    async def _post_json(
        self, action: str, content: Mapping[str, Any], *, feature: str = "", falls_back: bool = False
    ) -> dict[str, Any]:
        body = json.dumps(content, ensure_ascii=False).encode()
        call = Call("post", f"{self.base}/cgi-bin/{action}", action, body=body, falls_back=falls_back)
        if feature:
            call = replace(call, feature=f"{way_of(call)}:{feature}")
        return _object(await self._ask(call))

    async def _ask(self, call: Call) -> dict[str, Any] | bytes:
        """Make a call if its ways are open, and let the stops learn from how it ends."""
        tried = await self.stops.enter(call)
        try:
            if tried and call.action in UNREPEATABLE and await self.stops.doubt_answers(tried):
                await self._probe()
            answer = await self._asked(call)
        except WeChatRefused as refusal:
            await self.stops.refused(refusal, call, tried)
            _note(refusal, call)
            raise
        except (WeChatUnanswered, WeChatUnreachable) as error:
            await self.stops.lost(call, error, tried)
            raise
        await self.stops.passed(tried)
        return answer

    async def _probe(self) -> None:
        """Ask for something harmless where answers did not come: what is owed to people is not put at risk for it.

        Raises WeChatUnreachable when no answer comes: the call itself has not been made.
        """
        with suppress(WeChatRefused):  # an answer all the same
            await _surely_unsent(self._asked(Call("get", f"{self.base}/cgi-bin/{PROBE}", PROBE)))

    async def _asked(self, call: Call) -> dict[str, Any] | bytes:
        """Make a call with a token: a bad token is renewed once, and the call repeated once."""
        token = await _surely_unsent(self._tokens.current())
        try:
            return await self._patiently(call, token)
        except WeChatRefused as refusal:
            if refusal.kind is not Kind.REFRESH:
                raise
        token = await _surely_unsent(self._tokens.renewed(stale=token))
        return await self._patiently(call, token)

    async def _patiently(self, call: Call, token: str = "") -> dict[str, Any] | bytes:
        for pause in BUSY_PAUSES:
            try:
                return await self._wire.ask(call, token)
            except WeChatRefused as refusal:
                if refusal.kind is not Kind.BACK_OFF:
                    raise
            await self._sleep(pause)
        return await self._wire.ask(call, token)

    async def _fetch_token(self, force: bool) -> Fresh:
        ask = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        body = json.dumps(ask | {"force_refresh": force}).encode()
        call = Call("post", f"{self.base}/cgi-bin/stable_token", "stable_token", body=body)
        answer = _object(await self._patiently(call))
        return Fresh(_text(answer, "access_token"), float(answer.get("expires_in", 7200)))


async def _surely_unsent(first: Awaitable[T]) -> T:
    """Return what must come first; without it the call itself has not gone out, however the asking for it ended."""
    try:
        return await first
    except WeChatUnanswered as error:
        raise WeChatUnreachable(f"not sent: {error}") from error


def _note(refusal: WeChatRefused, call: Call) -> None:
    log.warning(
        "wechat refused %s: code=%s kind=%s rid=%s: %s",
        call.action,
        refusal.code,
        refusal.kind,
        refusal.rid,
        refusal.errmsg,
        extra={"action": "wechat_refused"},
    )


def _object(answer: dict[str, Any] | bytes) -> dict[str, Any]:
    if isinstance(answer, bytes):
        raise WeChatUnanswered("a file came where JSON was due")
    return answer


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not value:
        raise WeChatUnanswered(f"the answer has no {name}")
    return str(value)
