"""A signature holds for one body, one key, one party and five minutes; every other is refused."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from models.exchange.signing import (
    KEY,
    PARTY,
    SIGNATURE,
    TIMESTAMP,
    Seal,
    Unsigned,
    is_signed,
    read_seal,
    seal_headers,
    sign,
)

NOW = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)
SECRET, BODY = "a-secret-of-the-tests", b'{"text":"x"}'


def headers(**changed):
    return seal_headers(SECRET, "toudao", "k-1", BODY, now=NOW) | changed


def test_signature_is_what_the_guide_says():
    lines = f"gongzhi-v1\ntoudao\n1783310400\nk-1\n{hashlib.sha256(BODY).hexdigest()}"
    by_hand = hmac.new(SECRET.encode(), lines.encode(), hashlib.sha256).hexdigest()
    assert headers() == {PARTY: "toudao", TIMESTAMP: "1783310400", KEY: "k-1", SIGNATURE: by_hand}


def test_what_was_sealed_is_signed():
    assert is_signed(SECRET, read_seal(headers(), now=NOW), BODY)


@pytest.mark.parametrize(
    ("secret", "body", "changed"),
    [
        ("another", BODY, {}),
        (SECRET, BODY + b" ", {}),
        (SECRET, BODY, {PARTY: "other"}),
        (SECRET, BODY, {KEY: "k-2"}),
        (SECRET, BODY, {TIMESTAMP: "1783310401"}),
        (SECRET, BODY, {SIGNATURE: "0" * 64}),
    ],
)
def test_anything_else_is_not_signed(secret, body, changed):
    assert not is_signed(secret, read_seal(headers(**changed), now=NOW), body)


@pytest.mark.parametrize("name", [PARTY, TIMESTAMP, KEY, SIGNATURE])
@pytest.mark.parametrize("told", ["", " ", "密", "x" * 200, "a b", "a\nb"])
def test_header_that_is_missing_or_malformed_is_named(name, told):
    with pytest.raises(Unsigned) as error:
        read_seal(headers(**{name: told}), now=NOW)
    assert name in error.value.sentence


@pytest.mark.parametrize(("seconds", "fresh"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_time_may_be_five_minutes_off(seconds, fresh):
    moment = NOW + timedelta(seconds=seconds)
    if fresh:
        assert read_seal(headers(), now=moment).timestamp == 1783310400
    else:
        with pytest.raises(Unsigned, match="5 分钟"):
            read_seal(headers(), now=moment)


def test_lines_cannot_be_shifted_between_fields():
    one, other = Seal("a", 1, "b"), Seal("a", 1, "b\n")
    assert sign(SECRET, one, BODY) != sign(SECRET, other, BODY)
