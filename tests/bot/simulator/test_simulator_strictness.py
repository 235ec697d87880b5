"""What WeChat does not take, or takes only so: the simulator does the same."""

import aiohttp
import pytest

CLICK = {"type": "click", "name": "上报", "key": "REPORT"}
MINI = {"type": "miniprogram", "name": "小程序", "appid": "wx1", "pagepath": "p", "url": "http://x/"}
DATA = {"thing1": {"value": "路灯"}, "phrase2": {"value": "已受理"}, "time3": {"value": "2026年3月2日 09:00"}}


async def upload(api, path, content):
    form = aiohttp.FormData()
    form.add_field("media", content, filename="a.jpg", content_type="image/jpeg")
    return await (await api.raw("POST", path, params={"type": "image"}, data=form)).json()


async def test_people_of_a_tag_are_told_after_the_one_named_and_come_to_an_end(api, sim):
    phones = [sim.phone(f"居民{n}") for n in range(3)]
    for phone in phones:
        await phone.follow()
    openids = [phone.openid for phone in phones]
    await api.post("/cgi-bin/tags/create", {"tag": {"name": "商户"}})
    await api.post("/cgi-bin/tags/members/batchtagging", {"openid_list": openids, "tagid": 100})
    first = await api.post("/cgi-bin/user/tag/get", {"tagid": 100, "next_openid": ""})
    assert (first["count"], first["next_openid"]) == (3, openids[-1])
    rest = await api.post("/cgi-bin/user/tag/get", {"tagid": 100, "next_openid": openids[0]})
    assert rest["data"]["openid"] == openids[1:]
    assert await api.post("/cgi-bin/user/tag/get", {"tagid": 100, "next_openid": openids[-1]}) == {"count": 0}


async def test_same_template_message_within_a_minute_is_refused(api, sim, wang, clock):
    async def send(phone=wang, **more):
        body = {"touser": phone.openid, "template_id": "T-PROGRESS", "url": "http://x/", "data": DATA, **more}
        return (await api.post("/cgi-bin/message/template/send", body))["errcode"]

    li = sim.phone("小李")
    await li.follow()
    assert [await send(), await send(), await send(li)] == [0, 40241, 0]
    assert await send(data={**DATA, "thing1": {"value": "井盖"}}) == 0
    clock.advance(60)
    assert await send() == 0
    assert [await send(url="http://y/", client_msg_id="k") for _ in range(2)] == [0, 0], (
        "the guard answers first"
    )
    assert await send(url="http://y/", client_msg_id="other") == 40241


@pytest.mark.parametrize("path", ["/cgi-bin/media/upload", "/cgi-bin/media/uploadimg"])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no picture", 40137),
        ("文字".encode(), 40137),
        (b"%PDF-1.7", 40137),
        (b"\xff\xd8\xffx", 0),
        (b"GIF89a", 0),
    ],
)
async def test_text_is_no_image(api, path, content, code):
    assert (await upload(api, path, content)).get("errcode", 0) == code


@pytest.mark.parametrize(
    ("button", "code"),
    [
        ({"name": "更多", "sub_button": [{"name": "再多", "sub_button": [CLICK]}]}, 40022),
        ({"name": "更多", "sub_button": [{**CLICK, "sub_button": [CLICK]}]}, 40022),
        ({"name": "更多", "sub_button": [{**CLICK, "sub_button": []}]}, 0),
        (MINI, 0),
        *(
            ({name: value for name, value in MINI.items() if name != left}, code)
            for left, code in (("appid", 40013), ("pagepath", 40020), ("url", 40020))
        ),
        ({"type": "article_id", "name": "公告", "article_id": "A1"}, 0),
        ({"type": "article_view_limited", "name": "公告", "article_id": "A1"}, 0),
        ({"type": "article_id", "name": "公告"}, 40007),
        ({"type": "hologram", "name": "公告"}, 40017),
    ],
)
async def test_buttons_are_taken_as_wechat_takes_them(api, button, code):
    assert (await api.post("/cgi-bin/menu/create", {"button": [button]}))["errcode"] == code


@pytest.mark.parametrize(("kind", "name"), [("mpnews", "media_id"), ("mpnewsarticle", "article_id")])
async def test_published_articles_are_sent_by_their_id(api, wang, kind, name):
    body = {"touser": wang.openid, "msgtype": kind}
    assert (await api.post("/cgi-bin/message/custom/send", {**body, kind: {name: "A1"}}))["errcode"] == 0
    assert wang.received[-1].kind == "news"
    assert (await api.post("/cgi-bin/message/custom/send", {**body, kind: {}}))["errcode"] == 40007
