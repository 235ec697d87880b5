"""Danger to life goes before everything: the number to call first, then the case, marked urgent."""

from dataclasses import replace

from handlers.chat.report import hear_words
from handlers.kit.filters import kind
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import Draft, load_draft
from models.classify.danger import find_emergency

router = Router("danger")

THEN = "{tell}\n人先到安全的地方。"


def is_dangerous(scene: Scene) -> bool:
    """Tell whether the words speak of danger to life."""
    return find_emergency(scene.town.city, scene.text) is not None


@router.on(kind("text"), is_dangerous)
async def warn(scene: Scene) -> Reply:
    """Say whom to call, and take the report on as urgent."""
    emergency = find_emergency(scene.town.city, scene.text)
    if emergency is None:
        return Text("")
    draft = load_draft(scene.talk.data) if scene.talk.topic == "report" else Draft()
    kind_ = scene.town.city.case_types.get(emergency.case_type)
    if kind_ is not None and not draft.chosen:
        draft = replace(draft, type=kind_.code, chosen=True)
    reply = hear_words(scene, replace(draft, urgent=True), urgent=True)
    said = THEN.format(tell=emergency.tell)
    return Text(f"{said}\n{reply.text}", reply.choices) if isinstance(reply, Text) else Text(said)
