"""The orders about one case as a table: the words and taps for each, what it asks for, how it is carried out."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.chat import order_deeds as deeds
from handlers.chat.case_talk import Command
from models.cases.flows import CASE_FLOW
from models.cases.guards import is_supervised
from models.cases.moves import REQUESTS, request_kind
from models.cases.queries import is_talk
from models.cases.states import DESK, ENDED, FIELD
from models.cases.tables import Case
from models.cases.taps import ASK_REPORTER, END_TALK, GRANT, LINK, MORE_TIME, NOTE, PASS_ON, REFUSE, SUSPEND

REQUEST_STEPS = tuple(step for steps in REQUESTS.values() for step in steps)
FITS: dict[str, Callable[[Case], bool]] = {
    "grant": lambda case: bool(request_kind(case)),
    "refuse": lambda case: bool(request_kind(case)),
    "flag": lambda case: not case.flagged,
    "unflag": lambda case: case.flagged,
    "end_talk": is_talk,
    "appeal": lambda case: case.late and not case.excused,
    "answer_supervision": is_supervised,
}


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
    carry: deeds.Carry = deeds.move_on


def _desk(*words: str) -> Command:
    return Command(*words, roles=DESK)


def _field(*words: str) -> Command:
    return Command(*words, roles=FIELD)


ORDERS = (
    Order(
        "延期",
        "ask_extension",
        _field("延期", "申请延期"),
        "{number}「{type}」的延期申请交上去了，批了告诉您。",
        MORE_TIME,
        "{number}「{type}」为什么要延期？打几个字，例如「等材料，要两天」。",
    ),
    Order(
        "暂缓",
        "ask_suspension",
        _field("暂缓", "挂账", "申请暂缓"),
        "{number}「{type}」的暂缓申请交上去了，批了告诉您。",
        SUSPEND,
        "{number}「{type}」暂缓到哪天、为什么？例如「12月1日 等管线迁改」。",
        asks_first=False,
        carry=deeds.ask_pause,
    ),
    Order(
        "转派",
        "reassign",
        _field("转派", "转给", "换人"),
        "{number}「{type}」转给同事了。",
        PASS_ON,
        "{number}「{type}」转给谁？打同事的名字，也可以说明原因。",
        carry=deeds.pass_on,
    ),
    Order(
        "备注",
        "note",
        _field("备注"),
        "{number}「{type}」记下了。",
        NOTE,
        "{number}「{type}」要备注什么？打几个字，同事能看到。",
    ),
    Order(
        "委托",
        "entrust",
        _field("委托", "外包"),
        "{number}「{type}」委托好了。把下面的链接发给对方，不用注册，办完在里面传照片：\n{work_link}",
        ask="{number}「{type}」委托给谁？打单位的名字。",
        carry=deeds.entrust,
    ),
    Order(
        "店铺",
        "note",
        _field("店铺", "店名"),
        "{number}「{type}」记到这家店名下了，办结后会安排回头看。",
        ask="{number}「{type}」是哪家店？打店名。",
        carry=deeds.name_shop,
    ),
    Order(
        "申诉",
        "appeal",
        _field("申诉", "超时申诉"),
        "{number}「{type}」的申诉交上去了，有结果告诉您。",
        ask="{number}「{type}」为什么超时？打几个字。",
    ),
    Order(
        "回复督办",
        "answer_supervision",
        _field("督办回复", "回复督办", "督办"),
        "{number}「{type}」的督办回复交上去了。请抓紧办完。",
        ask="{number}「{type}」现在什么情况、打算怎么办？打几个字。",
    ),
    Order(
        "进展",
        "progress",
        _field("挂牌进展", "报进展"),
        "{number}「{type}」的进展记下了。",
        ask="{number}「{type}」有什么进展？打几个字。",
    ),
    Order(
        "同意",
        "grant",
        _desk("同意", "批准"),
        "{number}「{type}」已同意{paused}，已告诉对方。",
        GRANT,
        desk=True,
        carry=deeds.grant,
    ),
    Order(
        "不同意",
        "refuse",
        _desk("不同意", "不批"),
        "{number}「{type}」不同意，原因已告诉对方。",
        REFUSE,
        "{number}「{type}」为什么不同意？打几个字，对方会看到。",
        desk=True,
    ),
    Order(
        "问上报人",
        "ask_back",
        _field("问", "问上报人", "追问"),
        "{number}「{type}」已去问上报人，时限先停着。",
        ASK_REPORTER,
        "{number}「{type}」想问上报人什么？打在下面，直接发给对方。",
        carry=deeds.ask_back,
    ),
    Order(
        "合并",
        "link",
        _desk("合并", "并入", "并到"),
        "{number}「{type}」并过去了，已告诉关注的人。",
        LINK,
        deeds.WHICH_MAIN,
        desk=True,
        carry=deeds.link,
    ),
    Order("分开", "unlink", _desk("分开"), "{number}「{type}」单独办了。", desk=True, carry=deeds.unlink),
    Order(
        "拆分",
        "split",
        _desk("拆分", "分给"),
        "{number}「{type}」分下去了，都办好了再请您核查。",
        ask="{number}「{type}」分给哪几个单位？例如「环卫所、市政养护队」。",
        desk=True,
        carry=deeds.split,
    ),
    Order(
        "改类",
        "correct",
        _desk("改类", "改为", "改成"),
        "{number} 改为「{type}」，重新派了。",
        ask="{number}「{type}」应该是哪一类？打类别的名字。",
        desk=True,
        carry=deeds.correct,
    ),
    Order(
        "收回",
        "call_back",
        _desk("收回", "收回重派"),
        "{number}「{type}」收回了，原来的人会收到通知。要再派，回复「派 {number} 单位名」。",
        desk=True,
    ),
    Order("核实", "inquire", _desk("核实", "现场核实"), "{number}「{type}」已请人去现场看。", desk=True),
    Order(
        "结束",
        "end_talk",
        _desk("结束", "结束对话"),
        "{number} 的对话结束了，已告诉对方。",
        END_TALK,
        desk=True,
        carry=deeds.end_talk,
    ),
    Order(
        "发督办",
        "supervise",
        _desk("发督办", "发督办单"),
        "{number}「{type}」督办单发出了。",
        ask="{number}「{type}」督办单写什么？打几个字。",
        desk=True,
    ),
    Order(
        "挂牌",
        "flag",
        _desk("挂牌"),
        "{number}「{type}」挂牌了。",
        ask="{number}「{type}」挂牌打算怎么办？打几个字。",
        desk=True,
    ),
    Order("摘牌", "unflag", _desk("摘牌"), "{number}「{type}」摘牌了。", desk=True),
    Order("恢复", "resume", _desk("恢复", "恢复处理"), "{number}「{type}」恢复处理了。", desk=True),
)
BY_NAME = {order.name: order for order in ORDERS}


def states_of(order: Order) -> tuple[frozenset[str], ...]:
    """Return from which states the order can be carried out: those under way before those that ended."""
    steps = REQUEST_STEPS if order.step in {"grant", "refuse"} else (order.step,)
    states = frozenset[str]().union(*(CASE_FLOW.steps[step].source for step in steps))
    return tuple(filter(None, (states - ENDED, states & ENDED)))


def may_fit(order: Order, case: Case) -> bool:
    """Tell whether the order makes sense for the case besides its state: a flag to take off, a request to answer."""
    fits = FITS.get(order.step)
    return fits is None or fits(case)


def step_of(order: Order, case: Case) -> str:
    """Return the step that the order means for this case; "" when it asks to answer a request that is not there."""
    if order.step not in {"grant", "refuse"}:
        return order.step
    kind = request_kind(case)
    return REQUESTS[kind][order.step == "refuse"] if kind else ""
