"""The privacy notice is shown whole, as text, with its version."""

from dataclasses import replace

import pytest

from handlers.pages.notice_text import Span, read_blocks
from handlers.web import TOWN


async def test_notice_is_shown_whole_with_its_version(client, town):
    answer = await client.get("/h5/privacy")
    text = await answer.text()
    assert answer.status == 200
    assert f"第 {town.city.privacy_version} 版" in text
    assert "<h1>个人信息告知书</h1>" in text
    assert "<strong>收集什么</strong>" in text
    assert "**" not in text
    assert text.count("<li>") == town.city.privacy_notice.count("\n- ")
    for words in ("我的数据", "注销", "14 周岁", town.city.hotline):
        assert words in text


async def test_notice_of_a_city_cannot_bring_in_html(client, town):
    notice = "# 告知\n<script>x</script> **粗<b>体**"
    client.app._state[TOWN] = replace(town, city=replace(town.city, privacy_notice=notice))
    text = await (await client.get("/h5/privacy")).text()
    assert "<script" not in text
    assert "<strong>粗&lt;b&gt;体</strong>" in text


async def test_style_sheet_is_there_and_may_be_kept(client):
    text = await (await client.get("/h5/privacy")).text()
    address = text.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = await client.get(address)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", []),
        ("一行\n又一行\n\n另一段", ["paragraph", "paragraph"]),
        ("# 题\n- 一\n- 二\n\n- 三", ["heading", "list", "list"]),
        ("段\n- 一", ["paragraph", "list"]),
        ("#没有空格", ["paragraph"]),
    ],
)
def test_little_markdown_is_read(text, kinds):
    assert [block.kind for block in read_blocks(text)] == kinds


def test_bold_words_stand_out():
    (block,) = read_blocks("前**中**后**没完")
    assert block.lines == ((Span("前"), Span("中", bold=True), Span("后**没完")),)
