"""Turns what wechatpy's API classes ask of their client into a Call that can be made more than once."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from bot.wechat_wire import Call, Part

OFFICIAL = "https://api.weixin.qq.com/"  # written out in wechatpy; the real base address is a setting
DOWNLOADS = ("media/get", "media/get/jssdk", "material/get_material")
DOWNLOAD_LIMIT = 10 * 1024 * 1024


def prepared(method: str, endpoint: str, base: str, asked: Mapping[str, Any]) -> Call:
    """Return the call for wechatpy's arguments; files are read here, once, so that a repeat is not empty.

    Raises ValueError for an address that is not the WeChat API's: our token goes nowhere else.
    """
    path = _path(endpoint, str(asked.get("api_base_url", f"{OFFICIAL}cgi-bin/")))
    action = path.removeprefix("cgi-bin/")
    params = {key: str(value) for key, value in (asked.get("params") or {}).items() if value is not None}
    data, part = asked.get("data"), _part(asked.get("files"))
    return Call(
        method=method,
        url=f"{base}/{path}",
        action=action,
        params=params,
        body=None if part else _body(data),
        form={key: str(value) for key, value in (data or {}).items()} if part else {},
        part=part,
        limit=_download_limit if action in DOWNLOADS else None,
    )


def _path(endpoint: str, prefix: str) -> str:
    whole = endpoint if endpoint.startswith(("http://", "https://")) else prefix + endpoint
    if not whole.startswith(OFFICIAL):
        raise ValueError("not an address of the WeChat API")
    return whole.removeprefix(OFFICIAL)


def _body(data: Any) -> bytes | None:
    if data is None or isinstance(data, bytes):
        return data
    return data.encode() if isinstance(data, str) else json.dumps(data, ensure_ascii=False).encode()


def _part(files: Mapping[str, Any] | None) -> Part | None:
    """Return the one file of a call: bytes, a file object, or requests' (name, content[, type])."""
    if not files:
        return None
    ((field, given),) = files.items()
    name, content, *mime = given if isinstance(given, tuple) else (f"{field}.bin", given)
    whole = content if isinstance(content, bytes) else content.read()
    return Part(field, str(name), whole, *mime)


def _download_limit(_: bytes) -> int:
    return DOWNLOAD_LIMIT


async def paged(page: Callable[[str], Awaitable[dict[str, Any]]]) -> AsyncIterator[str]:
    """Yield each openid of all pages once; ends with the first page that brings nobody new."""
    start = ""
    seen: set[str] = set()
    while True:
        answer = await page(start)
        fresh = [openid for openid in (answer.get("data") or {}).get("openid") or [] if openid not in seen]
        for openid in fresh:
            yield openid
        seen.update(fresh)
        start = str(answer.get("next_openid") or "")
        if not fresh or not start:
            return
