"""Another order while we wait for words is never taken as the words: every command, every topic, every role."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from handlers.chat.case_talk import Command
from handlers.chat.talking import GREETS
from handlers.kit.filters import Says, Topic, says
from handlers.kit.incoming import Incoming
from handlers.kit.openers import OPENERS
from handlers.kit.scene import Scene
from handlers.routes import CHAT
from models.cases.talking import TOPIC as TALK
from models.lifecycle import Role
from models.people import Person

NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)
NEUTRAL = "七上八下的那一段说明文字"
WHO = (
    *("", Role.OFFICER, Role.LEADER, Role.DISPATCHER, Role.ADMIN, Role.PATROL, Role.ROAD_CHIEF),
)  # "" is a citizen
DATA = {"number": "2607060001", "order": "延期", "words": "", "text": [], "evidence": [], "offered": []}
LEAST_TOPICS = {
    *("send_back", "order", "reject", "answer", "tell", "explain", "fail", "dispatch_to", "patrol_fail"),
    *("asked", "human", "talk", "unhappy", "supplement", "correct", "hand_back", "photo_for", "report"),
}


def topics_of(filters):
    return {name for one in filters if isinstance(one, Topic) for name in one.topics}


def all_topics():
    return sorted(
        {name for router in CHAT for filters, _ in router.handlers for name in topics_of(filters)} - {""}
    )


def scene(town, role, topic, text):
    roles = [role.value] if role else []
    person = Person(
        id=1, openid="o", name="周", roles=roles, is_staff=bool(role), unit="zhihui", created_at=NOW
    )
    talk = SimpleNamespace(person=person, topic=topic, data=dict(DATA), changed_at=NOW - timedelta(minutes=1))
    incoming = Incoming(key="k", openid="o", account="gh", at=NOW, kind="text", text=text)
    return Scene(incoming, talk, town, NOW)


def first_taker(town, role, topic, text):
    """Return the handler that would answer, and the topics for which it listens."""
    said = scene(town, role, topic, text)
    for router in CHAT:
        for filters, handler in router.handlers:
            if all(condition(said) for condition in filters):
                return handler, topics_of(filters)
    raise AssertionError("nobody takes it")


def commands_of(role):
    """Return what this role may type to begin something, with and without a number."""
    said = set()
    for opener in OPENERS:
        if opener.roles and role not in opener.roles:
            continue
        command = getattr(opener.takes, "__self__", opener.takes)
        if isinstance(command, Command):
            if command.roles and role not in command.roles:
                continue
            said |= {text for word in command.words for text in (word, f"{word} 0013", f"{word} 2607060013")}
        elif isinstance(opener.takes, Says):
            said |= {word for word in opener.takes.words if word.strip("?")}  # ? alone is folded away
    return sorted(said)


@pytest.mark.parametrize("role", WHO, ids=lambda role: role or "citizen")
def test_no_command_is_taken_as_the_words_we_wait_for(stage_town, role):
    taken, waiting = [], 0
    for topic in all_topics():
        listener, listens = first_taker(stage_town, role, topic, NEUTRAL)
        if topic not in listens:
            continue  # this topic waits for no words of this role
        waiting += 1
        taken += [
            (topic, text)
            for text in commands_of(role)
            if first_taker(stage_town, role, topic, text)[0] is listener
            and not (topic == TALK and says(*GREETS)(scene(stage_town, role, topic, text)))
        ]
    assert waiting > 3
    assert taken == []


def test_every_topic_that_waits_for_words_is_looked_at(stage_town):
    waiting = {
        topic
        for role in WHO
        for topic in all_topics()
        if topic in first_taker(stage_town, role, topic, NEUTRAL)[1]
    }
    assert waiting >= LEAST_TOPICS


def test_commands_of_every_role_are_known():
    words = {role: {text.split()[0] for text in commands_of(role)} for role in WHO}
    assert {"恢复", "摘牌", "批准", "发督办", "收回", "派", "通过", "结束"} <= words[Role.DISPATCHER]
    assert {"接单", "办结", "退回", "延期", "报进展", "申诉", "转派"} <= words[Role.OFFICER]
    assert {"通过", "没处理好", "属实", "打卡", "巡查"} <= words[Role.PATROL]
    assert {"进度", "催办", "撤回", "补充", "不满意", "人工", "注销", "我的数据", "满意"} <= words[""]
    assert len(words[Role.DISPATCHER]) > 90
    assert not {"派", "接单", "结束"} & words[""]


def test_words_that_only_begin_like_a_command_are_words(stage_town):
    for text in ("派出所门口没有井盖", "退回了一步，不是我们的", "接到电话去看过，没有", "同意书还没有签"):
        _, listens = first_taker(stage_town, Role.DISPATCHER, "reject", text)
        assert "reject" in listens, text
