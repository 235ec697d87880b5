"""Puts right what was told of a report that is still being put together: its place, words, photos, type."""

from dataclasses import replace

from handlers.chat.case_talk import Command
from handlers.chat.drafting import ask_type, draft_of, hear_words, keep_and_ask
from handlers.chat.report_words import say_place_heard
from handlers.chat.right_words import names_other_type, other_type, puts_place_right, right_place, slipped
from handlers.kit.filters import either, says, topic
from handlers.kit.reply import Reply
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import Draft
from models.classify.forms import is_address
from models.links import without_markup

router = Router("redrafting")

REWRITES = (
    *("重写", "重新写", "重说", "重新说", "改内容", "改文字", "删内容", "改一下内容"),
    *("内容不对", "内容错了", "说错了", "写错了", "打错了"),
)
DROPS_PIECES = (
    *("删照片", "删除照片", "去掉照片", "不要照片", "照片不要", "照片不要了", "换照片", "删图", "删视频"),
    *("照片错了", "照片不对", "照片发错了", "发错照片了", "图片发错了"),
)
REWRITE = Command("重写", "重新写", "重新说", "改内容", "内容改成", "内容改为", "改成", "写错了", "说错了")
WORDS_GONE = "好，刚才的话去掉了。"
PIECES_GONE = "好，照片去掉了。要换就再发。"
MORE_EXACT = "好，地点改成「{place}」。能再发个位置（点「+」选「位置」）更好找。"
WHERE_INSTEAD = "好，那在哪里？"
AS_TYPE = "好，按「{type}」。"
ALL_GONE = "好，都去掉了，重新来。"
NOT_SENT = "还没有提交，可以接着改。"


@router.on(topic("report"), says("全部删掉", "重新来", "从头来", "重来", "全部删掉重来", "都不要了重来"))
async def begin_anew(scene: Scene) -> Reply:
    """Take everything away, and listen anew."""
    return keep_and_ask(scene, Draft(), ALL_GONE)


@router.on(topic("report"), either(says(*REWRITES), REWRITE))
async def rewrite(scene: Scene) -> Reply:
    """Take away what was said so far, and listen anew; the new words may come at once."""
    draft, words = draft_of(scene).without_words(), REWRITE.read(scene.text).words
    return hear_words(scene, draft, words=words) if words else keep_and_ask(scene, draft, WORDS_GONE)


@router.on(topic("report"), says(*DROPS_PIECES))
async def drop_pieces(scene: Scene) -> Reply:
    """Take away the photos, videos and voices that were sent so far."""
    return keep_and_ask(scene, draft_of(scene).without_pieces(), PIECES_GONE)


@router.on(topic("report"), puts_place_right)
async def replace_place(scene: Scene) -> Reply | None:
    """Put another place into the report; where none is told, ask for it; a vague one does not take a good pin away."""
    draft, right = draft_of(scene), right_place(scene)
    if right is None:
        return None
    if not right.words:
        return keep_and_ask(scene, draft.with_place(None, ""), WHERE_INSTEAD)
    if right.spot is not None:
        point = (right.spot.point.lat, right.spot.point.lng)
        draft = draft.with_place(point, right.spot.address)
        return keep_and_ask(scene, draft, say_place_heard(draft.address))
    exact = is_address(right.words) or draft.point is None
    address = right.words if exact else f"{draft.address}（{right.words}）"
    draft = draft.with_place(None if exact else draft.point, address)
    return keep_and_ask(scene, draft, MORE_EXACT.format(place=without_markup(right.words)))


@router.on(topic("report"), names_other_type)
async def take_other_type(scene: Scene) -> Reply | None:
    """Take the type that the person names instead, and keep their words."""
    draft = draft_of(scene)
    other = other_type(scene)
    if other is None or other.denied not in {"", draft.type}:
        return None
    guessed = draft.guessed or draft.type or next(iter(draft.ranked), "")
    draft = replace(
        draft.with_words(scene.text, is_place=False), type=other.code, chosen=True, small_class=""
    )
    short = scene.town.city.case_types[other.code].short
    return keep_and_ask(scene, replace(draft, guessed=guessed), AS_TYPE.format(type=short))


@router.on(topic("report"), slipped)
async def choose_anew(scene: Scene) -> Reply:
    """Another type was meant, or it was not to go yet: nothing has been sent so far."""
    draft = draft_of(scene)
    return ask_type(scene, draft) if draft.chosen else keep_and_ask(scene, draft, NOT_SENT)
