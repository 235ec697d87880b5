"""A backup is taken while people write, and put back it holds every case and every photo."""

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from processes import spread
from stage import Stage, photo

from bot import backup
from bot.__main__ import main
from bot.dumps import dump_of
from bot.simulator.clock import SimClock
from models.cases.tables import Case
from models.city.load import EXAMPLE
from models.database import close_database, open_database
from models.evidence import Evidence, Keeping

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)  # 09:00 in the town


class Place:
    """One data folder with its database, and the commands on it."""

    def __init__(self, data, database, **settings):
        self.data, self.database, self.settings = data, database, settings

    async def run(self, *words):
        """Run one command; return its exit status, output and complaints."""
        environment = {
            "PATH": os.environ["PATH"],
            "GONGZHI_DATA": str(self.data),
            "GONGZHI_DATABASE": self.database,
            **self.settings,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *map(str, words)),
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, complaints = await process.communicate()
        return process.returncode, out.decode(), complaints.decode()

    async def does(self, *words):
        """Run a command that must succeed; return its output."""
        status, out, complaints = await self.run(*words)
        assert status == 0, complaints
        return out


@pytest.fixture
def place(database_url, tmp_path):
    """Where the service runs."""
    return Place(tmp_path / "data", database_url)


@pytest.fixture
def new_place(request, place, tmp_path):
    """Another machine, with a database of the same kind that holds nothing."""
    if place.database.startswith("postgres"):
        return Place(tmp_path / "new", request.getfixturevalue("bare_postgres_url"))
    return Place(tmp_path / "new", f"sqlite://{tmp_path / 'new' / 'town.sqlite3'}")


class NearPlace(Place):
    """A place whose commands run in this process, at the moment of a clock that is moved."""

    def __init__(self, data, database, monkeypatch, capsys, **settings):
        super().__init__(data, database, **settings)
        self.clock, self.monkeypatch, self.capsys = SimClock(MONDAY), monkeypatch, capsys

    def elsewhere(self, data, database, **settings):
        """Another machine."""
        return NearPlace(data, database, self.monkeypatch, self.capsys, **settings)

    def run(self, *words):
        """Run one command; return its exit status, output and complaints."""
        given = {"GONGZHI_DATA": str(self.data), "GONGZHI_DATABASE": self.database, **self.settings}
        with self.monkeypatch.context() as patched:
            for name, value in given.items():
                patched.setenv(name, value)
            status = main([str(word) for word in words], clock=self.clock)
        told = self.capsys.readouterr()
        return status, told.out, told.err

    def does(self, *words):
        """Run a command that must succeed; return its output."""
        status, out, complaints = self.run(*words)
        assert status == 0, complaints
        return out


@pytest.fixture
def file_place(sqlite_url, tmp_path, monkeypatch, capsys):
    """A place on SQLite with one photo."""
    monkeypatch.chdir(tmp_path)
    keep(tmp_path / "data", b"one")
    return NearPlace(tmp_path / "data", sqlite_url, monkeypatch, capsys)


def keep(data, content):
    """Put a file where photos lie."""
    digest = hashlib.sha256(content).hexdigest()
    path = data / "media" / digest[:2] / digest[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def backups(folder):
    """The finished backups of a folder, the oldest first."""
    return sorted(folder.glob("gongzhi-*"))


def content_of(folder):
    """Every file of a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def report(stage, number):
    """Somebody reports with a photo of their own; return the case's number."""
    phone = await stage.citizen(f"居民{number}")
    await phone.photo(photo(f"井盖{number}"))
    await phone.locate(*spread(number))
    await phone.say(f"路边的井盖坏了，第{number}个")
    await phone.say("提交")
    await stage.run_jobs(times=1)
    return (await Case.get(text__contains=f"第{number}个")).number


async def test_backup_under_load_is_put_back_with_every_case_and_photo(
    stage_town, place, new_place, tmp_path
):
    into = tmp_path / "backups"
    async with Stage(stage_town, place.database, tmp_path, start=MONDAY) as stage:
        before = [await report(stage, number) for number in range(3)]
        running = asyncio.create_task(place.run("backup", "--to", into))
        during = []
        while not running.done():
            during.append(await report(stage, 3 + len(during)))
        status, out, complaints = await running
        assert (status, complaints) == (0, "")
        assert str(into) in out
        after = await report(stage, 90)
    assert during, "nobody wrote meanwhile"
    shutil.rmtree(place.data)  # the machine is gone
    out = await new_place.does("restore", into)
    assert "恢复好了" in out
    await new_place.does("migrate")
    database = await open_database(new_place.database)
    try:
        found = set(await Case.all().values_list("number", flat=True))
        assert set(before) <= found <= {*before, *during}
        assert after not in found
        kept = await Evidence.filter(state=Keeping.KEPT)
        assert {piece.case_id for piece in kept} >= set(
            await Case.filter(number__in=before).values_list("id", flat=True)
        )
        for piece in kept:
            content = (new_place.data / "media" / piece.digest[:2] / piece.digest[2:]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == piece.digest
    finally:
        await close_database(database)
    assert f"查了 {len(found)} 个案件" in await new_place.does("history", "check")


async def test_what_is_put_back_serves_and_believes_its_old_links(stage_town, place, new_place, tmp_path):
    async with Stage(stage_town, place.database, tmp_path, start=MONDAY) as stage:
        number = await report(stage, 1)
        await place.does("backup", "--to", tmp_path / "backups")
        key = stage.settings.secret_key
    await new_place.does("restore", tmp_path / "backups")
    assert (new_place.data / "secret.key").read_bytes().strip() == key
    shutil.copytree(new_place.data, tmp_path / "again" / "data")
    async with Stage(stage_town, new_place.database, tmp_path / "again", start=MONDAY) as stage:
        phone = await stage.citizen("居民9")
        assert await Case.filter(number=number).exists()
        assert await report(stage, 9) != number, "numbers go on where they were"
        assert phone.received


async def test_restore_never_writes_over_what_is_there(stage_town, place, tmp_path, monkeypatch, capsys):
    into = tmp_path / "backups"
    async with Stage(stage_town, place.database, tmp_path, start=MONDAY) as stage:
        old = await report(stage, 1)
        await place.does("backup", "--to", into)
        status, _, complaints = await place.run("restore", into)
        assert status == 2
        assert "systemctl stop gongzhi" in complaints, "the service still runs"
        new = await report(stage, 2)
    place = NearPlace(place.data, place.database, monkeypatch, capsys)
    before = content_of(place.data)
    status, _, complaints = place.run("restore", into)
    assert status == 2
    assert "--aside" in complaints
    assert content_of(place.data) == before
    out = place.does("restore", into, "--aside")
    assert "before" in out
    database = await open_database(place.database)
    try:
        assert await Case.all().values_list("number", flat=True) == [old]
    finally:
        await close_database(database)
    assert new not in out
    photos = list(place.data.glob("before-*/media/??/*"))
    assert len(photos) == 2, "the photos that were here lie aside"
    place.does("backup", "--to", tmp_path / "later")  # what lies aside hinders no later backup
    place.does("restore", tmp_path / "later", "--check")


def leave_like_a_killed_service(file):
    """Write a row that is still in the -wal alone, and leave file and companions as kill -9 does."""
    live = file.with_name("live.sqlite3")
    shutil.copy(file, live)
    connection = sqlite3.connect(live)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("CREATE TABLE of_the_old_one (id INTEGER)")
    connection.commit()
    for end in ("", "-wal", "-shm"):
        shutil.copy(f"{live}{end}", f"{file}{end}")
    connection.close()
    live.unlink()


def test_old_companions_are_never_played_into_the_new_file(file_place, tmp_path):
    file = Path(file_place.database.removeprefix("sqlite://"))
    file_place.does("backup", "--to", tmp_path / "backups")
    leave_like_a_killed_service(file)
    assert Path(f"{file}-wal").stat().st_size
    file_place.does("restore", tmp_path / "backups", "--aside")
    assert not Path(f"{file}-wal").exists()
    assert not Path(f"{file}-shm").exists()
    tables = "SELECT count(*) FROM sqlite_master WHERE name = 'of_the_old_one'"
    assert sqlite3.connect(file).execute(tables).fetchone() == (0,)
    (aside,) = tmp_path.glob("before-*/test.sqlite3")
    assert sqlite3.connect(aside).execute(tables).fetchone() == (1,), "and the old one lost nothing"


def test_companions_without_a_file_are_taken_away(file_place, tmp_path):
    file = Path(file_place.database.removeprefix("sqlite://"))
    file_place.does("backup", "--to", tmp_path / "backups")
    leave_like_a_killed_service(file)
    file.unlink()
    shutil.rmtree(file_place.data)
    file_place.does("restore", tmp_path / "backups")
    assert sqlite3.connect(file).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not Path(f"{file}-wal").exists()


def test_backups_share_the_photos_and_only_the_newest_stay(file_place, tmp_path):
    into = tmp_path / "backups"
    for _ in range(3):
        file_place.clock.advance(1)
        file_place.does("backup", "--to", into, "--keep", "2")
    assert len(backups(into)) == 2
    photos = list(into.glob("gongzhi-*/media/??/*"))
    assert len({path.stat().st_ino for path in photos}) == 1
    assert not list(into.glob(".gongzhi-*"))


def test_backup_that_was_killed_counts_for_nothing_and_is_cleared(file_place, tmp_path):
    half = tmp_path / "backups" / ".gongzhi-20000101-000000.part"
    half.mkdir(parents=True)
    (half / "manifest.json").write_text("{}")
    status, _, complaints = file_place.run("restore", tmp_path / "backups", "--check")
    assert status == 2
    assert "没有备份" in complaints
    file_place.does("backup", "--to", tmp_path / "backups")
    assert not half.exists()


@pytest.mark.parametrize("name", ["database.sqlite3", "secret.key", "settings.env", "media"])
@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_damaged_backup_is_refused_by_the_name_of_its_file(name, harm, file_place, tmp_path):
    file_place.does("backup", "--to", tmp_path / "backups")
    (folder,) = backups(tmp_path / "backups")
    file = next(path for path in [*folder.glob(name), *folder.glob(f"{name}/??/*")] if path.is_file())
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    new = file_place.elsewhere(tmp_path / "new", f"sqlite://{tmp_path / 'town.sqlite3'}")
    for words in (("--check",), ()):
        status, _, complaints = new.run("restore", folder, *words)
        assert status == 2
        assert "media" in complaints or "照片" in complaints if name == "media" else name in complaints
    assert not (tmp_path / "town.sqlite3").exists()


def test_backup_holds_settings_city_and_key_for_its_owner_alone(file_place, tmp_path):
    city = tmp_path / "city"
    shutil.copytree(EXAMPLE, city)
    file_place.settings = {
        "GONGZHI_CITY": str(city),
        "GONGZHI_WECOM_WEBHOOKS": '{"一群": "https://example.cn/a b"}',
    }
    file_place.does("backup", "--to", tmp_path / "backups")
    (folder,) = backups(tmp_path / "backups")
    assert content_of(folder / "city") == content_of(city)
    assert (
        'GONGZHI_WECOM_WEBHOOKS=\'{"一群": "https://example.cn/a b"}\''
        in (folder / "settings.env").read_text()
    )
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("secret.key", "settings.env"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    new = file_place.elsewhere(
        tmp_path / "new", f"sqlite://{tmp_path / 'town.sqlite3'}", GONGZHI_CITY=str(tmp_path / "there")
    )
    out = new.does("restore", folder)
    assert content_of(tmp_path / "there") == content_of(city)
    assert "settings.env" in out
    assert stat.S_IMODE((new.data / "from-backup" / "settings.env").stat().st_mode) == 0o600


def test_city_that_was_changed_since_is_not_written_over(file_place, tmp_path):
    city = tmp_path / "city"
    shutil.copytree(EXAMPLE, city)
    file_place.settings = {"GONGZHI_CITY": str(city)}
    file_place.does("backup", "--to", tmp_path / "backups")
    (city / "privacy.md").write_text("改过了")
    out = file_place.does("restore", tmp_path / "backups", "--aside")
    assert (city / "privacy.md").read_text() == "改过了"
    assert "GONGZHI_CITY" in out
    assert (file_place.data / "from-backup" / "city" / "privacy.md").read_text() != "改过了"


def test_photo_that_is_deleted_meanwhile_spoils_no_backup(file_place, tmp_path, monkeypatch):
    listed = backup.list_media
    gone = Path("ab") / ("c" * 62)
    monkeypatch.setattr(backup, "list_media", lambda folder: [gone, *listed(folder)])
    file_place.does("backup", "--to", tmp_path / "backups")
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert "1 个照片" in file_place.does("restore", tmp_path / "backups", "--check")


def test_two_backups_at_once_do_not_meet(file_place, tmp_path):
    into = tmp_path / "backups"
    into.mkdir()
    with backup._alone(into):
        status, _, complaints = file_place.run("backup", "--to", into)
    assert status == 2
    assert "正在进行" in complaints
    file_place.does("backup", "--to", into)


def test_restore_that_breaks_in_the_middle_says_where_the_old_one_is_and_may_be_done_again(
    file_place, tmp_path, monkeypatch
):
    file_place.does("backup", "--to", tmp_path / "backups")
    before = Path(file_place.database.removeprefix("sqlite://")).read_bytes()

    def full(*_args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("bot.dumps.SqliteDump.put_back", full)
        status, _, complaints = file_place.run("restore", tmp_path / "backups", "--aside")
    assert status == 2
    (aside,) = tmp_path.glob("before-*/test.sqlite3")
    assert str(aside) in complaints
    assert aside.read_bytes() == before
    file_place.clock.advance(1)
    file_place.does("restore", tmp_path / "backups", "--aside")
    assert aside.read_bytes() == before


async def test_owner_of_a_postgres_database_needs_no_more_rights(bare_postgres_url, tmp_path):
    parts, role = urlsplit(bare_postgres_url), f"town_{os.urandom(4).hex()}"
    url = parts._replace(netloc=f"{role}:s%40cret@{parts.hostname}:{parts.port or 5432}").geturl()
    server = await asyncpg.connect(bare_postgres_url)
    try:
        await server.execute(f"CREATE ROLE {role} LOGIN PASSWORD 's@cret'")
        await server.execute(f"ALTER DATABASE {parts.path[1:]} OWNER TO {role}")
        await server.close()
        dump = dump_of(url)
        dump.rows("CREATE TABLE seen AS SELECT 1 AS id")
        for turn in (1, 2):  # a second time: what lies aside goes along with no dump
            dump.take(tmp_path / f"{turn}.dump")
            assert dump.is_taken()
            dump.set_aside(f"20260101-00000{turn}")
            assert not dump.is_taken()
            dump.put_back(tmp_path / f"{turn}.dump")
            assert dump.rows("SELECT id FROM seen") == ["1"]
        assert b"before_" not in (tmp_path / "2.dump").read_bytes()
    finally:
        await drop_role(bare_postgres_url, role)


async def drop_role(url, role):
    """Take a role away with all that is its own in that database."""
    server = await asyncpg.connect(url)
    await server.execute(f"ALTER DATABASE {urlsplit(url).path[1:]} OWNER TO CURRENT_USER")
    await server.execute(f"DROP OWNED BY {role} CASCADE")
    await server.execute(f"DROP ROLE {role}")
    await server.close()


def test_backup_of_a_later_version_is_refused(file_place, tmp_path):
    file_place.does("backup", "--to", tmp_path / "backups")
    (folder,) = backups(tmp_path / "backups")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["migrations"].append("9999_of_tomorrow")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    status, _, complaints = file_place.run("restore", folder, "--aside")
    assert status == 2
    assert "9999_of_tomorrow" in complaints


@pytest.mark.parametrize("url", ["postgres://nobody:secret@127.0.0.1:1/none"])
def test_backup_of_another_kind_is_refused_before_anything(url, file_place, tmp_path):
    file_place.does("backup", "--to", tmp_path / "backups")
    status, _, complaints = file_place.elsewhere(tmp_path / "new", url).run("restore", tmp_path / "backups")
    assert status == 2
    assert "来自 SQLite" in complaints
    assert "secret" not in complaints


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("restore", "/nowhere"), "没有备份"),
        (("backup", "--to", "/proc/here"), "没有成功"),
    ],
)
def test_mistakes_are_told_without_a_traceback(words, told, file_place):
    status, _, complaints = file_place.run(*words)
    assert status == 2
    assert told in complaints
    assert "Traceback" not in complaints
