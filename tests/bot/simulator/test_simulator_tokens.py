"""Access tokens: their life, their overlap, forced refresh, and refusals."""

from simulator_parts import APPID, SECRET


async def works(api, token):
    api.token = token
    return (await api.get("/cgi-bin/user/get")).get("errcode", 0)


async def test_the_stable_token_stays_the_same_until_five_minutes_before_its_end(api, clock):
    first = await api.stable()
    assert first["expires_in"] == 7200
    clock.advance(7200 - 301)
    again = await api.stable()
    assert again == {"access_token": first["access_token"], "expires_in": 301}
    clock.advance(1)
    new = await api.stable()
    assert new["access_token"] != first["access_token"]
    assert await works(api, first["access_token"]) == 0
    assert await works(api, new["access_token"]) == 0
    clock.advance(300)
    assert await works(api, first["access_token"]) == 42001
    assert await works(api, new["access_token"]) == 0


async def test_forced_refresh_ends_the_old_token_and_has_its_limits(api, clock):
    old = (await api.stable())["access_token"]
    new = (await api.stable(force_refresh=True))["access_token"]
    assert await works(api, old) == 40001
    assert await works(api, new) == 0
    clock.advance(29)
    assert (await api.stable(force_refresh=True))["errcode"] == 45011
    for _ in range(19):
        clock.advance(30)
        assert "access_token" in await api.stable(force_refresh=True)
    clock.advance(30)
    assert (await api.stable(force_refresh=True))["errcode"] == 45009
    clock.advance(24 * 3600)
    assert "access_token" in await api.stable(force_refresh=True)


async def test_the_plain_token_knows_nothing_of_the_stable_one(api, clock, door):
    stable = (await api.stable())["access_token"]
    params = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
    one = (await (await door.get("/cgi-bin/token", params=params)).json())["access_token"]
    two = (await (await door.get("/cgi-bin/token", params=params)).json())["access_token"]
    assert len({stable, one, two}) == 3
    assert [await works(api, token) for token in (stable, one, two)] == [0, 0, 0]
    clock.advance(300)
    assert [await works(api, token) for token in (stable, one, two)] == [0, 42001, 0]


async def test_wrong_credentials_and_tokens_are_named(api):
    assert (await api.stable(appid="wx-other"))["errcode"] == 40013
    assert (await api.stable(secret="wrong"))["errcode"] == 40125
    assert (await api.stable(secret=""))["errcode"] == 41004
    assert (await api.stable(grant_type="password"))["errcode"] == 40002
    assert await works(api, "") == 41001
    assert await works(api, "made-up") == 40001


async def test_unknown_paths_and_methods_are_refused(api):
    assert (await api.get("/cgi-bin/no/such"))["errcode"] == 40066
    assert (await api.get("/cgi-bin/message/custom/send"))["errcode"] == 43002
    assert (await api.post("/cgi-bin/user/get", {}))["errcode"] == 43001
