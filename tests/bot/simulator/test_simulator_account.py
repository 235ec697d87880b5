"""Media, followers, tags, menu, QR codes and web sign-in."""

import io

import pytest
from aiohttp import FormData
from PIL import ExifTags, Image
from simulator_parts import APPID, SECRET
from yarl import URL

from bot.simulator.pictures import SUBJECTS, sample_picture


def form(content, name="a.jpg", field="media"):
    data = FormData()
    data.add_field(field, content, filename=name)
    return data


async def upload(api, kind, content):
    answer = await api.raw("POST", "/cgi-bin/media/upload", params={"type": kind}, data=form(content))
    return await answer.json()


async def test_a_picture_comes_back_for_three_days_and_then_as_json(api, clock):
    picture = sample_picture("井盖")
    media_id = (await upload(api, "image", picture))["media_id"]
    answer = await api.raw("GET", "/cgi-bin/media/get", params={"media_id": media_id})
    assert answer.content_type == "image/jpeg"
    assert await answer.read() == picture
    clock.advance(3 * 24 * 3600)
    api.token = (await api.stable())["access_token"]
    answer = await api.raw("GET", "/cgi-bin/media/get", params={"media_id": media_id})
    assert (answer.status, answer.content_type) == (200, "application/json")
    assert (await answer.json())["errcode"] == 40007


async def test_a_video_comes_as_an_address(api, sim, door, wang):
    await wang.video(b"video-bytes")
    media_id = next(one.media_id for one in sim.platform.media.items.values() if one.kind == "video")
    url = (await api.get("/cgi-bin/media/get", media_id=media_id))["video_url"]
    assert await (await door.get(URL(url).path)).read() == b"video-bytes"


async def test_uploads_are_checked(api):
    assert (await upload(api, "image", b""))["errcode"] == 44001
    assert (await upload(api, "hologram", b"x"))["errcode"] == 40004
    assert (await upload(api, "thumb", b"x" * (64 * 1024 + 1)))["errcode"] == 45001
    answer = await api.raw("POST", "/cgi-bin/media/upload", params={"type": "image"}, data={"media": "text"})
    assert (await answer.json())["errcode"] == 41005
    answer = await api.raw("POST", "/cgi-bin/media/uploadimg", data=form(b"\x89PNGx"))
    assert "/sim/media/" in (await answer.json())["url"]


@pytest.mark.parametrize("seed", SUBJECTS)
def test_sample_pictures_carry_a_place_in_their_exif(seed):
    picture = Image.open(io.BytesIO(sample_picture(seed)))
    assert picture.format == "JPEG"
    assert picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] == "N"
    assert sample_picture(seed) == sample_picture(seed)
    assert sample_picture(seed) != sample_picture(seed + " 2")


async def test_followers_are_told_without_name_or_face(api, sim, wang):
    info = await api.get("/cgi-bin/user/info", openid=wang.openid)
    assert (info["subscribe"], info["nickname"], info["headimgurl"]) == (1, "", "")
    assert await api.get("/cgi-bin/user/info", openid="oNobody") | {"errmsg": ""} == {
        "errcode": 40003,
        "errmsg": "",
    }
    stranger = sim.phone("路人")
    assert (await api.get("/cgi-bin/user/info", openid=stranger.openid))["subscribe"] == 0
    listed = await api.get("/cgi-bin/user/get")
    assert (listed["total"], listed["data"]["openid"]) == (1, [wang.openid])
    assert (await api.get("/cgi-bin/user/get", next_openid=wang.openid))["count"] == 0
    await stranger.follow("door-9")
    info = await api.get("/cgi-bin/user/info", openid=stranger.openid)
    assert (info["qr_scene_str"], info["subscribe_scene"]) == ("door-9", "ADD_SCENE_QR_CODE")


async def test_tags_are_kept(api, wang):
    tag = (await api.post("/cgi-bin/tags/create", {"tag": {"name": "商户"}}))["tag"]
    assert tag == {"id": 100, "name": "商户"}
    assert (await api.post("/cgi-bin/tags/create", {"tag": {"name": "商户"}}))["errcode"] == 45157
    assert (await api.post("/cgi-bin/tags/create", {"tag": {"name": "长" * 31}}))["errcode"] == 45158
    wanted = {"openid_list": [wang.openid], "tagid": 100}
    assert (await api.post("/cgi-bin/tags/members/batchtagging", wanted))["errcode"] == 0
    assert (await api.post("/cgi-bin/tags/getidlist", {"openid": wang.openid})) == {"tagid_list": [100]}
    assert (await api.get("/cgi-bin/tags/get"))["tags"] == [{"id": 100, "name": "商户", "count": 1}]
    assert (await api.post("/cgi-bin/user/tag/get", {"tagid": 100}))["data"]["openid"] == [wang.openid]
    assert (await api.post("/cgi-bin/tags/members/batchuntagging", wanted))["errcode"] == 0
    assert (await api.post("/cgi-bin/tags/getidlist", {"openid": wang.openid})) == {"tagid_list": []}
    many = {"openid_list": [wang.openid] * 51, "tagid": 100}
    assert (await api.post("/cgi-bin/tags/members/batchtagging", many))["errcode"] == 40032
    for tagid, code in ((2, 45058), (999, 45159)):
        answer = await api.post("/cgi-bin/tags/members/batchtagging", {**wanted, "tagid": tagid})
        assert answer["errcode"] == code


async def test_tags_are_lost_with_the_follower(api, wang):
    await api.post("/cgi-bin/tags/create", {"tag": {"name": "商户"}})
    await api.post("/cgi-bin/tags/members/batchtagging", {"openid_list": [wang.openid], "tagid": 100})
    await wang.unfollow()
    await wang.follow()
    assert (await api.post("/cgi-bin/tags/getidlist", {"openid": wang.openid})) == {"tagid_list": []}


CLICK = {"type": "click", "name": "好", "key": "K"}


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([], 40016),
        ([CLICK] * 4, 40016),
        ([{**CLICK, "name": "六个汉字太长了"}], 40018),
        ([{"name": "多", "sub_button": [CLICK] * 6}], 40023),
        ([{**CLICK, "key": "k" * 129}], 40019),
        ([{**CLICK, "type": "jump"}], 40017),
        ([{"type": "view", "name": "页", "url": "h5/home"}], 40020),
    ],
)
async def test_a_wrong_menu_is_refused(api, buttons, code):
    assert (await api.post("/cgi-bin/menu/create", {"button": buttons}))["errcode"] == code
    assert (await api.get("/cgi-bin/menu/get"))["errcode"] == 46003


async def test_a_menu_is_kept_shown_and_deleted(api, door):
    buttons = [CLICK, {"name": "更多", "sub_button": [{"type": "view", "name": "首页", "url": "http://x/"}]}]
    assert (await api.post("/cgi-bin/menu/create", {"button": buttons}))["errcode"] == 0
    kept = (await api.get("/cgi-bin/menu/get"))["menu"]["button"]
    assert kept[1]["sub_button"][0]["url"] == "http://x/"
    assert (await (await door.get("/sim/state")).json())["menu"] == kept
    assert (await api.get("/cgi-bin/menu/delete"))["errcode"] == 0
    assert (await api.get("/cgi-bin/menu/get"))["errcode"] == 46003


def code_body(action, expire=None, **scene):
    body = {"action_name": action, "action_info": {"scene": scene}}
    return body if expire is None else {**body, "expire_seconds": expire}


async def test_qr_codes_are_drawn_and_the_temporary_ones_end(api, door, clock, wang, service):
    path = "/cgi-bin/qrcode/create"
    short = await api.post(path, code_body("QR_STR_SCENE", 600, scene_str="shop-1"))
    lasting = await api.post(path, code_body("QR_LIMIT_STR_SCENE", scene_str="shop-2"))
    assert short["expire_seconds"] == 600
    assert "expire_seconds" not in lasting
    picture = await door.get("/cgi-bin/showqrcode", params={"ticket": short["ticket"]})
    assert (await picture.read()).startswith(b"\x89PNG")
    await wang.scan("shop-2")
    assert service.heard[-1]["Ticket"] == lasting["ticket"]
    clock.advance(600)
    assert (await door.get("/cgi-bin/showqrcode", params={"ticket": short["ticket"]})).status == 404
    assert (await door.get("/cgi-bin/showqrcode", params={"ticket": lasting["ticket"]})).status == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (code_body("QR_OTHER", scene_str="x"), 40052),
        (code_body("QR_STR_SCENE", scene_str="x" * 65), 40053),
        (code_body("QR_STR_SCENE", scene_str=""), 40053),
        (code_body("QR_LIMIT_SCENE", scene_id=100_001), 40053),
    ],
)
async def test_wrong_qr_codes_are_refused(api, body, code):
    assert (await api.post("/cgi-bin/qrcode/create", body))["errcode"] == code


ASK = {
    "appid": APPID,
    "redirect_uri": "http://127.0.0.1:1/h5/back?to=board",
    "response_type": "code",
    "scope": "snsapi_userinfo",
    "state": "s-1",
}


async def sign_in(door, openid, **more):
    params = {**ASK, **more, "openid": openid}
    answer = await door.get("/connect/oauth2/authorize", params=params, allow_redirects=False)
    assert answer.status == 302
    return URL(answer.headers["Location"])


async def exchange(door, code, **more):
    params = {"appid": APPID, "secret": SECRET, "code": code, "grant_type": "authorization_code", **more}
    return await (await door.get("/sns/oauth2/access_token", params=params)).json()


async def test_sign_in_asks_who_you_are(door, sim, wang):
    sim.phone("<李>")
    text = await (await door.get("/connect/oauth2/authorize", params=ASK)).text()
    assert "王阿姨" in text
    assert "&lt;李&gt;" in text
    assert f"openid={wang.openid}" in text


async def test_a_code_is_good_once_and_for_five_minutes(door, wang, clock):
    back = await sign_in(door, wang.openid)
    assert (back.path, back.query["to"], back.query["state"]) == ("/h5/back", "board", "s-1")
    got = await exchange(door, back.query["code"])
    assert (got["openid"], got["scope"]) == (wang.openid, "snsapi_userinfo")
    assert (await exchange(door, back.query["code"]))["errcode"] == 40163
    assert (await exchange(door, "made-up"))["errcode"] == 40029
    late = (await sign_in(door, wang.openid)).query["code"]
    clock.advance(300)
    assert (await exchange(door, late))["errcode"] == 40029
    assert (await exchange(door, late, secret="wrong"))["errcode"] == 40125


async def test_the_name_is_told_only_with_consent(door, wang):
    for scope, key in (("snsapi_userinfo", "nickname"), ("snsapi_base", "errcode")):
        got = await exchange(door, (await sign_in(door, wang.openid, scope=scope)).query["code"])
        params = {"access_token": got["access_token"], "openid": wang.openid}
        assert key in await (await door.get("/sns/userinfo", params=params)).json()


async def test_sign_in_by_cookie_and_wrong_addresses(door, wang):
    cookies = {"sim_openid": wang.openid}
    answer = await door.get("/connect/oauth2/authorize", params=ASK, cookies=cookies, allow_redirects=False)
    assert answer.status == 302
    for wrong in ({"appid": "wx-other"}, {"redirect_uri": "javascript:x"}, {"scope": "all"}):
        assert (await door.get("/connect/oauth2/authorize", params={**ASK, **wrong})).status == 400


async def test_tags_are_renamed_and_deleted_with_their_marks(api, wang):
    await api.post("/cgi-bin/tags/create", {"tag": {"name": "商户"}})
    await api.post("/cgi-bin/tags/members/batchtagging", {"openid_list": [wang.openid], "tagid": 100})
    assert (await api.post("/cgi-bin/tags/update", {"tag": {"id": 100, "name": "店主"}}))["errcode"] == 0
    assert (await api.get("/cgi-bin/tags/get"))["tags"][0]["name"] == "店主"
    assert (await api.post("/cgi-bin/tags/delete", {"tag": {"id": 100}}))["errcode"] == 0
    assert (await api.post("/cgi-bin/tags/getidlist", {"openid": wang.openid})) == {"tagid_list": []}


async def test_remarks_and_many_followers_at_once(api, wang):
    assert (await api.post("/cgi-bin/user/info/updateremark", {"openid": wang.openid, "remark": "楼长"}))[
        "errcode"
    ] == 0
    asked = {"user_list": [{"openid": wang.openid, "lang": "zh_CN"}]}
    listed = (await api.post("/cgi-bin/user/info/batchget", asked))["user_info_list"]
    assert [(one["openid"], one["remark"]) for one in listed] == [(wang.openid, "楼长")]
    assert (await api.post("/cgi-bin/user/info/batchget", {"user_list": []}))["errcode"] == 40032


async def test_small_calls_of_every_account(api):
    assert (await api.get("/cgi-bin/getcallbackip"))["ip_list"] == ["127.0.0.1"]
    assert (await api.get("/cgi-bin/ticket/getticket", type="jsapi"))["expires_in"] == 7200
    assert (await api.post("/cgi-bin/clear_quota", {"appid": APPID}))["errcode"] == 0
    assert (await api.post("/cgi-bin/clear_quota", {"appid": "wx-other"}))["errcode"] == 40013
