"""Work as the staff read it: what waits, with its clock, and one case with what may be done with it."""

from collections.abc import Mapping, Sequence

from handlers.chat.case_talk import label, words_of
from handlers.kit.reply import Choice, Text
from handlers.kit.scene import Scene
from models.cases.audience import is_field, is_theirs
from models.cases.flows import CASE_FLOW
from models.cases.moves import Actor, request_kind
from models.cases.patrols import count_repeats
from models.cases.queries import is_talk
from models.cases.states import AT_WORK, CONSULTATION, DESK
from models.cases.tables import Case
from models.cases.taps import (
    ANSWER,
    ASK_REPORTER,
    CHECKED,
    END_TALK,
    GRANT,
    HAND_BACK,
    MORE_TIME,
    NOT_DONE,
    REDO,
    REFUSE,
    SEND_BACK,
    SEND_OUT,
    SHOW_WORK,
    TAKE,
    TURN_DOWN,
)
from models.cases.words import say_clock, shorten
from models.city.city import GcjPoint
from models.lifecycle import Role
from models.links import named_link, without_markup
from models.maps import map_address
from models.people import Person

SHOWN = 5  # with links to tap, more would not fit into one reply
LABEL_PLACE = 6  # characters
CARD = "案件 {number}「{type}」{urgent}\n地点：{place}\n内容：{text}\n现在：{state}，{unit}{handler}"
ON_MAP = "在地图上看"
CLOCK = "时限：{due}（{clock}）"
REQUEST, UNTIL = "申请{kind}{until}：{note}", "到 {wanted}"
REPEATED = "这家店的同类问题，这是第 {times} 次。"
MORE = "还有 {count} 件，办完再看。"
WAITING = {
    "reported": "要受理",
    "accepted": "要派人",
    "returned": "被退回",
    "handed_back": "要核查",
    "verified": "要复核",
    "disputed": "要决定",
}
LEFT = "没人接"
TO_ANSWER, ANSWERED_BY = "要答复", "{name}在答"
ASKED_FOR = {"extension": "延期", "suspension": "暂缓", "appeal": "申诉", "": ""}
# What each role is offered on a card: step -> (first digits of the choice, what it says).
OFFICER_CHOICES = {
    "take": (TAKE, "接单"),
    "hand_back": (HAND_BACK, "办结"),
    "return": (SEND_BACK, "退回"),
    "ask_extension": (MORE_TIME, "要延期"),
}
DESK_CHOICES = {
    "dispatch": (SEND_OUT, "派人"),
    "answer": (ANSWER, "答复"),
    "tell": (ANSWER, "答复"),
    "end_talk": (END_TALK, "结束对话"),
    "explain": (ANSWER, "向对方说明"),
    "verify": (CHECKED, "核查通过"),
    "close": (CHECKED, "复核通过"),
    "fail": (NOT_DONE, "没处理好"),
    "order_rework": (REDO, "返工"),
    "reject": (TURN_DOWN, "不受理"),
    "ask_back": (ASK_REPORTER, "问上报人"),
}


async def list_lines(scene: Scene, cases: Sequence[Case], head: str) -> Text:
    """Return the list to tap, the most pressing first, each with its clock; of a talk who answers it."""
    answering = {case.handler_id for case in cases[:SHOWN] if is_talk(case) and case.handler_id}
    names = {person.id: person.name for person in await Person.filter(id__in=answering)} if answering else {}
    choices = tuple(Choice(SHOW_WORK + case.number, _line(scene, case, names)) for case in cases[:SHOWN])
    more = len(cases) - SHOWN
    return Text(head + ("\n" + MORE.format(count=more) if more > 0 else ""), choices)


async def show_card(scene: Scene, case: Case, told: str = "") -> Text:
    """Return one case as the staff see it: no word of who reported it, and what this person may do with it."""
    handler = await Person.get_or_none(id=case.handler_id) if case.handler_id else None
    words = {**words_of(scene, case), "handler": f" {handler.name}" if handler and handler.name else ""}
    lines = [told, CARD.format(**words)]
    if case.state in AT_WORK or case.state in WAITING:
        lines.append(CLOCK.format(due=words["due"], clock=say_clock(case, scene.now)))
    if kind_ := request_kind(case):
        lines.append(_request(case, kind_, words))
    if case.shop_id and (times := await count_repeats(case.shop_id, case.type)):
        lines.append(REPEATED.format(times=times + 1))
    links = scene.town.links.case_words(case.id, scene.person.id, now=scene.now)
    lines.append(links + _map_link(case, words["place"]))
    return Text("\n".join(filter(None, lines)), await choices_for(scene, case))


async def choices_for(scene: Scene, case: Case) -> tuple[Choice, ...]:
    """Return what this member of the staff may do with the case now."""
    found: dict[str, str] = {}
    officer = Actor(Role.OFFICER, scene.person)
    if is_field(scene.person) and await is_theirs(case, officer, city=scene.town.city, now=scene.now):
        found |= _offered(case, Role.OFFICER, OFFICER_CHOICES)
        if TAKE in found:  # first things first
            found = {tap: words for tap, words in found.items() if tap in {TAKE, SEND_BACK}}
    if scene.person.id == case.checker_id and case.state == "handed_back":
        found |= {CHECKED: "核查通过", NOT_DONE: "没处理好"}
    if any(scene.person.is_a(role) for role in DESK):
        found |= _offered(case, Role.DISPATCHER, DESK_CHOICES)
        found |= {SEND_OUT: "换单位"} if case.is_left() else {}
        if case.waiting:
            found = {GRANT: "同意" + ASKED_FOR[request_kind(case)], REFUSE: "不同意"} | found
    return tuple(Choice(prefix + case.number, words) for prefix, words in found.items())


def _map_link(case: Case, place: str) -> str:
    """Return the words that open the place in a map; nothing where the place is words alone."""
    if case.lat is None or case.lng is None:
        return ""
    point = GcjPoint(case.lat, case.lng)
    return " " + named_link(map_address(point, title=case.number, address=place), ON_MAP)


def _request(case: Case, kind: str, words: Mapping[str, str]) -> str:
    """Say what was asked for and waits for an answer, with its day."""
    until = UNTIL.format(**words) if kind == "suspension" else ""
    return REQUEST.format(kind=ASKED_FOR[kind], until=until, note=without_markup(case.asked[kind]["note"]))


def _offered(case: Case, role: Role, choices: dict[str, tuple[str, str]]) -> dict[str, str]:
    permitted = {step.name for step in CASE_FLOW.steps_from(case.state, role)}
    permitted -= {"answer"} if is_talk(case) else {"tell", "end_talk"}
    return dict(choice for step, choice in choices.items() if step in permitted)


def _line(scene: Scene, case: Case, names: Mapping[int, str]) -> str:
    what = "要批" + ASKED_FOR[request_kind(case)] if case.waiting else WAITING.get(case.state, "")
    what = what or (LEFT if case.is_left() else "")
    if case.type == CONSULTATION and case.state in {"reported", "accepted"}:
        name = names.get(case.handler_id or 0)
        what = ANSWERED_BY.format(name=name) if name else TO_ANSWER
    place = "" if case.type == CONSULTATION else shorten(words_of(scene, case)["place"], LABEL_PLACE)
    urgent = "急！" if case.urgent else ""
    more = (urgent, place, what, say_clock(case, scene.now).replace(" ", ""))
    return label(scene, case, *filter(None, more))
