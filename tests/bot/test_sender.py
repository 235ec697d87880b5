"""Parcels over WeChat: which outcome each ending has, and that nothing arrives twice."""

# ruff: noqa: F401, F811 - fixtures are imported by name and then named again as arguments

import asyncio
import io
import json
import re

import pytest
from PIL import Image
from platform_stub import CUT, OPENID, refusal
from wechat_fixtures import clock, database, open_client, platform, sleeps, wechat

from bot.sender import WeChatSender
from bot.wechat_templates import read_templates
from models.deliveries.sender import Channel, Outcome, Parcel, Result

SEND = "message/custom/send"
TEMPLATE = "message/template/send"
NOTICE = "message/subscribe/bizsend"
SETTING = json.dumps(
    {
        "step": {
            "template": "T1",
            "subscribe": "S1",
            "fields": {"thing1": "case", "phrase2": "state", "time3": "time"},
            "subscribe_fields": {"thing4": "note"},
        },
        "notice": {"template": "T2", "fields": {"thing1": "note"}},
    }
)
CHOICES = (("1011", "满意"), ("1012", "不满意"))


def jpeg(size=(40, 30)):
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, "JPEG")
    return out.getvalue()


class Shelf:
    """A MediaStore of a photo and a voice."""

    def __init__(self):
        self.kept = {"a" * 64: jpeg(), "b" * 64: b"#!AMR\nvoice"}

    def read(self, digest):
        if digest not in self.kept:
            raise FileNotFoundError(digest)
        return self.kept[digest]


@pytest.fixture
async def sender(wechat, platform, clock):
    await wechat.clear_quota()  # the token is there before the faults begin
    platform.calls.clear()
    return WeChatSender(wechat, Shelf(), templates=read_templates(SETTING), clock=clock)


def parcel(channel=Channel.CUSTOMER, **kwargs):
    return Parcel(key=kwargs.pop("key", "k-1"), openid=OPENID, channel=channel, **kwargs)


async def test_words_are_sent_as_a_customer_message(sender, platform):
    assert await sender.send(parcel(text="您的案件已办结")) == Outcome(Result.SENT)
    assert platform.sent(SEND) == [
        {"touser": OPENID, "msgtype": "text", "text": {"content": "您的案件已办结"}}
    ]


async def test_choices_are_sent_as_a_menu(sender, platform):
    await sender.send(parcel(text="满意吗？", choices=CHOICES))
    (body,) = platform.sent(SEND)
    assert body["msgmenu"]["head_content"] == "满意吗？"
    assert body["msgmenu"]["list"] == [
        {"id": "1011", "content": "满意"},
        {"id": "1012", "content": "不满意"},
    ]


async def test_where_menus_are_refused_links_are_sent_and_this_is_remembered(sender, platform):
    platform.script[SEND].append(refusal(40200))
    assert (await sender.send(parcel(text="满意吗？", choices=CHOICES))).result is Result.SENT
    assert (await sender.send(parcel(text="满意吗？", choices=CHOICES))).result is Result.SENT
    kinds = [body["msgtype"] for body in platform.sent(SEND)]
    assert kinds == ["msgmenu", "text", "text"]
    words = platform.sent(SEND)[1]["text"]["content"]
    assert '<a href="weixin://bizmsgmenu?msgmenucontent=满意&msgmenuid=1011">满意</a>' in words


async def test_a_label_cannot_break_out_of_its_link(sender, platform):
    platform.script[SEND].append(refusal(40200))
    await sender.send(parcel(text="选", choices=(("1", '"><a href="http://evil.example">'),)))
    words = platform.sent(SEND)[1]["text"]["content"]
    links = re.findall(r'<a href="([^"]*)">([^<]*)</a>', words)
    assert words.count("<a ") == len(links) == 1
    assert links[0][0] == "weixin://bizmsgmenu?msgmenucontent=ahref=http://evil.example&msgmenuid=1"


async def test_long_words_are_cut_but_the_links_stay_whole(sender, platform):
    platform.script[SEND].append(refusal(40200))
    await sender.send(parcel(text="长" * 3000, choices=CHOICES))
    words = platform.sent(SEND)[1]["text"]["content"]
    assert len(words.encode()) <= 2048
    assert words.endswith("不满意</a>")
    assert "…" in words


@pytest.mark.parametrize(
    ("channel", "action"),
    [(Channel.CUSTOMER, SEND), (Channel.SUBSCRIBE, NOTICE), (Channel.TEMPLATE, TEMPLATE)],
)
@pytest.mark.parametrize("fault", [CUT, 500, 200])
async def test_a_lost_answer_is_uncertain_unless_the_platform_drops_repeats(
    sender, platform, channel, action, fault
):
    platform.script[action].append(fault)
    outcome = await sender.send(parcel(channel, text="x", use="step", fields={"case": "c"}))
    assert outcome.result is (Result.LATER if channel is Channel.TEMPLATE else Result.UNCERTAIN)
    assert len(platform.sent(action)) == 1


@pytest.mark.parametrize("channel", [Channel.CUSTOMER, Channel.SUBSCRIBE, Channel.TEMPLATE])
async def test_a_refused_connection_stops_everything_for_some_seconds(
    open_client, clock, unused_tcp_port, channel
):
    nowhere = open_client(base=f"http://127.0.0.1:{unused_tcp_port}")
    sender = WeChatSender(nowhere, Shelf(), templates=read_templates(SETTING), clock=clock)
    outcome = await sender.send(parcel(channel, text="x", use="step"))
    assert (outcome.result, outcome.way) == (Result.STOPPED, "*")
    assert outcome.wait > 0


@pytest.mark.parametrize(
    ("code", "result"),
    [
        (45015, Result.CLOSED),
        (45047, Result.CLOSED),
        (40003, Result.GONE),
        (43004, Result.GONE),
        (43019, Result.GONE),
        (48002, Result.GONE),
        (50002, Result.LATER),
        (99999, Result.LATER),
        (45009, Result.STOPPED),
        (48001, Result.STOPPED),
        (48004, Result.STOPPED),
        (40164, Result.STOPPED),
        (45011, Result.STOPPED),
        (43117, Result.LATER),
        (45002, Result.WRONG),
        (44004, Result.WRONG),
    ],
)
async def test_each_refusal_has_its_outcome(sender, platform, code, result):
    platform.script[SEND].append(refusal(code))
    outcome = await sender.send(parcel(text="x"))
    assert (outcome.result, outcome.code) == (result, code)
    assert outcome.rid == "65f0a1b2-0c3d4e5f-6a7b8c9d"
    assert (outcome.wait > 0) is (result in (Result.LATER, Result.STOPPED))
    assert len(platform.sent(SEND)) == 1


@pytest.mark.parametrize(("code", "result"), [(43101, Result.CLOSED), (47003, Result.WRONG)])
async def test_a_subscribe_notice_without_consent_closes_that_channel(sender, platform, code, result):
    platform.script[NOTICE].append(refusal(code))
    assert (await sender.send(parcel(Channel.SUBSCRIBE, use="step"))).result is result


async def test_a_template_that_has_arrived_already_counts_as_sent(sender, platform):
    platform.script[TEMPLATE].append(refusal(40241))
    assert (await sender.send(parcel(Channel.TEMPLATE, use="step"))).result is Result.SENT


async def test_an_answer_busy_is_repeated_since_an_answer_came(sender, platform):
    platform.script[SEND].append(refusal(-1))
    assert (await sender.send(parcel(text="x"))).result is Result.SENT
    assert len(platform.sent(SEND)) == 2


async def test_after_the_day_quota_nothing_is_sent_until_midnight(sender, platform):
    platform.script[SEND].append(refusal(45009))
    first, second = [await sender.send(parcel(text="x")) for _ in range(2)]
    assert first.result is second.result is Result.STOPPED
    assert first.way == second.way == "customer"
    assert second.wait == 12 * 3600 + 30  # from 12:00:30, the clock of the test, to a minute after midnight
    assert len(platform.sent(SEND)) == 1


async def test_a_template_carries_the_key_and_fields_within_the_limits(sender, platform):
    fields = {
        "case": "胡埭路与钱胡路路口东北角井盖破损有安全隐患",
        "state": "已派单处理中",
        "time": "2025-06-03 12:00",
    }
    await sender.send(
        parcel(Channel.TEMPLATE, key="d" * 40, use="step", fields=fields, url="https://t.example")
    )
    (body,) = platform.sent(TEMPLATE)
    assert len(body["client_msg_id"]) == 32
    assert body["template_id"] == "T1"
    values = {key: value["value"] for key, value in body["data"].items()}
    assert len(values["thing1"]) == 20
    assert values["thing1"].endswith("…")
    assert values["phrase2"] == "已派单处理"
    assert values["time3"] == "2025-06-03 12:00"


async def test_the_same_parcel_has_the_same_key_each_time(sender, platform):
    for _ in range(2):
        await sender.send(parcel(Channel.TEMPLATE, key="案件" * 30, use="step"))
    await sender.send(parcel(Channel.TEMPLATE, key="案件" * 31, use="step"))
    keys = [body["client_msg_id"] for body in platform.sent(TEMPLATE)]
    assert keys[0] == keys[1] != keys[2]


async def test_a_use_without_a_template_closes_the_channel_without_a_call(sender, platform):
    assert (await sender.send(parcel(Channel.TEMPLATE, use="other"))).result is Result.CLOSED
    assert (await sender.send(parcel(Channel.SUBSCRIBE, use="notice"))).result is Result.CLOSED
    assert platform.calls == []


async def test_a_photo_is_uploaded_once_and_used_until_it_dies(sender, platform, clock):
    platform.script["media/upload"].extend([{"media_id": "M1"}, {"media_id": "M2"}])
    for _ in range(2):
        assert (await sender.send(parcel(photo="a" * 64))).result is Result.SENT
    assert len(platform.uploads) == 1
    clock.move(3 * 86400)
    platform.token = "TOKEN-1"
    await sender.send(parcel(photo="a" * 64))
    assert [body["image"]["media_id"] for body in platform.sent(SEND)][-1] == "M2"


async def test_a_dead_media_id_is_uploaded_again_once(sender, platform):
    platform.script["media/upload"].extend([{"media_id": "M1"}, {"media_id": "M2"}, {"media_id": "M3"}])
    platform.script[SEND].append(refusal(40007))
    assert (await sender.send(parcel(photo="a" * 64))).result is Result.SENT
    platform.script[SEND].extend([refusal(40007), refusal(40007)])
    assert (await sender.send(parcel(photo="a" * 64))).result is Result.LATER
    assert len(platform.sent(SEND)) == 4
    assert len(platform.uploads) == 3


async def test_words_go_without_a_photo_that_is_not_there(sender, platform):
    for digest in ("c" * 64, "b" * 64):
        outcome = await sender.send(parcel(text="已办结", photo=digest))
        assert outcome.result is Result.SENT
        assert "photo" in outcome.note
    assert [body["msgtype"] for body in platform.sent(SEND)] == ["text", "text"]


async def test_a_photo_that_fails_after_the_words_does_not_send_the_words_again(sender, platform):
    platform.script["media/upload"].append({"media_id": "M1"})
    platform.script[SEND].extend([{"errcode": 0}, CUT])
    outcome = await sender.send(parcel(text="已办结", photo="a" * 64))
    assert outcome.result is Result.SENT
    assert "without photo" in outcome.note


async def test_choices_go_out_beside_a_photo_even_without_words(sender, platform):
    platform.script["media/upload"].append({"media_id": "M1"})
    assert (await sender.send(parcel(choices=CHOICES, photo="a" * 64))).result is Result.SENT
    assert [body["msgtype"] for body in platform.sent(SEND)] == ["msgmenu", "image"]


async def test_an_upload_that_fails_for_now_sends_nothing_yet(sender, platform):
    platform.script["media/upload"].append(500)
    assert (await sender.send(parcel(text="已办结", photo="a" * 64))).result is Result.LATER
    assert platform.sent(SEND) == []


async def test_a_fault_of_ours_before_the_call_has_sent_nothing_and_raises_nothing(sender, platform):
    assert (await sender.send(parcel(photo=None, text=None))).result is Result.WRONG
    assert platform.calls == []


async def test_a_fault_of_ours_during_the_call_is_uncertain_and_raises_nothing(sender, wechat, monkeypatch):
    async def broken(*_):
        raise KeyError("ours")

    monkeypatch.setattr(wechat, "_asked", broken)
    assert (await sender.send(parcel(text="x"))).result is Result.UNCERTAIN


async def test_a_parcel_for_the_next_contact_is_not_carried(sender, platform):
    assert (await sender.send(parcel(Channel.CONTACT, text="x"))).result is Result.WRONG
    assert platform.calls == []


async def test_many_parcels_at_once_all_arrive(sender, platform):
    outcomes = await asyncio.gather(*(sender.send(parcel(text=str(i))) for i in range(30)))
    assert {outcome.result for outcome in outcomes} == {Result.SENT}
    assert len({body["text"]["content"] for body in platform.sent(SEND)}) == 30
