"""随手拍: the pieces of a report, in any order and in as many messages as it takes."""

from dataclasses import replace

from handlers.chat.report_words import (
    CANCELLED,
    HOW,
    INSIST,
    NOTHING_YET,
    OPENED,
    OPENED_URGENT,
    PICK,
    SAME,
    SUBMIT,
    VOICE,
    WRONG_TYPE,
    YES,
    ask_next,
    offer_types,
    say_photos,
    say_place_heard,
)
from handlers.kit import keys
from handlers.kit.filters import chose, either, event, kind, menu, never, says, topic
from handlers.kit.reply import Choice, Reply, Silence, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import open_case
from models.cases.draft import (
    KEPT,
    PLACE_SURE,
    WHERE,
    Draft,
    dump_draft,
    is_address,
    load_draft,
    names_place,
)
from models.cases.limits import check_limits
from models.cases.queries import find_same
from models.cases.sources import source_of
from models.cases.tables import Case
from models.cases.taps import JOIN, NOT_SAME
from models.cases.words import case_words
from models.city.city import GcjPoint
from models.classify.danger import find_elsewhere
from models.errors import Refusal
from models.evidence import note_evidence

router = Router("report")

KINDS = {"image": "image", "video": "video", "shortvideo": "video", "voice": "voice"}
SURE = 0.35  # below this the words alone do not name a type: the person is offered the likeliest
OUTSIDE = "这个位置不在{town}范围内,我们管不到。请打 12345,他们会转给当地。要是点错了,再发一次位置就行。"
NOT_OURS = "{tell}\n要是您觉得就该我们管,回复 1 坚持上报,由工作人员来判断。"


def is_about_something(scene: Scene) -> bool:
    """Tell whether words that open a talk are a report rather than a question or small talk."""
    verdict = scene.verdict
    case_type = scene.town.city.case_types.get(verdict.type)
    return (
        not verdict.consultation
        and case_type is not None
        and case_type.handled
        and verdict.confidence >= SURE
    )


def is_others(scene: Scene) -> bool:
    """Tell whether the words are about something that another office handles, and no mere question."""
    return not scene.verdict.consultation and find_elsewhere(scene.town.city, scene.text) is not None


@router.on(menu(keys.REPORT))
async def explain(scene: Scene) -> Reply:
    """Say how to report, and listen."""
    if scene.talk.topic != "report":
        scene.talk.begin("report", scene.now, **dump_draft(Draft()))
    return Text(HOW)


@router.on(event("location_select", "pic_sysphoto", "pic_photo_or_album", "pic_weixin"))
async def wait_for_piece(scene: Scene) -> Reply:
    """The place or the pictures themselves follow as messages."""
    return Silence()


@router.on(kind(*KINDS))
async def add_evidence(scene: Scene) -> Reply:
    """Keep a photo, a video or a voice."""
    incoming = scene.incoming
    piece = await note_evidence(
        scene.person,
        kind=KINDS[incoming.kind],
        media_id=incoming.media_id,
        url=incoming.picture_url,
        now=scene.now,
    )
    draft = draft_of(scene)
    draft = replace(draft, evidence=(*draft.evidence, piece.id))
    heard = VOICE if incoming.kind == "voice" else say_photos(len(draft.evidence))
    return await open_at_once(scene, keep_and_ask(scene, draft, heard))


@router.on(kind("location"))
async def add_place(scene: Scene) -> Reply:
    """Keep where it is; a place outside the town is told so."""
    incoming, city = scene.incoming, scene.town.city
    draft = draft_of(scene)
    if incoming.lat is None or incoming.lng is None:
        return keep_and_ask(scene, draft, "")
    place = scene.town.atlas.areas_at(GcjPoint(incoming.lat, incoming.lng))
    if not place.inside:
        keep_and_ask(scene, draft, "")
        return Text(OUTSIDE.format(town=city.name))
    address = incoming.label or draft.address or place.name
    draft = replace(draft, point=(incoming.lat, incoming.lng), address=address[:200])
    return await open_at_once(scene, keep_and_ask(scene, draft, say_place_heard(draft.address)))


@router.on(topic(KEPT), says("继续", "接着报", "继续上报"))
async def go_on(scene: Scene) -> Reply:
    """Take up a report that was left to rest."""
    return keep_and_ask(scene, load_draft(scene.talk.data), "好,接着上次的。")


@router.on(topic("report"), either(says("取消", "不报了", "算了"), chose("69")))
async def cancel(scene: Scene) -> Reply:
    """Leave the report; what was sent stays in the inbox only."""
    scene.talk.end(scene.now)
    return Text(CANCELLED)


@router.on(topic("report"), either(says("不是", "不对", "类别不对", "不是这一类", "错了"), chose(WRONG_TYPE)))
async def doubt_type(scene: Scene) -> Reply:
    """Offer the next likely types to choose from by number."""
    return _ask_type(scene, draft_of(scene))


@router.on(topic("report"), chose(PICK))
async def pick_type(scene: Scene) -> Reply:
    """Take the type that the person chose."""
    draft = draft_of(scene)
    offered = draft.extra.get("offered", [])
    index = int(scene.choice.removeprefix(PICK) or 0) - 1
    if not 0 <= index < len(offered):
        return _ask_type(scene, draft)
    draft = replace(draft, type=offered[index], chosen=True, small_class="")
    short = scene.town.city.case_types[draft.type].short
    return keep_and_ask(scene, draft, f"好,按「{short}」。")


@router.on(topic("report"), either(says("坚持上报"), chose(INSIST)))
async def insist(scene: Scene) -> Reply:
    """Keep as a case what another office handles: a person decides."""
    draft = replace(draft_of(scene), insists=True, type="other", chosen=True)
    return keep_and_ask(scene, draft, "好,我们收下,由工作人员判断。")


@router.on(topic("report"), either(says(*YES), chose(SUBMIT)))
async def submit(scene: Scene) -> Reply:
    """Open the case when enough is there; ask for the rest when not."""
    return await _submit(scene, draft_of(scene))


async def _submit(scene: Scene, draft: Draft) -> Reply:
    if draft.missing():
        return keep_and_ask(scene, draft, NOTHING_YET if not draft.text and not draft.evidence else "")
    place, kind_ = draft.place, scene.town.city.case_types[draft.type]
    near = await find_same(kind_, place) if place and kind_.handled else None
    if near is not None and near.number != draft.apart_from and near.reporter_id != scene.person.id:
        choices = (
            Choice(JOIN + near.number, "是同一件,一起跟进"),
            Choice(NOT_SAME + near.number, "不是,另外上报"),
        )
        return Text(SAME.format(**_words(scene, near)), choices)
    return await open_draft(scene, draft)


@router.on(kind("text"), topic("report"))
async def add_words(scene: Scene) -> Reply:
    """Add words to the report under way."""
    return await open_at_once(scene, hear_words(scene, draft_of(scene)))


@router.on(kind("text"), never(topic("report")), either(is_about_something, is_others))
async def begin_with_words(scene: Scene) -> Reply:
    """Begin a report with its words."""
    return await open_at_once(scene, hear_words(scene, Draft()))


def hear_words(scene: Scene, draft: Draft, *, urgent: bool = False, heard: str = "") -> Reply:
    """Take in words: what they are about, where, whether they are ours; keep all, and ask for what is missing."""
    city = scene.town.city
    draft = replace(
        _read_words(scene, draft.with_words(scene.text, is_place=_says_where(scene, draft))),
        urgent=draft.urgent or urgent,
    )
    if draft.address == scene.text and draft.missing():
        heard += say_place_heard(draft.address)
    elsewhere = None if draft.urgent or draft.insists or draft.chosen else find_elsewhere(city, scene.text)
    if elsewhere is not None:
        keep_and_ask(scene, draft, "")
        return Text(NOT_OURS.format(tell=elsewhere.tell), (Choice(INSIST, "坚持上报"),))
    return keep_and_ask(scene, draft, heard)


def keep_and_ask(scene: Scene, draft: Draft, heard: str) -> Reply:
    """Keep the draft and say what came in, what it sounds like, and what is still missing."""
    draft, reply = ask_next(scene, draft, heard)
    scene.talk.begin("report", scene.now, **dump_draft(draft))
    return reply


def _ask_type(scene: Scene, draft: Draft) -> Reply:
    draft, reply = offer_types(scene, draft)
    scene.talk.begin("report", scene.now, **dump_draft(draft))
    return reply


def draft_of(scene: Scene) -> Draft:
    """Return the report under way, an empty one where none is."""
    return load_draft(scene.talk.data) if scene.talk.topic == "report" else Draft()


def _says_where(scene: Scene, draft: Draft) -> bool:
    """Tell whether the words answer "where?", or are an address and nothing else."""
    if draft.asked == WHERE and names_place(scene.text):
        return True
    return is_address(scene.text) and not is_about_something(scene)


def _read_words(scene: Scene, draft: Draft) -> Draft:
    """Find type and place in all that was said so far."""
    city, atlas = scene.town.city, scene.town.atlas
    verdict = scene.town.classifier.classify(draft.words)
    ranked = (verdict.type, *(code for code, _ in verdict.alternatives))
    draft = replace(
        draft, urgent=draft.urgent or verdict.urgent, ranked=draft.ranked if draft.chosen else ranked
    )
    if verdict.confidence >= SURE and city.case_types[verdict.type].handled:
        draft = draft.with_type(city.case_types[verdict.type], small=verdict.small_class, ranked=ranked)
    if draft.point is None:
        spot = atlas.find_words(draft.words)
        if spot is not None and spot.sure >= PLACE_SURE:
            draft = replace(draft, point=(spot.point.lat, spot.point.lng), address=spot.address)
    return draft


async def open_at_once(scene: Scene, reply: Reply) -> Reply:
    """Open without asking whether they are sure: danger, and what somebody of the staff saw, with a photo."""
    draft = draft_of(scene)
    danger = draft.extra.get("danger")
    if draft.missing() or not (danger or (scene.person.is_staff and draft.evidence)):
        return reply
    return await _submit(scene, draft) if danger else await open_draft(scene, draft)


def is_urgent_talk(scene: Scene) -> bool:
    """Tell whether the case that is being added to was opened at once because of danger."""
    return bool(scene.talk.data.get("danger"))


async def open_draft(scene: Scene, draft: Draft) -> Reply:
    """Open the case when enough is there, else ask for the rest."""
    if draft.missing():
        return keep_and_ask(scene, draft, "")
    report = draft.report(origin=f"wx-{scene.incoming.key}", source=source_of(scene.person))
    try:
        if not scene.person.is_staff:
            await check_limits(scene.person, report, hotline=scene.town.city.hotline, now=scene.now)
    except Refusal as refusal:
        scene.talk.end(scene.now)
        return Text(refusal.sentence)
    case = await open_case(report, reporter=scene.person, town=scene.town, now=scene.now)
    scene.talk.end(scene.now)
    told = OPENED
    if draft.extra.get("danger"):  # what follows belongs to it, with no command
        scene.talk.begin("supplement", scene.now, number=case.number, danger=True)
        told = OPENED_URGENT
    return Text(told.format(**_words(scene, case)))


def _words(scene: Scene, case: Case) -> dict[str, str]:
    return case_words(case, scene.town, note="", now=scene.now, handler=None)
