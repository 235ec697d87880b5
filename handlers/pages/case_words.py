"""What a case's page says: where it stands, what happened, what to do next; all in plain words."""

from models.cases.reading import Reading

# How a state looks: under way, done, or ended otherwise; never told by colour alone.
UNDER_WAY, DONE, ENDED = "under-way", "done", "ended"
MARKS = {UNDER_WAY: "办", DONE: "✓", ENDED: "止"}
STAGES = ("收到", "派人", "处理", "核查", "办结")

# state -> (how it looks, how many stages are behind it, in plain words)
STATES = {
    "reported": (UNDER_WAY, 1, "已收到，正在受理"),
    "accepted": (UNDER_WAY, 1, "已受理，正在安排人"),
    "talking": (UNDER_WAY, 2, "工作人员正在和您沟通"),
    "dispatched": (UNDER_WAY, 2, "已派人，等他们接单"),
    "handling": (UNDER_WAY, 3, "有人在处理"),
    "asking": (UNDER_WAY, 2, "想向上报人多了解一点"),
    "suspended": (UNDER_WAY, 2, "要先缓一缓，到时接着办"),
    "split": (UNDER_WAY, 3, "几个单位分头在办"),
    "merged": (UNDER_WAY, 2, "和另一件相同的事一起办"),
    "handed_back": (UNDER_WAY, 4, "已处理，正在核查"),
    "verified": (UNDER_WAY, 4, "核查通过，再由一人复核"),
    "returned": (UNDER_WAY, 1, "正在重新派人"),
    "closed": (DONE, 5, "已办结"),
    "rated": (DONE, 5, "已办结"),
    "disputed": (UNDER_WAY, 4, "有不满意，工作人员正在决定"),
    "rejected": (ENDED, 0, "没有受理"),
    "withdrawn": (ENDED, 0, "已撤回"),
}

OPEN_NEXT = ("想催一催，在聊天里回复「催办」", "有新情况，回复「补充」，再发照片或文字")
NEXT: dict[Reading, dict[str, tuple[str, ...]]] = {
    Reading.REPORTER: {
        "reported": (*OPEN_NEXT, "不用办了，回复「撤回」"),
        "accepted": (*OPEN_NEXT, "不用办了，回复「撤回」"),
        "talking": ("在聊天里直接打字，就能接着和工作人员说", "说完了，回复「结束」"),
        "dispatched": (*OPEN_NEXT, "不用办了，回复「撤回」"),
        "returned": (*OPEN_NEXT, "不用办了，回复「撤回」"),
        "handling": OPEN_NEXT,
        "asking": ("在聊天里直接回答就行，文字、照片都可以", "不用办了，回复「撤回」"),
        "suspended": ("到时间会接着办，并告诉您", "有新情况，回复「补充」"),
        "split": OPEN_NEXT,
        "merged": ("那一件有进展，一样告诉您", "不是一回事，回复「人工」"),
        "verified": ("复核完就告诉您，不用做什么", "有新情况，回复「补充」"),
        "handed_back": ("核查通过就告诉您，不用做什么", "有新情况，回复「补充」"),
        "closed": ("满意，在聊天里回复「满意」", "没弄好，回复「不满意」，再说说哪里没好"),
        "rated": ("又出现了，在聊天里重新发照片和位置",),
        "disputed": ("工作人员决定后会答复您", "想找人说，回复「人工」"),
        "rejected": ("有疑问，在聊天里回复「人工」",),
        "withdrawn": ("还想反映，在聊天里重新发照片和位置",),
    },
    Reading.FOLLOWER: {
        "closed": ("没弄好，回复「不满意」，再说说哪里没好", "又出现了，在聊天里重新发照片和位置"),
        "rated": ("又出现了，在聊天里重新发照片和位置",),
        "disputed": ("有结果就告诉您，不用做什么",),
        "rejected": ("有疑问，在聊天里回复「人工」",),
        "withdrawn": ("还想反映，在聊天里重新发照片和位置",),
    },
    Reading.STAFF: {
        "reported": ("派人：回复「派 {number}」", "不归我们管：回复「不受理 {number} 原因」"),
        "accepted": ("派人：回复「派 {number}」", "不归我们管：回复「不受理 {number} 原因」"),
        "returned": ("重新派人：回复「派 {number}」", "不归我们管：回复「不受理 {number} 原因」"),
        "talking": ("接着说：回复「答 {number} 内容」", "说完了：回复「结束 {number}」"),
        "dispatched": ("去处理：回复「接单 {number}」", "不该我们办：回复「退回 {number} 原因」"),
        "handling": (
            "办完：回复「办结 {number}」和处理情况，再发一张照片",
            "不该我们办：回复「退回 {number} 原因」",
        ),
        "asking": ("等上报人回答，时限先停着",),
        "suspended": ("到恢复的日子会提醒，时限先停着",),
        "split": ("等各部分办好",),
        "merged": ("跟主案件一起办", "要分开：回复「分开 {number}」"),
        "verified": ("复核通过：回复「核查通过 {number}」", "没处理好：回复「没处理好 {number} 原因」"),
        "handed_back": ("处理好了：回复「核查通过 {number}」", "没处理好：回复「没处理好 {number} 原因」"),
        "disputed": ("再派一次：回复「返工 {number}」", "向对方说明：回复「答 {number} 内容」"),
    },
}
ANSWERED = ("说清楚了，在聊天里回复「满意」", "还有疑问，回复「不满意」，再说想问什么")
FOLLOWER_OPEN = ("每一步都会告诉您，不用做什么", *OPEN_NEXT)
STAFF_ENDED = ("这个案件已经结束，不用再做什么",)

# step -> what happened; {who} is 您 for one's own steps, else who it was in general words, never a name.
STEPS = {
    "report": "{who}反映了这件事",
    "accept": "已受理",
    "reject": "没有受理",
    "dispatch": "派人处理",
    "queue": "转给派遣员安排",
    "answer": "工作人员答复",
    "tell": "工作人员回复",
    "say": "{who}接着说",
    "end_talk": "对话结束",
    "take": "{who}接单，去现场",
    "hand_back": "{who}说处理好了，等核查",
    "proof": "{who}补了处理后的照片",
    "return": "退回，重新派人",
    "fail": "核查没通过，再去处理",
    "no_proof": "处理后的照片没收到，接着办",
    "verify": "核查通过",
    "second_look": "抽到复核，再由一人看",
    "close": "办结",
    "reassign": "换人处理",
    "call_back": "换单位处理",
    "close_along": "一起办的那件办结了",
    "reject_along": "一起办的那件没有受理",
    "prompt": "提醒接单",
    "alert": "提醒接急件",
    "hand_up": "急件没人接，报给派遣员",
    "hand_on": "急件没派人，报给管理员",
    "entrust": "请外包单位处理",
    "note": "{who}作了备注",
    "correct": "{who}更正了类别或位置，重新安排",
    "ask_back": "向上报人了解情况",
    "reply": "{who}回答了",
    "no_reply": "没有等到回答，按现有情况处理",
    "ask_extension": "申请延期",
    "extend": "延期",
    "refuse_extension": "不同意延期",
    "ask_suspension": "申请暂缓",
    "suspend": "先缓一缓",
    "refuse_suspension": "不同意暂缓",
    "resume": "恢复处理",
    "link": "和相同的一件一起办",
    "unlink": "分开单独办",
    "split": "分给几个单位一起办",
    "join_parts": "各部分都办好了",
    "inquire": "派人到现场看",
    "inquired": "看过现场",
    "warn": "提醒快到期了",
    "overdue": "到期没办好，催办",
    "supervise": "督办",
    "answer_supervision": "回复督办",
    "call_in": "督办没有回复，提请约谈",
    "flag": "挂牌办理",
    "progress": "挂牌办理有进展",
    "unflag": "摘牌",
    "late_inquiry": "到现场看超时，提醒",
    "late_dispatch": "派人超时，提醒",
    "late_check": "核查超时，提醒",
    "wake_higher": "关注的人多，提请领导过问",
    "appeal": "申诉超时",
    "grant_appeal": "同意申诉",
    "refuse_appeal": "不同意申诉",
    "look_back": "回头看",
    "recur": "反复发生，立为治本案件",
    "undo": "撤销上一步",
    "rate": "{who}评价：满意",
    "rework": "{who}不满意，返工",
    "order_rework": "决定返工",
    "complain": "{who}仍不满意，由工作人员决定",
    "explain": "工作人员说明情况",
    "ask_again": "{who}还有疑问",
    "lapse": "七天没有收到评价，按“未评价”记",
    "withdraw": "{who}撤回",
    "supplement": "{who}作了补充",
    "urge": "{who}催办",
    "join": "{who}也遇到了，一起跟进",
}
SOME_STEP = "有新进展"
YOU, SOMEBODY, ANOTHER, CITIZEN = "您", "有人", "又有一位市民", "一位市民"
STAFF, REPORTER = "工作人员", "上报人"

DUE = "{due}前办好"
LATE = "原定 {due} 办好，已经超时"
CLOSED_AT = "{at} 办结"
WITH_CLOCK = "{due}（{clock}）"

BEFORE, AFTER = "处理前", "处理后"
PICTURE = "{stage}的照片，第 {place} 张"
KINDS = {"video": "录像", "voice": "录音"}
ATTACHMENT = "{stage}的{kind}，{at}"
NO_BEFORE = "没有照片"
BEFORE_KEPT = "上报的照片只给上报人和工作人员看"
NO_AFTER = "办结后在这里看"
NEVER_AFTER = "没有照片"
COMING = "还有 {count} 个照片或录像正在接收，过一会儿再打开看。"
LOST = "有 {count} 个照片或录像没有收到，请在聊天里重新发。"
