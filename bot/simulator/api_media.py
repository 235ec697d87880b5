"""The desk for media: upload, download, and pictures with an address of their own."""

import json

from aiohttp import web

from bot.simulator.calls import ApiRequest, Handler
from bot.simulator.media import MediaItem
from bot.simulator.refusals import ApiError
from bot.simulator.state import JsonObject, Platform

PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM")


def serve_media(item: MediaItem) -> web.Response:
    """The bytes of a stored file, with its type and name."""
    headers = {"Content-Disposition": f'attachment; filename="{item.filename}"'}
    return web.Response(body=item.content, content_type=item.content_type, headers=headers)


def _upload(platform: Platform, call: ApiRequest) -> JsonObject:
    if call.upload is None:
        raise ApiError(41005)
    kind = call.query.get("type", "")
    _check_picture(kind, call.upload)
    item = platform.media.put(kind, call.upload)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: item.media_id, "created_at": int(item.at.timestamp())}


def _get(platform: Platform, call: ApiRequest) -> JsonObject | web.Response:
    item = platform.media.take(call.query.get("media_id"))
    if item.kind == "video":
        return {"video_url": platform.media_url(item.media_id)}
    return serve_media(item)


def _upload_picture(platform: Platform, call: ApiRequest) -> JsonObject:
    if call.upload is None:
        raise ApiError(41005)
    _check_picture("image", call.upload)
    return {"url": platform.media_url(platform.media.put("image", call.upload, permanent=True).media_id)}


def _check_picture(kind: str, content: bytes) -> None:
    """Raise ApiError 40137 for what is sent as a picture and is none; the size is looked at by the shelf."""
    if kind == "image" and content and not content.startswith(PICTURES):
        raise ApiError(40137)


def plain_json(answer: object, status: int = 200) -> web.Response:
    """JSON the way WeChat sends it: UTF-8 signs as they are."""
    text = json.dumps(answer, ensure_ascii=False)
    return web.Response(
        body=text.encode(), status=status, headers={"Content-Type": "application/json; encoding=utf-8"}
    )


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/cgi-bin/media/upload"): _upload,
    ("GET", "/cgi-bin/media/get"): _get,
    ("POST", "/cgi-bin/media/uploadimg"): _upload_picture,
}
