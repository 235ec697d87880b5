"""The door lets in what the platform sealed, nothing else, and seals what the platform can open."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from bot.crypto import BadMessage, Door, Forbidden, Form, Opened, sign
from bot.inbound import MAX_BYTES, read_xml

TOKEN, APPID = "lane7token", "wx00town00"
CURRENT, OLD, STRANGE = "c" * 42 + "A", "o" * 42 + "A", "s" * 42 + "A"
STAMP = "1789000000"
NOW = datetime.fromtimestamp(int(STAMP), UTC)
WORDS = "<xml><Content>桥头路灯不亮</Content></xml>"


def push(door, text=WORDS, *, stamp=STAMP, nonce="77", form=Form.XML):
    """A push as the platform would make it: the body and the query of its POST."""
    envelope = door.seal(text, timestamp=stamp, nonce=nonce, to=Opened(b"", form))
    fields = read_xml(envelope.encode()) if form is Form.XML else json.loads(envelope)
    encrypt, signature = list(fields.values())[:2]
    query = {"timestamp": stamp, "nonce": nonce, "msg_signature": signature, "encrypt_type": "aes"}
    if form is Form.XML:
        body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    else:
        body = json.dumps({"encrypt" if form is Form.ROBOT else "Encrypt": encrypt})
    return body.encode(), query


def signed(encrypt):
    query = {"timestamp": STAMP, "nonce": "77", "msg_signature": sign(TOKEN, STAMP, "77", encrypt)}
    return f"<xml><Encrypt>{encrypt}</Encrypt></xml>".encode(), query


@pytest.fixture
def door():
    return Door(TOKEN, APPID, [CURRENT])


@pytest.mark.parametrize(
    ("token", "keys"),
    [
        ("", [CURRENT]),
        ("  ", [CURRENT]),
        (TOKEN, []),
        (TOKEN, [""]),
        (TOKEN, ["c" * 42]),
        (TOKEN, [CURRENT, "汉" * 43]),
    ],
)
def test_a_door_without_a_sound_token_and_keys_is_not_built(token, keys):
    with pytest.raises(ValueError, match=r"token|EncodingAESKey"):
        Door(token, APPID, keys)


@pytest.mark.parametrize("form", list(Form))
def test_what_is_sealed_opens_and_tells_its_form(door, form):
    opened = door.open(*push(door, form=form), NOW)
    assert opened == Opened(WORDS.encode(), form, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"msg_signature": ""},
        {"msg_signature": "0" * 40},
        {"msg_signature": "签" * 40},
        {"nonce": "78"},
        {"timestamp": str(int(STAMP) + 1)},
        {"timestamp": ""},
        {"timestamp": "１７８９０００００００"},
        {"nonce": "\ud800"},
    ],
)
def test_a_wrong_signature_is_forbidden(door, change):
    body, query = push(door)
    with pytest.raises(Forbidden):
        door.open(body, query | change, NOW)


def test_a_push_without_any_signature_is_forbidden(door):
    with pytest.raises(Forbidden):
        door.open(push(door)[0], {}, NOW)


def test_a_plain_signature_never_opens_the_door(door):
    body, query = push(door)
    del query["msg_signature"]
    with pytest.raises(Forbidden):
        door.open(body, query | {"signature": sign(TOKEN, STAMP, "77")}, NOW)


def test_another_token_is_forbidden(door):
    with pytest.raises(Forbidden):
        door.open(*push(Door("another", APPID, [CURRENT])), NOW)


def test_a_changed_body_is_forbidden(door):
    body, query = push(door)
    other, _ = push(door, "<xml>别的</xml>")
    assert other != body
    with pytest.raises(Forbidden):
        door.open(other, query, NOW)


@pytest.mark.parametrize(
    ("seconds", "is_let_in"), [(-601, False), (-600, True), (0, True), (600, True), (601, False)]
)
def test_a_replayed_push_is_forbidden_once_it_is_ten_minutes_old(door, seconds, is_let_in):
    then = str(int(STAMP) + seconds)
    body, query = push(door, stamp=then)
    if is_let_in:
        assert door.open(body, query, NOW).content == WORDS.encode()
    else:
        with pytest.raises(Forbidden, match="ten minutes"):
            door.open(body, query, NOW)


def test_old_and_current_key_both_open_and_the_reply_uses_the_key_of_its_push():
    turning = Door(TOKEN, APPID, [CURRENT, OLD])
    for number, key in enumerate((CURRENT, OLD)):
        platform = Door(TOKEN, APPID, [key])
        opened = turning.open(*push(platform), NOW)
        assert (opened.content, opened.key) == (WORDS.encode(), number)
        reply = read_xml(turning.seal("<xml>好</xml>", timestamp=STAMP, nonce="5", to=opened).encode())
        query = {"timestamp": STAMP, "nonce": "5", "msg_signature": reply["MsgSignature"]}
        body = f"<xml><Encrypt>{reply['Encrypt']}</Encrypt></xml>".encode()
        assert platform.open(body, query, NOW).content.decode() == "<xml>好</xml>"


def test_a_key_that_is_no_longer_set_opens_nothing():
    with pytest.raises(BadMessage):
        Door(TOKEN, APPID, [CURRENT]).open(*push(Door(TOKEN, APPID, [OLD])), NOW)
    with pytest.raises(BadMessage):
        Door(TOKEN, APPID, [CURRENT, OLD]).open(*push(Door(TOKEN, APPID, [STRANGE])), NOW)


@pytest.mark.parametrize("appid", ["wx00town01", "", "wx00town00x", "x" * 60])
def test_a_push_meant_for_another_account_is_bad(door, appid):
    with pytest.raises(BadMessage):
        door.open(*push(Door(TOKEN, appid, [CURRENT])), NOW)


def test_in_compatible_mode_only_the_sealed_words_count(door):
    body, query = push(door)
    forged = b"<xml><FromUserName>thief</FromUserName><Content><![CDATA[<Encrypt>x</Encrypt>]]></Content>"
    assert door.open(forged + body.removeprefix(b"<xml>"), query, NOW).content == WORDS.encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"rubbish",
        b"<xml/>",
        b"<xml><Encrypt/></xml>",
        b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
        b"<xml><Encrypt><deep>a</deep></Encrypt></xml>",
        b"{",
        b"[]",
        b'{"Encrypt": ["a"]}',
        b'{"Encrypt": null}',
        b"{" * 100_000,
        b"<xml>" * 30_000,
        b"<xml><Encrypt>" + b"A" * MAX_BYTES + b"</Encrypt></xml>",
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>',
    ],
    ids=range(14),
)
def test_a_body_that_has_nothing_to_sign_is_forbidden(door, body):
    with pytest.raises(Forbidden):
        door.open(body, push(door)[1], NOW)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 32, 64])
def test_rightly_signed_rubbish_is_a_bad_message(door, size):
    with pytest.raises(BadMessage):
        door.open(*signed(base64.b64encode(b"\x07" * size).decode() or "="), NOW)


@pytest.mark.parametrize("encrypt", ["?", "abc", "汉字", "=" * 8])
def test_rightly_signed_text_that_is_not_base64_is_a_bad_message(door, encrypt):
    with pytest.raises(BadMessage):
        door.open(*signed(encrypt), NOW)


@pytest.mark.parametrize(
    ("tail", "opens"), [(b"\x04" * 4, True), (b"\x01" * 3 + b"\x04", False), (b"\x00" * 4, False)]
)
def test_uneven_padding_is_a_bad_message(door, tail, opens):
    inner = bytes(16) + (30).to_bytes(4, "big") + b"x" * 30 + APPID.encode()
    plain = inner + tail
    secret = base64.b64decode(CURRENT + "=")
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    body, query = signed(base64.b64encode(encryptor.update(plain)).decode())
    if opens:
        assert door.open(body, query, NOW).content == b"x" * 30
    else:
        with pytest.raises(BadMessage):
            door.open(body, query, NOW)


def test_a_rightly_signed_time_that_is_no_number_is_forbidden(door):
    body, query = push(door, stamp=STAMP)
    encrypt = read_xml(body)["Encrypt"]
    for stamp in ("soon", "", "1" * 12, "-5"):
        signature = sign(TOKEN, stamp, "77", encrypt)
        with pytest.raises(Forbidden):
            door.open(body, query | {"timestamp": stamp, "msg_signature": signature}, NOW)


@given(st.binary(max_size=200))
def test_whatever_is_signed_only_bad_message_comes_out(plain):
    encrypt = base64.b64encode(plain[: len(plain) // 16 * 16]).decode() or "x"
    with pytest.raises(BadMessage):
        Door(TOKEN, APPID, [CURRENT, OLD]).open(*signed(encrypt), NOW)


@given(
    st.binary(max_size=400),
    st.dictionaries(st.sampled_from(["timestamp", "nonce", "msg_signature"]), st.text()),
)
def test_whatever_a_stranger_sends_is_forbidden(body, query):
    with pytest.raises(Forbidden):
        Door(TOKEN, APPID, [CURRENT]).open(body, query, NOW)


@given(st.text())
def test_any_words_come_back_as_they_were_sealed(words):
    platform = Door(TOKEN, APPID, [CURRENT])
    assert platform.open(*push(platform, words), NOW).content.decode() == words


@pytest.mark.parametrize(
    "change", [{"signature": "0" * 40}, {"signature": ""}, {"nonce": "2"}, {"timestamp": "x"}]
)
def test_a_url_check_with_a_wrong_signature_is_forbidden(door, change):
    query = {"timestamp": STAMP, "nonce": "1", "signature": sign(TOKEN, STAMP, "1"), "echostr": "31"}
    assert door.check_url(query) == "31"
    with pytest.raises(Forbidden):
        door.check_url(query | change)


def test_a_stolen_push_is_not_read_out_as_a_url_check(door):
    body, query = push(door)
    with pytest.raises(Forbidden):
        door.check_url(query | {"echostr": read_xml(body)["Encrypt"]})


@pytest.mark.parametrize("echo", ["", "rubbish", "QUJD"])
def test_a_signed_echo_that_does_not_open_is_forbidden(door, echo):
    query = {
        "timestamp": STAMP,
        "nonce": "1",
        "msg_signature": sign(TOKEN, STAMP, "1", echo),
        "echostr": echo,
    }
    with pytest.raises(Forbidden):
        door.check_url(query)


def test_two_replies_with_the_same_words_never_look_alike(door):
    first, second = (read_xml(door.seal("好", timestamp=STAMP, nonce="1").encode()) for _ in range(2))
    assert first["Encrypt"] != second["Encrypt"]


def test_a_nonce_cannot_break_out_of_the_reply(door):
    reply = read_xml(door.seal("好", timestamp=STAMP, nonce="]]></Nonce><Encrypt>x").encode())
    assert list(reply) == ["Encrypt", "MsgSignature", "TimeStamp", "Nonce"]


def test_replies_carry_the_names_that_their_platform_reads(door):
    json_reply = json.loads(door.seal("好", timestamp=STAMP, nonce="1", to=Opened(b"", Form.JSON)))
    robot_reply = json.loads(door.seal("好", timestamp=STAMP, nonce="1", to=Opened(b"", Form.ROBOT)))
    assert list(json_reply) == ["Encrypt", "MsgSignature", "TimeStamp", "Nonce"]
    assert list(robot_reply) == ["encrypt", "msgsignature", "timestamp", "nonce"]
    assert robot_reply["timestamp"] == int(STAMP)
