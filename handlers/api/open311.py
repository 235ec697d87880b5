"""Open311 GeoReport v2: what may be reported here, reporting it, and what became of it."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from aiohttp import web

from handlers.api.open311_filters import read_numbers, read_page, read_wanted
from handlers.api.open311_forms import XML, Answer, Value, Wrong, choose_form, packed, written
from handlers.api.open311_post import NO_JURISDICTION, post_request, show_token
from handlers.api.open311_rows import definition_row, discovery_row, request_row, service_row
from handlers.strangers import RETRY_AFTER, TURNS, Busy
from handlers.web import CLOCK, TOWN
from models.cases.public import find_last_event, list_public, list_public_numbers
from models.cases.tables import Case
from models.city.city import CaseType, City
from models.clock import local
from models.town import Town

log = logging.getLogger(__name__)

ROOT = "/open311/v2"
EXTENSION = r"{extension:(?:\.\w+)?}"
NO_SERVICE = "没有这个 service_code:{code}。可用的见 services。"
NO_REQUEST = "没有这个 service_request_id:{number}。"
BUSY = "查询的人太多，请过几秒再试。"
BROKEN = "这次没查成，请稍后再试；一直这样请告诉我们。"

SERVICES = {"services": "service"}
DEFINITION = {"attributes": "attribute", "values": "value"}
REQUESTS = {"service_requests": "request"}
DISCOVERY = {"endpoints": "endpoint", "formats": "format"}

Read = Callable[[web.Request], Awaitable[Answer]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes() -> list[web.AbstractRouteDef]:
    """Return the addresses of the interface; they need the keys TOWN and CLOCK of handlers/web.py."""
    return [
        web.get(f"{ROOT}/discovery{EXTENSION}", _served(discover)),
        web.get(f"{ROOT}/services{EXTENSION}", _served(list_services)),
        web.get(f"{ROOT}/services/{{code:[^/.]+}}{EXTENSION}", _served(define_service)),
        web.get(f"{ROOT}/requests{EXTENSION}", _served(list_requests)),
        web.post(f"{ROOT}/requests{EXTENSION}", _served(post_request, by_turns=False)),
        web.get(f"{ROOT}/requests/{{number:[^/.]+}}{EXTENSION}", _served(show_request)),
        web.get(f"{ROOT}/tokens/{{token:[^/.]+}}{EXTENSION}", _served(show_token)),
    ]


async def discover(request: web.Request) -> Answer:
    """Answer where the interface lies and in which forms it speaks."""
    town = request.app[TOWN]
    url = town.links.page(ROOT)
    # Sortable, as the specification wants it; the town's data may change on any day.
    changeset = f"{local(request.app[CLOCK].now()):%Y-%m-%d}"
    content = discovery_row(town.city, url=url, changeset=changeset)
    return Answer("discovery", content, DISCOVERY)


async def list_services(request: web.Request) -> Answer:
    """Answer with what may be reported: the case types that the town handles."""
    kinds = request.app[TOWN].city.case_types.values()
    return Answer("services", [service_row(kind) for kind in kinds if kind.handled], SERVICES)


async def define_service(request: web.Request) -> Answer:
    """Answer with what else may be said about one type."""
    code = request.match_info["code"]
    kind: CaseType | None = request.app[TOWN].city.case_types.get(code)
    if kind is None or not kind.handled:
        raise Wrong(404, NO_SERVICE.format(code=code[:40]))
    return Answer("service_definition", definition_row(kind), DEFINITION)


async def list_requests(request: web.Request) -> Answer:
    """Answer with the cases asked for, newest first."""
    town, query, now = request.app[TOWN], request.query, request.app[CLOCK].now()
    if numbers := read_numbers(query):
        cases = await list_public_numbers(numbers, town.city)
    else:
        wanted = read_wanted(query, town.city, now=now)
        page = read_page(query)
        cases = await list_public(wanted, town.city, limit=page.limit, offset=page.offset)
    # In a thread: two hundred cases take a twentieth of a second, which nobody's push should wait for.
    rows = await asyncio.to_thread(_rows, cases, town, now)
    return Answer("service_requests", rows, REQUESTS)


async def show_request(request: web.Request) -> Answer:
    """Answer with one case; the specification wants it in a list of one."""
    town, now = request.app[TOWN], request.app[CLOCK].now()
    number = request.match_info["number"]
    cases = await list_public_numbers([number], town.city)
    if not cases:
        raise Wrong(404, NO_REQUEST.format(number=number[:40]))
    return Answer("service_requests", [request_row(case, town, now=now) for case in cases], REQUESTS)


def _rows(cases: list[Case], town: Town, now: datetime) -> list[Value]:
    return [request_row(case, town, now=now) for case in cases]


def _served(read: Read, *, by_turns: bool = True) -> Handler:
    """Return a handler that writes in the form asked for, mistakes too; ``by_turns``: anybody may ask."""

    @functools.wraps(read)
    async def serve(request: web.Request) -> web.StreamResponse:
        form = XML
        try:
            form = choose_form(request)
            _check_jurisdiction(request.query, request.app[TOWN].city)
            return await (_kept(request, read, form) if by_turns else _written(request, read, form))
        except Busy:
            return _busy(form)
        except Wrong as wrong:
            answer = wrong.answer()
        except OSError:
            raise  # they have gone
        except Exception:
            log.exception("an Open311 request broke", extra={"action": "open311_failed"})
            answer = Answer("errors", [{"code": 500, "description": BROKEN}], {"errors": "error"}, 500)
        return written(answer, form)

    return serve


async def _kept(request: web.Request, read: Read, form: str) -> web.Response:
    """Return the answer that the last to ask the same got, as long as nothing has happened; else read it in turn."""
    turns, now = request.app.get(TURNS), request.app[CLOCK].now()
    if turns is None:
        return await _written(request, read, form)
    asked = (form, request.path, tuple(request.query.items()))
    version = await find_last_event()
    body = turns.find(asked, version=version, now=now)
    if body is None:
        async with turns.turn():
            body = turns.find(
                asked, version=version, now=now
            )  # whoever was before us may have asked the same
            if body is None:
                body = (await _written(request, read, form)).body
                turns.keep(asked, body, version=version, now=now)
    return packed(body, form, 200)


async def _written(request: web.Request, read: Read, form: str) -> web.Response:
    return await asyncio.to_thread(written, await read(request), form)


def _busy(form: str) -> web.Response:
    response = written(Wrong(503, BUSY).answer(), form)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _check_jurisdiction(query: Mapping[str, str], city: City) -> None:
    """Raise Wrong for the town of somebody else, in every method."""
    code = query.get("jurisdiction_id", "").strip()
    if code and code != city.code:
        raise Wrong(404, NO_JURISDICTION.format(code=code[:40]))
