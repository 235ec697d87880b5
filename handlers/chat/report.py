"""随手拍: the pieces of a report, in any order and in as many messages as it takes."""

from dataclasses import replace
from datetime import timedelta

from handlers.chat.case_talk import ADDS, warm, words_of
from handlers.chat.drafting import (
    ask_type,
    draft_of,
    drop_draft,
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
    HOW,
    INSIST,
    NOTHING_YET,
    PICK,
    REPORT_TOO,
    SUBMIT,
    WRONG_TYPE,
    say_piece_heard,
    say_place_heard,
)
from handlers.kit import keys
from handlers.kit.filters import answers, chose, either, event, kind, means, menu, never, says, topic
from handlers.kit.reply import Reply, Silence, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import DROPPED, KEPT, WHAT, Draft, dump_draft, load_draft
from models.cases.queries import find_latest
from models.cases.taps import NEW_PHOTO
from models.city.city import GcjPoint
from models.classify.faq import SURE as FAQ_SURE
from models.classify.forms import asks, complains
from models.classify.replies import Meaning, is_thankful
from models.evidence import note_evidence

router = Router("report")

SUBMITS = says("提交", "提交了", "提交吧", "确认提交", "我要提交", "提交上去", "交了", "上报")
KINDS = {"image": "image", "video": "video", "shortvideo": "video", "voice": "voice"}
MORE = "好，请接着发。"
NOT_TOO = "好，那件先不报。以后看到什么，随时发来。"
OUTSIDE = "这个位置不在{town}范围内，我们管不到。请打 12345，他们会转给当地。要是点错了，再发一次位置就行。"
JUST_NOW = timedelta(hours=1)
SENT_ALREADY = "已经提交好了，案件编号 {number}「{type}」。每一步都会告诉您；回复「进度」随时看。"
NO_PIECE_MORE = ("没有", "没", "无", "没得", "冇", "没有照片", "没照片")  # 「照片：还没有」
NO_HURRY = "好，不急，接着发就行。"
BACK = "好，接着刚才的。"
TAKES_UP = says(
    *("继续", "恢复", "接着报", "报吧", "我要报", "我还是报", "又想报了"),
    *("还是报", "还是报吧", "还是报一下", "还是提交吧", "还是要报"),
    *("不取消", "不取消了", "刚才的还要", "刚才那件还报"),
)
ASIDE = "这个我答不准，要人回答就回复「人工」。"
DECLINES = (
    *(Meaning.NO, Meaning.DROP, Meaning.SUBMIT, Meaning.HEARD),
    *(Meaning.THANKS, Meaning.BYE, Meaning.YES),
)
HOLD = "好，先不提交。要改的接着发就行；不想报了，回复「不报了」。"
POLITE = {
    Meaning.THANKS: "不客气。",
    Meaning.GREETING: "您好，我在。",
    Meaning.BYE: "好，这件给您留着。",
    Meaning.HEARD: "",
    Meaning.FILLER: "",
}


def has_no_matter(scene: Scene) -> bool:
    """Tell whether the words are a reply alone: 垃圾没人收,不管了 is no leaving it."""
    return scene.meaning is not None or not is_about_something(scene)


def asks_aside(scene: Scene) -> bool:
    """Tell whether the words ask something and report nothing: 多久能修好, 能匿名吗."""
    if not (asks(scene.text) or "?" in scene.said) or complains(scene.text):
        return False
    return scene.verdict.consultation or not is_about_something(scene)


def says_yes_plainly(scene: Scene) -> bool:
    """Tell whether the words agree, and are no mere thanks: 嗯嗯辛苦了 opens no second case."""
    return scene.meaning is Meaning.YES and not is_thankful(scene.said)


def hands_in(scene: Scene) -> bool:
    """Tell whether the words say that the report may go, and tell nothing new."""
    return scene.answer is Meaning.SUBMIT and has_no_matter(scene)


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


@router.on(topic(KEPT), either(says("继续", "接着报", "继续上报"), SUBMITS))
async def go_on(scene: Scene) -> Reply:
    """Take up a report that was left to rest."""
    return keep_and_ask(scene, load_draft(scene.talk.data), "好，接着上次的。")


@router.on(topic("report"), answers(Meaning.DROP), has_no_matter)
async def cancel(scene: Scene) -> Reply:
    """Leave the report; what was sent stays in the inbox only."""
    return drop_draft(scene, draft_of(scene))


@router.on(warm(DROPPED), TAKES_UP)
async def take_up_again(scene: Scene) -> Reply:
    """They think better of it: what was left a moment ago is all here."""
    return keep_and_ask(scene, load_draft(scene.talk.data), BACK)


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


@router.on(warm("also"), either(says_yes_plainly, SUBMITS, says("要报", "另报", "报"), chose(REPORT_TOO)))
async def report_too(scene: Scene) -> Reply:
    """Open a case of its own for the other matter of the same message."""
    draft = load_draft(scene.talk.data)
    scene.talk.begin("report", scene.now, **dump_draft(draft))  # from here on a report like any other
    return await submit_draft(scene, draft)


@router.on(warm("also"), means(*DECLINES))
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


@router.on(topic("report"), either(hands_in, means(Meaning.YES), says(*NO_PIECE_MORE), chose(SUBMIT)))
async def submit(scene: Scene) -> Reply:
    """Open the case when enough is there; ask for the rest when not."""
    return await submit_draft(scene, draft_of(scene))


@router.on(topic("report"), answers(Meaning.WAIT))
async def wait(scene: Scene) -> Reply:
    """Not yet: all that is here stays, and more is coming."""
    return keep_and_ask(scene, draft_of(scene), NO_HURRY)


@router.on(topic("report"), means(Meaning.NO))
async def hold(scene: Scene) -> Reply:
    """They do not want it to go as it is."""
    return Text(HOLD, keeps_question=True)


@router.on(never(topic("report")), SUBMITS)
async def submit_again(scene: Scene) -> Reply:
    """Whoever says it twice, or after a slow answer, hears again that the case is open."""
    last = await find_latest(scene.person)
    if last is None or scene.now - last.opened_at > JUST_NOW:
        return Text(f"{NOTHING_YET}{HOW}")
    return Text(SENT_ALREADY.format(**words_of(scene, last)), keeps_question=True)


@router.on(topic("report"), means(*POLITE))
async def stay_polite(scene: Scene) -> Reply:
    """Thanks and greetings are no part of the report; it still waits to be sent."""
    return keep_and_ask(scene, draft_of(scene), POLITE[scene.meaning or Meaning.FILLER])


@router.on(topic("report"), ADDS.is_bare)
async def wait_for_more(scene: Scene) -> Reply:
    """A mere 「补充」 says that more is coming."""
    return keep_and_ask(scene, draft_of(scene), MORE)


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
