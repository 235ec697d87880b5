"""Somebody of the staff binds their chat with the code that they were given."""

import re
from datetime import timedelta

from handlers.kit.filters import matches
from handlers.kit.reply import Reply, Text
from handlers.kit.router import Router
from handlers.kit.scene import Scene
from models.audit import Deed, note_deed
from models.characters import GAP, bare
from models.errors import Refusal
from models.lifecycle import Role
from models.people import bind_staff
from models.tallies import WRONG_CODE, count_uses, note_use

router = Router("binding")

BIND = rf"绑定{GAP}*(?P<code>\d{{4,12}})"
BIND_FAILED = "bind failed"
TOO_MANY_CODES = "绑定码输错太多次了，请一小时后再试。码不对的话，先向管理员要一个新的。"
TOO_MANY_TODAY = "今天绑定码输错太多次了，请明天再试。码不对的话，先向管理员要一个新的。"
LIMITS = ((5, timedelta(hours=1), TOO_MANY_CODES), (15, timedelta(days=1), TOO_MANY_TODAY))
BIND_HOW = "请发「绑定」加绑定码，例如「绑定 123456789012」。没有码，请向管理员要。"
BOUND = "{name}，绑定好了，您是{unit}的{role}。\n"
BOUND_OFFICER = "新案件会发到这里，点「接单」就行。回复「待办」看手上的活；办完发照片和几句话，回复「办结」。"
BOUND_DESK = "要派人、核查、答复的会发到这里。回复「待办」看现在有哪些。"
BOUND_WALKER = "要去看的会发到这里。回复「巡查」看有哪些，到了地方回复「打卡」；看到什么，发照片和一句话。"
BOUND_OTHER = "有事会发到这里。回复「帮助」看能做什么。"
ROLES = {
    Role.OFFICER: "处理人员",
    Role.DISPATCHER: "派遣员",
    Role.ADMIN: "管理员",
    Role.COMMUNITY: "社区工作者",
    Role.LEADER: "负责人",
    Role.PATROL: "巡查员",
    Role.ROAD_CHIEF: "路长",
}


@router.on(matches(BIND))
async def bind(scene: Scene) -> Reply:
    """Give the staff role that the code stands for, and say how to begin."""
    found = re.fullmatch(BIND, bare(scene.said))
    guesser = f"person {scene.person.id}"
    mark = scene.town.links.mark(scene.incoming.openid)
    for most, within, sentence in LIMITS:
        if await count_uses(mark, [WRONG_CODE], since=scene.now - within) >= most:
            return Text(sentence)
    try:
        appointed = await bind_staff(scene.person, found["code"] if found else "", now=scene.now)
    except Refusal as refusal:
        await note_use(mark, WRONG_CODE, now=scene.now)
        await note_deed(Deed(guesser, "chat", BIND_FAILED, outcome="refused"), now=scene.now)
        return Text(refusal.sentence)
    await note_deed(Deed(guesser, "chat", "bind", appointed.role), now=scene.now)
    role, unit = Role(appointed.role), scene.town.city.units.get(appointed.unit)
    words = dict.fromkeys((Role.OFFICER, Role.LEADER), BOUND_OFFICER)
    words |= dict.fromkeys((Role.DISPATCHER, Role.ADMIN), BOUND_DESK)
    words |= dict.fromkeys((Role.PATROL, Role.ROAD_CHIEF), BOUND_WALKER)
    greeting = BOUND.format(
        name=appointed.name,
        unit=unit.name if unit else scene.town.city.name,
        role=ROLES.get(role, "成员"),
    )
    return Text(greeting + words.get(role, BOUND_OTHER))


@router.on(matches(r"绑定\D{0,4}"))
async def explain_bind(scene: Scene) -> Reply:
    """Say what a binding looks like."""
    return Text(BIND_HOW)
