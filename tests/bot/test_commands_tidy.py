"""``tidy`` says what is past its term and deletes it; ``--dry-run`` deletes nothing."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from bot.__main__ import main
from models.database import close_database, open_database
from models.evidence import Evidence, Keeping
from models.inbox import Letter

NOW = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)
OLD = NOW - timedelta(days=400)


class Clock:
    def now(self):
        return NOW


@pytest.fixture
def house(monkeypatch, sqlite_url, tmp_path):
    """A data folder with an old letter, an old photo that was never sent in, and a young one."""
    monkeypatch.setenv("GONGZHI_DATABASE", sqlite_url)
    monkeypatch.setenv("GONGZHI_DATA", str(tmp_path / "data"))

    async def fill():
        await Letter.create(key="m-1", openid="o", kind="text", content={"text": "话"}, at=OLD)
        for content, at in ((b"old", OLD), (b"young", NOW)):
            digest = hashlib.sha256(content).hexdigest()
            path = tmp_path / "data" / "media" / digest[:2] / digest[2:]
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
            row = {"kind": "image", "state": Keeping.KEPT, "digest": digest, "cleaned": 1}
            await Evidence.create(**row, due_at=at, at=at)

    within(sqlite_url, fill)
    return sqlite_url, tmp_path / "data" / "media"


def within(url, work):
    async def run():
        database = await open_database(url)
        try:
            return await work()
        finally:
            await close_database(database)

    return asyncio.run(run())


async def counts():
    return await Letter.all().count(), await Evidence.all().count()


def files(folder):
    return sorted(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_dry_run_counts_and_deletes_nothing(house, capsys):
    url, folder = house
    assert main(["tidy", "--dry-run"], clock=Clock()) == 0
    told = capsys.readouterr().out
    assert "聊天原文：1 条到期" in told
    assert "没报上来的照片和录音：1 条到期" in told
    assert "什么都没有删" in told
    assert within(url, counts) == (1, 2)
    assert len(files(folder)) == 2


def test_tidy_deletes_and_a_second_run_finds_nothing(house, capsys, monkeypatch):
    url, folder = house
    monkeypatch.setattr("models.keeping.pieces.GRACE", timedelta(days=-9000))  # the files are of today
    assert main(["tidy"], clock=Clock()) == 0
    assert "聊天原文：处理了 1 条" in capsys.readouterr().out
    assert within(url, counts) == (0, 1)
    assert files(folder) == [b"young"]
    assert main(["tidy"], clock=Clock()) == 0
    assert "处理了 1 条" not in capsys.readouterr().out


def test_row_without_its_file_is_told_with_what_to_do(house, capsys):
    _, folder = house
    digest = hashlib.sha256(b"young").hexdigest()
    (folder / digest[:2] / digest[2:]).unlink()
    assert main(["tidy", "--dry-run"], clock=Clock()) == 1
    told = capsys.readouterr()
    assert "找不到文件的：1 个（证据编号 2）" in told.out
    assert "备份" in told.err
