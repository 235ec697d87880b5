"""随手拍: the pieces of a report, in any order and in as many messages as it takes."""

from dataclasses import replace
from datetime import timedelta

from handlers.chat.case_talk import ADDS, THANKS, warm, words_of
from handlers.chat.drafting import (
    ask_type,
    draft_of,
    hear_words,
    is_about_something,
    is_others,
    keep_and_ask,
    leave_draft,
    leave_to_person,
    says_no_type,
)
from handlers.chat.faq import ASK, answer_question, only_asks
from handlers.chat.opening import open_at_once, submit_draft
from handlers.chat.report_words import (
    CANCELLED,
    HOW,
    INSIST,
    NOTHING_YET,
    PICK,
    REPORT_TOO,
    SUBMIT,
    VOICE,
    WRONG_TYPE,
    YES,
    say_photos,
    say_place_heard,
)
from handlers.kit import keys
from handlers.kit.filters import chose, either, event, kind, menu, never, says, topic
from handlers.kit.reply import Reply, Silence, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import (
    KEPT,
    WHAT,
    Draft,
    dump_draft,
    load_draft,
)
from models.cases.queries import find_latest
from models.cases.taps import NEW_PHOTO
from models.city.city import GcjPoint
from models.evidence import note_evidence

router = Router("report")

KINDS = {"image": "image", "video": "video", "shortvideo": "video", "voice": "voice"}
MORE = "好，请接着发。"
NOT_TOO = "好，那件先不报。以后看到什么，随时发来。"
OUTSIDE = "这个位置不在{town}范围内，我们管不到。请打 12345，他们会转给当地。要是点错了，再发一次位置就行。"
TOO = ("要", "要的", "要报", "报", "另报", "另报一件", "好", "好的", "可以", "行", "嗯", "是", "是的", "对")
NOT_ALSO = (
    "不",
    "不要",
    "不用",
    "不用了",
    "不报",
    "不报了",
    "不是",
    "算了",
    "不需要",
    "没有了",
    "没了",
    "没事了",
    "就这些",
    "就这样",
)
JUST_NOW = timedelta(hours=1)
SENT_ALREADY = "已经提交好了，案件编号 {number}「{type}」。每一步都会告诉您；回复「进度」随时看。"
DROPS = ("取消", "不报了", "算了", "撤回", "撤销", "撤案", "取消上报", "不上报了", "不报")


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


@router.on(topic(KEPT), says("继续", "接着报", "继续上报", "提交", "提交吧", "确认提交"))
async def go_on(scene: Scene) -> Reply:
    """Take up a report that was left to rest."""
    return keep_and_ask(scene, load_draft(scene.talk.data), "好，接着上次的。")


@router.on(topic("report"), either(says(*DROPS), chose("69")))
async def cancel(scene: Scene) -> Reply:
    """Leave the report; what was sent stays in the inbox only."""
    leave_draft(scene, draft_of(scene))
    return Text(CANCELLED)


@router.on(topic("report"), either(says("不是", "不对", "类别不对", "不是这一类", "错了"), chose(WRONG_TYPE)))
async def doubt_type(scene: Scene) -> Reply:
    """Offer the next likely types to choose from by number, once; then a person decides."""
    draft = draft_of(scene)
    if "offered" in draft.extra:
        return leave_to_person(scene, draft)
    return ask_type(scene, draft.without_type())


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


@router.on(topic("report"), chose(PICK))
async def pick_type(scene: Scene) -> Reply:
    """Take the type that the person chose."""
    draft = draft_of(scene)
    offered = draft.extra.get("offered", [])
    index = int(scene.choice.removeprefix(PICK) or 0) - 1
    if offered and index == len(offered):
        return leave_to_person(scene, draft)
    if not 0 <= index < len(offered):
        return ask_type(scene, draft)
    guessed = draft.guessed or draft.type or next(iter(draft.ranked), "")
    draft = replace(draft, type=offered[index], chosen=True, small_class="", guessed=guessed)
    short = scene.town.city.case_types[draft.type].short
    return keep_and_ask(scene, draft, f"好，按「{short}」。")


@router.on(topic("report"), says("都不是", "都不对", "都不像", "不在里面"))
async def pick_none(scene: Scene) -> Reply:
    """None of the types fits: a person decides."""
    return leave_to_person(scene, draft_of(scene))


@router.on(warm("also"), either(says(*TOO), chose(REPORT_TOO)))
async def report_too(scene: Scene) -> Reply:
    """Open a case of its own for the other matter of the same message."""
    draft = load_draft(scene.talk.data)
    scene.talk.begin("report", scene.now, **dump_draft(draft))  # from here on a report like any other
    return await submit_draft(scene, draft)


@router.on(warm("also"), says(*NOT_ALSO))
async def leave_it(scene: Scene) -> Reply:
    """The other matter is not reported."""
    scene.talk.end(scene.now)
    return Text(NOT_TOO)


@router.on(topic("report"), either(says("坚持上报"), chose(INSIST)))
async def insist(scene: Scene) -> Reply:
    """Keep as a case what another office handles: a person decides."""
    draft = replace(draft_of(scene), insists=True, type="other", chosen=True)
    if words := draft.extra.get("not_ours"):
        draft = draft.with_words(words, is_place=False)
    return keep_and_ask(scene, draft, "好，我们收下，由工作人员判断。")


@router.on(topic("report"), either(says(*YES, "我要提交"), chose(SUBMIT)))
async def submit(scene: Scene) -> Reply:
    """Open the case when enough is there; ask for the rest when not."""
    return await submit_draft(scene, draft_of(scene))


@router.on(never(topic("report")), says("提交", "提交了", "提交吧", "确认提交", "我要提交"))
async def submit_again(scene: Scene) -> Reply:
    """Whoever says it twice, or after a slow answer, hears again that the case is open."""
    last = await find_latest(scene.person)
    if last is None or scene.now - last.opened_at > JUST_NOW:
        return Text(f"{NOTHING_YET}{HOW}")
    return Text(SENT_ALREADY.format(**words_of(scene, last)), keeps_question=True)


@router.on(topic("report"), says(*THANKS))
async def accept_thanks(scene: Scene) -> Reply:
    """Thanks are no part of the report; it still waits to be sent."""
    return keep_and_ask(scene, draft_of(scene), "不客气。")


@router.on(topic("report"), ADDS.is_bare)
async def wait_for_more(scene: Scene) -> Reply:
    """A mere 「补充」 says that more is coming."""
    return keep_and_ask(scene, draft_of(scene), MORE)


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
