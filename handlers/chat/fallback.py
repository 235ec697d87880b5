"""The last one asked: takes everything, and is never rude about it."""

from handlers.chat.own_words import IN_DOUBT, was_asked
from handlers.chat.verdict import ask_verdict
from handlers.kit.filters import kind
from handlers.kit.reply import Reply, Silence, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.queries import find_unrated

router = Router("fallback")

LOST = "我没太听懂。要反映问题，请发一张照片和位置，再写一句话；查进展回复「进度」；想找人说，回复「人工」。"
LOST_ASKED = (
    "我没太听懂。刚才问您的，回复前面的数字就行。要反映别的，发照片和位置，再写一句话；找人回复「人工」。"
)
UNKNOWN_KIND = "这种消息我们还看不了。请用文字说一下，或发照片和位置。找人请回复「人工」。"


@router.on(kind("event"))
async def keep_quiet(scene: Scene) -> Reply:
    """Say nothing to an event that nobody knows."""
    return Silence()


@router.on(kind("text"))
async def admit(scene: Scene) -> Reply:
    """Say that we did not understand, and what to do."""
    case = await find_unrated(scene.person, now=scene.now) if was_asked(scene) else None
    if case is not None:
        return ask_verdict(scene, case, IN_DOUBT)
    return Text(LOST_ASKED if scene.person.offered else LOST, keeps_question=True)


@router.on()
async def decline(scene: Scene) -> Reply:
    """Answer a kind of message that we cannot read."""
    return Text(UNKNOWN_KIND, keeps_question=True)
