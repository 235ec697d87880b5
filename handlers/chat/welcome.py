"""The first hello: following, scanning a code, leaving."""

from dataclasses import replace

from handlers.kit.filters import event
from handlers.kit.reply import Reply, Silence, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.cases.draft import Draft, dump_draft, load_draft
from models.cases.leaving import leave_town
from models.city.scenes import find_scene
from models.links import named_link
from models.people import note_privacy

router = Router("welcome")

WELCOME = (
    "您好，这里是{account}。看到井盖坏了、路灯不亮、垃圾没人收，拍张照、发个位置、写一句话，"
    "我们去办，每一步都告诉您。"
)
PRIVACY = "我们只用您发来的内容办这件事，处理人员看不到您是谁。{link}"
AT_PLACE = "您扫的是「{name}」的码。有什么要反映的，直接发照片和一句话，位置我们已经知道了。"
SCANNED = "您好。有什么要反映的，直接发照片、位置和一句话就行。"


@router.on(event("subscribe"))
async def welcome(scene: Scene) -> Reply:
    """Greet in two lines, with the privacy notice, whose version is kept with the person."""
    city = scene.town.city
    await note_privacy(scene.person, city, now=scene.now)
    lines = [
        WELCOME.format(account=city.account),
        PRIVACY.format(link=named_link(scene.town.links.page("/h5/privacy"), "隐私说明")),
    ]
    place = _remember_place(scene)
    return Text("\n".join([*lines, place] if place else lines))


@router.on(event("scan"))
async def scan(scene: Scene) -> Reply:
    """Somebody who follows us scanned a code: bring its context."""
    return Text(_remember_place(scene) or SCANNED)


@router.on(event("unsubscribe"))
async def leave(scene: Scene) -> Reply:
    """Forget who they are; their cases stay, without them."""
    await leave_town(scene.person, town=scene.town, now=scene.now)
    scene.talk.end(scene.now)
    return Silence()


def _remember_place(scene: Scene) -> str:
    """Bring the place of the scanned code into the report; return the sentence that says so."""
    place = find_scene(scene.town.city, scene.incoming.event_key)
    if place is None:
        return ""
    draft = load_draft(scene.talk.data) if scene.talk.topic == "report" else Draft()
    draft = replace(draft, point=(place.point.lat, place.point.lng), address=place.name)
    scene.talk.begin("report", scene.now, **dump_draft(draft))
    return AT_PLACE.format(name=place.name)
