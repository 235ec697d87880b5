"""Cases for programs: list, one with its history, open, take a step, send a photo."""

import json
from hashlib import sha256

from aiohttp import web

from handlers.api.v1.access import TOKEN, Wrong, guarded, written
from handlers.api.v1.forms import read_body, read_point, read_until, read_wanted
from handlers.api.v1.rows import case_row, history_rows
from handlers.api.v1.schemas import NEW_STEP, new_case
from handlers.uploads import TooMuch, TooSlow, read_form
from handlers.web import CLOCK, STORE, TOWN
from models.access import Access, ApiToken
from models.cases.actions import move_case
from models.cases.draft import PLACE_SURE
from models.cases.flows import CASE_FLOW
from models.cases.involved import check_involved
from models.cases.listing import list_page
from models.cases.moves import Actor, Move, Report
from models.cases.once import find_opened, open_once
from models.cases.queries import find_case, list_history
from models.cases.states import STEP_NAMES
from models.cases.tables import Case
from models.cases.words import is_due_provisional
from models.characters import bounded
from models.deliveries.sender import MediaLost
from models.evidence import WHY_UNKEPT, Evidence, keep_sent
from models.lifecycle import Role
from models.people import Person

ROOT = "/api/v1"
ROLES = {Access.OFFICER: Role.OFFICER, Access.DISPATCHER: Role.DISPATCHER, Access.ADMIN: Role.ADMIN}
KEY_LENGTH = 100

NO_CASE = "没有编号 {number} 的案件。"
NEEDS_PLACE = "要有 place 的 gcj02、wgs84 或 address。"
ELSEWHERE = "这一步要用专门的入口：{step}。"
NO_PHOTO = "请用 multipart 的 photo 字段发一张照片（不超过 10 MB）。"
NOT_KEPT = "photo 要是一张照片：{why}。"
NO_EVIDENCE = "没有这些照片，或已属于别的案件。"
OWN_ENTRY = frozenset(
    {"link", "unlink", "split", "correct", "undo"}
)  # they need more than one case, or another door


def routes() -> list[web.AbstractRouteDef]:
    """Return the addresses of cases; they need TOWN, CLOCK and STORE of handlers/web.py."""
    one = f"{ROOT}/cases/{{number:[0-9]{{1,20}}}}"
    return [
        web.get(f"{ROOT}/cases", guarded(list_cases), allow_head=False),
        web.post(f"{ROOT}/cases", guarded(open_one, least=Access.OFFICER)),
        web.get(one, guarded(show_case), allow_head=False),
        web.get(f"{one}/steps", guarded(list_steps), allow_head=False),
        web.post(f"{one}/steps", guarded(take_step, least=Access.OFFICER)),
        web.post(f"{one}/evidence", guarded(send_photo, least=Access.OFFICER)),
    ]


async def list_cases(request: web.Request) -> web.StreamResponse:
    """Answer with one page of cases."""
    town, role = request.app[TOWN], request[TOKEN].role
    wanted, cursor, limit = read_wanted(request, town.city)
    page = await list_page(wanted, cursor=cursor, limit=limit)
    handlers = await _handlers(page.cases)
    now = request.app[CLOCK].now()
    rows = [
        case_row(
            case,
            role=role,
            handler=handlers.get(case.handler_id or 0),
            provisional=is_due_provisional(case, town, now),
        )
        for case in page.cases
    ]
    return written({"cases": rows, "next_cursor": page.next_cursor or None})


async def show_case(request: web.Request) -> web.StreamResponse:
    """Answer with one case and its history."""
    return await _shown(request, await _find(request))


async def open_one(request: web.Request) -> web.StreamResponse:
    """Open a case; the same Idempotency-Key opens it once."""
    town, token, now = request.app[TOWN], request[TOKEN], request.app[CLOCK].now()
    told = await read_body(request, new_case(town.city))
    origin = _origin(request, token)
    digest = sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    known = await find_opened(origin, digest)
    if known is not None:
        return await _shown(request, known)
    place = told.get("place", {})
    point = read_point(place)
    if point is None and not place.get("address", "").strip():
        raise Wrong(422, "bad_body", NEEDS_PLACE, {"place": NEEDS_PLACE})
    verdict = town.classifier.classify(bounded(told["text"]))
    spot = None if point else town.atlas.find_words(bounded(place.get("address", "")))
    if spot and spot.sure >= PLACE_SURE and spot.place.inside:  # as sheets and systems have it
        point = spot.point
    report = Report(
        type=told.get("type") or verdict.type,
        text=told["text"],
        point=point,
        address=place.get("address", ""),
        urgent=told.get("urgent", verdict.urgent),
        small_class=told.get("small_class", ""),
        source=told.get("source", "第三方"),
        origin=origin,
        client=token.name,
    )
    case, is_new = await open_once(report, digest, town=town, now=now)
    return await _shown(request, case, status=201 if is_new else 200)


async def list_steps(request: web.Request) -> web.StreamResponse:
    """Answer with the steps that a token of this role may take with the case now."""
    case, role = await _find(request), ROLES.get(request[TOKEN].role)
    steps = CASE_FLOW.steps_from(case.state, role) if role else ()
    rows = [
        {"step": step.name, "step_name": STEP_NAMES[step.name], "needs": sorted(step.needs)}
        for step in steps
        if step.name not in OWN_ENTRY
    ]
    return written({"steps": rows})


async def take_step(request: web.Request) -> web.StreamResponse:
    """Take one step in the name of the token."""
    town, token, now = request.app[TOWN], request[TOKEN], request.app[CLOCK].now()
    case, told = await _find(request), await read_body(request, NEW_STEP)
    if told["step"] in OWN_ENTRY:
        raise Wrong(422, "bad_body", ELSEWHERE.format(step=told["step"]), {"step": ELSEWHERE.format(step="")})
    if told.get("unit", "") and told["unit"] not in town.city.units:
        raise Wrong(422, "bad_body", "没有这个单位。", {"unit": "没有这个单位"})
    if "to" in told and not await Person.exists(id=told["to"], is_staff=True):
        raise Wrong(422, "bad_body", "没有这个人。", {"to": "没有这个人"})
    move = Move(
        told["step"],
        _actor(token),
        told.get("note", ""),
        await _evidence(case, told.get("evidence", [])),
        unit=told.get("unit", ""),
        person_id=told.get("to"),
        until=read_until(told),
        contractor=told.get("contractor", ""),
    )
    return await _shown(request, await move_case(case.id, move, town=town, now=now))


async def send_photo(request: web.Request) -> web.StreamResponse:
    """Keep a photo for a step with this case; answer with its id."""
    case, now = await _find(request), request.app[CLOCK].now()
    await check_involved(case, _actor(request[TOKEN]), town=request.app[TOWN], now=now)
    try:
        form = await read_form(request, photos=frozenset({"photo"}))
        stored = await request.app[STORE].keep(form.photos[0], photo=True)
    except (TooMuch, TooSlow, ValueError, LookupError) as error:
        raise Wrong(422, "bad_photo", NO_PHOTO) from error
    except MediaLost as error:
        why = WHY_UNKEPT[error.why]
        raise Wrong(422, "bad_photo", NOT_KEPT.format(why=why), {"photo": why}) from error
    piece = await keep_sent(stored, now=now)
    await Evidence.filter(id=piece.id).update(case_id=case.id, stage="sent")
    return written({"id": piece.id}, status=201)


async def _find(request: web.Request) -> Case:
    number = request.match_info["number"]
    case = await find_case(number)
    if case is None:
        raise Wrong(404, "no_case", NO_CASE.format(number=number))
    return case


async def _shown(request: web.Request, case: Case, *, status: int = 200) -> web.StreamResponse:
    role = request[TOKEN].role
    handler = (await _handlers([case])).get(case.handler_id or 0)
    provisional = is_due_provisional(case, request.app[TOWN], request.app[CLOCK].now())
    row = case_row(case, role=role, handler=handler, provisional=provisional)
    row["history"] = history_rows(await list_history(case), role=role)
    return written(row, status=status)


async def _handlers(cases: list[Case]) -> dict[int, Person]:
    ids = {case.handler_id for case in cases if case.handler_id}
    people = await Person.filter(id__in=ids, is_staff=True) if ids else []
    return {person.id: person for person in people}


def _actor(token: ApiToken) -> Actor:
    return Actor(ROLES[token.role], None, token.name, token.unit)


async def _evidence(case: Case, ids: list[int]) -> tuple[int, ...]:
    found = await Evidence.filter(id__in=ids, case_id=case.id, event_id=None)
    if {piece.id for piece in found} != set(ids):
        raise Wrong(422, "bad_body", NO_EVIDENCE, {"evidence": NO_EVIDENCE})
    return tuple(ids)


def _origin(request: web.Request, token: ApiToken) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > KEY_LENGTH or not key.isprintable():
        raise Wrong(422, "bad_key", f"Idempotency-Key 最多 {KEY_LENGTH} 个字符。")
    return f"api:{token.id}:{sha256(key.encode()).hexdigest()[:40]}" if key else None
