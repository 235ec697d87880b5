"""A reply arrives as it was meant: well-formed, whole where it fits, and never opened by a person's words."""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbound import MAX_TEXT, cdata, render, shorten, text_with_choices
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Article, Choice, Silence, Text

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
HEARD = Incoming(key="m-1", openid="oLin", account="gh_town", at=NOW, kind="text")
LINK = re.compile(r'<a href="([^"<>]*)">([^<>]*)</a>')


def read(reply):
    return ET.fromstring(render(reply, HEARD, NOW))


def content(reply):
    return read(reply).findtext("Content")


def choices(count, label="满意"):
    return tuple(Choice(str(100 + number), f"{label}{number}") for number in range(count))


def test_a_text_goes_back_to_the_person_who_wrote():
    sent = read(Text("收到，马上去看。"))
    assert [child.tag for child in sent] == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]
    assert sent.findtext("ToUserName") == "oLin"
    assert sent.findtext("FromUserName") == "gh_town"
    assert sent.findtext("CreateTime") == str(int(NOW.timestamp()))
    assert (sent.findtext("MsgType"), sent.findtext("Content")) == ("text", "收到，马上去看。")


@pytest.mark.parametrize("reply", [Silence(), Text(""), Text(" \n\x00")])
def test_nothing_to_say_is_an_empty_answer(reply):
    assert render(reply, HEARD, NOW) == ""


def test_choices_are_numbered_links_one_a_line():
    lines = content(Text("办得怎么样？", (Choice("101", "满意"), Choice("102", "不 & 满意？")))).split("\n")
    assert lines[0] == "办得怎么样？"
    shown = [LINK.fullmatch(line) for line in lines[1:]]
    assert [one[2] for one in shown] == ["1 满意", "2 不 & 满意？"]
    asked = [parse_qs(urlsplit(one[1]).query) for one in shown]
    assert asked == [
        {"msgmenucontent": ["满意"], "msgmenuid": ["101"]},
        {"msgmenucontent": ["不 & 满意？"], "msgmenuid": ["102"]},
    ]
    assert shown[0][1].startswith("weixin://bizmsgmenu?msgmenucontent=")


def test_choices_may_stand_without_words():
    assert LINK.fullmatch(content(Text("", (Choice("1", "好"),))))


@given(st.text(max_size=30), st.text(max_size=10))
def test_no_label_breaks_out_of_its_link(label, number):
    line = content(Text("问", (Choice(number, label),))).split("\n", 1)[1]
    assert LINK.fullmatch(line)


@pytest.mark.parametrize(
    "words",
    [
        "]]>",
        "a]]>b",
        "]]]]>>",
        "]]>]]>",
        "]]\x00>",
        "]]><MsgType>event</MsgType><![CDATA[",
        "<xml>&amp;</xml>",
    ],
)
def test_a_persons_words_never_leave_their_cdata(words):
    sent = read(Text(words))
    assert sent.findtext("Content") == words.replace("\x00", "")
    assert len(sent) == 5


@given(st.text())
def test_any_words_arrive_without_what_xml_forbids(words):
    back = ET.fromstring(f"<xml>{cdata(words)}</xml>").text or ""
    expected = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", words)
    assert back == expected.replace("\r\n", "\n").replace("\r", "\n")


def test_an_account_or_openid_with_odd_characters_is_no_way_out():
    odd = Incoming(key="k", openid="]]><x/>", account="<y/>", at=NOW, kind="text")
    sent = ET.fromstring(render(Text("好"), odd, NOW))
    assert (sent.findtext("ToUserName"), sent.findtext("FromUserName")) == ("]]><x/>", "<y/>")


def test_an_article_is_news_with_one_item():
    sent = read(Article("本周]]>公告", "说明", "https://t/1?a=1&b=2", "https://t/p.png"))
    assert (sent.findtext("MsgType"), sent.findtext("ArticleCount")) == ("news", "1")
    items = sent.findall("Articles/item")
    assert [[child.text or "" for child in item] for item in items] == [
        ["本周]]>公告", "说明", "https://t/p.png", "https://t/1?a=1&b=2"]
    ]


def test_a_text_that_just_fits_is_left_whole():
    exact = "汉" * 682 + "ab"
    assert len(exact.encode()) == MAX_TEXT
    assert content(Text(exact)) == exact
    assert content(Text(exact + "c")) == "汉" * 681 + "…"


def test_words_are_whole_before_links_are_kept():
    words = "汉" * 600
    shown = content(Text(words, choices(4))).split("\n")
    assert shown == [words, "1 满意0", "2 满意1", "3 满意2", "4 满意3"]


def test_words_are_cut_and_choices_stay():
    shown = content(Text("汉" * 900, choices(3))).split("\n")
    assert shown[0].endswith("汉…")
    assert shown[1:] == ["1 满意0", "2 满意1", "3 满意2"]


def test_cut_words_use_all_the_room_there_is():
    assert len(text_with_choices(Text("x" * 3000, choices(3))).encode()) == MAX_TEXT


@given(st.text(max_size=1500), st.integers(0, 60), st.integers(1, 40))
def test_a_text_never_weighs_more_than_wechat_takes(words, count, width):
    made = text_with_choices(Text(words * 2, choices(count, "选" * width)))
    assert len(made.encode()) <= MAX_TEXT


@pytest.mark.parametrize("spare", range(40))
def test_a_link_is_kept_whole_or_left_out(spare):
    link = '<a href="https://t/1">去看看</a>'
    words = f"{'x' * (220 - spare)}{link}{'y' * 300}"
    made = shorten(words, 220)
    assert len(made.encode()) <= 220
    assert made.count("<") in {0, 2}
    assert made.endswith("…")
    assert (link in made) == ("<a" in made)


def test_an_emoji_is_not_cut_into_its_joints():
    family = "👨\u200d👩\u200d👧"
    for limit in range(6, 25):
        cut = shorten(family * 4, limit)
        assert len(cut.encode()) <= limit
        assert not cut.removesuffix("…").endswith("\u200d")
