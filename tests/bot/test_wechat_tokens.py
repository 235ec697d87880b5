"""One token for all: renewed once, by one, whoever notices first that it is bad."""

# ruff: noqa: F401, F811 - fixtures are imported by name and then named again as arguments

import asyncio

import pytest
from platform_stub import OPENID, Sleeps, refusal
from wechat_fixtures import clock, database, open_client, platform, sleeps, wechat

from bot.wechat_errors import WeChatRefused, WeChatStopped, WeChatUnreachable
from models.deliveries.stops import Why, list_stops
from models.tokens import claim_refresh, find_token

SEND = "message/custom/send"


async def say(client, words="已收到"):
    await client.send_customer(OPENID, "text", {"content": words})


async def test_twenty_sends_without_a_token_fetch_one(wechat, platform):
    await asyncio.gather(*(say(wechat) for _ in range(20)))
    assert len(platform.fetches) == 1
    assert len(platform.sent(SEND)) == 20
    assert platform.fetches[0]["force_refresh"] is False


async def test_twenty_sends_with_an_expired_token_renew_it_once(wechat, platform):
    await say(wechat)
    platform.token = "REPLACED-BY-THE-PLATFORM"
    platform.calls.clear()
    await asyncio.gather(*(say(wechat) for _ in range(20)))
    assert len(platform.fetches) == 2
    assert 21 <= len(platform.sent(SEND)) <= 40  # each at most twice


async def test_a_token_near_its_end_is_renewed_before_it_fails(wechat, platform, clock):
    await say(wechat)
    clock.move(7200 - 60)
    await say(wechat)
    assert len(platform.fetches) == 2
    assert len(platform.sent(SEND)) == 2


async def test_two_processes_with_one_database_renew_the_token_once(open_client, platform):
    holding, waiting = asyncio.Event(), asyncio.Event()
    done = asyncio.Event()

    async def second_waits(_seconds):
        waiting.set()
        await done.wait()

    async def slow_token():
        holding.set()
        await waiting.wait()

    platform.on_fetch = slow_token
    first, second = open_client(), open_client(sleep=second_waits)
    sends = [asyncio.create_task(say(first))]
    await holding.wait()
    sends.append(asyncio.create_task(say(second)))
    await sends[0]
    done.set()
    await sends[1]
    assert len(platform.fetches) == 1
    assert len(platform.sent(SEND)) == 2


async def test_a_process_with_a_stale_token_takes_the_one_that_another_has_stored(open_client, platform):
    first, second = open_client(), open_client()
    await say(first)
    await say(second)
    assert len(platform.fetches) == 1
    platform.token = "REPLACED-BY-THE-PLATFORM"
    await say(first)
    await say(second)
    assert len(platform.fetches) == 2


async def test_a_token_that_stays_bad_means_two_tries_and_an_alert(wechat, platform):
    platform.renew = lambda: None  # it hands out a token that it then refuses
    platform.script[SEND].extend([refusal(40001), refusal(40001), refusal(40001)])
    with pytest.raises(WeChatRefused) as caught:
        await say(wechat)
    assert caught.value.code == 40001
    assert len(platform.sent(SEND)) == 2
    assert len(platform.fetches) == 3  # the first, the renewal, and one forced since it gave the same
    assert [fetch["force_refresh"] for fetch in platform.fetches] == [False, False, True]
    assert [(stop.way, stop.code) for stop in await list_stops()] == [("*", 40001)]
    with pytest.raises(WeChatStopped):
        await say(wechat)
    assert len(platform.sent(SEND)) == 2


async def test_forced_renewals_are_rationed(wechat, platform, clock):
    platform.renew = lambda: None
    platform.script[SEND].extend(refusal(40001) for _ in range(20))
    for _ in range(5):
        with pytest.raises(WeChatRefused):
            await say(wechat)
        clock.move(601)
    assert sum(fetch["force_refresh"] for fetch in platform.fetches) == 1


async def test_a_wrong_secret_stops_everything_and_shows_why(wechat, platform):
    platform.script["stable_token"].append(refusal(40125, "invalid appsecret"))
    with pytest.raises(WeChatRefused):
        await say(wechat)
    (stop,) = await list_stops()
    assert (stop.way, stop.why, stop.code) == ("*", Why.SECRET, 40125)
    assert stop.rid == "65f0a1b2-0c3d4e5f-6a7b8c9d"
    with pytest.raises(WeChatStopped):
        await say(wechat)
    assert len(platform.fetches) == 1


async def test_a_failed_renewal_frees_the_claim(wechat, platform, clock):
    platform.script["stable_token"].append(502)
    with pytest.raises(WeChatUnreachable):
        await say(wechat)
    assert (await find_token("wx0123456789abcdef")).refresh_claimed_until is None
    clock.move(5)
    await say(wechat)
    assert len(platform.sent(SEND)) == 1


async def test_a_failed_renewal_is_one_failure_for_all_who_wait(wechat, platform):
    platform.script["stable_token"].append(502)
    results = await asyncio.gather(*(say(wechat) for _ in range(20)), return_exceptions=True)
    assert {type(result) for result in results} == {WeChatUnreachable}, "nothing of theirs went out"
    assert len(platform.fetches) == 1
    (stop,) = await list_stops()
    assert stop.strikes == 1, "and it is one failure for the stop as well"


async def test_a_caller_who_gives_up_does_not_stop_the_renewal_for_the_others(wechat, platform):
    held, entered = asyncio.Event(), asyncio.Event()

    async def wait():
        entered.set()
        await held.wait()

    platform.on_fetch = wait
    one, other = asyncio.create_task(say(wechat)), asyncio.create_task(say(wechat))
    await entered.wait()
    one.cancel()
    held.set()
    await other
    assert len(platform.fetches) == 1
    assert one.cancelled()


async def test_a_renewal_that_another_process_never_finishes_is_given_up(open_client, platform, clock):
    await claim_refresh("wx0123456789abcdef", clock.now(), 30)
    with pytest.raises(WeChatUnreachable):
        await say(open_client(sleep=Sleeps()))
    assert platform.fetches == []
    clock.move(31)
    await say(open_client())
    assert len(platform.fetches) == 1
