"""What type a report is of: doubted, chosen from what we offer, or left to a person."""

from dataclasses import replace

from handlers.chat.drafting import (
    ask_type,
    draft_of,
    keep_and_ask,
    leave_to_person,
)
from handlers.chat.report_words import PICK, WRONG_TYPE
from handlers.kit.filters import chose, either, says, topic
from handlers.kit.reply import Reply
from handlers.kit.router import Router
from handlers.kit.scene import Scene

router = Router("naming")


@router.on(topic("report"), either(says("不是", "不对", "类别不对", "不是这一类", "错了"), chose(WRONG_TYPE)))
async def doubt_type(scene: Scene) -> Reply:
    """Offer the next likely types to choose from by number, once; then a person decides."""
    draft = draft_of(scene)
    if "offered" in draft.extra:
        return leave_to_person(scene, draft)
    return ask_type(scene, draft.without_type())


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
