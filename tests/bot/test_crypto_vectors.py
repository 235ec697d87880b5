"""All published samples of the platform's cryptography pass through our own door."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.crypto import Door, Form, sign, sign_page
from bot.inbound import read_xml

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "wechat_vectors.json").read_text("utf-8"))[
    "vectors"
]
SAFE_KEY = "k" * 43  # for vectors of plain signatures, which come without a key


def vectors(*kinds):
    chosen = [one for one in VECTORS if one["kind"] in kinds]
    assert chosen
    return pytest.mark.parametrize("vector", chosen, ids=[one["id"] for one in chosen])


def door_of(vector):
    key = vector.get("encoding_aes_key") or SAFE_KEY
    return Door(vector["token"], vector.get("receive_id") or "", [key])


def test_no_vector_is_left_out():
    tested = {"decrypt", "encrypt", "url_verify", "plain_signature", "signature_only", "jssdk_signature"}
    assert {one["kind"] for one in VECTORS} == tested
    assert len(VECTORS) == 22


@vectors("decrypt")
@pytest.mark.parametrize("form", list(Form))
def test_published_pushes_open(vector, form):
    if form is Form.XML:
        body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{vector['encrypt']}]]></Encrypt></xml>"
    else:
        body = json.dumps({"encrypt" if form is Form.ROBOT else "Encrypt": vector["encrypt"]})
    now = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    opened = door_of(vector).open(body.encode(), vector, now)
    assert opened.content.decode() == vector["plaintext"]
    assert opened.form is form


@vectors("decrypt", "encrypt", "url_verify")
def test_published_ciphertexts_come_out_again_byte_for_byte(vector):
    stamp, nonce = vector["timestamp"] or "1", vector["nonce"] or "n"
    random16 = bytes.fromhex(vector["random16_bytes_hex"])
    envelope = read_xml(
        door_of(vector).seal(vector["plaintext"], timestamp=stamp, nonce=nonce, random16=random16).encode()
    )
    assert envelope["Encrypt"] == vector["encrypt"]
    assert vector["msg_signature"] in {None, envelope["MsgSignature"]}


@vectors("url_verify")
def test_published_encrypted_url_checks_are_answered(vector):
    assert door_of(vector).check_url(vector | {"echostr": vector["encrypt"]}) == vector["plaintext"]


@vectors("plain_signature")
def test_published_plain_url_checks_are_answered(vector):
    query = {name: vector[name] for name in ("timestamp", "nonce", "signature")} | {
        "echostr": "4375120948345356249"
    }
    assert door_of(vector).check_url(query) == "4375120948345356249"


@vectors("signature_only")
def test_published_signatures_come_out(vector):
    parts = (vector["token"], vector["timestamp"], vector["nonce"], vector["encrypt"])
    assert sign(*parts) == vector["msg_signature"]


@vectors("jssdk_signature")
def test_published_page_signature_comes_out_and_ignores_the_fragment(vector):
    given_ = vector["params"]
    for url in (given_["url"], given_["url"] + "#top"):
        made = sign_page(
            ticket=given_["jsapi_ticket"],
            nonce=given_["noncestr"],
            timestamp=int(given_["timestamp"]),
            url=url,
        )
        assert made == vector["signature"]
