"""The page of an outside contractor: one case, opened by a signed link, handed back with a photo and a few words."""

import asyncio

from aiohttp import web

from handlers.pages.look import ROOT, kind, rendered, with_form
from handlers.uploads import Form, TooMuch, TooSlow, read_form
from handlers.web import CLOCK, STORE, TOWN
from models.cases.entrusted import hand_in_work
from models.cases.masking import mask_personal
from models.cases.moves import Actor, Move
from models.cases.states import AT_WORK
from models.cases.stepping import check_move
from models.cases.tables import Case
from models.cases.words import case_words
from models.deliveries.sender import MediaLost
from models.errors import Refusal
from models.evidence import WHY_UNKEPT, Evidence, Keeping, list_evidence
from models.lifecycle import Role

PHOTO, NOTE = "photo", "note"
SHOWN = 6  # photos of the place
NEEDS_PHOTO = "请选一张处理后的照片，再交一次。写的话还在下面。"
NEEDS_NOTE = "请写几个字，说说怎么处理的。照片要重新选一次。"
TOO_MUCH = "照片太大或太多了：每张不超过 10 MB，最多 6 张，一共不超过 30 MB。请重选再交。"
TOO_SLOW = "照片没有按时传完。请换个信号好的地方，或少选几张，再交一次。"
NO_PHOTO = "这里要照片：{why}。请另选一张照片再交。"


def routes() -> list[web.AbstractRouteDef]:
    """Return the page's addresses; they need TOWN, CLOCK and STORE of handlers/web.py, and look.setup."""
    return [
        web.get(f"{ROOT}/w/{{token}}", kind(show_work)),
        web.post(f"{ROOT}/w/{{token}}", kind(hand_back)),
        web.get(f"{ROOT}/w/{{token}}/photo/{{digest:[0-9a-f]{{64}}}}", kind(send_photo)),
    ]


async def show_work(request: web.Request) -> web.StreamResponse:
    """Show what is to be done and the form that hands it back."""
    opened = await _open(request)
    return await _page(request, opened[0]) if opened else rendered("no_link.html", request, status=403)


async def hand_back(request: web.Request) -> web.StreamResponse:
    """Take the photos and the words; what is missing is asked for, and the words are not lost."""
    opened = await _open(request)
    if opened is None:
        return rendered("no_link.html", request, status=403)
    case, name = opened
    if case.state not in AT_WORK:  # nothing of what is sent now is read, let alone kept
        return rendered("work_over.html", request, status=409)
    try:
        form = await read_form(request, photos=frozenset({PHOTO}))
    except (TooMuch, TooSlow, ValueError) as error:
        problem, status = _unreadable(error)
        return await _page(request, case, problem=problem, status=status)
    note = form.fields.get(NOTE, "").strip()[:500]
    if not form.photos or not note:
        return await _page(
            request, case, problem=NEEDS_NOTE if form.photos else NEEDS_PHOTO, note=note, status=400
        )
    return await _carry_out(request, case, Move("hand_back", Actor(Role.CONTRACTOR, None, name), note), form)


def _unreadable(error: Exception) -> tuple[str, int]:
    """Return what to tell of a form that cannot be read, and the status."""
    if isinstance(error, TooMuch):
        return TOO_MUCH, 413
    return (TOO_SLOW, 408) if isinstance(error, TooSlow) else (NEEDS_PHOTO, 400)


async def send_photo(request: web.Request) -> web.StreamResponse:
    """Send a small picture of the place before the work."""
    opened = await _open(request)
    is_theirs = opened is not None and opened[0].state in AT_WORK
    shown = {piece.digest for piece in await _before(opened[0])} if opened and is_theirs else set()
    digest = request.match_info["digest"]
    if digest not in shown:
        return rendered("no_photo.html", request, status=404)
    content = await request.app[STORE].small(digest)
    headers = {"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "private"}
    return web.Response(body=content, headers=headers)


async def _carry_out(request: web.Request, case: Case, move: Move, form: Form) -> web.StreamResponse:
    town, now, store = request.app[TOWN], request.app[CLOCK].now(), request.app[STORE]
    try:
        await check_move(case, move, town=town, now=now)
        stored = await asyncio.gather(*(store.keep(content, photo=True) for content in form.photos))
    except MediaLost as error:
        problem = NO_PHOTO.format(why=WHY_UNKEPT[error.why])
        return await _page(request, case, problem=problem, note=move.note, status=400)
    except Refusal:
        return rendered("work_over.html", request, status=409)
    try:
        await hand_in_work(case.id, move, photos=stored, town=town, now=now)
    except Refusal:  # it went on meanwhile
        return rendered("work_over.html", request, status=409)
    return rendered("work_done.html", request, {"number": case.number})


async def _page(
    request: web.Request, case: Case, *, problem: str = "", note: str = "", status: int = 200
) -> web.StreamResponse:
    if case.state not in AT_WORK:
        return rendered("work_over.html", request, status=status)
    words = case_words(case, request.app[TOWN], note="", now=request.app[CLOCK].now(), handler=None)
    context = {
        "case": words | {"text": mask_personal(case.text)},
        "photos": [piece.digest for piece in await _before(case)],
        "here": f"{ROOT}/w/{request.match_info['token']}",
        "problem": problem,
        "note": note,
    }
    return with_form(rendered("work.html", request, context, status=status))


async def _open(request: web.Request) -> tuple[Case, str] | None:
    """Return the case and the contractor of the link, as long as the case is still entrusted to them."""
    link = request.app[TOWN].links.read_contractor(request.match_info["token"], now=request.app[CLOCK].now())
    case = await Case.get_or_none(id=link[0]) if link else None
    return (case, link[1]) if case and link and case.contractor == link[1] else None


async def _before(case: Case) -> list[Evidence]:
    pieces = await list_evidence(case.id, stage="before")
    return [piece for piece in pieces if piece.kind == "image" and piece.state is Keeping.KEPT][:SHOWN]
