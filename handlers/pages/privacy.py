"""The privacy notice, as the city wrote it, with its version."""

from aiohttp import web

from handlers.pages.look import ROOT, kind, rendered
from handlers.pages.notice_text import read_blocks
from handlers.web import TOWN


def routes() -> list[web.AbstractRouteDef]:
    """Return the notice's address; it needs the key TOWN of handlers/web.py and look.setup."""
    return [web.get(f"{ROOT}/privacy", kind(show_privacy))]


async def show_privacy(request: web.Request) -> web.StreamResponse:
    """Show the notice that holds now."""
    city = request.app[TOWN].city
    return rendered("privacy.html", request, {"blocks": read_blocks(city.privacy_notice)})
