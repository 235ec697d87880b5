"""The WeChat client: one token for all, bounded repeats, and what each error code asks for."""

# ruff: noqa: F401, F811 - fixtures are imported by name and then named again as arguments

import asyncio
import io
import logging
import re
from datetime import timedelta

import pytest
from platform_stub import CUT, OPENID, SILENT, refusal
from wechat_fixtures import clock, database, open_client, platform, sleeps, wechat

from bot.outcomes import RESULTS
from bot.wechat import PROBE, Notice
from bot.wechat_calls import prepared
from bot.wechat_errors import (
    CODES,
    Kind,
    WeChatRefused,
    WeChatStopped,
    WeChatUnanswered,
    WeChatUnreachable,
    rid_of,
)
from models.clock import local
from models.deliveries.stops import list_stops

SEND = "message/custom/send"
# Every code of the platform's table in our notes, by what is to be done; kept apart from the product on purpose.
EXPECTED = {
    Kind.BACK_OFF: {-1},
    Kind.REFRESH: {40001, 40014, 42001, 41001},
    Kind.SECRET: {40013, 40125, 41002, 41004, 40243},
    Kind.ADDRESS: {40164, 89503, 89506, 89507, 61004, 45035},
    Kind.UNKNOWN: {50002},
    Kind.DROP_PERSON: {40003, 43004, 50005, 46004, 43019, 48002},
    Kind.CLOSED_CHANNEL: {45015, 45047, 43101},
    Kind.DAY: {45009},
    Kind.MINUTE: {45011, 45066},
    Kind.REST: {43117},
    Kind.STOP_FEATURE: {45028, 40037, 48001, 48004, 48006, 50001, 61007},
    Kind.DONE: {45065, 40241},
    Kind.FALL_BACK: {40200},
    Kind.MEDIA_DEAD: {40007},
    Kind.WRONG_DATA: {
        *(45067, 47003, 47001, 40033, 44004, 45002, 43108),
        *(40004, 40006, 40008, 40009, 44001, 44002, 45001, 45003, 45004, 45005, 45006, 45007, 45008),
        *(45157, 45158, 45159, 45056, 45057, 45058, 45059),
        *range(65301, 65321),
    },
}


async def say(client, words="已收到"):
    await client.send_customer(OPENID, "text", {"content": words})


async def test_wechatpys_own_calls_work_with_await(wechat, platform):
    platform.script["tags/create"].append({"tag": {"id": 7, "name": "商户"}})
    assert await wechat.tag.create("商户") == {"id": 7, "name": "商户"}
    assert platform.sent("tags/create") == [{"tag": {"name": "商户"}}]


async def test_a_busy_platform_is_asked_again_after_one_two_and_four_seconds(wechat, platform, sleeps):
    platform.script[SEND].extend(refusal(-1) for _ in range(9))
    with pytest.raises(WeChatRefused):
        await say(wechat)
    assert sleeps == [1, 2, 4]
    assert len(platform.sent(SEND)) == 4


async def test_the_day_quota_stops_that_call_until_midnight_in_beijing(wechat, platform, clock):
    platform.script[SEND].append(refusal(45009))
    with pytest.raises(WeChatRefused):
        await say(wechat)
    with pytest.raises(WeChatStopped) as caught:
        await say(wechat)
    assert local(caught.value.until).strftime("%d %H:%M:%S") == "04 00:01:00"
    await wechat.tag.delete(3)  # other calls go on
    clock.move(12 * 3600 + 60)
    platform.token = "TOKEN-1"
    await say(wechat)
    assert await list_stops() == []
    assert len(platform.sent(SEND)) == 2


async def test_the_minute_quota_stops_that_call_until_the_next_minute(wechat, platform, clock):
    platform.script[SEND].append(refusal(45011))
    with pytest.raises(WeChatRefused):
        await say(wechat)
    (stop,) = await list_stops()
    assert stop.next_at - clock.now() == timedelta(seconds=30)


async def test_a_deleted_template_stops_that_template_only(wechat, platform):
    platform.script["message/template/send"].append(refusal(40037))
    with pytest.raises(WeChatRefused):
        await wechat.send_template(OPENID, Notice("T-OLD", {"thing1": "x"}), key="1")
    with pytest.raises(WeChatStopped):
        await wechat.send_template(OPENID, Notice("T-OLD", {"thing1": "x"}), key="2")
    await wechat.send_template(OPENID, Notice("T-NEW", {"thing1": "x"}), key="3")
    assert len(platform.sent("message/template/send")) == 2


async def test_clearing_the_quota_lets_the_stopped_call_go_on(wechat, platform):
    platform.script[SEND].append(refusal(45009))
    with pytest.raises(WeChatRefused):
        await say(wechat)
    await wechat.clear_quota()
    assert platform.sent("clear_quota") == [{"appid": "wx0123456789abcdef"}]
    await say(wechat)


@pytest.mark.parametrize("code", sorted(code for code in CODES if CODES[code].kind is not Kind.BACK_OFF))
async def test_no_code_makes_the_client_knock_more_than_twice(wechat, platform, code):
    platform.script[SEND].extend(refusal(code) for _ in range(5))
    with pytest.raises(WeChatRefused) as caught:
        await say(wechat)
    assert caught.value.code == code
    assert len(platform.sent(SEND)) == (2 if CODES[code].kind is Kind.REFRESH else 1)


def test_every_code_has_its_rule():
    assert {code: rule.kind for code, rule in CODES.items()} == {
        code: kind for kind, codes in EXPECTED.items() for code in codes
    }


def test_every_kind_means_something_for_a_delivery():
    assert set(RESULTS) == set(Kind) == set(EXPECTED)


def test_an_unknown_code_is_no_reason_to_give_anything_up():
    assert WeChatRefused(99999, "new", action=SEND).kind is Kind.UNKNOWN


async def test_a_stop_is_known_to_every_process_and_after_a_restart(open_client, platform):
    platform.script[SEND].append(refusal(48001))
    with pytest.raises(WeChatRefused):
        await say(open_client())
    with pytest.raises(WeChatStopped):
        await say(open_client())
    assert len(platform.sent(SEND)) == 1


async def test_one_call_finds_out_whether_a_stop_is_over_and_the_others_wait_for_it(
    open_client, platform, clock
):
    first, second = open_client(), open_client()
    platform.script[SEND].extend([refusal(48001), refusal(48001)])
    with pytest.raises(WeChatRefused):
        await say(first)
    clock.move(1800)
    with pytest.raises(WeChatRefused):
        await say(first)
    with pytest.raises(WeChatStopped):
        await say(second)
    clock.move(3600)
    await say(second)
    await say(first)
    assert len(platform.sent(SEND)) == 4


async def test_two_that_try_a_stopped_way_together_knock_once(open_client, platform, clock):
    platform.script[SEND].append(refusal(48001))
    first, second = open_client(), open_client()
    with pytest.raises(WeChatRefused):
        await say(first)
    clock.move(1800)
    ends = await asyncio.gather(say(first), say(second), return_exceptions=True)
    knocked = len(platform.sent(SEND)) - 1
    assert knocked == sum(end is None for end in ends)
    assert knocked >= 1


@pytest.mark.parametrize("code", [-1, 99999, 50002])
async def test_what_may_be_chance_stops_the_way_at_the_third_time_in_a_row(wechat, platform, sleeps, code):
    for _ in range(2):
        platform.script[SEND].extend([refusal(code)] * (4 if code == -1 else 1))
        with pytest.raises(WeChatRefused):
            await say(wechat)
    await say(wechat)  # one that gets through ends the doubt
    for _ in range(3):
        platform.script[SEND].extend([refusal(code)] * (4 if code == -1 else 1))
        with pytest.raises(WeChatRefused):
            await say(wechat)
    before = len(platform.sent(SEND))
    with pytest.raises(WeChatStopped):
        await say(wechat)
    assert len(platform.sent(SEND)) == before


async def test_calls_without_an_answer_stop_the_way_before_many_are_lost(wechat, platform):
    await wechat.clear_quota()
    platform.script[SEND].extend([500] * 10)
    for _ in range(3):
        with pytest.raises(WeChatUnanswered):
            await say(wechat)
    with pytest.raises(WeChatStopped):
        await say(wechat)
    assert len(platform.sent(SEND)) == 3


async def test_a_token_request_without_an_answer_has_sent_nothing(wechat, platform):
    platform.script["stable_token"].append(502)
    with pytest.raises(WeChatUnreachable):
        await say(wechat)
    assert platform.sent(SEND) == []


async def test_an_operators_hand_is_not_held_back_by_a_stop_and_ends_it(open_client, platform):
    platform.script[SEND].append(refusal(40164))
    with pytest.raises(WeChatRefused):
        await say(open_client())
    by_hand = open_client()
    by_hand.stops.by_hand = True
    await by_hand.create_menu({"button": []})
    assert await list_stops() == []


def test_the_request_id_is_found_in_all_its_spellings():
    assert rid_of("invalid rid: 65f0a1b2-0c3d4e5f-6a7b8c9d") == "65f0a1b2-0c3d4e5f-6a7b8c9d"
    assert rid_of("invalid, rid:65f0a1b2-0c3d") == "65f0a1b2-0c3d"
    assert rid_of("invalid bridge: 65f0a1b2") == ""


async def test_logs_hold_the_rid_but_no_openid_token_or_secret(wechat, platform, caplog):
    caplog.set_level(logging.DEBUG)
    platform.script[SEND].append(refusal(40003, f"invalid openid {OPENID}"))
    with pytest.raises(WeChatRefused) as caught:
        await say(wechat)
    assert "65f0a1b2-0c3d4e5f-6a7b8c9d" in caplog.text
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    assert not re.search(f"{OPENID}|TOKEN-|SECRET-OF-TEST", ours + str(caught.value) + repr(caught.value))
    assert {record.action for record in caplog.records if record.name.startswith("bot")} == {
        "wechat_token",
        "wechat_refused",
    }


@pytest.mark.parametrize("fault", [CUT, 500, 504, 200])
async def test_a_lost_or_broken_answer_is_never_repeated(wechat, platform, fault):
    await wechat.clear_quota()
    platform.script[SEND].append(fault)
    with pytest.raises(WeChatUnanswered):
        await say(wechat)
    assert len(platform.sent(SEND)) == 1


@pytest.mark.parametrize("fault", [502, 503, 404, 413, 302])
async def test_what_a_gateway_turned_away_was_surely_not_taken(wechat, platform, fault):
    await wechat.clear_quota()
    platform.script[SEND].append(fault)
    with pytest.raises(WeChatUnreachable):
        await say(wechat)
    assert len(platform.sent(SEND)) == 1


async def broken_off(reader, writer):
    """Close the connection at the first byte, in the middle of its handshake."""
    await reader.read(1)
    writer.close()


async def not_tls(reader, writer):
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("peer", [broken_off, not_tls])
async def test_failure_before_the_request_has_sent_nothing(open_client, wechat, peer):
    await wechat.clear_quota()  # the token is there
    async with await asyncio.start_server(peer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(WeChatUnreachable):
            await say(open_client(base=f"https://127.0.0.1:{port}"))


async def test_name_that_leads_nowhere_has_sent_nothing(open_client, wechat):
    await wechat.clear_quota()
    with pytest.raises(WeChatUnreachable):
        await say(open_client(base="http://nowhere.invalid"))


async def test_stopped_way_is_tried_by_what_harms_nobody(wechat, platform, clock):
    await wechat.clear_quota()
    platform.script[SEND].append(500)
    with pytest.raises(WeChatUnanswered):
        await say(wechat)
    platform.script[PROBE].append(500)
    with pytest.raises(WeChatUnreachable):
        await say(wechat)
    assert len(platform.sent(SEND)) == 1, "it is still owed, and surely has not arrived"
    clock.move(60)
    await say(wechat)
    await say(wechat)
    assert (len(platform.sent(SEND)), len(platform.sent(PROBE))) == (3, 2)


async def test_refused_probe_is_an_answer(wechat, platform):
    await wechat.clear_quota()
    platform.script[SEND].append(500)
    with pytest.raises(WeChatUnanswered):
        await say(wechat)
    platform.script[PROBE].append(refusal(48001))
    await say(wechat)
    assert len(platform.sent(SEND)) == 2


async def test_an_answer_that_does_not_come_ends_in_time(open_client, platform):
    wechat = open_client()
    await wechat.clear_quota()
    hasty = open_client(seconds=0.1)
    platform.script[SEND].append(SILENT)
    with pytest.raises(WeChatUnanswered):
        await say(hasty)
    assert len(platform.sent(SEND)) == 1


async def test_an_endless_answer_is_not_read_to_its_end(wechat, platform):
    await wechat.clear_quota()
    platform.script[SEND].append({"errcode": 0, "errmsg": "x" * (5 * 1024 * 1024)})
    with pytest.raises(WeChatUnanswered):
        await say(wechat)


async def test_a_refused_connection_is_known_to_have_sent_nothing(open_client, unused_tcp_port):
    wechat = open_client(base=f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(WeChatUnreachable):
        await say(wechat)


async def test_a_repeated_upload_is_as_full_as_the_first(wechat, platform):
    await wechat.clear_quota()
    platform.token = "REPLACED-BY-THE-PLATFORM"
    platform.script["media/upload"].append({"media_id": "M1"})
    assert await wechat.upload_media("image", b"JPEGDATA", name="photo.jpg", mime="image/jpeg") == "M1"
    assert platform.uploads == [("photo.jpg", b"JPEGDATA"), ("photo.jpg", b"JPEGDATA")]


async def test_wechatpys_upload_is_not_empty_on_the_second_try_either(wechat, platform):
    await wechat.clear_quota()
    platform.token = "REPLACED-BY-THE-PLATFORM"
    platform.script["media/upload"].append({"media_id": "M1"})
    assert (await wechat.media.upload("image", io.BytesIO(b"JPEGDATA")))["media_id"] == "M1"
    assert [content for _, content in platform.uploads] == [b"JPEGDATA", b"JPEGDATA"]


def test_our_token_goes_to_no_other_host():
    with pytest.raises(ValueError, match="not an address"):
        prepared("get", "https://evil.example/cgi-bin/x", "http://127.0.0.1:1", {})
    call = prepared("get", "https://api.weixin.qq.com/customservice/kf", "http://127.0.0.1:1", {})
    assert call.url == "http://127.0.0.1:1/customservice/kf"


async def test_a_template_carries_its_key(wechat, platform):
    notice = Notice("T1", {"thing1": "井盖"}, url="https://town.example/c/1")
    await wechat.send_template(OPENID, notice, key="k1")
    (body,) = platform.sent("message/template/send")
    assert body == {
        "touser": OPENID,
        "template_id": "T1",
        "data": {"thing1": {"value": "井盖"}},
        "client_msg_id": "k1",
        "url": "https://town.example/c/1",
    }


async def test_a_subscribe_notice_opens_a_page_or_a_mini_program(wechat, platform):
    there = {"appid": "wxmini", "pagepath": "index"}
    await wechat.send_notice(OPENID, Notice("S1", {"thing1": "井盖"}, "https://town.example", there))
    (body,) = platform.sent("message/subscribe/bizsend")
    assert (body["page"], body["miniprogram"]) == ("https://town.example", there)


async def test_a_mass_message_names_the_tag_and_its_key(wechat, platform):
    platform.script["message/mass/sendall"].append({"errcode": 0, "msg_id": 34182})
    assert await wechat.send_to_tag(7, "text", {"content": "停水通知"}, key="n1") == 34182
    (body,) = platform.sent("message/mass/sendall")
    assert body["filter"] == {"is_to_all": False, "tag_id": 7}
    assert body["clientmsgid"] == "n1"


async def test_typing_where_it_is_not_allowed_is_no_error(wechat, platform):
    platform.script["message/custom/typing"].append(refusal(40200))
    await wechat.show_typing(OPENID)
    assert platform.sent("message/custom/typing") == [{"touser": OPENID, "command": "Typing"}]


async def test_no_menu_is_none_and_a_menu_is_itself(wechat, platform):
    platform.script["menu/get"].extend([refusal(46003), {"menu": {"button": []}}])
    assert await wechat.find_menu() is None
    assert await wechat.find_menu() == {"menu": {"button": []}}


async def test_qr_codes_are_made_for_a_time_or_for_ever(wechat, platform):
    platform.script["qrcode/create"].extend([{"ticket": "gQ=="}, {"ticket": "gR=="}])
    assert await wechat.create_qr("shop-12") == "gQ=="
    await wechat.create_qr("bind", seconds=600)
    lasting, passing = platform.sent("qrcode/create")
    assert lasting["action_name"] == "QR_LIMIT_STR_SCENE"
    assert (passing["action_name"], passing["expire_seconds"]) == ("QR_STR_SCENE", 600)
    assert wechat.qr_address("gQ==").endswith("/cgi-bin/showqrcode?ticket=gQ%3D%3D")


async def test_all_pages_of_a_tag_are_read_and_the_reading_ends(wechat, platform):
    platform.script["user/tag/get"].extend(
        [
            {"count": 2, "data": {"openid": ["o1", "o2"]}, "next_openid": "o2"},
            {"count": 1, "data": {"openid": ["o3"]}, "next_openid": "o3"},
            {"count": 0, "next_openid": "o3"},
        ]
    )
    assert [openid async for openid in wechat.iterate_tagged(7)] == ["o1", "o2", "o3"]


async def test_reading_pages_ends_though_the_platform_repeats_itself(wechat, platform):
    page = {"count": 2, "data": {"openid": ["o1", "o2"]}, "next_openid": "o2"}
    platform.script["user/get"].extend([page] * 50)
    assert [openid async for openid in wechat.iterate_followers()] == ["o1", "o2"]
    assert len(platform.sent("user/get")) == 2


async def test_a_call_made_by_hand_that_is_refused_stops_nothing(wechat, platform):
    wechat.stops.by_hand = True
    platform.script["menu/create"].append(refusal(48001))
    with pytest.raises(WeChatRefused):
        await wechat.create_menu({"button": []})
    assert await list_stops() == []
