"""One case as its people read it: where it stands, who has it, what happened so far and what comes next."""

from handlers.chat.case_talk import words_of
from handlers.kit.reply import Choice, Text
from handlers.kit.scene import Scene
from models.cases.flows import (
    ASK_CLEAR,
    ASK_RATING,
    CASE_FLOW,
    OPEN,
    STEP_NAMES,
    SUPPLEMENT,
    URGE,
    WITHDRAW,
)
from models.cases.queries import is_involved, list_history
from models.cases.tables import Case, CaseEvent
from models.cases.words import say_moment, shorten
from models.people import Person

EVENTS_SHOWN = 7
NOTE_SHOWN = 30  # characters
# Whose words everybody who follows a case may read; all others only the one who wrote them.
FOR_ALL = frozenset({"reject", "hand_back", "close"})
FOR_REPORTER = FOR_ALL | {"answer", "explain"}

HEAD = "案件 {number}「{type}」{urgent}\n现在:{state}\n地点:{place}\n处理:{unit}"
DUE = "{due} 前办好"
LATE = "原定 {due} 办好,已经超时,回复「催办」我们再催"
PAGE = "看照片和详情:{link}"
EARLIER = "(前面还有 {count} 步)"
STRANGER = (
    "案件 {number}「{type}」现在:{state}。\n"
    "照片和内容只给上报和跟进它的人看。您也遇到了?发照片和位置,可以一起跟进。"
)
NEXT = {
    "reported": "接下来:工作人员受理。",
    "accepted": "接下来:工作人员安排,有进展就告诉您。",
    "dispatched": "接下来:处理人员接单去现场。",
    "handling": "接下来:处理完有人核查,再告诉您。",
    "handed_back": "接下来:核查通过就把照片发给您。",
    "returned": "接下来:重新派人去。",
    "closed": "您满意吗?点一下,或回复数字。",
    "disputed": "接下来:工作人员决定怎么办,会答复您。",
    "rejected": "有疑问请回复「人工」,或打 {hotline}。",
    "withdrawn": "还想反映,重新发照片和位置就行。",
    "rated": "谢谢您。又有问题,重新发照片和位置就行。",
}
CLOSED_FOR_OTHERS = "已经办结,谢谢您的关注。"


async def show_case(scene: Scene, case: Case) -> Text:
    """Tell a case to whoever asks: its people all but names, a stranger only where it stands."""
    if not await is_involved(case, scene.person):
        return Text(STRANGER.format(**words_of(scene, case)))
    own = case.reporter_id == scene.person.id
    link = scene.town.links.case(case.id, scene.person.id, now=scene.now)
    lines = [_head(scene, case), PAGE.format(link=link)]
    lines += _events(await list_history(case), scene, own=own)
    lines.append(_next(scene, case, own=own))
    return Text("\n".join(lines), _choices(case, own=own))


def _head(scene: Scene, case: Case) -> str:
    words = words_of(scene, case)
    head = HEAD.format(**words)
    if case.state not in OPEN or case.state == "handed_back":
        return head
    return head + "," + (LATE if scene.now > case.due_at else DUE).format(**words)


def _events(history: list[CaseEvent], scene: Scene, *, own: bool) -> list[str]:
    shown = [event for event in history if event.step != "report"] or history
    lines = [_line(event, scene, own=own) for event in shown[-EVENTS_SHOWN:]]
    left_out = len(shown) - len(lines)
    first = [_line(event, scene, own=own) for event in history[:1] if event not in shown]
    return [*first, *([EARLIER.format(count=left_out)] if left_out else []), *lines]


def _line(event: CaseEvent, scene: Scene, *, own: bool) -> str:
    note = event.note if _may_read(event, scene.person, own=own) else ""
    name = STEP_NAMES.get(event.step, event.step)
    return f"· {say_moment(event.at, scene.now)} {name}" + (f":{shorten(note, NOTE_SHOWN)}" if note else "")


def _may_read(event: CaseEvent, person: Person, *, own: bool) -> bool:
    return event.person_id == person.id or event.step in (FOR_REPORTER if own else FOR_ALL)


def _next(scene: Scene, case: Case, *, own: bool) -> str:
    if case.state == "closed" and not own:
        return CLOSED_FOR_OTHERS
    return NEXT[case.state].format(hotline=scene.town.city.hotline)


def _choices(case: Case, *, own: bool) -> tuple[Choice, ...]:
    if case.state == "closed" and own:
        asked = ASK_RATING if case.handler_id else ASK_CLEAR
        return tuple(Choice(prefix + case.number, words) for prefix, words in asked)
    if case.state not in OPEN:
        return ()
    choices = [Choice(SUPPLEMENT + case.number, "补充"), Choice(URGE + case.number, "催办")]
    if own and not case.followers and CASE_FLOW.find("withdraw", case.state):
        choices.append(Choice(WITHDRAW + case.number, "撤回"))
    return tuple(choices)
