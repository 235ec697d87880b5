"""Pushes: encryption, retries, duplicates, and what the phone shows of the answer."""

import asyncio

import pytest
from aiohttp import web
from simulator_parts import AES_KEY, APPID, SECRET, TOKEN
from wechatpy.crypto import WeChatCrypto

from bot.simulator.app import Simulator
from bot.simulator.crypto import CryptoError, SafeMode, sign
from bot.simulator.phone import NotFollowingError


def kinds(phone):
    return [(bubble.sender, bubble.kind) for bubble in phone.bubbles]


async def test_a_push_is_signed_and_encrypted_as_wechatpy_expects(service, sim, wang):
    await wang.say("路灯不亮了 ]]> <b>")
    query = service.queries[-1]
    xml = f"<xml><ToUserName>x</ToUserName><Encrypt>{query['Encrypt']}</Encrypt></xml>"
    opened = WeChatCrypto(TOKEN, AES_KEY, APPID).decrypt_message(
        xml, query["msg_signature"], query["timestamp"], query["nonce"]
    )
    assert wang.openid in opened
    assert query["signature"] == sign(TOKEN, query["timestamp"], query["nonce"])
    assert query["encrypt_type"] == "aes"
    assert query["openid"] == wang.openid
    assert service.heard[-1]["Content"] == "路灯不亮了 ]]> <b>"


async def test_a_reply_encrypted_by_wechatpy_stands_on_the_phone(service, wang):
    def answer(push):
        xml = (
            f"<xml><ToUserName>{push['FromUserName']}</ToUserName><FromUserName>{push['ToUserName']}</FromUserName>"
            "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>已经记下</Content></xml>"
        )
        return WeChatCrypto(TOKEN, AES_KEY, APPID).encrypt_message(xml, "nonce", "1")

    service.answer = answer
    answer = await wang.say("路灯")
    assert (answer.outcome, answer.tries, answer.text) == ("reply", 1, "已经记下")
    assert answer.reply == {"kind": "text", "content": "已经记下"}
    assert answer.raw["MsgType"] == "text"
    assert wang.last_text == "已经记下"
    assert [bubble.text for bubble in wang.received] == ["已经记下"]


@pytest.mark.parametrize("body", ["success", ""])
async def test_success_and_nothing_leave_no_bubble(service, wang, body):
    service.answer = body
    answer = await wang.say("你好")
    assert (answer.outcome, answer.reply, answer.text) == ("success", None, "")
    assert kinds(wang) == [("notice", "event"), ("me", "text")]


async def test_an_answer_that_is_abnormal_shows_as_unavailable(service, wang):
    good = {
        "ToUserName": wang.openid,
        "FromUserName": "gh",
        "CreateTime": 1,
        "MsgType": "text",
        "Content": "好",
    }
    wrong = [
        '{"ok": true}',
        web.Response(status=500, text="success"),
        lambda push: service.seal({**good, "FromUserName": push["ToUserName"]}, token="other"),
        lambda push: service.seal(
            {**good, "FromUserName": push["ToUserName"]}, safe=SafeMode(AES_KEY, "wx-of-another")
        ),
        lambda push: service.seal(good),
        lambda push: service.reply(push, Content=""),
        lambda push: service.reply(push, Content="长" * 683),
        lambda push: service.reply(push, "image", Image={"MediaId": "no-such"}),
        lambda push: service.reply(push, "hologram"),
        "<xml><ToUserName>plain</ToUserName><MsgType>text</MsgType></xml>",
    ]
    for body in wrong:
        service.answer = body
        answer = await wang.say("你好")
        assert (answer.outcome, answer.tries) == ("failed", 1), answer
        assert answer.why
        assert (wang.bubbles[-1].sender, wang.bubbles[-1].kind) == ("notice", "unavailable")
    assert wang.received == []


async def test_pictures_and_articles_may_be_replies(service, sim, wang):
    item = sim.platform.media.put("image", b"\xff\xd8picture")
    service.answer = lambda push: service.reply(push, "image", Image={"MediaId": item.media_id})
    assert (await wang.say("图")).reply == {"kind": "image", "media_id": item.media_id}
    article = {"Title": "题", "Description": "", "PicUrl": "", "Url": "http://x/"}
    service.answer = lambda push: service.reply(push, "news", ArticleCount=1, Articles={"item": article})
    assert (await wang.say("文")).reply["articles"][0]["title"] == "题"
    service.answer = lambda push: service.reply(
        push, "news", ArticleCount=2, Articles={"item": [article, article]}
    )
    assert len((await wang.say("文")).reply["articles"]) == 2


async def impatient(sim, service):
    sim = Simulator(
        appid=APPID, secret=SECRET, token=TOKEN, aes_key=AES_KEY, push_url=service.url, push_timeout=0.2
    )
    await sim.start()
    phone = sim.phone("老李")
    await phone.follow()
    return sim, phone


async def test_a_service_that_is_silent_is_asked_three_times_with_the_same_message(sim, service):
    sim, phone = await impatient(sim, service)
    service.silent_for = 3
    answer = await phone.say("有人吗")
    await sim.close()
    assert (answer.tries, answer.outcome) == (3, "failed")
    asked = service.heard[1:]
    assert len(asked) == 3
    assert len({(one["MsgId"], one["CreateTime"], one["Content"]) for one in asked}) == 1
    assert len({one["Encrypt"] for one in service.queries[1:]}) == 3
    assert len({one["nonce"] for one in service.queries[1:]}) == 3
    assert kinds(phone)[-1] == ("notice", "unavailable")


async def test_the_third_try_may_still_be_answered(sim, service):
    sim, phone = await impatient(sim, service)
    service.silent_for = 2
    service.answer = lambda push: service.reply(push, Content="在的")
    answer = await phone.say("有人吗")
    await sim.close()
    assert (answer.tries, answer.outcome, answer.text) == (3, "reply", "在的")
    assert kinds(phone)[-1] == ("account", "text")


async def test_a_service_that_is_down_is_tried_three_times(sim, wang):
    sim.pusher.push_url = "http://127.0.0.1:9/wechat"
    answer = await wang.say("有人吗")
    assert (answer.tries, answer.outcome) == (3, "failed")


async def test_a_hung_up_push_comes_again_and_the_second_answer_shows(service, sim, wang):
    service.answer = lambda push: service.reply(push, Content="在的")
    sim.order_fault("push_timeout")
    answer = await wang.say("有人吗")
    assert (answer.tries, answer.text) == (2, "在的")
    assert service.heard[-1]["MsgId"] == service.heard[-2]["MsgId"]
    assert len(wang.received) == 1


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_duplicated_push_is_the_very_same_and_shows_once(service, sim, wang, at_once):
    service.answer = lambda push: service.reply(push, Content="收到")
    before = len(service.heard)
    xml = (
        f"<xml><ToUserName>{sim.platform.account.original_id}</ToUserName><FromUserName>{wang.openid}</FromUserName>"
        "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>一</Content><MsgId>7</MsgId></xml>"
    )
    answers = await sim.push(xml, duplicates=4, at_once=at_once)
    assert [one.text for one in answers] == ["收到"] * 4
    assert [one["MsgId"] for one in service.heard[before:]] == ["7"] * 4
    assert len(wang.received) == 1


async def test_duplicate_push_on_order_sends_twice(service, sim, wang):
    sim.order_fault("duplicate_push")
    before = len(service.heard)
    await wang.say("一")
    await wang.say("二")
    assert [one["Content"] for one in service.heard[before:]] == ["一", "一", "二"]


async def test_anything_at_all_can_be_pushed(service, sim, wang):
    service.handle_text = None
    answer = await sim.push("<xml><Broken>")
    assert answer[0].outcome == "failed"  # the tiny service fails on it: HTTP 500
    assert (await wang.push_raw("not xml")).why == "HTTP 500"


async def test_every_kind_of_message_has_the_fields_of_wechat(service, sim, wang, clock):
    await wang.photo(b"\xff\xd8picture")
    await wang.voice(b"#!AMR")
    await wang.video(b"....ftyp")
    await wang.locate(31.55, 120.13, "人民路 1 号")
    await wang.tap(101, "满意")
    image, voice, video, place, tap = service.heard[-5:]
    assert image["PicUrl"].endswith(f"/sim/media/{image['MediaId']}")
    assert (voice["Format"], voice["Recognition"]) == ("amr", "")
    assert video["ThumbMediaId"] != video["MediaId"]
    assert (place["Location_X"], place["Location_Y"], place["Label"]) == ("31.55", "120.13", "人民路 1 号")
    assert (tap["MsgType"], tap["Content"], tap["bizmsgmenuid"]) == ("text", "满意", "101")
    ids = [int(one["MsgId"]) for one in service.heard[-5:]]
    assert len(set(ids)) == 5
    assert all(0 < one < 2**64 for one in ids)
    assert {one["CreateTime"] for one in service.heard[-5:]} == {str(clock.timestamp())}


async def test_events_have_the_fields_of_wechat(service, sim, api, wang):
    buttons = [
        {"type": "click", "name": "我的", "key": "MINE"},
        {"type": "pic_photo_or_album", "name": "随手拍", "key": "SNAP"},
        {"type": "location_select", "name": "位置", "key": "PLACE"},
    ]
    await api.post("/cgi-bin/menu/create", {"button": buttons})
    for key in ("MINE", "SNAP", "PLACE"):
        await wang.tap_menu(key)
    await wang.view_menu("https://example.org/h5")
    await wang.scan("shop-12")
    await wang.unfollow()
    await wang.follow()
    await wang.unfollow()
    await wang.scan("shop-12")
    click, snap, place, view, scan, gone, back, _, new = service.heard[-9:]
    assert (click["Event"], click["EventKey"]) == ("CLICK", "MINE")
    assert snap["Event"] == "pic_photo_or_album"
    assert snap["SendPicsInfo"]["Count"] == "1"
    assert place["SendLocationInfo"]["Location_X"] == "31.5"
    assert (view["Event"], view["EventKey"]) == ("VIEW", "https://example.org/h5")
    assert (scan["Event"], scan["EventKey"]) == ("SCAN", "shop-12")
    assert gone["Event"] == "unsubscribe"
    assert (back["Event"], back["EventKey"]) == ("subscribe", "")
    assert (new["Event"], new["EventKey"]) == ("subscribe", "qrscene_shop-12")
    assert all("MsgId" not in one for one in (click, snap, view, scan))


async def test_only_followers_can_write(sim, door):
    with pytest.raises(NotFollowingError):
        await sim.phone("路人").say("你好")


async def test_openids_are_the_same_in_every_run_and_differ_by_person(sim, service):
    other = Simulator(appid=APPID, secret="x", token=TOKEN, aes_key=AES_KEY, push_url=service.url)
    first, second = sim.phone("王阿姨"), sim.phone("王阿姨")
    assert first.openid == other.phone("王阿姨").openid
    assert first.openid != second.openid
    assert len(first.openid) == 28


def test_rubbish_is_not_decryptable():
    safe = SafeMode(AES_KEY, APPID)
    for text in ("", "AAAA", "not base64!", safe.encrypt("x")[:-4] + "AAA="):
        with pytest.raises(CryptoError):
            safe.decrypt(text)
    for length in range(70):
        assert safe.decrypt(safe.encrypt("字" * length)) == "字" * length


async def test_many_phones_can_push_together(service, sim, door):
    phones = [sim.phone(f"人{n}") for n in range(30)]
    await asyncio.gather(*(phone.follow() for phone in phones))
    service.answer = lambda push: service.reply(push, Content=push["Content"])
    answers = await asyncio.gather(*(phone.say(phone.openid) for phone in phones))
    assert [one.text for one in answers] == [phone.openid for phone in phones]
