"""Watchers see when the last backup was made."""

from datetime import UTC, datetime

import aiohttp
import pytest
from stage import Stage

from bot.backup import last_backup, make_backup

MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
NAME = "gongzhi_last_backup_timestamp_seconds"


async def test_last_backup_and_room_left_are_shown(stage_town, sqlite_url, tmp_path):
    async with (
        Stage(stage_town, sqlite_url, tmp_path, start=MONDAY) as stage,
        aiohttp.ClientSession() as client,
    ):

        async def figures():
            async with client.get(f"{stage.address}/metrics") as answer:
                lines = (await answer.text()).splitlines()
            return {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith("gongzhi_")}

        assert (await figures())[NAME] == 0
        make_backup(stage.settings, {}, tmp_path / "backups", now=MONDAY)
        told = await figures()
        assert told[NAME] == MONDAY.timestamp()
        assert told["gongzhi_data_free_bytes"] > 0


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"at": "x"}'])
def test_note_that_cannot_be_read_counts_as_no_backup(text, tmp_path):
    (tmp_path / "last_backup.json").write_text(text)
    assert last_backup(tmp_path) == 0
