"""Gives a case what comes later: more words, more photos, an answer that comes too late."""

from handlers.chat.case_talk import citizen_of, words_of
from handlers.kit.reply import Reply, Text
from handlers.kit.scene import Scene
from models.cases.actions import move_case, supplement_case
from models.cases.moves import Move
from models.cases.tables import Case
from models.errors import Refusal

TOPIC = "supplement"
CARRIED = ("danger", "resting", "answers")  # what the talk keeps while pieces come
ADDED = "已补充到 {number}「{type}」。还有就接着发，发完回复「好了」。"


async def add_to_case(
    scene: Scene, case: Case, told: str, *, words: str = "", evidence: tuple[int, ...] = ()
) -> Reply:
    """Give a piece to the case at once, so that nothing is lost when no 「好了」 follows."""
    another = scene.talk.topic == TOPIC and "answers" in scene.talk.data and case.state == "asking"
    move = Move("reply" if another else "supplement", citizen_of(case, scene.person), words, evidence)
    try:
        if another:  # a further question came while pieces of the answer to the first did
            await move_case(case.id, move, town=scene.town, now=scene.now)
        else:
            await supplement_case(case.id, move, town=scene.town, now=scene.now)
    except Refusal as refusal:  # it ended meanwhile
        scene.talk.end(scene.now)
        return Text(refusal.sentence)
    kept = (
        {name: scene.talk.data[name] for name in CARRIED if name in scene.talk.data}
        if scene.talk.topic == TOPIC
        else {}
    )
    scene.talk.begin(TOPIC, scene.now, number=case.number, **kept)
    return Text(told.format(**words_of(scene, case)))
