"""What is said while a report is put together: what came in, what it sounds like, what is still missing."""

from dataclasses import replace

from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.scene import Scene
from models.cases.draft import WHAT, WHERE, Draft
from models.cases.words import shorten
from models.classify.rules import OTHER
from models.links import without_markup

SUBMIT, WRONG_TYPE, INSIST, PICK, REPORT_TOO = "60", "61", "62", "5", "67"
OFFERED = 3
WORDS_SHOWN = 60  # characters of the person's own words on the card
COUNTED = (("image", "照片 {} 张"), ("video", "视频 {} 段"), ("voice", "语音 {} 条"))

HOW = "好，请发：\n1. 一张照片\n2. 位置（点左下角键盘旁的「+」，选「位置」）\n3. 一句话，说说是什么事\n先发哪样都行。"
NOTHING_YET = "还没收到内容。"
CANCELLED = "好，这次先不报了。以后看到什么，随时发来。"
VOICE = "语音收到了，会一起交上去。我们没法听出字来，请再打一句话说说是什么事。"
VIDEO = "视频收到。"
PLACE_HEARD = "位置收到：{place}。"
SOUNDS_LIKE = "听起来是「{type}」。"
ASK_WHERE = "在哪里？请发位置（点「+」选「位置」），或者打字说清楚路名和门牌。"
ASK_WHAT = "是什么事？请打一句话说说。"
ASK_WHAT_AND_WHERE = "请再打一句话说说是什么事，并发个位置（点「+」选「位置」）。"
ASK_TYPE = "我拿不准是哪一类，请回复数字选一个："
ASK_TYPE_AGAIN = "好，那是哪一类？请回复数字，或者换句话再说一遍："
NONE_OF_THEM = "都不是"
SETTLED = "先按「{type}」收下，工作人员会再核对。"
UNLIKELY = "unlikely"  # key of a draft's extra: no type that we handle is likely enough to be settled on
POINTED = "pointed"  # the same: words came that only point at something
ALSO = "您还说到「{type}」，要另报一件吗？地点照用，照片可以再发。"
NO_PHOTO = "照片：还没有，有就现在发，没有也行"
WORDS = "您说：{words}\n"
READY = (
    "「{type}」{urgent}\n{words}地点：{place}\n{pieces}\n可以提交了。要改：重发位置换地点，回复「重写」改内容，"
    "{drop}「先不报」就不报了。"
)
DROP_PIECES = "「删照片」去掉照片，"
SAME = "附近已经有人报了「{type}」（{number}，{state}），在{area}。是同一件吗？"
OPENED = (
    "谢谢您，收到了。案件编号 {number}{urgent}\n「{type}」，{place}\n"
    "由{unit}处理，{due}前给您结果。{link}\n每一步都会告诉您；回复「进度」随时看，「补充」可以加照片。"
)
OPENED_UNASSIGNED = (
    "谢谢您，收到了。案件编号 {number}{urgent}\n「{type}」，{place}\n"
    "还没有安排到人，安排好就告诉您；等不及请打 {hotline}。{link}\n回复「进度」随时看，「补充」可以加照片。"
)
OPENED_IN_DANGER = (  # where nothing was said above of whom to call
    "收到，急件 {number}\n「{type}」，{place}\n已经通知{unit}。有危险先打 119、120 或 110，别等我们。{link}\n"
    "每一步都会告诉您；回复「进度」随时看，「补充」可以加照片。"
)
OPENED_URGENT = (
    "急件 {number} 已立案：「{type}」，{place}\n已经通知{unit}。有危险先打上面的电话，别等我们。\n"
    "有照片或别的话接着发，都算这一件；发完回复「好了」。"
)

OPENED_URGENT_UNASSIGNED = (
    "急件 {number} 已立案：「{type}」，{place}\n还没有安排到人。请先打上面的电话，别等我们。\n"
    "有照片或别的话接着发，都算这一件；发完回复「好了」。"
)


def say_place_heard(address: str) -> str:
    """Say that the place is here, in the person's own words, which must not pass for a link of ours."""
    return PLACE_HEARD.format(place=without_markup(address))


def say_pieces(draft: Draft) -> str:
    """Say which photos, videos and voices are here, each with its own counter."""
    counts = draft.count_pieces()
    return "，".join(told.format(counts[kind]) for kind, told in COUNTED if counts[kind])


def say_piece_heard(draft: Draft) -> str:
    """Say that what was just sent is here, and how many of its kind by now."""
    kind = draft.kinds[-1]
    if kind == "voice":
        return VOICE
    count = draft.count_pieces()[kind]
    return say_photos(count) if kind == "image" else VIDEO


def say_photos(count: int) -> str:
    """Say that a photo is here, and how many by now."""
    return f"照片收到，现在有 {count} 张。" if count > 1 else "照片收到。"


def ask_next(scene: Scene, draft: Draft, heard: str, *, settles: bool = False) -> tuple[Draft, Reply]:
    """Return the draft, with what was asked, and the reply: what came in and what is still missing."""
    missing = draft.missing()
    if not missing:
        return replace(draft, asked=""), _ready(scene, draft, heard)
    if WHAT in missing and any(words != draft.address for words in draft.text):
        if settles and _was_asked(draft):  # nobody is asked twice
            return ask_next(scene, *_settle(scene, draft, heard))
        if not draft.ranked:  # words that only point, at no photo
            return _ask_what(replace(draft, extra={**draft.extra, POINTED: True}), heard)
        return _offer(scene, draft, heard + ASK_TYPE)
    if missing == (WHERE,):
        sounds = "" if draft.chosen or draft.type == OTHER else SOUNDS_LIKE.format(type=_short(scene, draft))
        return replace(draft, asked=WHERE), Text(heard + sounds + ASK_WHERE)
    return _ask_what(draft, heard)


def offer_types(scene: Scene, draft: Draft) -> tuple[Draft, Reply]:
    """Return the draft with the next likely types, and the question which of them it is."""
    return _offer(scene, draft, ASK_TYPE_AGAIN)


def _was_asked(draft: Draft) -> bool:
    """Tell whether the person has been asked for the type, or answered 「是什么事？」 by pointing at what they sent."""
    pointed = draft.extra.get(POINTED) or (draft.evidence and draft.asked == WHAT)
    return "offered" in draft.extra or bool(pointed and not draft.ranked)


def _ask_what(draft: Draft, heard: str) -> tuple[Draft, Reply]:
    asked = ASK_WHAT if draft.missing() == (WHAT,) else ASK_WHAT_AND_WHERE
    return replace(draft, asked=WHAT), Text(heard + asked)


def _settle(scene: Scene, draft: Draft, heard: str) -> tuple[Draft, str]:
    """Return the draft with the likeliest type that we handle, and what is said of it.

    Where the words tell too little for any, it is 其他 and a person names it: no type is made out of nothing.
    """
    types = scene.town.city.case_types
    likely = () if draft.extra.get(UNLIKELY) else draft.ranked
    code = next((code for code in likely if types[code].handled and code != draft.refused), OTHER)
    return replace(draft, type=code), heard + SETTLED.format(type=types[code].short)


def _offer(scene: Scene, draft: Draft, question: str) -> tuple[Draft, Reply]:
    types = scene.town.city.case_types
    known = {draft.type, draft.refused}
    ranked = [code for code in draft.ranked if code not in known and types[code].handled]
    common = [code for code, kind in types.items() if kind.handled and code not in {*ranked, *known}]
    offered = [*ranked, *common][:OFFERED]
    names = [*(types[code].short for code in offered), NONE_OF_THEM]
    choices = tuple(Choice(f"{PICK}{n}", name) for n, name in enumerate(names, start=1))
    return replace(draft, asked=WHAT, extra={**draft.extra, "offered": offered}), Text(question, choices)


def _ready(scene: Scene, draft: Draft, heard: str) -> Reply:
    place = draft.address or (scene.town.atlas.areas_at(draft.place).name if draft.place else "")
    text = READY.format(
        type=_short(scene, draft),
        urgent="【紧急】" if draft.urgent else "",
        place=without_markup(place),
        words=WORDS.format(words=without_markup(shorten(" ".join(draft.text), WORDS_SHOWN)))
        if draft.text
        else "",
        pieces=say_pieces(draft) or NO_PHOTO,
        drop=DROP_PIECES if draft.evidence else "",
    )
    return Text(
        heard + "\n" + text if heard else text, (Choice(SUBMIT, "提交"), Choice(WRONG_TYPE, "不是这一类"))
    )


def _short(scene: Scene, draft: Draft) -> str:
    return scene.town.city.case_types[draft.type].short
