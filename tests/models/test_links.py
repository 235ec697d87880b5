"""Which links a chat shows: ours, whose addresses we signed; whatever people wrote is words."""

from datetime import UTC, datetime

import pytest

from models.links import Links, named_link

NOW = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
OURS = Links("https://town.example/wx/", b"key-of-the-tests")
SIGNED = OURS.case(1, 2, now=NOW)
FOREIGN = Links("https://town.example/wx", b"another-key").case(1, 2, now=NOW)


@pytest.mark.parametrize(
    "address", [SIGNED, OURS.contractor(1, "市政公司", now=NOW), OURS.page("/h5/privacy")]
)
def test_our_links_stay_with_words_around_them(address):
    link = named_link(address, "看照片和经过")
    assert OURS.only_ours(f"3<5 好\n{link}\n<b>{link}") == f"3＜5 好\n{link}\n＜b＞{link}"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        FOREIGN,
        SIGNED[:-1],
        SIGNED + "x",
        "https://town.example.evil/h5/privacy",
        "https://town.example/wx@evil.example/h5/privacy",
        OURS.page("/h5/c/"),
        OURS.page("/h5/c/../../evil"),
        OURS.page("/anything"),
        OURS.page("/h5/privacy?x=1"),
        "weixin://bizmsgmenu?msgmenucontent=好&msgmenuid=212607060001",
        "javascript:alert(1)",
        "tel:110",
        "",
    ],
)
def test_no_other_link_is_live(address):
    assert "<" not in OURS.only_ours(f'看这里 <a href="{address}">领奖</a>')


@pytest.mark.parametrize(
    "written",
    [
        "<a href='https://evil.example'>点</a>",
        '<A HREF="https://evil.example">点</A>',
        '<a  href="https://evil.example">点</a>',
        '<a data-x="1" href="https://evil.example">点</a>',
        '<a href="https://evil.example">点',
        "<<a>>",
        f'<a href="{SIGNED}" onclick="x">点</a>',
        f'<a href="https://evil.example?"><a href="{SIGNED}',
    ],
)
def test_markup_in_any_spelling_is_words(written):
    shown = OURS.only_ours(f"说：{written}。")
    assert "<" not in shown
    assert ">" not in shown
