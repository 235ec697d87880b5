"""The stage of what must last: the whole service in this process, its door, its jobs and the simulated WeChat."""

from datetime import UTC, datetime

import pytest
from stage import Stage

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)  # 09:00 in the town


@pytest.fixture
async def stage(stage_town, database_url, tmp_path):
    async with Stage(stage_town, database_url, tmp_path, start=MONDAY) as stage:
        yield stage


@pytest.fixture
async def postgres_stage(stage_town, postgres_url, tmp_path):
    """For what waits inside a transaction: on SQLite that holds up every other."""
    async with Stage(stage_town, postgres_url, tmp_path, start=MONDAY) as stage:
        yield stage
