"""Template messages and subscribe notifications."""

import pytest

DATA = {
    "thing1": {"value": "路灯不亮"},
    "phrase2": {"value": "已受理"},
    "time3": {"value": "2026年3月2日 09:00"},
}


async def send(api, phone, **more):
    body = {"touser": phone.openid, "template_id": "T-PROGRESS", "url": "http://x/", "data": DATA, **more}
    return await api.post("/cgi-bin/message/template/send", body)


async def notify(api, phone, template_id="N-DONE"):
    body = {"touser": phone.openid, "template_id": template_id, "data": {"thing1": {"value": "路灯"}}}
    return (await api.post("/cgi-bin/message/subscribe/bizsend", body))["errcode"]


async def test_a_template_message_needs_no_window_and_its_end_is_reported(api, sim, service, wang, clock):
    clock.advance(10 * 24 * 3600)
    api.token = (await api.stable())["access_token"]
    answer = await send(api, wang)
    assert answer["errcode"] == 0
    assert wang.received[-1].data == {
        "title": "办理进度",
        "fields": [
            {"name": "案件", "value": "路灯不亮"},
            {"name": "状态", "value": "已受理"},
            {"name": "时间", "value": "2026年3月2日 09:00"},
        ],
        "url": "http://x/",
    }
    await sim.settle()
    event = service.heard[-1]
    assert event["Event"] == "TEMPLATESENDJOBFINISH"
    assert (event["MsgID"], event["Status"]) == (str(answer["msgid"]), "success")
    assert event["FromUserName"] == wang.openid


async def test_a_person_who_blocks_templates_sees_none_and_the_report_says_so(api, sim, service, wang):
    wang.person.blocks_templates = True
    assert (await send(api, wang))["errcode"] == 0
    await sim.settle()
    assert service.heard[-1]["Status"] == "failed:user block"
    assert wang.received == []


async def test_client_msg_id_guards_against_sending_twice_for_ten_minutes(api, wang, clock):
    first = await send(api, wang, client_msg_id="case-7-accepted")
    clock.advance(599)
    again = await send(api, wang, client_msg_id="case-7-accepted")
    assert again["msgid"] == first["msgid"]
    assert len(wang.received) == 1
    clock.advance(1)
    later = await send(api, wang, client_msg_id="case-7-accepted")
    assert later["msgid"] != first["msgid"]
    assert len(wang.received) == 2


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", "字" * 21),
        ("phrase2", "已经全部受理"),
        ("phrase2", "done"),
        ("time3", "明天"),
        ("thing1", ""),
    ],
)
async def test_a_value_that_does_not_fit_is_refused_by_name(api, wang, key, value):
    answer = await send(api, wang, data={**DATA, key: {"value": value}})
    assert answer["errcode"] == 47003
    assert f"data.{key}.value" in answer["errmsg"]
    assert wang.received == []


async def test_unknown_templates_missing_fields_and_gone_people_are_refused(api, wang):
    assert (await send(api, wang, template_id="T-OTHER"))["errcode"] == 40037
    assert (await send(api, wang, data={"thing1": {"value": "x"}}))["errcode"] == 47003
    assert (await send(api, wang, data=None))["errcode"] == 47003
    await wang.unfollow()
    assert (await send(api, wang))["errcode"] == 43004
    assert (await send(api, wang, touser="oNobody"))["errcode"] == 40003


async def test_templates_are_listed(api):
    listed = (await api.get("/cgi-bin/template/get_all_private_template"))["template_list"]
    assert [(one["template_id"], one["title"]) for one in listed] == [("T-PROGRESS", "办理进度")]
    assert "{{thing1.DATA}}" in listed[0]["content"]
    notices = (await api.get("/wxaapi/newtmpl/gettemplate"))["data"]
    assert [one["priTmplId"] for one in notices] == ["N-DONE"]


async def test_each_consent_is_good_for_one_notice(api, sim, service, wang):
    assert await notify(api, wang) == 43101
    await wang.subscribe("N-DONE", times=2)
    event = service.heard[-1]
    assert event["Event"] == "subscribe_msg_popup_event"
    rows = event["SubscribeMsgPopupEvent"]["List"]
    assert [row["SubscribeStatusString"] for row in rows] == ["accept", "accept"]
    assert [await notify(api, wang) for _ in range(3)] == [0, 0, 43101]
    await sim.settle()
    assert service.heard[-1]["Event"] == "subscribe_msg_sent_event"
    assert await notify(api, wang, "N-OTHER") == 40037


async def test_a_refusal_gives_no_credit(api, service, wang):
    await wang.subscribe("N-DONE", accept=False)
    assert service.heard[-1]["SubscribeMsgPopupEvent"]["List"]["SubscribeStatusString"] == "reject"
    assert await notify(api, wang) == 43101
