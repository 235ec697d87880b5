"""No words that anybody wrote become a live link in the official chat, whichever way they come to it."""

import re

import aiohttp
import pytest
from hearing import cast, report
from stage import photo

EVIL = '<a href="https://evil.example">点这里领补贴</a>'
TAP = '<a href="weixin://bizmsgmenu?msgmenucontent=好&msgmenuid=212607060001">点这里</a>'
LINK = re.compile(r'<a href="([^"]*)">')


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
    """The links on a phone that lead elsewhere than to a page of ours or to a choice that we offered."""
    said = [bubble.text for bubble in phone.received if bubble.text]
    links = [link for text in said for link in LINK.findall(text)]
    base = stage.town.links.base + "/h5/"
    forged = [
        link for link in links if "212607060001" in link and "接单" not in link and "%E6%8E%A5" not in link
    ]
    return [one for one in links if not one.startswith((base, "weixin://bizmsgmenu?"))] + forged


@pytest.mark.parametrize("words", [EVIL, TAP, EVIL.replace('"', "'"), EVIL.upper()])
async def test_words_of_outsiders_and_staff_are_never_links(stage, town, words):
    await town.reporter.photo(photo())
    case = await report(town.reporter, words=f"路边的井盖坏了，一走就响 {words}", label=f"胡埭路 {words}")
    await town.reporter.say(f"补充 {case.number} {words}")
    await town.officer.say(f"接单 {case.number}")
    await town.officer.say(f"备注 {case.number} {words}")
    said = (await town.officer.say(f"委托 {case.number} 锡城市政公司")).text
    path = re.search(r"https?://\S+(/h5/w/[\w.~-]+)", said).group(1)
    await by_link(stage, path, f"换好了 {words}")
    for phone in (town.patrol, town.desk, town.officer, town.reporter):
        await stage.run_jobs()
        await phone.say(case.number)
        await phone.say(f"进度 {case.number}")
    await town.desk.say(f"核查通过 {case.number}")
    await stage.run_jobs()
    for name, phone in town.phones.items():
        assert foreign(stage, phone) == [], name
        assert not [
            b.text
            for b in phone.received
            if b.text and re.search(r"<a (?!href=\"(https?|weixin)://)", b.text)
        ]
    assert f"{stage.town.links.base}/h5/c/" in (await town.reporter.say(f"进度 {case.number}")).text
