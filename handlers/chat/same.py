"""Is it the same as what somebody else reported near by? Then they follow it together."""

from dataclasses import replace

from handlers.chat.case_talk import words_of
from handlers.chat.drafting import draft_of
from handlers.chat.opening import open_draft
from handlers.kit.filters import chose, either, says, seems, topic
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import join_case
from models.cases.involved import is_near
from models.cases.queries import find_case
from models.cases.taps import JOIN, NOT_SAME
from models.classify.replies import Meaning

router = Router("same")

JOINED = "好，已把您加进案件 {number}「{type}」。现在：{state}，预计 {due}前办好，每一步都告诉您。"
SAME = seems(Meaning.YES)
APART = either(seems(Meaning.NO), says("另外上报"))


def says_same(scene: Scene) -> bool:
    """Tell whether a plain yes answers the question whether it is the same."""
    return bool(_asked_about(scene)) and scene.talk.topic == "report" and SAME(scene)


def says_apart(scene: Scene) -> bool:
    """Tell whether a plain no answers it."""
    return bool(_asked_about(scene)) and APART(scene)


@router.on(topic("report"), either(chose(NOT_SAME), says_apart))
async def keep_apart(scene: Scene) -> Reply:
    """It is not the near case: open one of its own."""
    draft = replace(draft_of(scene), apart_from=_asked_about(scene))
    return await open_draft(scene, draft)


@router.on(either(chose(JOIN), says_same))
async def join(scene: Scene) -> Reply:
    """Join the near case: what was told of the same place goes with it.

    A tap further up in the chat comes without it, or while something else is being reported, which goes on.
    """
    draft = draft_of(scene)
    near = await find_case(scene.choice.removeprefix(JOIN) or _asked_about(scene))
    if near is None:
        return await open_draft(scene, draft)
    is_same = is_near(near, draft.place, scene.town.city)
    words, photos = (draft.words, draft.evidence) if is_same else ("", ())
    case = await join_case(near.id, scene.person, note=words, evidence=photos, town=scene.town, now=scene.now)
    if is_same:
        scene.talk.end(scene.now)
    return Text(JOINED.format(**words_of(scene, case)), keeps_question=not is_same)


def _asked_about(scene: Scene) -> str:
    """Return the number of the near case that was asked about last, or ""."""
    asked = [choice for choice, _label in scene.person.offered if choice.startswith(JOIN)]
    return asked[0].removeprefix(JOIN) if asked else ""
