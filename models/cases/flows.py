"""The life of a case as data: its states, its steps, who takes each and whom it tells, in the words they read."""

from models.lifecycle import Lifecycle, Role, Step, Told, Words

STATE_NAMES = {
    "reported": "已收到",
    "accepted": "已受理",
    "dispatched": "已派人",
    "handling": "处理中",
    "handed_back": "已处理,待核查",
    "closed": "已办结",
    "rated": "已评价",
    "disputed": "不满意,等工作人员决定",
    "returned": "重新派人中",
    "rejected": "未受理",
    "withdrawn": "已撤回",
}
STEP_NAMES = {
    "report": "上报",
    "accept": "受理",
    "reject": "不受理",
    "dispatch": "派给处理人员",
    "take": "接单",
    "hand_back": "处理完成",
    "return": "退回重派",
    "fail": "核查未通过",
    "close": "办结",
    "rate": "评价",
    "rework": "要求返工",
    "order_rework": "返工",
    "lapse": "到期未评价",
    "withdraw": "撤回",
    "supplement": "补充",
    "urge": "催办",
    "join": "有人加入",
    "queue": "转给派遣员",
    "answer": "答复",
    "ask_again": "还有疑问",
    "complain": "仍不满意,转人工决定",
    "explain": "说明情况",
    "proof": "补充处理后的照片",
}

# What a tap means: the first two digits of its id; the case's number follows them.
SATISFIED, UNSATISFIED = "11", "12"
SHOW, SUPPLEMENT, URGE = "13", "14", "15"
WITHDRAW, WITHDRAW_SURE, KEEP_CASE = "16", "17", "18"
TAKE, SEND_BACK = "21", "22"
SHOW_WORK, HAND_BACK, NEW_REPORT = "23", "24", "25"
CHECKED, NOT_DONE = "31", "32"
SEND_OUT, TURN_DOWN, ANSWER, REDO = "33", "34", "35", "36"
JOIN, NOT_SAME = "41", "42"

ASK_RATING = ((SATISFIED, "满意"), (UNSATISFIED, "不满意"))
ASK_TAKE = ((TAKE, "接单"), (SEND_BACK, "退回"))
ASK_CLEAR = ((SATISFIED, "清楚了"), (UNSATISFIED, "还有疑问"))
ASK_CHECK = ((CHECKED, "核查通过"), (NOT_DONE, "没处理好"))

OPEN = frozenset({"reported", "accepted", "dispatched", "handling", "handed_back", "returned"})
CONSULTATION = "consultation"  # the type of questions that a person of the desk answers
AT_WORK = frozenset({"dispatched", "handling"})
DESK = frozenset({Role.DISPATCHER, Role.ADMIN})
RULES = frozenset({Role.RULE})
DESK_OR_RULE = DESK | RULES
FIELD = frozenset({Role.OFFICER, Role.DISPATCHER, Role.ADMIN})

TAKEN = "「{type}」{number} 已有人去处理:{unit}{handler}。\n预计 {due} 前处理好,办完会告诉您。"
CLOSED = "「{type}」{number} 处理好了。\n{note}\n{link}\n您满意吗?点一下,或回复 1 满意、2 不满意。"
CLOSED_TOO = "您关注的「{type}」{number} 处理好了。\n{note}\n{link}"
REJECTED = "「{type}」{number} 没有受理,原因:{note}\n有疑问请回复「人工」,或打 {hotline}。"
RETURNED_TO_WORK = "「{type}」{number} 核查后还没处理好,已请{unit}再去一次。办完会告诉您。"
NEW_WORK = (
    "新案件 {number}「{type}」{urgent}\n{place}\n{text}\n{due} 前办完。{link}\n回复 1 接单,2 退回(请写原因)。"
)
NO_HANDLER = (
    "案件 {number}「{type}」需要您派人:{place}。\n"
    "{link}\n"
    "回复「派 {number}」派给属地单位,「不受理 {number} 原因」不受理。"
)
TO_CHECK = (
    "案件 {number}「{type}」{unit}说已处理:{note}\n{link}\n回复 1 核查通过并办结,2 没处理好(请写原因)。"
)
CONSULTED = "有人咨询({number}):{text}\n{link}\n回复「答 {number} 内容」答复;要人去看,回复「派 {number}」。"
SENT_BACK = (
    "案件 {number}「{type}」被退回:{note}\n"
    "换单位回复「派 {number} 单位名」,原单位再去回复「派 {number}」,或「不受理 {number} 原因」。"
)
FAILED_CHECK = "案件 {number}「{type}」核查没通过:{note}\n请再去处理,办完回复「办结 {number}」并发照片。"
REWORK = "案件 {number}「{type}」群众不满意:{note}\n请返工,办完回复「办结 {number}」并发照片。"
STILL_UNHAPPY = (
    "案件 {number}「{type}」返工后群众仍不满意:{note}\n"
    "请您决定:回复「返工 {number}」再派,或「答 {number} 内容」向对方说明。"
)
ASKED_AGAIN = (
    "{number}「{type}」对方还有疑问:{note}\n{link}\n回复「答 {number} 内容」再答,或「派 {number}」派人去看。"
)
ANSWERED = "「{type}」{number} 有了回复:\n{note}\n说清楚了吗?点一下,或回复 1 清楚了、2 还有疑问。"
CONSULT_ANSWERED = "回复您的咨询({number}):\n{note}\n说清楚了吗?点一下,或回复 1 清楚了、2 还有疑问。"
EXPLAINED = "关于「{type}」{number},工作人员向您说明:\n{note}\n还有疑问请回复「人工」,或打 {hotline}。"
WITHDRAWN = "案件 {number}「{type}」上报人已撤回,不用再处理。"
SUPPLEMENTED = "案件 {number}「{type}」有补充:{note}\n{link}"
URGED = "案件 {number}「{type}」被催办(第 {urged} 次),{due} 到期。请尽快处理。"

CASE_FLOW = Lifecycle(
    states=STATE_NAMES,
    final=("rejected", "withdrawn", "rated"),
    steps=(
        Step("accept", frozenset({"reported"}), "accepted", DESK_OR_RULE),
        Step(
            "reject",
            frozenset({"reported", "accepted", "returned"}),
            "rejected",
            DESK,
            (Words(Told.FOLLOWERS, REJECTED, "closed"),),
            frozenset({"note"}),
        ),
        Step(
            "dispatch",
            frozenset({"accepted", "returned"}),
            "dispatched",
            DESK_OR_RULE,
            (Words(Told.UNIT, NEW_WORK, "work", ASK_TAKE),),
        ),
        Step(
            "queue",
            frozenset({"accepted"}),
            "accepted",
            RULES,
            (Words(Told.DISPATCHERS, NO_HANDLER, "work"),),
        ),
        Step(
            "answer",
            frozenset({"reported", "accepted", "returned", "dispatched"}),
            "closed",
            DESK,
            (Words(Told.REPORTER, ANSWERED, "closed", ASK_CLEAR),),
            frozenset({"note"}),
        ),
        Step("take", frozenset({"dispatched"}), "handling", FIELD, (Words(Told.FOLLOWERS, TAKEN),)),
        Step(
            "hand_back",
            AT_WORK,
            "handed_back",
            FIELD,
            (Words(Told.DISPATCHERS, TO_CHECK, "work", ASK_CHECK),),
            frozenset({"note", "photo"}),
        ),
        Step(
            "return",
            AT_WORK,
            "returned",
            FIELD,
            (Words(Told.DISPATCHERS, SENT_BACK, "work"),),
            frozenset({"note"}),
        ),
        Step(
            "fail",
            frozenset({"handed_back"}),
            "handling",
            DESK,
            (Words(Told.HANDLER, FAILED_CHECK, "work"), Words(Told.FOLLOWERS, RETURNED_TO_WORK)),
            frozenset({"note"}),
        ),
        Step(
            "close",
            frozenset({"handed_back"}),
            "closed",
            DESK_OR_RULE,
            (Words(Told.REPORTER, CLOSED, "closed", ASK_RATING), Words(Told.JOINED, CLOSED_TOO, "closed")),
        ),
        Step("rate", frozenset({"closed"}), "rated", frozenset({Role.REPORTER})),
        Step(
            "rework",
            frozenset({"closed"}),
            "handling",
            frozenset({Role.REPORTER}),
            (Words(Told.HANDLER, REWORK, "work"),),
            frozenset({"note"}),
        ),
        Step(
            "ask_again",
            frozenset({"closed"}),
            "accepted",
            frozenset({Role.REPORTER}),
            (Words(Told.DISPATCHERS, ASKED_AGAIN, "work"),),
            frozenset({"note"}),
        ),
        Step(
            "complain",
            frozenset({"closed"}),
            "disputed",
            frozenset({Role.REPORTER}),
            (Words(Told.DISPATCHERS, STILL_UNHAPPY, "work"),),
            frozenset({"note"}),
        ),
        Step(
            "explain",
            frozenset({"disputed"}),
            "rated",
            DESK,
            (Words(Told.REPORTER, EXPLAINED, "closed"),),
            frozenset({"note"}),
        ),
        Step(
            "order_rework",
            frozenset({"rated", "disputed"}),
            "handling",
            DESK,
            (Words(Told.HANDLER, REWORK, "work"), Words(Told.FOLLOWERS, RETURNED_TO_WORK)),
        ),
        Step("lapse", frozenset({"closed"}), "rated", frozenset({Role.CLOCK})),
        Step(
            "withdraw",
            frozenset({"reported", "accepted", "dispatched", "returned"}),
            "withdrawn",
            frozenset({Role.REPORTER}),
            (Words(Told.HANDLER, WITHDRAWN, "work"),),
        ),
    ),
)

# A question is not work: what its steps say differs.
CONSULTATION_TELLS = {
    "queue": (Words(Told.DISPATCHERS, CONSULTED, "work"),),
    "answer": (Words(Told.REPORTER, CONSULT_ANSWERED, "closed", ASK_CLEAR),),
}


def tells_of(step: Step, case_type: str) -> tuple[Words, ...]:
    """Return whom the step tells what, for a case of that type."""
    return CONSULTATION_TELLS.get(step.name, step.tells) if case_type == CONSULTATION else step.tells
