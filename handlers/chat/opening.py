"""Opens the case of a report: when it is sent, or at once where nobody should wait."""

from dataclasses import replace

from handlers.chat.drafting import draft_of, keep_and_ask, leave_draft
from handlers.chat.report_words import (
    ALSO,
    NOTHING_YET,
    OPENED,
    OPENED_IN_DANGER,
    OPENED_UNASSIGNED,
    OPENED_URGENT,
    OPENED_URGENT_UNASSIGNED,
    REPORT_TOO,
    SAME,
)
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.scene import Scene
from models.cases.actions import open_case
from models.cases.draft import Draft, dump_draft
from models.cases.limits import check_limits
from models.cases.queries import find_same
from models.cases.sources import source_of
from models.cases.tables import Case
from models.cases.taps import JOIN, NOT_SAME
from models.cases.words import case_words
from models.classify.rules import OTHER
from models.errors import Refusal


async def submit_draft(scene: Scene, draft: Draft) -> Reply:
    """Open the case when enough is there, after asking whether one near by is the same; else ask for the rest."""
    if draft.missing():
        return keep_and_ask(scene, draft, NOTHING_YET if not draft.text and not draft.evidence else "")
    place, kind_ = draft.place, scene.town.city.case_types[draft.type]
    near = await find_same(kind_, place) if place and kind_.handled else None
    if near is not None and near.number != draft.apart_from and near.reporter_id != scene.person.id:
        choices = (
            Choice(JOIN + near.number, "是同一件，一起跟进"),
            Choice(NOT_SAME + near.number, "不是，另外上报"),
        )
        return Text(SAME.format(**_words(scene, near)), choices)
    return await open_draft(scene, draft)


async def open_at_once(scene: Scene, reply: Reply) -> Reply:
    """Open without asking whether they are sure: danger, and what somebody of the staff saw, with a photo."""
    draft = draft_of(scene)
    danger = draft.extra.get("danger")
    if draft.missing() or not (danger or (scene.person.is_staff and draft.evidence)):
        return reply
    return await submit_draft(scene, draft) if danger else await open_draft(scene, draft)


def is_urgent_talk(scene: Scene) -> bool:
    """Tell whether the case that is being added to was opened at once because of danger."""
    return bool(scene.talk.data.get("danger"))


async def open_draft(scene: Scene, draft: Draft) -> Reply:
    """Open the case when enough is there, else ask for the rest."""
    if draft.missing():
        return keep_and_ask(scene, draft, "")
    report = draft.report(origin=f"wx-{scene.incoming.key}", source=source_of(scene.person))
    try:
        if not scene.person.is_staff:
            await check_limits(scene.person, report, town=scene.town, now=scene.now)
    except Refusal as refusal:
        leave_draft(scene, draft)
        return Text(refusal.sentence)
    case = await open_case(report, reporter=scene.person, town=scene.town, now=scene.now)
    leave_draft(scene, draft)
    told = (OPENED_IN_DANGER if case.urgent else OPENED) if case.assignee_id else OPENED_UNASSIGNED
    if draft.extra.get("danger"):  # what follows belongs to it, with no command
        behind = {"resting": resting} if (resting := draft.extra.get("resting")) else {}
        scene.talk.begin("supplement", scene.now, number=case.number, danger=True, **behind)
        told = OPENED_URGENT if case.assignee_id else OPENED_URGENT_UNASSIGNED
        return Text(told.format(**_words(scene, case)))
    return _offer_rest(scene, draft, case, told.format(**_words(scene, case)))


def _offer_rest(scene: Scene, draft: Draft, case: Case, told: str) -> Reply:
    """Tell that the case is open, and offer to open another for what else the words told of."""
    rest = tuple(matter for matter in draft.matters if matter[0] != case.type and matter[1])
    # Whoever named the type themselves knows better what the message tells of.
    if not rest or draft.guessed or case.type == OTHER or scene.person.is_staff or scene.talk.topic:
        return Text(told)
    (code, words), *others = rest
    other = replace(
        Draft(text=(words,), point=draft.point, address=draft.address, type=code, chosen=True),
        matters=tuple(others),
        urgent=scene.town.classifier.classify(words).urgent,
    )
    scene.talk.begin("also", scene.now, **dump_draft(other))
    short = scene.town.city.case_types[code].short
    return Text(f"{told}\n{ALSO.format(type=short)}", (Choice(REPORT_TOO, "另报一件"),))


def _words(scene: Scene, case: Case) -> dict[str, str]:
    words = case_words(case, scene.town, note="", now=scene.now, handler=None)
    return words | {"link": scene.town.links.case_words(case.id, scene.person.id, now=scene.now)}
