"""One case as its people read it: where it stands, who has it, what happened so far and what comes next."""

from handlers.chat.case_talk import words_of
from handlers.kit.reply import Choice, Text
from handlers.kit.scene import Scene
from models.cases.flows import CASE_FLOW
from models.cases.queries import is_involved, is_talk, list_history
from models.cases.reading import Reader, Reading, accepted_work, is_public, note_for
from models.cases.states import CONSULTATION, OPEN, STEP_NAMES
from models.cases.tables import Case, CaseEvent
from models.cases.taps import ASK_CLEAR, ASK_RATING, ASK_TALK, CORRECT, REPLY, SUPPLEMENT, URGE, WITHDRAW
from models.cases.words import for_public, for_strangers, say_moment, say_pause, shorten

EVENTS_SHOWN = 7
NOTE_SHOWN = 30  # characters

HEAD = "案件 {number}「{type}」{urgent}\n现在：{state}\n地点：{place}\n处理：{unit}"
DUE = "{due}前办好"
LATE = "原定 {due} 办好，已经超时，回复「催办」我们再催"
EARLIER = "（中间还有 {count} 步）"
STRANGER = (
    "案件 {number}「{type}」在{area}，现在：{state}。\n"
    "照片和内容只给上报和跟进它的人看。您也遇到了？发照片和位置，可以一起跟进。"
)
NEXT = {
    "reported": "接下来：工作人员受理。",
    "accepted": "接下来：工作人员安排，有进展就告诉您。",
    "talking": "接下来：直接打字就能接着和工作人员说，说完了回复「结束」。",
    "dispatched": "接下来：处理人员接单去现场。",
    "handling": "接下来：处理完有人核查，再告诉您。",
    "handed_back": "接下来：核查通过就把照片发给您。",
    "returned": "接下来：重新派人去。",
    "asking": "接下来：请您回答上面的问题，文字、照片都可以。",
    "suspended": "接下来：到时间接着办，恢复时告诉您。",
    "split": "接下来：各单位都办好了告诉您。",
    "merged": "接下来：和相同的那一件一起办，有进展一样告诉您。",
    "verified": "接下来：再由一位同事复核，完了就告诉您。",
    "closed": "您满意吗？点一下，或回复数字。",
    "disputed": "接下来：工作人员决定怎么办，会答复您。",
    "rejected": "有疑问请回复「人工」，或打 {hotline}。",
    "withdrawn": "还想反映，重新发照片和位置就行。",
    "rated": "谢谢您。又有问题，重新发照片和位置就行。",
}
TALKED = ("accepted", "talking")
NEXT_ANSWER = "接下来：工作人员看到就回您，回复会发到这里。"
CLOSED_FOR_OTHERS = "已经办结，谢谢您的关注。"


async def show_case(scene: Scene, case: Case) -> Text:
    """Tell a case to whoever asks: its people all but names, a stranger only where it stands."""
    if not await is_involved(case, scene.person):
        return Text(STRANGER.format(**words_of(scene, case)))
    own = case.reporter_id == scene.person.id
    link = scene.town.links.case_words(case.id, scene.person.id, now=scene.now)
    lines = [_head(scene, case, own=own), link]
    reader = Reader(scene.person.id, Reading.REPORTER if own else Reading.FOLLOWER)
    lines += _events(await list_history(case), reader, scene)
    lines.append(_next(scene, case, own=own))
    return Text("\n".join(lines), _choices(case, own=own))


def _head(scene: Scene, case: Case, *, own: bool) -> str:
    words = for_public(case, words_of(scene, case))
    words = words if own else for_strangers(words)
    head = HEAD.format(**words)
    if case.type == CONSULTATION and case.state in TALKED:
        return head
    if case.state not in OPEN or case.state == "handed_back":
        return head
    pause = say_pause(case, scene.town, scene.now)
    if pause:
        return f"{head}，{pause}"
    late = scene.now > case.due_at
    if case.urgent or (
        case.is_unassigned() and not late
    ):  # danger promises no moment, nor does who is not there
        return head
    return head + "，" + (LATE if late else DUE).format(**words)


def _events(history: list[CaseEvent], reader: Reader, scene: Scene) -> list[str]:
    """Return the first step and the last ones, each with the words that this reader may see."""
    accepted = accepted_work(history)
    lines = []
    for event in filter(is_public, history):
        note = "" if event.step == "report" else shorten(note_for(event, reader, accepted), NOTE_SHOWN)
        name = STEP_NAMES.get(event.step, event.step)
        lines.append(f"· {say_moment(event.at, scene.now)} {name}" + (f"：{note}" if note else ""))
    left_out = len(lines) - 1 - EVENTS_SHOWN
    return lines if left_out <= 0 else [lines[0], EARLIER.format(count=left_out), *lines[-EVENTS_SHOWN:]]


def _next(scene: Scene, case: Case, *, own: bool) -> str:
    if case.state == "closed" and not own:
        return CLOSED_FOR_OTHERS
    if case.type == CONSULTATION and case.state == "accepted":
        return NEXT_ANSWER
    state = "accepted" if case.is_unassigned() else case.state
    return NEXT[state].format(hotline=scene.town.city.hotline)


def _choices(case: Case, *, own: bool) -> tuple[Choice, ...]:
    if case.state == "closed" and own:
        asked = ASK_RATING if case.handler_id and case.type != CONSULTATION else ASK_CLEAR
        return tuple(Choice(prefix + case.number, words) for prefix, words in asked)
    if case.state not in OPEN:
        return ()
    if own and is_talk(case) and case.state in TALKED:
        return tuple(Choice(prefix + case.number, words) for prefix, words in ASK_TALK)
    choices = [Choice(SUPPLEMENT + case.number, "补充"), Choice(URGE + case.number, "催办")]
    if own and case.state == "asking":
        choices.insert(0, Choice(REPLY + case.number, "我来回答"))
    if own and CASE_FLOW.find("correct", case.state):
        choices.append(Choice(CORRECT + case.number, "类别或位置不对"))
    if own and not case.followers and CASE_FLOW.find("withdraw", case.state):
        choices.append(Choice(WITHDRAW + case.number, "撤回"))
    return tuple(choices)
