"""Deliveries for programs: what is owed, held, uncertain or failed and why; administrators send again or give up."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from handlers.api.v1.access import TOKEN, Wrong, guarded, written
from handlers.api.v1.forms import BAD_QUERY, DEFAULT_LIMIT, listed, read_body, whole
from handlers.api.v1.schemas import DELIVERIES_STEP, DELIVERY_STEP
from handlers.web import CLOCK
from models.access import Access
from models.audit import Deed, note_deed
from models.backlog import count_unsettled_deliveries
from models.cases.queries import list_numbers
from models.clock import local
from models.deliveries.actions import Chosen, Decision, drop_deliveries, retry_deliveries
from models.deliveries.alarms import stop_words
from models.deliveries.queries import MOST, UNSETTLED, Standing, find_standing, list_deliveries
from models.deliveries.stops import Stop, list_stops
from models.deliveries.tables import Owing

ROOT = "/api/v1/deliveries"
NO_DELIVERY = "没有编号 {id} 的投递。"


def routes() -> list[web.AbstractRouteDef]:
    """Return the addresses of deliveries; they need CLOCK of handlers/web.py."""
    one = f"{ROOT}/{{delivery:[0-9]{{1,18}}}}"
    return [
        web.get(ROOT, guarded(list_page), allow_head=False),
        web.post(f"{ROOT}/steps", guarded(decide_many, least=Access.ADMIN)),
        web.get(one, guarded(show_one), allow_head=False),
        web.post(f"{one}/steps", guarded(decide_one, least=Access.ADMIN)),
    ]


async def list_page(request: web.Request) -> web.StreamResponse:
    """Answer with one page of deliveries, the counts of all, and the stops."""
    query, faults = request.query, {}
    states = listed(query.get("state", ""))
    wrong = [state for state in states if state not in {*Owing}]
    if wrong:
        faults["state"] = f"没有“{wrong[0][:40]}”"
    limit = whole(query.get("limit", ""), DEFAULT_LIMIT)
    if limit is None or not 1 <= limit <= MOST:
        faults["limit"] = f"要在 1 和 {MOST} 之间"
    if faults:
        raise Wrong(422, "bad_query", BAD_QUERY, faults)
    chosen = [Owing(state) for state in states] or UNSETTLED
    page = await list_deliveries(chosen, cursor=query.get("cursor", ""), limit=int(limit or DEFAULT_LIMIT))
    content = {
        "deliveries": await _rows(page.rows),
        "next_cursor": page.next_cursor or None,
        "counts": await count_unsettled_deliveries(),
        "stops": [stop_row(stop) for stop in await list_stops() if stop.in_force],
    }
    return written(content)


async def show_one(request: web.Request) -> web.StreamResponse:
    """Answer with one delivery."""
    return written((await _rows([await _find(request)]))[0])


async def decide_one(request: web.Request) -> web.StreamResponse:
    """Send one again or give it up; answer with how it stands then."""
    told = await read_body(request, DELIVERY_STEP)
    found = await _find(request)
    await _decide(request, told, Chosen(ids=(found.delivery.id,)))
    return await show_one(request)


async def decide_many(request: web.Request) -> web.StreamResponse:
    """Send again or give up all that stand in some states; answer with how many."""
    told = await read_body(request, DELIVERIES_STEP)
    states = tuple(Owing(state) for state in told["state"])
    return written({"changed": await _decide(request, told, Chosen(states=states))})


def delivery_row(standing: Standing, case: str) -> dict[str, Any]:
    """Return the delivery as JSON: never its text, and of its person only our own number."""
    row = standing.delivery
    return {
        "id": row.id,
        "state": row.state.value,
        "reason": standing.reason,
        "person": row.person_id,
        "case": case or None,
        "use": row.use,
        "channel": row.channel or None,
        "way": row.way or None,
        "tries": row.tries,
        "code": row.code,
        "rid": row.rid,
        "owed_at": _moment(row.owed_at),
        "due_at": _moment(row.due_at),
        "sent_at": _moment(row.sent_at),
    }


def stop_row(stop: Stop) -> dict[str, Any]:
    """Return the stop as JSON, with what to do about it."""
    what, why, do = stop_words(stop)
    return {
        "way": stop.way,
        "why": stop.why.value,
        "code": stop.code,
        "rid": stop.rid,
        "words": f"{what}：{why}。{do}",
        "since": _moment(stop.since),
        "next_at": _moment(stop.next_at),
    }


async def _rows(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    numbers = await list_numbers({one.delivery.case_id for one in standings if one.delivery.case_id})
    return [delivery_row(one, numbers.get(one.delivery.case_id or 0, "")) for one in standings]


async def _find(request: web.Request) -> Standing:
    number = int(request.match_info["delivery"])
    found = await find_standing(number)
    if found is None:
        raise Wrong(404, "no_delivery", NO_DELIVERY.format(id=number))
    return found


async def _decide(request: web.Request, told: dict[str, Any], chosen: Chosen) -> int:
    now, token = request.app[CLOCK].now(), request[TOKEN]
    if told["step"] == Decision.RETRY:
        count = await retry_deliveries(chosen, may_repeat=told.get("may_repeat", False), now=now)
    else:
        count = await drop_deliveries(chosen, reason=told.get("reason", ""), now=now)
    which = ",".join([*map(str, chosen.ids), *chosen.states])
    deed = Deed(
        who=f"token {token.id} {token.name}",
        role=token.role.value,
        door="api",
        address=request.remote or "",
        action=f"deliveries {told['step']}",
        subject=f"{count}: {which}",
    )
    await note_deed(deed, now=now)
    return count


def _moment(moment: Any) -> str | None:
    return local(moment).isoformat(timespec="seconds") if moment else None
