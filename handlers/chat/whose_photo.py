"""A photo right after a report: it belongs to the case just opened, or begins another."""

import re
from datetime import timedelta

from handlers.chat.adding import ADDED, add_to_case
from handlers.chat.case_talk import PIECES, chosen, find_whole, keep_piece, words_of
from handlers.kit.filters import chose, either, kind, seems, topic
from handlers.kit.reply import Choice, Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import DROPPED, Draft, dump_draft, load_draft
from models.cases.queries import find_latest
from models.cases.tables import Case
from models.cases.taps import ADD_TO, NEW_PHOTO
from models.classify.replies import Meaning

router = Router("whose_photo")

FRESH = timedelta(minutes=5)  # so long after a report a photo may belong to it
POINTING = 14  # characters
LAST = re.compile(r"刚才|刚刚|上面|那个|那件|那里|这件|现场|同一|都是|前面")
OFTEN_MORE = "收到。是刚才那件 {number}「{type}」的吗？点一下或回复数字："


@router.on(kind(*PIECES), topic("", "question", DROPPED))
async def offer_to_last(scene: Scene) -> Reply | None:
    """Ask whether a photo that comes right after a report belongs to it; until then it begins another."""
    last = await find_latest(scene.person)
    if last is None or scene.now - last.opened_at > FRESH or scene.person.is_staff:
        return None
    piece = await keep_piece(scene)
    draft = Draft().with_piece(piece, PIECES[scene.incoming.kind])
    scene.talk.begin("report", scene.now, **dump_draft(draft))
    return Text(OFTEN_MORE.format(**words_of(scene, last)), _whose(last))


def asked_about_last(scene: Scene) -> bool:
    """Tell whether we asked whose a photo is, and nothing else since."""
    return bool(_last_asked_about(scene))


def names_last(scene: Scene) -> bool:
    """Tell whether short words point at what came just before: 都是那个的, 就是刚才那个."""
    return len(scene.text) <= POINTING and bool(LAST.search(scene.said))


@router.on(kind(*PIECES), topic("report"), asked_about_last)
async def ask_about_more(scene: Scene) -> Reply:
    """Another photo before the answer: they belong together."""
    draft, last = load_draft(scene.talk.data), await find_whole(_last_asked_about(scene))
    draft = draft.with_piece(await keep_piece(scene), PIECES[scene.incoming.kind])
    scene.talk.begin("report", scene.now, **dump_draft(draft))
    return Text(OFTEN_MORE.format(**words_of(scene, last)), _whose(last))


@router.on(topic("report"), asked_about_last, either(seems(Meaning.YES, Meaning.SUBMIT), names_last))
@router.on(topic("report"), chose(ADD_TO))
async def add_to_last(scene: Scene) -> Reply:
    """Add the photos to the case that was just opened."""
    case = await find_whole(chosen(scene, ADD_TO) or _last_asked_about(scene))
    photos = load_draft(scene.talk.data).evidence
    scene.talk.end(scene.now)
    return await add_to_case(scene, case, ADDED, evidence=photos)


def _whose(last: Case) -> tuple[Choice, ...]:
    return (Choice(ADD_TO + last.number, "是，加进去"), Choice(NEW_PHOTO, "不是，报新的"))


def _last_asked_about(scene: Scene) -> str:
    """Return the number of the case that a photo may belong to, if that was asked last, else ""."""
    asked = [choice for choice, _label in scene.person.offered if choice.startswith(ADD_TO)]
    return asked[0].removeprefix(ADD_TO) if asked else ""
