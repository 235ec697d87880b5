"""Faces, stickers and mere signs: no words, and asked before everything that takes words."""

from handlers.chat.case_talk import AT_EASE
from handlers.chat.drafting import draft_of, keep_and_ask
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.characters import bare

router = Router("wordless")

UNSEEN = "这种消息我们这边看不到内容，请打几个字，或者直接发照片、位置。"
FACE = "看到啦。有事直接打字就行。"
SIGN = "您说，我听着。要反映问题，发照片、位置和一句话；查进展回复「进度」。"
# Topics in which a gesture alone answers something.
TAKEN = ("report", "unhappy", "withdraw", "correct", "erase", "talk")


def has_no_words(scene: Scene) -> bool:
    """Tell whether a text holds no words at all, and no gesture that answers what is being talked about."""
    if scene.incoming.kind != "text" or scene.choice or bare(scene.said):
        return False
    return not scene.written.gesture or scene.talk.topic not in {*AT_EASE, *TAKEN}


@router.on(has_no_words)
async def nod(scene: Scene) -> Reply:
    """Answer a face, a sticker or a mere sign kindly; what was asked before still waits."""
    said = UNSEEN if scene.written.unseen else SIGN if scene.text else FACE
    if scene.talk.topic == "report":
        return keep_and_ask(scene, draft_of(scene), UNSEEN if scene.written.unseen else "")
    return Text(said, keeps_question=True)
