"""Open311 for writing: a client with an api_key reports a case, with a photo if it likes."""

import json
from hashlib import sha256

from aiohttp import web

from handlers.api.open311_filters import LAT, LONG, read_number
from handlers.api.open311_forms import Answer, Wrong
from handlers.uploads import Form, NotText, TooMuch, TooSlow, read_form, read_plain_form
from handlers.web import CLOCK, STORE, TOWN
from models.access import Access, ApiToken, find_token
from models.audit import Deed, count_refused, note_deed
from models.cases.moves import Report
from models.cases.once import KeyUsed, find_opened, open_once
from models.cases.public import list_public_numbers
from models.cases.words import say_due
from models.characters import bounded
from models.city.city import CaseType, City, GcjPoint, Wgs84Point
from models.city.coordinates import wgs_to_gcj
from models.deliveries.sender import MediaLost, Stored
from models.errors import Refusal
from models.evidence import WHY_UNKEPT
from models.town import Town

MEDIA, SMALL_CLASS = "media", "attribute[small_class]"
TEXT = 4000  # characters of a description, as the specification has it
OPENED = "已立案，{due}前办理。"

NO_KEY = "api_key 不对或没有给。向城管中心要一个；有照片时，api_key 要放在 media 前面或地址里。"
READ_ONLY = "这个 api_key 只能查询，不能上报。"
NO_JURISDICTION = "没有这个 jurisdiction_id:{code}。"
NO_SERVICE = "没有这个 service_code:{code}。可用的见 services。"
WRONG_ATTRIBUTE = "{name} 不对。可用的属性和值见 services/{code}。"
NO_ADDRESS = "media_url 没有收：照片请放在 media 里一起发。"
NEEDS = "缺少 {name}。"
NEEDS_PLACE = "要有 lat 和 long，或 address_string。"
TOO_MUCH = "内容太多：照片每张不超过 10 MB、最多 6 张，一共不超过 30 MB；其他内容一共不超过 256 KB。"
TOO_SLOW = "没有按时传完，没有收下。请再发一次。"
NOT_TEXT = "文字不是 UTF-8 编码，没有收下。请用 UTF-8 发送，或在 Content-Type 里写明，例如 charset=gbk。"
NO_PHOTO = "media 要是一张照片：{why}。"
REQUESTS = {"service_requests": "request"}


async def post_request(request: web.Request) -> Answer:
    """Open a case; answer with its number in a list of one. Raises Wrong."""
    town, now = request.app[TOWN], request.app[CLOCK].now()
    form, token = await _read(request)
    fields = form.fields
    kind = _kind(fields, town.city)
    origin = _origin(request, token)
    digest = _digest(form)
    try:
        case = await find_opened(origin, digest)
        if case is None:
            report = _report(fields, kind, town, token=token, origin=origin)
            photos = await _kept(request, form)
            case, _ = await open_once(report, digest, photos=photos, town=town, now=now)
    except KeyUsed as refusal:
        raise Wrong(409, refusal.sentence) from refusal
    except Refusal as refusal:
        raise Wrong(400, refusal.sentence) from refusal
    who = f"token {token.id} {token.name}"
    deed = Deed(
        who, "open311", "POST requests", token.role.value, request.remote or "", f"case {case.number}"
    )
    await note_deed(deed, now=now)
    notice = OPENED.format(due=say_due(case, town, now)) + (NO_ADDRESS if fields.get("media_url") else "")
    row = {"service_request_id": case.number, "service_notice": notice, "account_id": None}
    return Answer("service_requests", [row], REQUESTS, 201)


async def show_token(request: web.Request) -> Answer:
    """Answer with the number behind a token; ours are the numbers themselves, given at once."""
    number = request.match_info["token"]
    if not await list_public_numbers([number], request.app[TOWN].city):  # nor that somebody asked something
        raise Wrong(404, f"没有这个 token：{number[:40]}。")
    return Answer("service_requests", [{"token": number, "service_request_id": number}], REQUESTS)


async def _read(request: web.Request) -> tuple[Form, ApiToken]:
    """Return the form and whose key it shows; nothing of a photo is read before the key. Raises Wrong."""

    async def admit(fields: dict[str, str]) -> ApiToken:
        return await _let_in(fields.get("api_key") or request.query.get("api_key", ""))

    try:
        if request.content_type.startswith("multipart/"):
            form = await read_form(request, photos=frozenset({MEDIA}), admit=admit)
        else:
            form = await read_plain_form(request)
        return form, await admit(form.fields)
    except NotText as error:
        raise Wrong(400, NOT_TEXT) from error
    except TooMuch as error:
        raise Wrong(413, TOO_MUCH) from error
    except TooSlow as error:
        raise Wrong(408, TOO_SLOW) from error
    except (ValueError, LookupError) as error:
        raise Wrong(400, "看不懂这个表单。") from error


async def _let_in(key: str) -> ApiToken:
    token = await find_token(key.strip())
    if token is None:
        count_refused("open311")
        raise Wrong(403, NO_KEY)
    if token.role is Access.READER:
        raise Wrong(403, READ_ONLY)
    return token


def _kind(fields: dict[str, str], city: City) -> CaseType:
    jurisdiction = fields.get("jurisdiction_id", "").strip()
    if jurisdiction and jurisdiction != city.code:
        raise Wrong(404, NO_JURISDICTION.format(code=jurisdiction[:40]))
    code = fields.get("service_code", "").strip()
    if not code:
        raise Wrong(400, NEEDS.format(name="service_code"))
    kind: CaseType | None = city.case_types.get(code)
    if kind is None or not kind.handled:
        raise Wrong(404, NO_SERVICE.format(code=code[:40]))
    return kind


def _report(
    fields: dict[str, str], kind: CaseType, town: Town, *, token: ApiToken, origin: str | None
) -> Report:
    """Return what opens the case; names, mail and phones that a client may send are not kept."""
    point, address = _point(fields), fields.get("address_string", "").strip()[:200]
    if point is None and not address:
        raise Wrong(400, NEEDS_PLACE)
    text = fields.get("description", "").replace("\x00", "").strip()[:TEXT]
    small = fields.get(SMALL_CLASS, "").strip()
    known = {one.code for one in kind.small}
    wrong = [name for name in fields if name.startswith("attribute[") and name != SMALL_CLASS]
    if wrong or (small and small not in known):
        raise Wrong(400, WRONG_ATTRIBUTE.format(name=(wrong or [SMALL_CLASS])[0][:60], code=kind.code))
    return Report(
        type=kind.code,
        text=text or kind.name,
        point=point,
        address=address.replace("\x00", ""),
        urgent=town.classifier.classify(bounded(text)).urgent if text else False,
        small_class=small,
        source="第三方",
        origin=origin,
        client=token.name,
    )


def _point(fields: dict[str, str]) -> GcjPoint | None:
    if not fields.get("lat", "").strip() or not fields.get("long", "").strip():
        return None
    return wgs_to_gcj(Wgs84Point(read_number(fields, "lat", LAT), read_number(fields, "long", LONG)))


async def _kept(request: web.Request, form: Form) -> list[Stored]:
    try:
        return [await request.app[STORE].keep(content, photo=True) for content in form.photos]
    except MediaLost as error:
        raise Wrong(400, NO_PHOTO.format(why=WHY_UNKEPT[error.why])) from error


def _digest(form: Form) -> str:
    """Return a digest of what was sent: fields in any order but the key to the door, and the photos in theirs."""
    fields = sorted((name, value) for name, value in form.fields.items() if name != "api_key")
    photos = [sha256(content).hexdigest() for content in form.photos]
    return sha256(json.dumps([fields, photos]).encode()).hexdigest()


def _origin(request: web.Request, token: ApiToken) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    digest = sha256(key.encode("utf-8", "surrogateescape")).hexdigest()  # a header may hold any bytes
    return f"open311:{token.id}:{digest[:40]}" if key else None
