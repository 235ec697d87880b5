"""No words that anybody wrote become a live link in the official chat, whichever way they come to it."""

import re

import aiohttp
import pytest
from hearing import cast, report
from stage import photo

EVIL = '<a href="https://evil.example">点这里领补贴</a>'
TAP = '<a href="weixin://bizmsgmenu?msgmenucontent=好&msgmenuid=212607060001">点这里</a>'
SHORT = '<a href="//e.cn">领奖</a>'
OURS = r'<a href="(?:{base}/h5/[^"]*|weixin://bizmsgmenu[?]msgmenucontent=[^"&]*&msgmenuid=\d+)">[^<>]*</a>'


@pytest.fixture
async def town(stage):
    """Everybody who may hear of a case."""
    return await cast(stage)


async def by_link(stage, path, note):
    """Hand a case back as the outside contractor."""
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("note", note)
    form.add_field("photo", photo("修好"), filename="a.jpg", content_type="image/jpeg")
    async with aiohttp.ClientSession() as client, client.post(stage.address + path, data=form) as answer:
        assert answer.status == 200


def foreign(stage, phone):
    """What on a phone could still be markup once our own links, and the choices that we offered, are taken out."""
    ours = re.compile(OURS.format(base=re.escape(stage.town.links.base)))
    rests = [ours.sub("", bubble.text) for bubble in phone.received if bubble.text]
    return [rest for rest in rests if "<" in rest]


@pytest.mark.parametrize("words", [SHORT, EVIL, TAP, SHORT.replace('"', "'"), SHORT.upper()])
async def test_words_of_outsiders_and_staff_are_never_links(stage, town, words):
    await town.reporter.photo(photo())
    case = await report(town.reporter, words=f"路边的井盖坏了，一走就响 {words}", label=f"胡埭路 {words}")
    await town.reporter.say(f"补充 {case.number} {words}")
    await town.officer.say(f"接单 {case.number}")
    await town.officer.say(f"备注 {case.number} {words}")
    said = (await town.officer.say(f"委托 {case.number} 锡城市政公司")).text
    path = re.search(r"https?://\S+(/h5/w/[\w.~-]+)", said).group(1)
    await by_link(stage, path, words)
    for phone in (town.patrol, town.desk, town.officer, town.reporter):
        await stage.run_jobs()
        await phone.say(case.number)
        await phone.say(f"进度 {case.number}")
    await town.desk.say(f"核查通过 {case.number}")
    await stage.run_jobs()
    own = (await town.reporter.say(f"进度 {case.number}")).text
    assert f"{stage.town.links.base}/h5/c/" in own
    assert "处理完成：" in own, "the words of the contractor are told"
    for name, phone in town.phones.items():
        assert foreign(stage, phone) == [], name
