"""Pushes in JSON read like those in XML, and no shape of either makes anything but a BadMessage."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound import MAX_BYTES, BadMessage, parse, parse_json

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)


def xml(inner="", *, kind="text", sender="oLin", created="1789000000"):
    head = f"<ToUserName>gh_town</ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
    return f"<xml>{head}<CreateTime>{created}</CreateTime><MsgType>{kind}</MsgType>{inner}</xml>".encode()


def robot(**fields):
    usual = {
        "msgid": "r1",
        "aibotid": "bot1",
        "chattype": "single",
        "from": {"userid": "chen"},
        "msgtype": "text",
    }
    return json.dumps(usual | fields).encode()


def test_the_json_form_of_a_push_reads_like_its_xml():
    fields = {"ToUserName": "gh_town", "FromUserName": "oLin", "CreateTime": 1789000000, "MsgType": "text"}
    body = json.dumps(fields | {"Content": " 好 ", "MsgId": 7}).encode()
    assert parse_json(body, NOW) == parse(xml("<Content>好</Content><MsgId>7</MsgId>"))


def test_json_gives_a_list_where_xml_does():
    fields = {
        "ToUserName": "gh",
        "FromUserName": "o",
        "CreateTime": 1,
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
    }
    one = fields | {"SubscribeMsgPopupEvent": {"List": {"TemplateId": "t"}}}
    many = fields | {"SubscribeMsgPopupEvent": {"List": [{"TemplateId": "t"}]}}
    assert parse_json(json.dumps(one).encode(), NOW) == parse_json(json.dumps(many).encode(), NOW)


def test_a_robot_hears_who_speaks_in_its_group():
    heard = parse_json(robot(chattype="group", chatid="g1", text={"content": "@小治 门口 有积水"}), NOW)
    assert (heard.openid, heard.account, heard.kind, heard.text) == ("chen", "bot1", "text", "门口 有积水")
    assert heard.at == NOW
    assert heard.fields["chatid"] == "g1"
    assert heard.key == parse_json(robot(), NOW).key != parse_json(robot(msgid="r2"), NOW).key


def test_a_robot_hears_mixed_words_voices_and_events():
    items = [
        {"msgtype": "text", "text": {"content": "看"}},
        {"msgtype": "image", "image": {"url": "https://p/2"}},
    ]
    mixed = parse_json(robot(msgtype="mixed", mixed={"msg_item": items}, create_time=1789000000), NOW)
    assert (mixed.text, mixed.picture_url, mixed.at.year) == ("看", "https://p/2", 2026)
    assert parse_json(robot(msgtype="voice", voice={"content": "说的话"}), NOW).text == "说的话"
    entered = parse_json(robot(msgtype="event", event={"eventtype": "enter_chat"}), NOW)
    assert (entered.kind, entered.event) == ("event", "enter_chat")


def test_json_text_keeps_nothing_that_a_database_cannot_store():
    heard = parse_json(
        robot(text={"content": "路\x00灯\ud800坏\x07了"}, **{"k\x00": {"\ud800": "\x00"}}), NOW
    )
    assert heard.text == "路灯坏了"
    stored = json.dumps(heard.fields, ensure_ascii=False)
    assert stored.encode()
    assert "\\u0000" not in stored


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' + b"[" * 500 + b"]" * 500 + b"}",
        b'{"a":' + b"9" * 5000 + b"}",
        b" " * (MAX_BYTES + 1),
        robot(msgtype=""),
        robot(msgtype="event"),
        robot(msgid=""),
        robot(**{"from": "chen"}),
        robot(create_time="soon"),
    ],
    ids=range(15),
)
def test_broken_json_is_a_bad_message(body):
    with pytest.raises(BadMessage):
        parse_json(body, NOW)


def only_bad_message(read, *given_):
    try:
        heard = read(*given_)
    except BadMessage:
        return
    assert heard.key
    assert heard.openid


@given(st.binary(max_size=300))
def test_no_bytes_make_anything_but_a_bad_message(body):
    only_bad_message(parse, body)
    only_bad_message(parse, b"<xml>" + body + b"</xml>")
    only_bad_message(parse_json, body, NOW)


COMMON = ("MsgType", "Event", "EventKey", "Content", "CreateTime", "FromUserName", "MsgID", "List", "item")
NESTED = (
    "SendLocationInfo",
    "Location_X",
    "PublishEventInfo",
    "SubscribeMsgSentEvent",
    "msgtype",
    "from",
    "mixed",
)
NAMES = st.sampled_from((*COMMON, *NESTED))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["event", "text", "mixed"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def as_xml(value):
    if isinstance(value, dict):
        return "".join(f"<{name}>{as_xml(inner)}</{name}>" for name, inner in value.items())
    if isinstance(value, list):
        return "".join(f"<item>{as_xml(inner)}</item>" for inner in value)
    return str(value).replace("&", "&amp;").replace("<", "&lt;").encode("utf-8", "ignore").decode()


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_no_shape_of_the_known_fields_makes_anything_but_a_bad_message(fields):
    only_bad_message(parse, xml(as_xml(fields)))
    only_bad_message(parse, f"<xml>{as_xml(fields)}</xml>".encode())
    usual = {"ToUserName": "gh", "FromUserName": "o", "CreateTime": 1, "MsgType": "event", "Event": "x"}
    only_bad_message(parse_json, json.dumps(usual | fields).encode(), NOW)
    only_bad_message(parse_json, json.dumps(json.loads(robot()) | fields).encode(), NOW)
