"""The orders about one case as a table: the words and taps for each, what it asks for, how it is carried out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.chat.case_talk import Command
from handlers.chat.day_words import read_day
from handlers.chat.unit_words import find_colleague, find_type, find_units
from handlers.kit.scene import Scene
from models.cases.actions import move_case
from models.cases.asking import ask_reporter
from models.cases.correcting import bind_shop, correct_case
from models.cases.linking import link_cases, split_case, unlink_case
from models.cases.moves import REQUESTS, Move, request_kind
from models.cases.queries import find_case
from models.cases.tables import Case
from models.cases.taps import ASK_REPORTER, GRANT, LINK, MORE_TIME, NOTE, PASS_ON, REFUSE, SUSPEND
from models.city.city import GcjPoint
from models.errors import Refusal
from models.shops import note_shop

WHICH_MAIN = "并到哪一件？请带上主案件的编号，例如「合并 {number} 2607060001」。"

Carry = Callable[[Scene, Case, Move, str], Awaitable[None]]


async def _move_on(scene: Scene, case: Case, move: Move, words: str) -> None:
    await move_case(case.id, replace(move, note=words), town=scene.town, now=scene.now)


async def _until(scene: Scene, case: Case, move: Move, words: str) -> None:
    until, reason = read_day(words, scene.now)
    move = replace(move, note=reason or words, until=until)
    await move_case(case.id, move, town=scene.town, now=scene.now)


async def _pass_on(scene: Scene, case: Case, move: Move, words: str) -> None:
    colleague, note = await find_colleague(words, case)
    move = replace(move, note=note, person_id=colleague.id)
    await move_case(case.id, move, town=scene.town, now=scene.now)


async def _grant(scene: Scene, case: Case, move: Move, _words: str) -> None:
    asked = case.asked[request_kind(case)]
    until = datetime.fromisoformat(asked["until"]) if "until" in asked else None
    move = replace(move, note=asked["note"], until=until)
    await move_case(case.id, move, town=scene.town, now=scene.now)


async def _ask(scene: Scene, case: Case, move: Move, words: str) -> None:
    await ask_reporter(case.id, replace(move, note=words), town=scene.town, now=scene.now)


async def _link(scene: Scene, case: Case, move: Move, words: str) -> None:
    main = await find_case(words.strip())
    if main is None:
        raise Refusal(WHICH_MAIN.format(number=case.number))
    await link_cases(case.id, main.id, move, town=scene.town, now=scene.now)


async def _unlink(scene: Scene, case: Case, move: Move, _words: str) -> None:
    await unlink_case(case.id, move, town=scene.town, now=scene.now)


async def _split(scene: Scene, case: Case, move: Move, words: str) -> None:
    units = find_units(scene.town.city, words, case)
    await split_case(case.id, units, replace(move, note=words), town=scene.town, now=scene.now)


async def _correct(scene: Scene, case: Case, move: Move, words: str) -> None:
    code = find_type(scene.town.city, words)
    await correct_case(case.id, move, town=scene.town, now=scene.now, type_code=code)


async def _entrust(scene: Scene, case: Case, move: Move, words: str) -> None:
    move = replace(move, note=f"委托 {words.strip()}", contractor=words.strip()[:60])
    await move_case(case.id, move, town=scene.town, now=scene.now)


async def _bind_shop(scene: Scene, case: Case, move: Move, words: str) -> None:
    point = GcjPoint(case.lat, case.lng) if case.lat and case.lng else None
    shop = await note_shop(words, street=case.street, address=case.address, point=point, now=scene.now)
    await move_case(case.id, replace(move, note=f"店铺：{shop.name}"), town=scene.town, now=scene.now)
    await bind_shop(case.id, shop.id)


@dataclass(frozen=True, slots=True)
class Order:
    """What may be ordered, in which words or by which tap, and how it is carried out."""

    name: str
    step: str  # "grant" and "refuse" stand for the step that answers the case's request
    said: Command
    done: str
    tap: str = "?"  # first digits of its choice
    ask: str = ""  # what to ask for where words are needed and missing
    desk: bool = False  # only dispatchers and administrators
    asks_first: bool = True  # whether the step can be checked before its words are here
    carry: Carry = _move_on


ORDERS = (
    Order(
        "延期",
        "ask_extension",
        Command("延期", "申请延期"),
        "{number}「{type}」的延期申请交上去了，批了告诉您。",
        MORE_TIME,
        "{number}「{type}」为什么要延期？打几个字，例如「等材料，要两天」。",
    ),
    Order(
        "暂缓",
        "ask_suspension",
        Command("暂缓", "挂账", "申请暂缓"),
        "{number}「{type}」的暂缓申请交上去了，批了告诉您。",
        SUSPEND,
        "{number}「{type}」暂缓到哪天、为什么？例如「12月1日 等管线迁改」。",
        asks_first=False,
        carry=_until,
    ),
    Order(
        "转派",
        "reassign",
        Command("转派", "转给", "换人"),
        "{number}「{type}」转给同事了。",
        PASS_ON,
        "{number}「{type}」转给谁？打同事的名字，也可以说明原因。",
        carry=_pass_on,
    ),
    Order(
        "备注",
        "note",
        Command("备注"),
        "{number}「{type}」记下了。",
        NOTE,
        "{number}「{type}」要备注什么？打几个字，同事能看到。",
    ),
    Order(
        "委托",
        "entrust",
        Command("委托", "外包"),
        "{number}「{type}」委托好了。把下面的链接发给对方，不用注册，办完在里面传照片：\n{work_link}",
        ask="{number}「{type}」委托给谁？打单位的名字。",
        carry=_entrust,
    ),
    Order(
        "店铺",
        "note",
        Command("店铺", "店名"),
        "{number}「{type}」记到这家店名下了，办结后会安排回头看。",
        ask="{number}「{type}」是哪家店？打店名。",
        carry=_bind_shop,
    ),
    Order(
        "申诉",
        "appeal",
        Command("申诉", "超时申诉"),
        "{number}「{type}」的申诉交上去了，有结果告诉您。",
        ask="{number}「{type}」为什么超时？打几个字。",
    ),
    Order(
        "回复督办",
        "answer_supervision",
        Command("督办回复", "回复督办", "督办"),
        "{number}「{type}」的督办回复交上去了。请抓紧办完。",
        ask="{number}「{type}」现在什么情况、打算怎么办？打几个字。",
    ),
    Order(
        "进展",
        "progress",
        Command("挂牌进展", "报进展"),
        "{number}「{type}」的进展记下了。",
        ask="{number}「{type}」有什么进展？打几个字。",
    ),
    Order(
        "同意",
        "grant",
        Command("同意", "批准"),
        "{number}「{type}」已同意，已告诉对方。",
        GRANT,
        desk=True,
        carry=_grant,
    ),
    Order(
        "不同意",
        "refuse",
        Command("不同意", "不批"),
        "{number}「{type}」不同意，原因已告诉对方。",
        REFUSE,
        "{number}「{type}」为什么不同意？打几个字，对方会看到。",
        desk=True,
    ),
    Order(
        "问上报人",
        "ask_back",
        Command("问", "问上报人", "追问"),
        "{number}「{type}」已去问上报人，时限先停着。",
        ASK_REPORTER,
        "{number}「{type}」想问上报人什么？打在下面，直接发给对方。",
        carry=_ask,
    ),
    Order(
        "合并",
        "link",
        Command("合并", "并入", "并到"),
        "{number}「{type}」并过去了，已告诉关注的人。",
        LINK,
        WHICH_MAIN,
        desk=True,
        carry=_link,
    ),
    Order("分开", "unlink", Command("分开"), "{number}「{type}」单独办了。", desk=True, carry=_unlink),
    Order(
        "拆分",
        "split",
        Command("拆分", "分给"),
        "{number}「{type}」分下去了，都办好了再请您核查。",
        ask="{number}「{type}」分给哪几个单位？例如「环卫所、市政养护队」。",
        desk=True,
        carry=_split,
    ),
    Order(
        "改类",
        "correct",
        Command("改类", "改为", "改成"),
        "{number} 改为「{type}」，重新派了。",
        ask="{number}「{type}」应该是哪一类？打类别的名字。",
        desk=True,
        carry=_correct,
    ),
    Order("核实", "inquire", Command("核实", "现场核实"), "{number}「{type}」已请人去现场看。", desk=True),
    Order(
        "发督办",
        "supervise",
        Command("发督办", "发督办单"),
        "{number}「{type}」督办单发出了。",
        ask="{number}「{type}」督办单写什么？打几个字。",
        desk=True,
    ),
    Order(
        "挂牌",
        "flag",
        Command("挂牌"),
        "{number}「{type}」挂牌了。",
        ask="{number}「{type}」挂牌打算怎么办？打几个字。",
        desk=True,
    ),
    Order("摘牌", "unflag", Command("摘牌"), "{number}「{type}」摘牌了。", desk=True),
    Order("恢复", "resume", Command("恢复", "恢复处理"), "{number}「{type}」恢复处理了。", desk=True),
)
BY_NAME = {order.name: order for order in ORDERS}


def step_of(order: Order, case: Case) -> str:
    """Return the step that the order means for this case; "" when it asks to answer a request that is not there."""
    if order.step not in {"grant", "refuse"}:
        return order.step
    kind = request_kind(case)
    return REQUESTS[kind][order.step == "refuse"] if kind else ""
