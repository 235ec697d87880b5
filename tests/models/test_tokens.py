"""The shared access token: one claim at a time, bound to the token that went stale."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tortoise import Tortoise

from models.tokens import claim_refresh, find_token, give_up_refresh, store_token

NOW = datetime(2025, 6, 3, 4, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
async def database(tmp_path):
    kept = await Tortoise.init(
        db_url=f"sqlite://{tmp_path}/tokens.sqlite3",
        modules={"models": ["models.tokens"]},
        _enable_global_fallback=True,
    )
    with kept:
        await Tortoise.generate_schemas()
        yield
    await kept.close_connections()


async def test_nothing_is_found_before_the_first_token():
    assert await find_token("wx1") is None


async def test_of_many_claims_at_once_exactly_one_wins():
    claims = await asyncio.gather(*(claim_refresh("wx1", NOW, 30) for _ in range(20)))
    assert sorted(claims) == [False] * 19 + [True]


async def test_claims_of_two_accounts_do_not_touch():
    assert await claim_refresh("wx1", NOW, 30)
    assert await claim_refresh("wx2", NOW, 30)


async def test_a_claim_lapses_when_its_process_died():
    assert await claim_refresh("wx1", NOW, 30)
    assert not await claim_refresh("wx1", NOW + timedelta(seconds=29), 30)
    assert await claim_refresh("wx1", NOW + timedelta(seconds=30), 30)


async def test_a_claim_that_was_given_up_is_free_at_once():
    assert await claim_refresh("wx1", NOW, 30)
    await give_up_refresh("wx1")
    assert await claim_refresh("wx1", NOW, 30)


async def test_whoever_holds_an_already_replaced_token_cannot_claim():
    await store_token("wx1", "old", expires_at=LATER, now=NOW)
    assert await claim_refresh("wx1", NOW, 30, stale="old")
    await store_token("wx1", "new", expires_at=LATER, now=NOW)
    assert not await claim_refresh("wx1", NOW, 30, stale="old")
    assert await claim_refresh("wx1", NOW, 30, stale="new")


async def test_a_stored_token_comes_back_with_its_end():
    await store_token("wx1", "t" * 512, expires_at=LATER, now=NOW)
    row = await find_token("wx1")
    assert (row.token, row.expires_at, row.updated_at) == ("t" * 512, LATER, NOW)
