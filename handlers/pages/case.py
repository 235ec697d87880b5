"""One case's page, opened by a signed link from the chat, and the pictures on it."""

import asyncio
import mimetypes

from aiohttp import web

from handlers.pages.case_view import find_shown, view_case
from handlers.pages.case_words import STAGES
from handlers.pages.look import ROOT, kind, rendered
from handlers.web import CLOCK, STORE, TOWN
from models.cases.reading import Reader, find_reader
from models.cases.tables import Case
from models.deliveries.sender import MediaLost
from models.evidence import Evidence

SHOWN_IN_PAGE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
BYTES = "application/octet-stream"
PICTURE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, max-age=86400",
}


def routes() -> list[web.AbstractRouteDef]:
    """Return the pages' addresses; they need TOWN, CLOCK and STORE of handlers/web.py, and look.setup."""
    return [
        web.get(f"{ROOT}/c/{{token}}", kind(show_case)),
        web.get(f"{ROOT}/c/{{token}}/photo/{{digest:[0-9a-f]{{64}}}}", kind(send_photo)),
    ]


async def show_case(request: web.Request) -> web.StreamResponse:
    """Show the case of the link to the person of the link; else say where to get a new link."""
    opened = await _open(request)
    if opened is None:
        return rendered("no_link.html", request, status=403)
    view = await view_case(*opened, town=request.app[TOWN], now=request.app[CLOCK].now())
    context = {"case": view, "stages": STAGES, "here": f"{ROOT}/c/{request.match_info['token']}"}
    return rendered("case.html", request, context)


async def send_photo(request: web.Request) -> web.StreamResponse:
    """Send a kept picture of this case, with ``?small=1`` a small one; what its reader may not see is not there."""
    opened = await _open(request)
    if opened is None:
        return rendered("no_link.html", request, status=403)
    piece = await find_shown(*opened, request.match_info["digest"])
    content = await _content(request, piece) if piece else None
    if piece is None or content is None:
        return rendered("no_photo.html", request, status=404)
    return web.Response(body=content, headers=_headers(piece, opened[0]))


async def _open(request: web.Request) -> tuple[Case, Reader] | None:
    link = request.app[TOWN].links.read_case(request.match_info["token"], now=request.app[CLOCK].now())
    return await find_reader(*link) if link else None


async def _content(request: web.Request, piece: Evidence) -> bytes | None:
    store = request.app[STORE]
    small = request.query.get("small") == "1" and piece.mime in SHOWN_IN_PAGE
    try:
        if small:
            return await store.small(piece.digest)
        return await asyncio.to_thread(store.read, piece.digest)
    except (FileNotFoundError, MediaLost):
        return None


def _headers(piece: Evidence, case: Case) -> dict[str, str]:
    """Show pictures in the page; anything else is handed over as a file, whatever it calls itself."""
    if piece.mime in SHOWN_IN_PAGE:
        return PICTURE_HEADERS | {"Content-Type": piece.mime}
    ending = mimetypes.guess_extension(piece.mime) or ""
    name = f'attachment; filename="{case.number}-{piece.id}{ending}"'
    return PICTURE_HEADERS | {"Content-Type": piece.mime or BYTES, "Content-Disposition": name}
