"""The log: one line each, with its action, and with nothing in it that names a person or opens a door."""

import io
import json
import logging
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import redacted, start_logging

OPENID = "oQ4fT5x_abcdefghijklmnop-123"
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"


@pytest.fixture
def started():
    """Start logging into a string; the logging of the test run comes back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()

    def start(form="text", level="info", **options):
        start_logging(form, level, stream=stream, **options)
        return stream

    yield start
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def test_text_line_shows_level_place_action_and_words(started):
    stream = started()
    logging.getLogger("bot.webhook").info("taken in %d ms", 12, extra={"action": "receive", "size": 99})
    line = stream.getvalue()
    assert line.count("\n") == 1
    assert line.endswith("INFO    bot.webhook [receive] taken in 12 ms size=99\n")


def test_json_line_is_one_object_with_action_and_extra_fields(started):
    stream = started("json")
    logging.getLogger("bot.webhook").warning("慢了", extra={"action": "receive", "ms": 12.5, "area": None})
    line = json.loads(stream.getvalue())
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "bot.webhook",
        "action": "receive",
        "text": "慢了",
        "ms": 12.5,
        "area": None,
    }


def test_a_line_without_an_action_says_so(started):
    stream = started()
    logging.getLogger("x").info("hello")
    assert " [-] hello" in stream.getvalue()


def test_what_lies_under_the_level_is_not_written(started):
    stream = started(level="warning")
    logging.getLogger("x").info("hello")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_person_s_words_cannot_forge_a_line(started, form):
    stream = started(form)
    logging.getLogger("x").info("said: %s", "hi\nERROR   bot [send] lost\r\n")
    assert len(stream.getvalue().splitlines()) == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_traceback_is_written_without_what_it_must_hide(started, form):
    stream = started(form)
    try:
        {}[OPENID]
    except KeyError:
        logging.getLogger("x").exception("failed", extra={"action": "send"})
    assert "KeyError" in stream.getvalue()
    assert OPENID not in stream.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_settings_secrets_are_hidden_wherever_they_stand(started, form):
    stream = started(form, secrets=("abcdef", "abcdefghij", "no"))
    logging.getLogger("x").info("abcdefghij and abcdef, no less", extra={"what": "xabcdefx"})
    assert "abcdef" not in stream.getvalue()
    assert "ghij" not in stream.getvalue(), "the longer secret goes first"
    assert "no less" in stream.getvalue(), "a very short secret is not worth every word that holds it"


@pytest.mark.parametrize("form", ["text", "json"])
def test_extra_fields_that_name_a_person_are_hidden(started, form):
    stream = started(form)
    told = {"openid": "short", "phone": 123, "caller": 13912345678, "whom": OPENID}
    logging.getLogger("x").info("call", extra=told)
    written = stream.getvalue()
    assert not [text for text in ("short", "123,", "13912345678", OPENID) if text in written]


def test_warnings_reach_the_log(started):
    stream = started()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        start_logging("text", "info", stream=stream)
        warnings.warn("old ways", stacklevel=1)
    assert "old ways" in stream.getvalue()


@given(st.text(ALPHABET, min_size=27, max_size=27))
def test_no_openid_is_left_in_clear(rest):
    assert f"o{rest}" not in redacted(f"from o{rest}, to '/h5?o=o{rest}'")


def test_the_same_person_leaves_the_same_mark():
    one, again = redacted(f"a {OPENID}"), redacted(f"b {OPENID}")
    assert one[2:] == again[2:]
    assert one[2:] != redacted(f"a {OPENID[:-1]}4")[2:]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("打 13912345678 找我", "13912345678"),
        ("+86 139-1234-5678", "1234"),
        ("8613912345678", "12345678"),
        ("身份证 11010119900307123X", "19900307"),
        ('{"access_token": "LONGVALUE_1"}', "LONGVALUE"),
        ("GET /cgi-bin/x?access_token=LONGVALUE-1&type=a", "LONGVALUE"),
        ("?appid=wx1&secret=LONGVALUE&code=0", "LONGVALUE"),
        ("POST https://robot.example.cn/send?key=LONGVALUE", "LONGVALUE"),
        ("/h5/sign-in?code=LONGVALUE&state=1", "LONGVALUE"),
        ("Authorization: Bearer LONG.VALUE-x/y=", "VALUE"),
        ("postgres://town:LONGVALUE@db:5432/town", "LONGVALUE"),
        ("{'jsapi_ticket': 'x', 'ticket': 'LONGVALUE'}", "LONGVALUE"),
    ],
)
def test_what_names_a_person_or_opens_a_door_is_hidden(text, gone):
    assert gone not in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "case HD20251120-0012 moved to handling",
        "parcel by window: failed code=45015 rid=5f1a-2b3c",
        "took 1763640000123 ns, 1763640000 s",
        "overlong_identifier_of_28_signs is no person",
        "the token has expired",
        "key of the push: once",
    ],
)
def test_what_operators_need_stays_readable(text):
    assert redacted(text) == text
