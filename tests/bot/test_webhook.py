"""The real door over HTTP: who is let in, what is refused, and that WeChat itself always hears 200."""

import json
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest
from stage import AES_KEY, APPID, HERE, TOKEN, Stage

from bot.simulator.crypto import SafeMode, sign
from bot.simulator.envelope import build_xml, parse_xml
from bot.webhook import MAX_BYTES
from models.inbox import Letter
from models.talks import Talk

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
NEW_KEY = "N" * 43
OPENID = "oCitizen00000000000000000001"
ACCOUNT = "gh_town"


class Door:
    """The platform's side of the wire, written out by hand."""

    def __init__(self, stage, http):
        self.stage, self.http, self.url = stage, http, f"{stage.address}/wechat"
        self.number = 1000

    def stamp(self):
        return str(self.stage.clock.timestamp())

    def message(self, kind="text", **own):
        """The XML of a message of a person, before it is sealed."""
        self.number += 1
        head = {"ToUserName": ACCOUNT, "FromUserName": OPENID, "CreateTime": self.stamp(), "MsgType": kind}
        return build_xml({**head, **own, "MsgId": self.number})

    def sealed(self, plain, *, key=AES_KEY, appid=APPID):
        return SafeMode(key, appid).encrypt(plain)

    async def post(self, encrypted, *, token=TOKEN, at=None, beside=None, body=None, **query):
        """Send something encrypted with a right signature over it; return (status, text)."""
        at, nonce = at or self.stamp(), "n1"
        signed = {
            "signature": sign(token, at, nonce),
            "timestamp": at,
            "nonce": nonce,
            "openid": OPENID,
            "encrypt_type": "aes",
            "msg_signature": sign(token, at, nonce, encrypted),
        }
        if body is None:
            body = build_xml({"ToUserName": ACCOUNT, **(beside or {}), "Encrypt": encrypted})
        return await self.send(signed | query, body.encode() if isinstance(body, str) else body)

    async def send(self, query, body):
        named = {name: value for name, value in query.items() if value is not None}
        async with self.http.post(self.url, params=named, data=body) as answer:
            return answer.status, await answer.text()

    async def push(self, plain, **options):
        return await self.post(self.sealed(plain), **options)

    async def said(self, plain, *, key=AES_KEY, **options):
        """Push and open the answer as the platform does; return its fields."""
        status, text = await self.post(self.sealed(plain, key=key), **options)
        assert status == 200
        outer = parse_xml(text)
        parts = (outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
        assert outer["MsgSignature"] == sign(TOKEN, *parts)
        fields = parse_xml(SafeMode(key, APPID).decrypt(outer["Encrypt"]))
        assert (fields["ToUserName"], fields["FromUserName"]) == (OPENID, ACCOUNT)
        return fields

    async def get(self, **query):
        async with self.http.get(self.url, params=query) as answer:
            return answer.status, await answer.text(), answer.content_type


@pytest.fixture
async def stage(stage_town, sqlite_url, tmp_path):
    async with Stage(stage_town, sqlite_url, tmp_path, start=MONDAY) as stage:
        yield stage


@pytest.fixture
async def door(stage):
    async with aiohttp.ClientSession() as http:
        yield Door(stage, http)


def actions(caplog):
    return [record.action for record in caplog.records if hasattr(record, "action")]


# --- the check of the URL ---


async def test_url_check_hands_back_the_echo_as_plain_text(door):
    at = door.stamp()
    status, text, kind = await door.get(
        signature=sign(TOKEN, at, "n"), timestamp=at, nonce="n", echostr="54321"
    )
    assert (status, text, kind) == (200, "54321", "text/plain")


async def test_url_check_of_a_stranger_is_forbidden(door):
    at = door.stamp()
    wrong = {"signature": sign("other", at, "n"), "timestamp": at, "nonce": "n", "echostr": "54321"}
    for query in (wrong, {}, {"echostr": "54321"}, wrong | {"signature": ""}):
        status, text, _ = await door.get(**query)
        assert status == 403
        assert "54321" not in text


async def test_echo_can_carry_no_page(door):
    at = door.stamp()
    echo = "<script>alert(1)</script>"
    _, _, kind = await door.get(signature=sign(TOKEN, at, "n"), timestamp=at, nonce="n", echostr=echo)
    assert kind == "text/plain"


# --- who is let in ---


async def test_right_push_is_answered_in_a_sealed_envelope(door):
    fields = await door.said(door.message(Content="路灯不亮"))
    assert fields["MsgType"] == "text"
    assert "路灯" in fields["Content"]


@pytest.mark.parametrize(
    "query",
    [
        {"msg_signature": "0" * 40},
        {"msg_signature": ""},
        {"msg_signature": None},
        {"msg_signature": "签名"},
        {"timestamp": None},
        {"timestamp": "x"},
        {"nonce": "other"},
    ],
    ids=str,
)
async def test_wrong_signature_is_403_and_nothing_is_kept(door, caplog, query):
    status, _ = await door.push(door.message(Content="路灯不亮"), **query)
    assert status == 403
    assert await Letter.all().count() == 0
    assert actions(caplog) == ["forbidden_push"]


async def test_signature_with_another_token_is_403(door):
    status, _ = await door.push(door.message(Content="路灯不亮"), token="another")
    assert status == 403


async def test_plain_push_without_encryption_is_403_even_with_its_signature(door):
    at = door.stamp()
    plain = {"signature": sign(TOKEN, at, "n"), "timestamp": at, "nonce": "n"}
    status, _ = await door.send(plain, door.message(Content="路灯不亮").encode())
    assert status == 403
    assert await Letter.all().count() == 0


async def test_signature_does_not_fit_another_content(door):
    first, second = (door.sealed(door.message(Content=words)) for words in ("路灯不亮", "井盖坏了"))
    at = door.stamp()
    status, _ = await door.post(second, msg_signature=sign(TOKEN, at, "n1", first))
    assert status == 403


@pytest.mark.parametrize("off", [-601, 601, -86400 * 400])
async def test_push_of_another_time_is_403(door, off):
    at = str(door.stage.clock.timestamp() + off)
    status, _ = await door.push(door.message(Content="路灯不亮"), at=at)
    assert status == 403
    assert await Letter.all().count() == 0


@pytest.mark.parametrize("off", [-599, 599])
async def test_clocks_may_differ_by_minutes(door, off):
    at = str(door.stage.clock.timestamp() + off)
    status, text = await door.push(door.message(Content="路灯不亮"), at=at)
    assert status == 200
    assert text != "success"


# --- too large ---


async def test_body_over_256_kib_is_413(door, caplog):
    status, _ = await door.push(door.message(Content="长" * (MAX_BYTES // 3)))
    assert status == 413
    assert actions(caplog) == ["push_too_large"]


async def test_body_over_256_kib_without_a_length_is_413(door):
    async def stream():
        for _ in range(300):
            yield b"x" * 1024

    async with door.http.post(door.url, data=stream()) as answer:
        assert answer.status == 413


async def test_body_of_just_256_kib_is_read(door):
    encrypted = door.sealed(door.message(Content="路灯不亮"))
    filled = f"<xml><Pad>{{}}</Pad><Encrypt>{encrypted}</Encrypt></xml>"
    body = filled.format("x" * (MAX_BYTES - len(filled) + 2))
    assert len(body) == MAX_BYTES
    status, text = await door.post(encrypted, body=body)
    assert status == 200
    assert text != "success"


# --- bad messages after a right signature ---

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
FROM = f"<ToUserName>{ACCOUNT}</ToUserName><FromUserName>{OPENID}</FromUserName>"
BAD = {
    "empty": "",
    "not_xml": "今天天气好",
    "cut_off": f"<xml>{FROM}<MsgType>text</MsgType><Content>路灯",
    "other_root": f"<html>{FROM}</html>",
    "entity_bomb": f"{BOMB}]><xml>{FROM}<MsgType>text</MsgType><Content>&j;</Content></xml>",
    "outside_entity": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml>{FROM}<Content>&e;</Content></xml>',
    "deep": "<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>",
    "wide": f"<xml>{FROM}{'<a/>' * 20000}</xml>",
    "no_kind": f"<xml>{FROM}<CreateTime>1</CreateTime></xml>",
    "event_without_name": f"<xml>{FROM}<CreateTime>1</CreateTime><MsgType>event</MsgType></xml>",
    "no_sender": "<xml><ToUserName>a</ToUserName><CreateTime>1</CreateTime><MsgType>text</MsgType></xml>",
    "time_is_no_number": f"<xml>{FROM}<CreateTime>soon</CreateTime><MsgType>text</MsgType></xml>",
    "endless_time": f"<xml>{FROM}<CreateTime>{'9' * 400}</CreateTime><MsgType>text</MsgType></xml>",
    "nested_where_words_belong": f"<xml>{FROM}<CreateTime><a>1</a></CreateTime><MsgType>text</MsgType></xml>",
    "endless_sender": f"<xml><ToUserName>a</ToUserName><FromUserName>{'o' * 5000}</FromUserName>"
    "<CreateTime>1</CreateTime><MsgType>text</MsgType></xml>",
    "json_list": "[1, 2]",
    "deep_json": "[" * 20000,
}


@pytest.mark.parametrize("plain", BAD.values(), ids=BAD.keys())
async def test_bad_message_with_a_right_signature_is_success_and_one_line_in_the_log(door, caplog, plain):
    started = time.perf_counter()
    assert await door.push(plain) == (200, "success")
    assert time.perf_counter() - started < 2, "nobody keeps us busy with one push"
    assert actions(caplog) == ["bad_message"]
    assert OPENID not in caplog.text
    assert await Letter.all().count() == 0
    assert "路灯" in (await door.said(door.message(Content="路灯不亮")))["Content"], "the door still works"


@pytest.mark.parametrize("encrypted", ["not base64!", "QUJD", "A" * 64, "A" * 128])
async def test_rubbish_under_a_right_signature_is_success(door, caplog, encrypted):
    assert await door.post(encrypted) == (200, "success")
    assert actions(caplog) == ["bad_message"]


async def test_push_for_another_account_is_not_read(door, caplog):
    encrypted = door.sealed(door.message(Content="路灯不亮"), appid="wxanother0000000")
    assert await door.post(encrypted) == (200, "success")
    assert actions(caplog) == ["bad_message"]


@pytest.mark.parametrize(
    "own",
    [
        {"kind": "text"},
        {"kind": "text", "Content": {"a": "1"}},
        {"kind": "text", "Content": ["路灯", "不亮"]},
        {"kind": "image"},
        {"kind": "image", "MediaId": {"a": "1"}, "PicUrl": ["x", "y"]},
        {"kind": "location", "Location_X": "north", "Location_Y": "east", "Label": {"a": "b"}},
        {"kind": "location", "Location_X": "nan", "Location_Y": "inf"},
        {"kind": "location", "Location_X": "31.5", "Location_Y": "9999"},
        {"kind": "event", "Event": ["CLICK", "VIEW"], "EventKey": {"a": "1"}},
        {"kind": "event", "Event": "location_select", "SendLocationInfo": "none"},
        {"kind": "text", "Content": "1", "bizmsgmenuid": "99999999999999999999"},
        {"kind": "text", "Content": "\x00\x08\x1b控制符\ufffe"},
        {"kind": "k" * 3000},
        {"kind": "event", "Event": "e" * 3000},
    ],
    ids=lambda own: json.dumps(own, ensure_ascii=True)[:50],
)
async def test_fields_of_the_wrong_type_break_nothing(door, caplog, own):
    status, _ = await door.push(door.message(**own))
    assert status == 200
    assert not {"answer_failed", "webhook_failed", "inbox_failed"} & set(actions(caplog))


# --- kinds and events ---


@pytest.mark.parametrize("kind", ["link", "sticker_of_the_future", "miniprogrampage", "music"])
async def test_kind_that_nobody_knows_is_answered_politely(door, kind):
    content = (await door.said(door.message(kind, Title="x", Url="https://example.com")))["Content"]
    assert "请用文字" in content


@pytest.mark.parametrize("event", ["VIEW", "event_of_the_future", "LOCATION", "MASSSENDJOBFINISH"])
async def test_event_that_asks_nothing_gets_success(door, event):
    assert await door.push(door.message("event", Event=event, EventKey="k")) == (200, "success")
    assert await Letter.filter(answered_at=None).count() == 0


# --- words that want out of their envelope ---


@pytest.mark.parametrize(
    "words",
    [
        "]]>",
        "路灯不亮]]><MsgType>news</MsgType><![CDATA[",
        "<a href='https://evil'>点我</a>",
        "&lt;&amp;]]&gt;",
    ],
)
async def test_words_echoed_stay_words(door, words):
    await door.said(door.message("location", Location_X=HERE[0], Location_Y=HERE[1], Label=words))
    fields = await door.said(door.message(Content="路灯不亮"))
    assert set(fields) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
    assert fields["MsgType"] == "text"
    assert "<a href='https://evil'>" not in fields["Content"]
    talk = await Talk.get(person__openid=OPENID)
    assert talk.data["address"] == words


# --- modes and keys ---


async def test_in_compatible_mode_only_what_is_encrypted_counts(door):
    beside = {"FromUserName": "oSomebodyElse", "MsgType": "text", "Content": "井盖坏了", "MsgId": 1}
    fields = await door.said(door.message(Content="路灯不亮"), beside=beside)
    assert "路灯" in fields["Content"]
    letter = await Letter.get()
    assert (letter.openid, letter.content["text"]) == (OPENID, "路灯不亮")


async def test_push_in_json_is_answered_in_json(door):
    plain = {"ToUserName": ACCOUNT, "FromUserName": OPENID, "CreateTime": int(door.stamp())}
    encrypted = door.sealed(json.dumps({**plain, "MsgType": "text", "Content": "路灯不亮", "MsgId": 7}))
    status, text = await door.post(encrypted, body=json.dumps({"ToUserName": ACCOUNT, "Encrypt": encrypted}))
    assert status == 200
    answer = json.loads(text)
    assert answer["MsgSignature"] == sign(TOKEN, str(answer["TimeStamp"]), answer["Nonce"], answer["Encrypt"])
    assert "路灯" in SafeMode(AES_KEY, APPID).decrypt(answer["Encrypt"])


async def test_while_the_key_changes_both_open_and_each_is_answered_with_its_own(door):
    stage = door.stage
    account = replace(stage.settings.wechat, aes_keys=(NEW_KEY, AES_KEY))
    stage.settings = replace(stage.settings, wechat=account)
    door.url = f"{await stage.start_service()}/wechat"
    assert "路灯" in (await door.said(door.message(Content="路灯不亮"), key=AES_KEY))["Content"]
    assert "路灯" in (await door.said(door.message(Content="还有一个也不亮"), key=NEW_KEY))["Content"]


async def test_old_key_opens_nothing_once_it_is_taken_away(door):
    stage = door.stage
    stage.settings = replace(stage.settings, wechat=replace(stage.settings.wechat, aes_keys=(NEW_KEY,)))
    door.url = f"{await stage.start_service()}/wechat"
    assert await door.push(door.message(Content="路灯不亮")) == (200, "success")
    assert await Letter.all().count() == 0


# --- when we break ---


async def test_platform_hears_200_even_when_the_database_is_gone(door, caplog, monkeypatch):
    async def gone(*_args, **_named):
        raise OSError("no disk")

    monkeypatch.setattr("bot.answering.open_talk", gone)
    with caplog.at_level(logging.ERROR):
        status, text = await door.push(door.message(Content="路灯不亮"))
    assert (status, text) == (200, "success")
    assert "webhook_failed" in actions(caplog)
    assert await Letter.filter(answered_at=None).count() == 1, "it is kept, and answered later"
    monkeypatch.undo()
    door.stage.clock.advance(10)
    await door.stage.run_jobs()
    assert await Letter.filter(answered_at=None).count() == 0
