"""The stage of the jobs: the whole service, the simulated WeChat as judge, and a clock that is moved."""

from datetime import UTC, datetime

import pytest
from stage import Stage

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)  # 09:00 in the town


@pytest.fixture
async def stage(stage_town, database_url, tmp_path):
    async with Stage(stage_town, database_url, tmp_path, start=MONDAY) as stage:
        yield stage
