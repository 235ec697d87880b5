"""随手拍: the pieces of a report, in any order and in as many messages as it takes."""

from dataclasses import replace

from handlers.chat.drafting import (
    ask_type,
    draft_of,
    hear_words,
    is_about_something,
    is_others,
    keep_and_ask,
    leave_draft,
    says_no_type,
)
from handlers.chat.faq import ASK, answer_question, only_asks
from handlers.chat.opening import open_at_once
from handlers.chat.report_words import (
    HOW,
    INSIST,
    say_piece_heard,
    say_place_heard,
)
from handlers.kit import keys
from handlers.kit.filters import chose, either, event, kind, menu, never, says, topic
from handlers.kit.reply import Reply, Silence, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import WHAT, Draft, dump_draft, load_draft
from models.cases.taps import NEW_PHOTO
from models.characters import bare
from models.city.city import GcjPoint
from models.classify.faq import SURE as FAQ_SURE
from models.classify.forms import asks, complains, says_nothing
from models.evidence import note_evidence

router = Router("report")

KINDS = {"image": "image", "video": "video", "shortvideo": "video", "voice": "voice"}
OUTSIDE = "这个位置不在{town}范围内，我们管不到。请打 12345，他们会转给当地。要是点错了，再发一次位置就行。"
ASIDE = "这个我答不准，要人回答就回复「人工」。"


def asks_aside(scene: Scene) -> bool:
    """Tell whether the words ask something and report nothing: 多久能修好, 能匿名吗."""
    asked = asks(scene.text) or "?" in scene.said or bare(scene.said).endswith("吗")
    if not asked or complains(scene.text) or scene.verdict.silent or says_nothing(scene.text):
        return False
    return scene.verdict.consultation or not is_about_something(scene)


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
    # After 「要另报一件吗」 a photo says yes: it belongs to that other matter.
    draft = load_draft(scene.talk.data) if scene.talk.topic == "also" else draft_of(scene)
    draft = draft.with_piece(piece.id, KINDS[incoming.kind])
    return await open_at_once(scene, keep_and_ask(scene, draft, say_piece_heard(draft)))


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


@router.on(topic("report"), only_asks)
async def turn_into_question(scene: Scene) -> Reply | None:
    """The person wants to know something: what was said so far is the question, and no report."""
    draft = draft_of(scene)
    if draft.evidence or draft.point or draft.urgent or "resting" in draft.extra:
        return None  # more than a question: nothing of it may go
    leave_draft(scene, draft)
    return answer_question(scene, draft.words) if draft.words else Text(ASK)


@router.on(topic("report"), chose(NEW_PHOTO))
async def begin_anew(scene: Scene) -> Reply:
    """The photo shows something else than the case just opened."""
    return keep_and_ask(scene, draft_of(scene), "好，报新的。")


@router.on(topic("report"), either(says("坚持上报"), chose(INSIST)))
async def insist(scene: Scene) -> Reply:
    """Keep as a case what another office handles: a person decides."""
    draft = replace(draft_of(scene), insists=True, type="other", chosen=True)
    if words := draft.extra.get("not_ours"):
        draft = draft.with_words(words, is_place=False)
    return keep_and_ask(scene, draft, "好，我们收下，由工作人员判断。")


@router.on(kind("text"), topic("report"), asks_aside)
async def answer_aside(scene: Scene) -> Reply:
    """A question in the middle of a report is answered, and is no part of it."""
    found = scene.town.faq.find(scene.text, limit=1)
    told = found[0][0].answer if found and found[0][1] >= FAQ_SURE else ASIDE
    return keep_and_ask(scene, draft_of(scene), f"{told}\n")


@router.on(kind("text"), topic("report"), says_no_type)
async def ask_type_again(scene: Scene) -> Reply | None:
    """After 「不是这一类」 a few words that name no type answer nothing: they are no part of the case."""
    draft = draft_of(scene)
    return ask_type(scene, draft) if draft.asked == WHAT and draft.refused else None


@router.on(kind("text"), topic("report"))
async def add_words(scene: Scene) -> Reply:
    """Add words to the report under way."""
    return await open_at_once(scene, hear_words(scene, draft_of(scene)))


@router.on(kind("text"), never(topic("report")), either(is_about_something, is_others))
async def begin_with_words(scene: Scene) -> Reply:
    """Begin a report with its words."""
    return await open_at_once(scene, hear_words(scene, draft_of(scene)))
