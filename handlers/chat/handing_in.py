"""A report is handed in, held back, left, or taken up again: what is said of it as a whole."""

from datetime import timedelta

from handlers.chat.case_talk import ADDS, warm, words_of
from handlers.chat.drafting import draft_of, drop_draft, hear_words, is_about_something, keep_and_ask
from handlers.chat.opening import open_at_once, submit_draft
from handlers.chat.report_words import HOW, NOTHING_YET, SUBMIT
from handlers.kit.filters import chose, either, means, never, says, seems, topic
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import DROPPED, KEPT, WHAT, load_draft
from models.cases.queries import find_latest
from models.classify.amends import is_urging
from models.classify.forms import says_nothing
from models.classify.replies import Meaning

router = Router("handing_in")

SUBMITS = says("提交", "提交了", "提交吧", "确认提交", "我要提交", "提交上去", "交了", "上报")
MORE = "好，请接着发。"
JUST_NOW = timedelta(hours=1)
SECOND_THOUGHTS = timedelta(minutes=10)
SENT_ALREADY = "已经提交好了，案件编号 {number}「{type}」。每一步都会告诉您；回复「进度」随时看。"
NO_PIECE_MORE = ("没有", "没", "无", "没得", "冇", "没有照片", "没照片")  # 「照片：还没有」
NO_HURRY = "好，不急，接着发就行。"
BACK = "好，接着刚才的。"
TAKES_UP = says(
    *("继续", "恢复", "接着报", "报吧", "我要报", "我还是报", "又想报了"),
    *("还是报", "还是报吧", "还是报一下", "还是提交吧", "还是要报"),
    *("不取消", "不取消了", "刚才的还要", "刚才那件还报"),
)
MAY_POINT = (None, Meaning.YES, Meaning.FILLER)  # 就这个呀, 请领导看图
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


def points(scene: Scene) -> bool:
    """Tell whether the words answer 「是什么事？」 by pointing at what was sent."""
    draft = draft_of(scene)
    return (
        scene.incoming.kind == "text"
        and draft.asked == WHAT
        and bool(draft.evidence)
        and says_nothing(scene.text)
        and not draft.extra.get("offered")
        and scene.meaning in MAY_POINT
    )


def hands_in(scene: Scene) -> bool:
    """Tell whether the words say that the report may go, and tell nothing new."""
    outright = scene.answer is Meaning.SUBMIT
    asked = any(choice.startswith(SUBMIT) for choice, _label in scene.person.offered)
    return (outright or (asked and _agrees(scene))) and has_no_matter(scene)


_agrees = seems(Meaning.YES, Meaning.SUBMIT)


@router.on(topic(KEPT), either(says("继续", "接着报", "继续上报"), SUBMITS))
async def go_on(scene: Scene) -> Reply:
    """Take up a report that was left to rest."""
    return keep_and_ask(scene, load_draft(scene.talk.data), "好，接着上次的。")


@router.on(topic("report"), seems(Meaning.DROP), has_no_matter)
async def cancel(scene: Scene) -> Reply:
    """Leave the report; what was sent stays in the inbox only."""
    return drop_draft(scene, draft_of(scene))


def thinks_again(scene: Scene) -> bool:
    """Tell whether the words deny or press, right after a report was left: 不对，是真的没了，你们快来."""
    just_now = scene.talk.topic == DROPPED and scene.now - scene.talk.changed_at < SECOND_THOUGHTS
    return just_now and (scene.answer is Meaning.NO or is_urging(scene.said))


@router.on(warm(DROPPED), either(TAKES_UP, thinks_again))
async def take_up_again(scene: Scene) -> Reply:
    """They think better of it: what was left a moment ago is all here."""
    return keep_and_ask(scene, load_draft(scene.talk.data), BACK)


@router.on(topic("report"), points)
async def hear_pointing(scene: Scene) -> Reply:
    """就这个 and 你们自己看 after 「是什么事？」 point at the photo: they agree to nothing."""
    return await open_at_once(scene, hear_words(scene, draft_of(scene)))


@router.on(topic("report"), either(hands_in, means(Meaning.YES), says(*NO_PIECE_MORE), chose(SUBMIT)))
async def submit(scene: Scene) -> Reply:
    """Open the case when enough is there; ask for the rest when not."""
    return await submit_draft(scene, draft_of(scene))


@router.on(topic("report"), seems(Meaning.WAIT))
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
