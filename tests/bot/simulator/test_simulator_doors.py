"""Faults on order, the records of traffic, and the JSON door of the page."""

import asyncio
import json

import aiohttp
import pytest
from aiohttp import FormData
from simulator_parts import AES_KEY, APPID, SECRET, TOKEN

from bot.simulator.app import Simulator
from bot.simulator.clock import SimClock


@pytest.mark.parametrize(("kind", "code"), [("quota", 45009), ("busy", -1), ("expired_token", 42001)])
async def test_a_refusing_fault_strikes_as_often_as_ordered(sim, api, wang, kind, code):
    sim.order_fault(kind, path="custom/send", times=2)
    assert "total" in await api.get("/cgi-bin/user/get")
    codes = []
    for _ in range(3):
        codes.append(await api.send_text(wang))
        api.token = (await api.stable())["access_token"]
    assert codes == [code, code, 0]
    assert len(wang.received) == 1


async def test_any_code_can_be_ordered_and_shows_on_the_page(sim, api, wang):
    sim.order_fault("refusal", path="custom/send", code=40164)
    assert sim.platform.faults.orders[0].to_json()["code"] == 40164
    assert [await api.send_text(wang) for _ in range(2)] == [40164, 0]


async def test_a_refusal_needs_its_code_and_nothing_else_has_one(sim):
    for kind, code in (("refusal", 0), ("quota", 40164)):
        with pytest.raises(ValueError, match="code"):
            sim.order_fault(kind, code=code)


async def test_an_expired_token_stays_dead_and_the_next_one_is_new(sim, api, wang):
    old = api.token
    sim.order_fault("expired_token")
    assert await api.send_text(wang) == 42001
    assert await api.send_text(wang) == 40001
    assert (await api.stable())["access_token"] != old


async def test_msgmenu_can_be_refused_alone(sim, api, wang):
    sim.order_fault("msgmenu_refused")
    assert await api.send_text(wang) == 0
    body = {"touser": wang.openid, "msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "好"}]}}
    assert (await api.post("/cgi-bin/message/custom/send", body))["errcode"] == 40200
    assert (await api.post("/cgi-bin/message/custom/send", body))["errcode"] == 0


async def test_server_error_is_http_500_without_effect(sim, api, wang):
    sim.order_fault("server_error")
    body = {"touser": wang.openid, "msgtype": "text", "text": {"content": "x"}}
    answer = await api.raw("POST", "/cgi-bin/message/custom/send", json=body)
    assert answer.status == 500
    assert wang.received == []


async def test_a_lost_reply_takes_effect_and_cuts_the_connection(sim, api, wang):
    sim.order_fault("lost_reply")
    with pytest.raises(aiohttp.ClientError):
        await api.send_text(wang)
    assert len(wang.received) == 1
    assert sim.calls("custom/send")[-1].fault == "lost_reply"


async def test_a_timeout_has_no_effect_and_no_answer(sim, api, wang):
    sim.order_fault("timeout", seconds=60)
    body = {"touser": wang.openid, "msgtype": "text", "text": {"content": "x"}}
    with pytest.raises(TimeoutError):
        await api.raw(
            "POST", "/cgi-bin/message/custom/send", json=body, timeout=aiohttp.ClientTimeout(total=0.05)
        )
    assert wang.received == []
    sim.order_fault("timeout", seconds=0)
    with pytest.raises(aiohttp.ClientError):
        await api.send_text(wang)


async def test_slow_answers_late_but_well(sim, api, wang):
    sim.order_fault("slow", seconds=0.01)
    assert await api.send_text(wang) == 0


async def test_faults_are_checked_and_spare_tokens_without_a_path(sim, api):
    with pytest.raises(ValueError, match="unknown fault"):
        sim.order_fault("earthquake")
    sim.order_fault("busy")
    assert "access_token" in await api.stable()
    sim.order_fault("busy", path="stable_token")
    assert (await api.stable())["errcode"] == -1


async def test_every_call_is_kept_with_body_and_answer(sim, api, wang):
    await api.send_text(wang, "您好")
    call = sim.calls("custom/send")[0]
    assert call.body["text"]["content"] == "您好"
    assert call.answer == {"errcode": 0, "errmsg": "ok"}
    assert sim.sent[-1] is call
    assert sim.calls("menu") == []


async def test_the_wire_log_masks_secrets_and_is_bounded(sim, service, api, wang, clock):
    await api.send_text(wang, "您好")
    await wang.say("谢谢")
    text = json.dumps([one.to_json() for one in sim.wire], ensure_ascii=False)
    assert api.token not in text
    assert SECRET not in text
    assert '"***"' in text
    push = sim.wire[-1]
    assert (push.direction, push.attempt, push.status, push.response) == ("push", 1, 200, "success")
    assert "谢谢" in push.decrypted
    small = Simulator(
        appid=APPID, secret=SECRET, token=TOKEN, aes_key=AES_KEY, push_url=service.url, clock=clock, keep=2
    )
    await small.start()
    phone = small.phone("李")
    await phone.follow()
    for number in range(3):
        await phone.say(str(number))
    await small.close()
    assert len(small.wire) == 2


async def deed(door, openid, name, body):
    answer = await door.post(f"/sim/people/{openid}/{name}", json=body)
    return answer.status, await answer.json()


async def test_the_page_can_play_a_person(door, sim, service, api):
    service.answer = lambda push: service.reply(push, Content="欢迎")
    openid = (await (await door.post("/sim/people", json={"name": "小张", "role": "volunteer"})).json())[
        "openid"
    ]
    assert (await deed(door, openid, "text", {"content": "早"}))[0] == 409
    status, answer = await deed(door, openid, "follow", {"scene": "s1"})
    reply = {"kind": "text", "content": "欢迎"}
    assert (status, answer["tries"], answer["outcome"], answer["reply"]) == (200, 1, "reply", reply)
    for name, body in {
        "text": {"content": "早"},
        "location": {"lat": 31.5, "lng": 120.1, "label": "这里"},
        "menu": {"key": "K"},
        "msgmenu": {"id": "1", "content": "满意"},
        "scan": {"scene": "s2"},
        "subscribe": {"template_id": "N-DONE"},
    }.items():
        assert (await deed(door, openid, name, body))[0] == 200, name
    assert (await deed(door, openid, "menu", {"url": "http://x/"}))[1]["outcome"] == "reply"
    state = await (await door.get("/sim/state")).json()
    assert state["people"] == [{"openid": openid, "name": "小张", "role": "volunteer", "following": True}]
    assert state["account"] == {"name": "共治·胡埭", "appid": APPID}
    assert (await deed(door, openid, "unfollow", {}))[0] == 200
    assert service.heard[-1]["Event"] == "unsubscribe"


async def test_the_page_reads_the_screen_from_where_it_was(door, sim, wang):
    await wang.say("一")
    await wang.say("二")
    path = f"/sim/people/{wang.openid}/messages"
    rows = (await (await door.get(path)).json())["messages"]
    assert [(row["from"], row["kind"]) for row in rows] == [
        ("notice", "event"),
        ("me", "text"),
        ("me", "text"),
    ]
    assert rows[0]["text"] == "已关注"
    later = (await (await door.get(path, params={"after": rows[1]["seq"]})).json())["messages"]
    assert [row["content"] for row in later] == ["二"]


@pytest.mark.parametrize("kind", ["photo", "voice", "video"])
async def test_the_page_can_send_files_and_show_them(door, sim, service, wang, kind):
    form = FormData()
    form.add_field("file", b"bytes-of-it", filename="x.bin")
    answer = await door.post(f"/sim/people/{wang.openid}/{kind}", data=form)
    assert (await answer.json())["outcome"] == "success"
    media_id = service.heard[-1]["MediaId"]
    assert await (await door.get(f"/sim/media/{media_id}")).read() == b"bytes-of-it"
    assert (await door.get("/sim/media/none")).status == 404
    assert (await door.post(f"/sim/people/{wang.openid}/{kind}", data={"file": "x"})).status == 400


async def test_what_the_page_asks_wrongly_is_told(door, wang):
    assert (await deed(door, "oNobody", "text", {"content": "x"}))[0] == 404
    assert (await deed(door, wang.openid, "text", {}))[0] == 400
    assert (await deed(door, wang.openid, "text", ["x"]))[0] == 400
    assert (await door.post("/sim/clock", data=b"{")).status == 400
    assert (await door.post("/sim/clock", json={"advance_seconds": -1})).status == 400
    assert (await door.post("/sim/faults", json={"kind": "earthquake"})).status == 400


async def test_the_page_moves_the_clock_and_orders_faults(door, sim, clock):
    before = clock.now()
    await door.post("/sim/clock", json={"advance_seconds": 3600})
    assert (clock.now() - before).total_seconds() == 3600
    await door.post("/sim/faults", json={"kind": "slow", "path": "send", "times": 2, "seconds": 1})
    faults = (await (await door.get("/sim/state")).json())["faults"]
    assert faults == [{"kind": "slow", "path": "send", "times": 2, "seconds": 1.0}]
    await door.delete("/sim/faults")
    assert (await (await door.get("/sim/state")).json())["faults"] == []


async def test_the_wire_and_the_city_are_served(door, api, wang):
    entries = (await (await door.get("/sim/wire")).json())["entries"]
    assert [entry["direction"] for entry in entries] == ["api", "push"]
    assert entries[1]["decrypted"].startswith("<xml>")
    assert (await (await door.get("/sim/wire", params={"after": entries[0]["seq"]})).json())[
        "entries"
    ] == entries[1:]
    assert len((await (await door.get("/sim/city.geojson")).json())["features"]) == 1
    assert (await door.get("/sim/sample.jpg")).content_type == "image/jpeg"


async def test_changes_are_streamed(door, sim, wang):
    stream = await door.get("/sim/events")
    assert stream.content_type == "text/event-stream"

    async def next_seq():
        assert await stream.content.readline() == b"event: changed\n"
        line = await stream.content.readline()
        await stream.content.readline()
        return json.loads(line.removeprefix(b"data: "))["seq"]

    async with asyncio.timeout(2):
        first = await next_seq()
        await wang.say("你好")
        assert await next_seq() > first
    stream.close()


async def test_vendor_files_are_served_and_nothing_beside_them(service, aiohttp_client, tmp_path):
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "lib.mjs").write_text("export {}")
    (tmp_path / "private.txt").write_text("no")
    sim = Simulator(
        appid=APPID,
        secret=SECRET,
        token=TOKEN,
        aes_key=AES_KEY,
        push_url=service.url,
        vendor={"lib": tmp_path / "dist"},
    )
    door = await aiohttp_client(sim.application())
    answer = await door.get("/vendor/lib/lib.mjs")
    assert await answer.text() == "export {}"
    assert "javascript" in answer.content_type
    for path in (
        "/vendor/lib/..%2Fprivate.txt",
        "/vendor/other/x",
        "/vendor/lib",
        "/..%2Fapp.py",
        "/none.js",
    ):
        assert (await door.get(path)).status == 404, path


def test_a_clock_moves_only_forward():
    clock = SimClock()
    before = clock.now()
    clock.advance(3600)
    assert (clock.now() - before).total_seconds() >= 3600
    with pytest.raises(ValueError, match="back"):
        clock.advance(-1)
