"""What a template says of a step in its few characters: late, urged, not taken; rather than where the case stands."""

from dataclasses import dataclass

from models.cases.states import CONSULTATION
from models.cases.words import fields_of
from models.lifecycle import Told


@dataclass(frozen=True, slots=True)
class Headline:
    """``state`` has at most five characters, as WeChat's phrases; ``note`` is said where the step has no words."""

    state: str
    note: str = ""


PUBLIC = frozenset({Told.REPORTER, Told.JOINED, Told.FOLLOWERS})
STAFF = {
    "dispatch": Headline("等您接单", "{due}前办完"),
    "prompt": Headline("还没人接", "能去的请接单，{due}前办完"),
    "reassign": Headline("转给您了", "{due}前办完"),
    "queue": Headline("等您派人", "打开聊天派人"),
    "warn": Headline("快到期了", "{due} 到期"),
    "overdue": Headline("已超时", "请马上处理，{due} 到期"),
    "urge": Headline("被催办", "第 {urged} 次催办，{due} 到期"),
    "supervise": Headline("督办"),
    "call_in": Headline("督办没回", "是否约谈，请您决定"),
    "late_dispatch": Headline("还没派人", "已经超过时间，请派人"),
    "late_check": Headline("还没核查", "已经超过时间，请核查"),
    "late_inquiry": Headline("还没看现场", "已经超过时间"),
    "wake_higher": Headline("多人关注", "{followers} 人关注、催办 {urged} 次"),
    "hand_back": Headline("等您核查"),
    "join_parts": Headline("等您核查", "各部分都已办好"),
    "second_look": Headline("等您复核"),
    "inquire": Headline("请看现场", "看过回复情况"),
    "inquired": Headline("看过现场"),
    "return": Headline("被退回"),
    "fail": Headline("核查没过"),
    "rework": Headline("要返工"),
    "order_rework": Headline("要返工"),
    "complain": Headline("仍不满意"),
    "ask_again": Headline("还有疑问"),
    "ask_extension": Headline("申请延期"),
    "ask_suspension": Headline("申请暂缓", "到 {wanted}"),
    "appeal": Headline("申诉超时"),
    "extend": Headline("同意延期", "新期限 {due}"),
    "refuse_extension": Headline("没批延期"),
    "refuse_suspension": Headline("没批暂缓"),
    "suspend": Headline("已暂缓", "{until} 恢复"),
    "resume": Headline("恢复处理", "{due}前办完"),
    "supplement": Headline("有补充"),
    "reply": Headline("对方回了"),
    "no_reply": Headline("对方没回", "请按现有情况处理"),
    "withdraw": Headline("已撤回", "不用再处理"),
    "flag": Headline("挂牌"),
    "say": Headline("对方说"),
    "end_talk": Headline("对话结束", "不用再答"),
    "call_back": Headline("改派了", "不用再处理"),
}
QUESTION = {
    "queue": Headline("等您答复", "打开聊天答复"),
    "late_dispatch": Headline("还没答复", "已经超过时间，请答复"),
    "urge": Headline("催问", "第 {urged} 次催问，请答复"),
}
CITIZEN = {
    "overdue": Headline("已超时", "正在催{unit}"),
    "ask_back": Headline("想问您"),
    "tell": Headline("有回复"),
    "answer": Headline("有回复"),
    "end_talk": Headline("对话结束", "说清楚了吗"),
    "extend": Headline("要晚一些"),
    "take": Headline("有人去了", "{due}前处理好"),
    "no_reply": Headline("没等到您", "先按现有情况办"),
}
NO_WORDS = (
    "（没有写原因）",
    "已处理。",
    "请您接着办。",
)  # fillers of sentences: a template says more in their place


def headline_for(step: str, told: Told, case_type: str) -> Headline | None:
    """Return what a template says of that step to that audience; None where the state of the case says enough."""
    if told in PUBLIC:
        return CITIZEN.get(step)
    asked = QUESTION.get(step) if case_type == CONSULTATION else None
    return asked or STAFF.get(step)


def fields_for(step: str, told: Told, case_type: str, words: dict[str, str]) -> dict[str, str]:
    """Return the fields of a template for that step, filled with the words of the case."""
    words = words | {"due": words["due_bare"]}  # a template has no room for a proviso
    fields = fields_of(words)
    head = headline_for(step, told, case_type)
    if head is None:
        return fields
    said = "" if fields["note"] in NO_WORDS else fields["note"]
    lead = head.note.format(**words)
    note = f"{lead}，{said}" if lead and said and step == "ask_suspension" else said or lead
    return fields | {"state": head.state, "note": note}
