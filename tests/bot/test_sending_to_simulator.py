"""The WeChat side out against the simulated platform: what people's phones show in the end."""

# ruff: noqa: F401, F811 - fixtures are imported by name and then named again as arguments

import asyncio
import io
import json
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image
from platform_stub import Sleeps
from wechat_fixtures import database

from bot.media import MediaFolder
from bot.sender import WeChatSender
from bot.simulator.app import Simulator
from bot.simulator.clock import SimClock
from bot.wechat import AsyncWeChat
from bot.wechat_templates import read_templates
from models.deliveries.sender import Channel, MediaLost, Parcel, Result
from models.deliveries.stops import list_stops

APPID, SECRET = "wx0123456789abcdef", "0123456789abcdef0123456789abcdef"
FIELDS = {"thing1": "案件", "phrase2": "状态", "time3": "时间"}
SETTING = {
    "step": {
        "template": "T1",
        "subscribe": "S1",
        "fields": {"thing1": "case", "phrase2": "state", "time3": "time"},
    }
}
WORDS = {"case": "胡埭路与钱胡路路口东北角井盖破损", "state": "已办结", "time": "2025-06-03 12:00"}


class Town:
    """The platform, our client of it, and somebody who has just written."""

    def __init__(self, platform, base, folder):
        self.platform = platform
        self.clock = platform.clock
        self.base = base
        self.clients = []
        self.wechat = self.open_client()
        self.media = MediaFolder(folder, self.wechat)
        self.sender = self.open_sender(self.wechat)
        self.phone = platform.phone("王女士")

    def open_client(self, **kwargs):
        options = {"clock": self.clock, "base": self.base, "sleep": Sleeps()} | kwargs
        self.clients.append(AsyncWeChat(APPID, SECRET, **options))
        return self.clients[-1]

    def open_sender(self, wechat):
        return WeChatSender(
            wechat, self.media, templates=read_templates(json.dumps(SETTING)), clock=self.clock
        )

    async def send(self, channel=Channel.CUSTOMER, key="k1", **kwargs):
        return await self.sender.send(Parcel(key=key, openid=self.phone.openid, channel=channel, **kwargs))

    def shown(self, kind):
        return [bubble for bubble in self.phone.bubbles if bubble.kind == kind and bubble.sender != "me"]


@pytest.fixture
async def town(database, tmp_path):
    async def success(_request):
        return web.Response(text="success")

    service = web.Application()
    service.router.add_post("/wechat", success)
    ours = TestServer(service)
    await ours.start_server()
    simulator = Simulator(
        appid=APPID,
        secret=SECRET,
        token="tokenOfTheTest",
        aes_key="0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
        push_url=str(ours.make_url("/wechat")),
        clock=SimClock(datetime(2025, 6, 3, 4, 0, tzinfo=UTC)),
        templates={"T1": {"title": "办理进度", "fields": FIELDS}},
        notices={"S1": {"title": "办理进度", "fields": FIELDS}},
    )
    theirs = TestServer(simulator.application())
    await theirs.start_server()
    made = Town(simulator, str(theirs.make_url("")).rstrip("/"), tmp_path / "media")
    await made.phone.follow()
    await made.phone.say("井盖坏了")
    yield made
    for client in made.clients:
        await client.close()
    await theirs.close()
    await ours.close()


def photo():
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(out, "JPEG")
    return out.getvalue()


async def test_the_sixth_customer_message_finds_the_window_used_up(town):
    outcomes = [await town.send(text=f"第{i}条") for i in range(6)]
    assert [outcome.result for outcome in outcomes] == [Result.SENT] * 5 + [Result.CLOSED]
    assert len(town.shown("text")) == 5


async def test_after_two_days_the_customer_channel_is_closed(town):
    town.clock.advance(48 * 3600 + 1)
    assert (await town.send(text="已办结")).result is Result.CLOSED
    assert (await town.send(Channel.TEMPLATE, use="step", fields=WORDS)).result is Result.SENT
    assert len(town.shown("template")) == 1


async def test_twenty_messages_after_the_token_died_renew_it_once(town):
    await town.wechat.clear_quota()
    town.platform.order_fault("expired_token", "custom/send")
    phones = [town.platform.phone(f"市民{i}") for i in range(20)]
    for phone in phones:
        await phone.follow()
    parcels = [
        Parcel(key=str(i), openid=phone.openid, channel=Channel.CUSTOMER, text="停水通知")
        for i, phone in enumerate(phones)
    ]
    outcomes = await asyncio.gather(*(town.sender.send(parcel) for parcel in parcels))
    assert {outcome.result for outcome in outcomes} == {Result.SENT}
    assert [len(phone.received) for phone in phones] == [1] * 20
    assert len(town.platform.calls("stable_token")) == 2


async def test_a_lost_reply_is_uncertain_and_the_person_reads_it_once(town):
    town.platform.order_fault("lost_reply", "custom/send")
    assert (await town.send(text="已办结")).result is Result.UNCERTAIN
    assert len(town.platform.calls("custom/send")) == 1
    assert [bubble.text for bubble in town.shown("text")] == ["已办结"]


async def test_a_template_repeated_after_a_lost_reply_is_read_once(town):
    town.platform.order_fault("lost_reply", "template/send")
    first = await town.send(Channel.TEMPLATE, use="step", fields=WORDS)
    again = await town.send(Channel.TEMPLATE, use="step", fields=WORDS)
    assert (first.result, again.result) == (Result.LATER, Result.SENT)
    assert len(town.shown("template")) == 1


async def test_a_choice_can_be_tapped_where_menus_are_refused(town):
    town.platform.order_fault("msgmenu_refused")
    choices = (("1011", "满意"), ("1012", "不满意"))
    assert (await town.send(text="满意吗？", choices=choices)).result is Result.SENT
    assert "msgmenucontent=满意&msgmenuid=1011" in town.phone.last_text
    assert town.shown("msgmenu") == []


async def test_a_subscribe_notice_needs_a_consent_and_uses_it_up(town):
    async def notify():
        return (await town.send(Channel.SUBSCRIBE, use="step", fields=WORDS)).result

    assert await notify() is Result.CLOSED
    await town.phone.subscribe("S1")
    assert await notify() is Result.SENT
    assert await notify() is Result.CLOSED


async def test_whoever_unfollowed_is_gone_for_templates(town):
    await town.phone.unfollow()
    assert (await town.send(Channel.TEMPLATE, use="step", fields=WORDS)).result is Result.GONE


async def test_a_photo_goes_out_and_is_the_one_that_was_kept(town):
    stored = await town.media.keep(photo())
    assert (await town.send(text="整改后", photo=stored.digest)).result is Result.SENT
    (bubble,) = town.shown("image")
    item = await town.media.fetch(bubble.data["media_id"])
    assert Image.open(io.BytesIO(town.media.read(item.digest))).size == (64, 48)
    assert [bubble.kind for bubble in town.phone.received] == ["text", "image"]


async def test_after_three_days_a_photo_is_uploaded_again_and_a_sent_one_is_lost(town):
    stored = await town.media.keep(photo())
    await town.send(photo=stored.digest)
    media_id = town.shown("image")[0].data["media_id"]
    town.clock.advance(3 * 86400 + 60)
    await town.phone.say("还在吗")
    assert (await town.send(photo=stored.digest)).result is Result.SENT
    assert len(town.platform.calls("media/upload")) == 2
    with pytest.raises(MediaLost):
        await town.media.fetch(media_id)


async def test_the_day_quota_shows_up_as_stopped(town):
    town.platform.order_fault("quota", "custom/send")
    assert (await town.send(text="x")).result is Result.STOPPED
    assert [(stop.way, stop.code) for stop in await list_stops()] == [("customer", 45009)]


async def test_a_busy_platform_is_asked_again(town):
    town.platform.order_fault("busy", "custom/send", times=2)
    assert (await town.send(text="x")).result is Result.SENT
    assert len(town.shown("text")) == 1


async def test_no_answer_at_all_is_uncertain(town):
    await town.wechat.clear_quota()
    town.platform.order_fault("timeout", "custom/send")
    hasty = town.open_sender(town.open_client(seconds=0.1))
    parcel = Parcel(key="k", openid=town.phone.openid, channel=Channel.CUSTOMER, text="x")
    assert (await hasty.send(parcel)).result is Result.UNCERTAIN
    assert town.shown("text") == []  # a second try would have arrived: the fault strikes once


async def test_a_wrong_secret_stops_and_names_the_code(town):
    town.sender = town.open_sender(AsyncWeChat(APPID, "wrong", clock=town.clock, base=town.base))
    outcome = await town.send(text="x")
    assert (outcome.result, outcome.code) == (Result.STOPPED, 40125)
    await town.sender._wechat.close()


async def test_menu_tags_and_codes_work_on_the_platform(town):
    button = {"type": "click", "name": "我要上报", "key": "report"}
    assert await town.wechat.find_menu() is None
    await town.wechat.create_menu({"button": [button]})
    menu = await town.wechat.find_menu()
    assert [item["name"] for item in menu["menu"]["button"]] == ["我要上报"]
    await town.wechat.delete_menu()
    tag = await town.wechat.tag.create("商户")
    await town.wechat.tag.tag_user(tag["id"], [town.phone.openid])
    assert [openid async for openid in town.wechat.iterate_tagged(tag["id"])] == [town.phone.openid]
    assert [openid async for openid in town.wechat.iterate_followers()] == [town.phone.openid]
    assert await town.wechat.create_qr("shop-12", seconds=600)
    await town.wechat.show_typing(town.phone.openid)
