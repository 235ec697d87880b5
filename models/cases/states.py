"""The states and steps of a case by name: neutral codes for the house, plain words for people."""

from models.lifecycle import Role

STATE_NAMES = {
    "reported": "已收到",
    "accepted": "已受理",
    "dispatched": "已派人",
    "handling": "处理中",
    "talking": "正在沟通",
    "asking": "等您补充情况",
    "suspended": "暂缓处理",
    "returned": "重新派人中",
    "split": "分头处理中",
    "handed_back": "已处理，待核查",
    "verified": "核查通过，待复核",
    "closed": "已办结",
    "rated": "已评价",
    "disputed": "不满意，等工作人员决定",
    "merged": "与相同案件一起处理",
    "rejected": "未受理",
    "withdrawn": "已撤回",
}
STEP_NAMES = {
    "report": "上报",
    "accept": "受理",
    "reject": "不受理",
    "dispatch": "派给处理人员",
    "queue": "转给派遣员",
    "take": "接单",
    "reassign": "转派",
    "prompt": "催接单",
    "alert": "催接急件",
    "hand_up": "急件没人接，报派遣员",
    "hand_on": "急件没人派，报管理员",
    "hand_back": "处理完成",
    "proof": "补充处理后的照片",
    "return": "退回重派",
    "verify": "核查通过",
    "fail": "核查未通过",
    "no_proof": "照片没收到，接着办",
    "close": "办结",
    "rate": "评价",
    "rework": "要求返工",
    "order_rework": "返工",
    "lapse": "到期未评价",
    "answer": "答复",
    "ask_again": "还有疑问",
    "complain": "仍不满意，转人工决定",
    "explain": "说明情况",
    "tell": "工作人员回复",
    "say": "上报人说",
    "end_talk": "结束对话",
    "withdraw": "撤回",
    "supplement": "补充",
    "urge": "催办",
    "join": "有人加入",
    "correct": "更正",
    "ask_back": "向上报人了解情况",
    "reply": "上报人回复",
    "no_reply": "上报人没有回复",
    "ask_extension": "申请延期",
    "extend": "同意延期",
    "refuse_extension": "不同意延期",
    "ask_suspension": "申请暂缓",
    "suspend": "暂缓处理",
    "refuse_suspension": "不同意暂缓",
    "resume": "恢复处理",
    "link": "与相同案件合并处理",
    "unlink": "分开单独处理",
    "split": "分给几个单位",
    "join_parts": "各部分都已办好",
    "inquire": "派人现场核实",
    "inquired": "现场核实结果",
    "second_look": "抽查复核",
    "note": "备注",
    "warn": "到期提醒",
    "overdue": "超时",
    "supervise": "督办",
    "answer_supervision": "回复督办",
    "call_in": "建议约谈",
    "flag": "挂牌",
    "progress": "挂牌进展",
    "unflag": "摘牌",
    "late_inquiry": "核实超时",
    "late_dispatch": "派遣超时",
    "late_check": "核查超时",
    "wake_higher": "多人关注，提请领导",
    "entrust": "委托外包单位",
    "appeal": "超时申诉",
    "grant_appeal": "同意申诉",
    "refuse_appeal": "不同意申诉",
    "look_back": "回头看",
    "recur": "反复发生",
    "call_back": "收回重派",
    "close_along": "随主案件办结",
    "reject_along": "随主案件不受理",
    "undo": "撤销上一步",
}

OPEN = frozenset(
    {
        "reported",
        "accepted",
        "talking",
        "dispatched",
        "handling",
        "asking",
        "suspended",
        "returned",
        "split",
        "handed_back",
        "verified",
    }
)
AT_WORK = frozenset({"dispatched", "handling"})
AT_DESK = frozenset(
    {"reported", "accepted", "returned", "handed_back", "verified", "disputed"}
)  # a dispatcher's turn
BEFORE_WORK = frozenset({"reported", "accepted", "returned"})
ENDED = frozenset(STATE_NAMES) - OPEN - {"merged"}
UNFOUNDED = frozenset({"rejected", "withdrawn", "merged"})  # nothing was there, or it is counted as another
CONSULTATION = "consultation"  # the type of questions that a person of the desk answers

DESK = frozenset({Role.DISPATCHER, Role.ADMIN})
RULES = frozenset({Role.RULE})
CLOCK = frozenset({Role.CLOCK})
FIELD = frozenset({Role.OFFICER, Role.LEADER, Role.DISPATCHER, Role.ADMIN})
VOICES = frozenset({Role.REPORTER, Role.FOLLOWER})  # those whose verdict counts
