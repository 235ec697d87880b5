"""What a tap means: the first two digits of its id. The case's number follows them."""

SATISFIED, UNSATISFIED = "11", "12"
SHOW, SUPPLEMENT, URGE = "13", "14", "15"
WITHDRAW, WITHDRAW_SURE, KEEP_CASE = "16", "17", "18"
FIXED, NOT_FIXED, CORRECT = "19", "10", "20"
TAKE, SEND_BACK = "21", "22"
SHOW_WORK, HAND_BACK, NEW_REPORT = "23", "24", "25"
MORE_TIME, SUSPEND, PASS_ON, NOTE, UNDO = "26", "27", "28", "29", "30"
CHECKED, NOT_DONE = "31", "32"
SEND_OUT, TURN_DOWN, ANSWER, REDO = "33", "34", "35", "36"
GRANT, REFUSE, ASK_REPORTER, LINK = "37", "38", "39", "40"
JOIN, NOT_SAME = "41", "42"
ADD_TO, NEW_PHOTO = "65", "66"  # a photo that came right after a report
SEEN_TRUE, SEEN_FALSE = "43", "44"  # 核实: it is as reported, or not
REPLY, RIGHT_TYPE, TEMPLATE = "47", "48", "49"
FOUND_AGAIN, ALL_WELL = "45", "46"  # 回头看

WHICH = "80"  # which of several an order means
TALK_ON, TALK_OVER, END_TALK = "83", "84", "85"  # a talk: go on, said all; the desk ends it
MEANT = "82"  # what somebody of the staff probably wanted to type

# Public by nature: they show a stranger no more than the number alone does, or begin something of one's own. Any other
# tap names a case and counts only for whom it was offered to: a phone can send whatever id it likes.
DIGITS = 2
PUBLIC = frozenset({SHOW, NEW_REPORT, NEW_PHOTO})

ASK_RATING = ((SATISFIED, "满意"), (UNSATISFIED, "不满意"))
ASK_TAKE = ((TAKE, "接单"), (SEND_BACK, "退回"))
ASK_REDONE = ((HAND_BACK, "办结"), (MORE_TIME, "要延期"))
ASK_CLEAR = ((SATISFIED, "清楚了"), (UNSATISFIED, "还有疑问"))
ASK_CHECK = ((CHECKED, "核查通过"), (NOT_DONE, "没处理好"))
ASK_FIXED = ((FIXED, "已经好了"), (NOT_FIXED, "还没好"))
ASK_REPLY = ((REPLY, "我来回答"),)
ASK_GRANT = ((GRANT, "同意"), (REFUSE, "不同意"))
ASK_TALK = ((TALK_ON, "接着说"), (TALK_OVER, "说完了"))
ASK_ANSWER = ((ANSWER, "答复"),)
ASK_ANSWER_ON = ((ANSWER, "答复"), (END_TALK, "结束"))
ASK_ENDED = ((SATISFIED, "清楚了"), (TALK_ON, "还有要说的"))
ASK_SEEN = ((SEEN_TRUE, "情况属实"), (SEEN_FALSE, "没有这回事"))
ASK_AGAIN = ((FOUND_AGAIN, "又有了"), (ALL_WELL, "没有了"))
