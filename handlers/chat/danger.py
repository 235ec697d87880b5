"""Danger to life goes before everything: the number to call first, then the case, marked urgent, opened at once."""

from dataclasses import replace

from handlers.chat.case_talk import AT_EASE, citizen_of, find_whole, warm
from handlers.chat.drafting import draft_of, hear_words, is_sure
from handlers.chat.opening import is_urgent_talk, open_at_once
from handlers.kit.filters import kind
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.actions import supplement_case
from models.cases.draft import Draft, dump_draft
from models.cases.moves import Move
from models.city.city import CaseType, Emergency
from models.classify.amends import takes_back_plainly
from models.classify.danger import find_emergency
from models.classify.replies import meaning_of
from models.classify.rules import OTHER
from models.classify.small_talk import about_us

router = Router("danger")

THEN = "{tell}\n人先到安全的地方。"
NOT_FOR_US = "报警以后，要我们去做什么，再发照片、位置和一句话。"
ADDED = "已加进急件 {number}，会转给处理的人。"


def is_dangerous(scene: Scene) -> bool:
    """Tell whether the words speak of danger to life; a mere reply to us, or a word about us, never does.

    Only what is said outright is a reply here: what merely sounds like one silences nothing.
    """
    if meaning_of(scene.said) is not None or about_us(scene.said) or takes_back_plainly(scene.said):
        return False
    return _emergency(scene) is not None


def _emergency(scene: Scene) -> Emergency | None:
    """Return the danger of which the words speak; what we wait for is not taken away by a mere sound of it."""
    awaited = scene.talk.topic not in AT_EASE
    return find_emergency(scene.town.city, scene.text, awaited=awaited)


@router.on(kind("text"), warm("supplement"), is_urgent_talk, is_dangerous)
async def hear_more(scene: Scene) -> Reply:
    """Add further words to the urgent case that was just opened: it is the same danger, not another."""
    case = await find_whole(scene.talk.data["number"])
    move = Move("supplement", citizen_of(case, scene.person), scene.text)
    await supplement_case(case.id, move, town=scene.town, now=scene.now)
    return Text(f"{_heard(scene).tell}\n{ADDED.format(number=case.number)}")


@router.on(kind("text"), is_dangerous)
async def warn(scene: Scene) -> Reply:
    """Say whom to call, and take the report on as urgent; where type and place are known it is a case at once."""
    emergency = _heard(scene)
    said = THEN.format(tell=emergency.tell)
    if not emergency.case_type:
        return Text(f"{said}\n{NOT_FOR_US}")
    draft = draft_of(scene)
    kind_ = _type(scene, emergency, Draft())
    if kind_ is not None and draft.text and draft.type not in {"", kind_.code}:
        draft = _beside(draft)
    kind_ = _type(scene, emergency, draft)
    if kind_ is not None and not draft.chosen:
        draft = replace(draft, type=kind_.code, chosen=True)
    draft = replace(draft, urgent=True, extra={**draft.extra, "danger": True})
    reply = await open_at_once(scene, hear_words(scene, draft, urgent=True))
    return replace(reply, text=f"{said}\n{reply.text}") if isinstance(reply, Text) else Text(said)


def _beside(draft: Draft) -> Draft:
    """Return a draft for a danger at the same place; what was told of another matter rests behind it."""
    resting = draft.extra.get("resting") or dump_draft(draft)
    return Draft(point=draft.point, address=draft.address, extra={"resting": resting})


def _heard(scene: Scene) -> Emergency:
    emergency = _emergency(scene)
    assert emergency is not None, "the filter heard one"  # noqa: S101
    return emergency


def _type(scene: Scene, emergency: Emergency, draft: Draft) -> CaseType | None:
    """Return the type of the danger: as the words have it where they know better, else the danger's own."""
    kinds = scene.town.city.case_types
    if emergency.type_from_words:
        verdict = scene.town.classifier.classify("\n".join((*draft.text, scene.text)))
        if verdict.type != OTHER and kinds[verdict.type].handled and is_sure(verdict):
            return kinds[verdict.type]
    return kinds.get(emergency.case_type)
