"""Another matter of the same message: a case of its own, or left."""

from handlers.chat.case_talk import warm
from handlers.chat.handing_in import SUBMITS
from handlers.chat.opening import submit_draft
from handlers.chat.report_words import REPORT_TOO
from handlers.kit.filters import chose, either, says, seems
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import dump_draft, load_draft
from models.classify.replies import Meaning, is_thankful

router = Router("also")

NOT_TOO = "好，那件先不报。以后看到什么，随时发来。"
DECLINES = (
    *(Meaning.NO, Meaning.DROP, Meaning.SUBMIT, Meaning.HEARD),
    *(Meaning.THANKS, Meaning.BYE, Meaning.YES),
)


def says_yes_plainly(scene: Scene) -> bool:
    """Tell whether the words agree, and are no mere thanks: 嗯嗯辛苦了 opens no second case."""
    return scene.likely_answer is Meaning.YES and not is_thankful(scene.said)


@router.on(warm("also"), either(says_yes_plainly, SUBMITS, says("要报", "另报", "报"), chose(REPORT_TOO)))
async def report_too(scene: Scene) -> Reply:
    """Open a case of its own for the other matter of the same message."""
    draft = load_draft(scene.talk.data)
    scene.talk.begin("report", scene.now, **dump_draft(draft))  # from here on a report like any other
    return await submit_draft(scene, draft)


@router.on(warm("also"), seems(*DECLINES))
async def leave_it(scene: Scene) -> Reply:
    """The other matter is not reported."""
    scene.talk.end(scene.now)
    return Text(NOT_TOO)
