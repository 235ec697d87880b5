"""What a case's page says: where it stands, what happened, what to do next; all in plain words."""

from models.cases.reading import Reading

# How a state looks: under way, done, or ended otherwise; never told by colour alone.
UNDER_WAY, DONE, ENDED = "under-way", "done", "ended"
MARKS = {UNDER_WAY: "办", DONE: "✓", ENDED: "止"}
STAGES = ("收到", "派人", "处理", "核查", "办结")

# state -> (how it looks, how many stages are behind it, in plain words)
STATES = {
    "reported": (UNDER_WAY, 1, "已收到,正在受理"),
    "accepted": (UNDER_WAY, 1, "已受理,正在安排人"),
    "dispatched": (UNDER_WAY, 2, "已派人,等他们接单"),
    "handling": (UNDER_WAY, 3, "有人在处理"),
    "handed_back": (UNDER_WAY, 4, "已处理,正在核查"),
    "returned": (UNDER_WAY, 1, "正在重新派人"),
    "closed": (DONE, 5, "已办结"),
    "rated": (DONE, 5, "已办结"),
    "disputed": (UNDER_WAY, 4, "有不满意,工作人员正在决定"),
    "rejected": (ENDED, 0, "没有受理"),
    "withdrawn": (ENDED, 0, "已撤回"),
}

OPEN_NEXT = ("想催一催,在聊天里回复「催办」", "有新情况,回复「补充」,再发照片或文字")
NEXT: dict[Reading, dict[str, tuple[str, ...]]] = {
    Reading.REPORTER: {
        "reported": (*OPEN_NEXT, "不用办了,回复「撤回」"),
        "accepted": (*OPEN_NEXT, "不用办了,回复「撤回」"),
        "dispatched": (*OPEN_NEXT, "不用办了,回复「撤回」"),
        "returned": (*OPEN_NEXT, "不用办了,回复「撤回」"),
        "handling": OPEN_NEXT,
        "handed_back": ("核查通过就告诉您,不用做什么", "有新情况,回复「补充」"),
        "closed": ("满意,在聊天里回复「满意」", "没弄好,回复「不满意」,再说说哪里没好"),
        "rated": ("又出现了,在聊天里重新发照片和位置",),
        "disputed": ("工作人员决定后会答复您", "想找人说,回复「人工」"),
        "rejected": ("有疑问,在聊天里回复「人工」",),
        "withdrawn": ("还想反映,在聊天里重新发照片和位置",),
    },
    Reading.FOLLOWER: {
        "closed": ("又出现了,在聊天里重新发照片和位置",),
        "rated": ("又出现了,在聊天里重新发照片和位置",),
        "disputed": ("有结果就告诉您,不用做什么",),
        "rejected": ("有疑问,在聊天里回复「人工」",),
        "withdrawn": ("还想反映,在聊天里重新发照片和位置",),
    },
    Reading.STAFF: {
        "reported": ("派人:回复「派 {number}」", "不归我们管:回复「不受理 {number} 原因」"),
        "accepted": ("派人:回复「派 {number}」", "不归我们管:回复「不受理 {number} 原因」"),
        "returned": ("重新派人:回复「派 {number}」", "不归我们管:回复「不受理 {number} 原因」"),
        "dispatched": ("去处理:回复「接单 {number}」", "不该我们办:回复「退回 {number} 原因」"),
        "handling": (
            "办完:回复「办结 {number}」和处理情况,再发一张照片",
            "不该我们办:回复「退回 {number} 原因」",
        ),
        "handed_back": ("处理好了:回复「核查通过 {number}」", "没处理好:回复「没处理好 {number} 原因」"),
        "disputed": ("再派一次:回复「返工 {number}」", "向对方说明:回复「答 {number} 内容」"),
    },
}
ANSWERED = ("说清楚了,在聊天里回复「满意」", "还有疑问,回复「不满意」,再说想问什么")
FOLLOWER_OPEN = ("每一步都会告诉您,不用做什么", *OPEN_NEXT)
STAFF_ENDED = ("这个案件已经结束,不用再做什么",)

# step -> what happened; {who} is 您 for one's own steps, else who it was in general words, never a name.
STEPS = {
    "report": "{who}反映了这件事",
    "accept": "已受理",
    "reject": "没有受理",
    "dispatch": "派人处理",
    "queue": "转给派遣员安排",
    "answer": "工作人员答复",
    "take": "{who}接单,去现场",
    "hand_back": "{who}说处理好了,等核查",
    "proof": "{who}补了处理后的照片",
    "return": "退回,重新派人",
    "fail": "核查没通过,再去处理",
    "close": "核查通过,办结",
    "rate": "{who}评价:满意",
    "rework": "{who}不满意,返工",
    "order_rework": "决定返工",
    "complain": "{who}仍不满意,由工作人员决定",
    "explain": "工作人员说明情况",
    "ask_again": "{who}还有疑问",
    "lapse": "七天没有收到评价,按“未评价”记",
    "withdraw": "{who}撤回",
    "supplement": "{who}作了补充",
    "urge": "{who}催办",
    "join": "{who}也遇到了,一起跟进",
}
SOME_STEP = "有新进展"
YOU, SOMEBODY, ANOTHER, CITIZEN = "您", "有人", "又有一位市民", "一位市民"
STAFF, REPORTER = "工作人员", "上报人"

DUE = "{due} 前办好"
LATE = "原定 {due} 办好,已经超时"
CLOSED_AT = "{at} 办结"
WITH_CLOCK = "{due}({clock})"

BEFORE, AFTER = "处理前", "处理后"
PICTURE = "{stage}的照片,第 {place} 张"
KINDS = {"video": "录像", "voice": "录音"}
ATTACHMENT = "{stage}的{kind},{at}"
NO_BEFORE = "没有照片"
BEFORE_KEPT = "上报的照片只给上报人和工作人员看"
NO_AFTER = "办结后在这里看"
NEVER_AFTER = "没有照片"
COMING = "还有 {count} 个照片或录像正在接收,过一会儿再打开看。"
LOST = "有 {count} 个照片或录像没有收到,请在聊天里重新发。"
