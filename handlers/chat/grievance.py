"""Who complains of us reaches a person at once, whatever was being talked about."""

from handlers.chat.case_talk import AT_EASE
from handlers.chat.talking import hand_over
from handlers.kit.filters import either, kind
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.queries import find_unrated
from models.cases.talking import TOPIC as TALK
from models.classify.danger import find_emergency
from models.classify.grievance import accuses_us, blames_us

router = Router("grievance")

ABOUT_US = (
    "对不住，让您不满意了。您的话已转给工作人员（编号 {number}），由人来看。{soon}"
    "是哪一天、什么事，接着打在下面。也可以打 {hotline}。"
)
# Topics in which a grievance is not about a case in hand.
AT_EASE_OR_ASKED = (*AT_EASE, "human")


def accuses(scene: Scene) -> bool:
    """Tell whether the words say outright that they complain of us."""
    return accuses_us(scene.text)


def blames(scene: Scene) -> bool:
    """Tell whether the words are about our people, while they are not asked for by anything else."""
    return scene.talk.topic in AT_EASE_OR_ASKED and not scene.choice and blames_us(scene.text)


@router.on(kind("text"), either(accuses, blames))
async def hear_grievance(scene: Scene) -> Reply | None:
    """Pass on the words; the number to call goes first where they tell of danger. In a talk a person hears already."""
    if scene.talk.topic == TALK or (not accuses(scene) and await find_unrated(scene.person, now=scene.now)):
        return None
    reply = await hand_over(scene, scene.text, ABOUT_US, always=True)
    danger = find_emergency(scene.town.city, scene.text)
    return Text(f"{danger.tell}\n{reply.text}") if danger and isinstance(reply, Text) else reply
