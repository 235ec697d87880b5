"""The platform says in its own name that somebody took back their consent: it is they who are forgotten."""

import pytest
from hearing import cast, report

from bot.simulator.envelope import build_xml
from models.inbox import Letter
from models.people import Person

EVENTS = ("user_authorization_revoke", "user_authorization_cancellation")


@pytest.fixture
async def town(stage):
    """Everybody who may hear of a case."""
    return await cast(stage)


async def tell(stage, phone, event, **more):
    """Push an event about somebody as the platform does: from its own name, whom it is about in OpenID."""
    head = {
        "ToUserName": "gh_town",
        "FromUserName": "gh_platform",
        "CreateTime": stage.simulator.clock.timestamp(),
    }
    told = {**head, "MsgType": "event", "Event": event, "OpenID": phone.openid, "AppID": "wx1", **more}
    answer = await phone.push_raw(build_xml(told))
    assert answer.text == ""


@pytest.mark.parametrize("event", EVENTS)
async def test_who_took_their_consent_back_is_forgotten_and_nobody_else(stage, town, event):
    case = await report(town.reporter)
    await tell(stage, town.reporter, event, RevokeInfo="1")
    assert not await Person.filter(openid=town.reporter.openid).exists()
    assert not await Person.filter(openid="gh_platform").exists()
    assert not await Letter.filter(openid=town.reporter.openid).exists()
    assert await Person.filter(openid=town.joined.openid).exists()
    await case.refresh_from_db()
    assert case.state == "dispatched", "the case goes on"


@pytest.mark.parametrize("event", EVENTS)
async def test_who_of_the_staff_leaves_so_hands_over_what_they_had(stage, town, event):
    case = await report(town.reporter)
    await town.officer.say(f"接单 {case.number}")
    await town.listen()
    await tell(stage, town.officer, event)
    await case.refresh_from_db()
    colleague = await Person.get(openid=town.colleague.openid)
    assert (case.state, case.handler_id, case.assignee_id) == ("dispatched", None, colleague.id)
    assert "转给您了" in (await town.listen())["colleague"][0]


async def test_changed_profile_forgets_nobody(stage, town):
    await tell(stage, town.reporter, "user_info_modified")
    assert await Person.filter(openid=town.reporter.openid).exists()
    assert not await Person.filter(openid="gh_platform").exists()


async def test_two_people_who_leave_in_the_same_second_are_both_forgotten(stage, town):
    for phone in (town.reporter, town.joined):
        await tell(stage, phone, EVENTS[0])
    left = {town.reporter.openid, town.joined.openid}
    assert not await Person.filter(openid__in=left).exists()
