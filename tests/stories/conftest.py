"""The stage of every story: the whole service behind its real HTTP door, and the simulated WeChat before it."""

from datetime import UTC, datetime

import pytest
from stage import Stage

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)  # 09:00 in the town


@pytest.fixture
async def stage(stage_town, database_url, tmp_path):
    """The service and the simulator at 09:00 on a Monday; jobs run when the story lets time pass."""
    async with Stage(stage_town, database_url, tmp_path, start=MONDAY) as stage:
        yield stage
