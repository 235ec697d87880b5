"""Customer-service messages: windows, counts, kinds and refusals."""

import json

import pytest


async def fill(api, phone, most=9):
    api.token = (await api.stable())["access_token"]
    codes = []
    while not codes or (codes[-1] == 0 and len(codes) < most):
        codes.append(await api.send_text(phone))
    return codes


async def test_a_message_allows_five_answers_within_48_hours(api, wang, clock):
    await wang.say("你好")
    clock.advance(60 * 60 * 48 - 1)
    assert await fill(api, wang) == [0] * 5 + [45047]
    clock.advance(1)
    assert await fill(api, wang) == [45015]


async def test_following_allows_three_within_a_minute(api, wang, clock):
    assert await fill(api, wang) == [0] * 3 + [45047]
    clock.advance(60)
    assert await api.send_text(wang) == 45015


async def test_a_click_a_scan_and_a_msgmenu_tap_allow_three(api, wang, clock):
    for deed in (lambda: wang.tap_menu("MINE"), lambda: wang.scan(7), lambda: wang.tap(1, "满意")):
        clock.advance(61)
        await deed()
        assert await fill(api, wang) == [0] * 3 + [45047]


async def test_windows_do_not_add_up(api, wang, clock):
    await wang.say("你好")
    await wang.tap_menu("MINE")
    assert await fill(api, wang) == [0] * 5 + [45047]
    await wang.tap_menu("MINE")
    assert await fill(api, wang) == [0] * 3 + [45047]
    clock.advance(61)
    assert await api.send_text(wang) == 45047
    await wang.say("再来")
    assert await fill(api, wang) == [0] * 5 + [45047]


async def test_pages_and_cameras_open_no_window(api, wang, clock):
    button = [{"type": "pic_sysphoto", "name": "拍", "key": "SNAP"}]
    assert (await api.post("/cgi-bin/menu/create", {"button": button}))["errcode"] == 0
    clock.advance(61)
    await wang.view_menu("https://example.org/")
    await wang.tap_menu("SNAP")
    assert await api.send_text(wang) == 45015


async def test_who_unfollowed_gets_nothing_and_a_stranger_is_unknown(api, sim, wang):
    await wang.say("你好")
    await wang.unfollow()
    assert await api.send_text(wang) == 45015
    stranger = {"touser": "oNobody", "msgtype": "text", "text": {"content": "x"}}
    assert (await api.post("/cgi-bin/message/custom/send", stranger))["errcode"] == 40003


async def test_kinds_stand_on_the_phone(api, sim, wang):
    await wang.say("你好")
    picture = sim.platform.media.put("image", b"\xff\xd8x").media_id
    menu = {"head_content": "满意吗？", "list": [{"id": "1", "content": "满意"}], "tail_content": "谢谢"}
    article = {"title": "题", "description": "述", "url": "http://x/", "picurl": ""}
    for kind, content in {
        "text": {"content": '看<a href="http://x/">这里</a>'},
        "image": {"media_id": picture},
        "msgmenu": menu,
        "news": {"articles": [article]},
        "miniprogrampage": {"title": "小", "appid": "wx1", "pagepath": "p", "thumb_media_id": picture},
    }.items():
        body = {"touser": wang.openid, "msgtype": kind, kind: content}
        assert (await api.post("/cgi-bin/message/custom/send", body))["errcode"] == 0, kind
    assert [one.kind for one in wang.received] == ["text", "image", "msgmenu", "news", "news"]
    assert wang.received[2].data == {
        "head": "满意吗？",
        "items": [{"id": "1", "content": "满意"}],
        "tail": "谢谢",
    }
    assert wang.received[2].text == "满意吗？\n满意\n谢谢"
    assert wang.last_text == "小\n小程序"


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("text", {"content": ""}, 44004),
        ("text", {"content": "长" * 683}, 45002),
        ("image", {"media_id": "no"}, 40007),
        ("news", {"articles": [{"title": "a"}, {"title": "b"}]}, 45008),
        ("msgmenu", {"head_content": "x", "list": []}, 47003),
        ("hologram", {}, 40008),
    ],
)
async def test_wrong_content_is_refused_and_costs_nothing(api, wang, kind, content, code):
    body = {"touser": wang.openid, "msgtype": kind, kind: content}
    answer = await api.post("/cgi-bin/message/custom/send", body)
    assert answer["errcode"] == code
    assert "rid: " in answer["errmsg"]
    assert await fill(api, wang) == [0] * 3 + [45047]


async def test_2048_bytes_are_still_taken(api, wang):
    assert await api.send_text(wang, "长" * 682 + "ab") == 0


async def test_escaped_unicode_is_shown_as_it_came(api, wang):
    body = {"touser": wang.openid, "msgtype": "text", "text": {"content": "您"}}
    await api.raw("POST", "/cgi-bin/message/custom/send", data=json.dumps(body).encode())
    assert wang.last_text == "\\u60a8"
    quoted = {**body, "text": {"content": 'a\n"\\u60a8"'}}
    await api.post("/cgi-bin/message/custom/send", quoted)
    assert wang.last_text == 'a\n"\\u60a8"'


async def test_a_body_that_is_no_json_is_refused(api, wang):
    for data in (b"{", b"[]", b""):
        answer = await api.raw("POST", "/cgi-bin/message/custom/send", data=data)
        assert answer.status == 200
        assert (await answer.json())["errcode"] == 47001


async def test_typing_shows_for_fifteen_seconds_after_a_fresh_message(api, wang, clock, door):
    typing = {"touser": wang.openid, "command": "Typing"}
    path = "/cgi-bin/message/custom/typing"
    assert (await api.post(path, typing))["errcode"] == 45080
    await wang.say("你好")
    assert (await api.post(path, typing))["errcode"] == 0
    assert (await api.post(path, typing))["errcode"] == 45081
    listed = await (await door.get(f"/sim/people/{wang.openid}/messages")).json()
    assert listed["messages"][-1]["kind"] == "typing"
    clock.advance(15)
    listed = await (await door.get(f"/sim/people/{wang.openid}/messages")).json()
    assert listed["messages"][-1]["kind"] == "text"
    clock.advance(16)
    assert (await api.post(path, typing))["errcode"] == 45080
    assert (await api.post(path, {**typing, "command": "CancelTyping"}))["errcode"] == 0
    assert (await api.post(path, {**typing, "command": "Jump"}))["errcode"] == 45072
