"""What all H5 pages share: templates, the large-print view, and headers that keep a page to itself."""

import functools
import hashlib
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web

from handlers.web import TOWN

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ROOT = "/h5"
TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
STYLE = STATIC / "h5.css"
STYLE_MARK = hashlib.sha256(STYLE.read_bytes()).hexdigest()[
    :12
]  # in the address, so that it may be kept long
LARGE = "large"  # name of the parameter and of the cookie; a cookie needs no script
YEAR = 365 * 24 * 3600

PAGES: web.AppKey[jinja2.Environment] = web.AppKey("pages", jinja2.Environment)

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",  # the address of a case's page is its key
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "private, no-store",
}


def setup(app: web.Application) -> None:
    """Make the templates ready and add the style sheet; call once, beside adding the pages' routes."""
    loader = jinja2.FileSystemLoader(TEMPLATES)
    aiohttp_jinja2.setup(
        app,
        app_key=PAGES,
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    app.router.add_get(f"{ROOT}/static/h5.css", send_style)


def kind(handler: Handler) -> Handler:
    """Return the handler with a friendly page in place of whatever breaks in it."""

    @functools.wraps(handler)
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException:
            raise
        except Exception:
            log.exception("a page broke", extra={"action": "page_failed"})
            return rendered("broken.html", request, status=500)

    return handle


async def send_style(_request: web.Request) -> web.StreamResponse:
    """Send the style sheet; its address changes with its content."""
    headers = {"Cache-Control": f"public, max-age={YEAR}, immutable", "X-Content-Type-Options": "nosniff"}
    return web.FileResponse(STYLE, headers=headers)


def with_form(response: web.Response) -> web.Response:
    """Return the page with leave to send its form to where it came from."""
    policy = PAGE_HEADERS["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'")
    response.headers["Content-Security-Policy"] = policy
    return response


def rendered(
    name: str, request: web.Request, context: dict[str, Any] | None = None, *, status: int = 200
) -> web.Response:
    """Return a page in normal or large print, as asked for now or the last time."""
    asked = request.query.get(LARGE)
    large = (asked or request.cookies.get(LARGE)) == "1"
    shared = {
        "city": request.app[TOWN].city,
        "large": large,
        "toggle": f"?{LARGE}={0 if large else 1}",
        "style": f"{ROOT}/static/h5.css?{STYLE_MARK}",
    }
    response = aiohttp_jinja2.render_template(
        name, request, shared | (context or {}), app_key=PAGES, status=status
    )
    response.headers.update(PAGE_HEADERS)
    if asked in ("0", "1"):
        response.set_cookie(
            LARGE, asked, max_age=YEAR, path=ROOT, httponly=True, samesite="Lax", secure=request.secure
        )
    return response
