"""Makes a backup of the whole service while it runs: one folder by date, whole in itself or not there at all."""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from bot.config import Settings
from bot.dumps import DumpError, dump_of
from bot.secret_key import FILE as KEY_FILE
from models.city.load import EXAMPLE
from models.clock import local

FORMAT = 1
PREFIX, PART = "gongzhi-", ".part"
MANIFEST, MEDIA, CITY, SETTINGS_FILE = "manifest.json", "media", "city", "settings.env"
LAST = "last_backup.json"  # in the data folder: when the last one was made, for /metrics
DIGEST = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}")  # where media lie: by the hash of their content
MIGRATIONS = "SELECT name FROM tortoise_migrations WHERE app = 'models' ORDER BY name"
CASES = "SELECT count(*) FROM case_file"
KEPT = "SELECT DISTINCT digest FROM evidence WHERE state = 'kept' AND digest <> ''"
BUSY = "另一个备份正在进行。请等它结束后再运行"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; ``files`` gives the SHA-256 of each file but the media, whose names are theirs."""

    made_at: str  # ISO 8601, with its zone
    database: str  # the kind
    migrations: list[str]
    cases: int  # when it began: those that come meanwhile may be in it or not
    media: int  # photos, videos, voices
    missing: int  # media that the database names and that were not there
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup: where it lies and what it holds."""

    folder: Path
    manifest: Manifest


def make_backup(
    settings: Settings, given: Mapping[str, str], into: Path, *, now: datetime, keep: int = 0
) -> Backup:
    """Back everything up into a new folder under ``into``; with ``keep`` only that many of the newest stay.

    ``given`` are the settings as they were written. Raises DumpError, OSError; what was begun is gone then.
    """
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(into):
        for left in into.glob(f".{PREFIX}*{PART}"):  # by one that was killed
            shutil.rmtree(left)
        name = f"{PREFIX}{local(now):%Y%m%d-%H%M%S}"
        if (into / name).exists():
            raise DumpError(f"{into / name} 已经有了。请过一秒再运行")
        half = into / f".{name}{PART}"
        half.mkdir(mode=0o700)
        try:
            manifest = _fill(half, settings, given, now)
            os.sync()
            half.rename(into / name)
        except BaseException:
            shutil.rmtree(half, ignore_errors=True)
            raise
        _remember(settings.data, into / name, now)
        for old in list_backups(into)[keep:] if keep else ():
            shutil.rmtree(old)
    return Backup(into / name, manifest)


def list_backups(folder: Path) -> list[Path]:
    """Return the finished backups of a folder, the newest first."""
    return sorted((found.parent for found in folder.glob(f"{PREFIX}*/{MANIFEST}")), reverse=True)


def read_manifest(folder: Path) -> Manifest:
    """Return what a backup says of itself; raises DumpError for a folder that is none, or of a later format."""
    try:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        if told["format"] > FORMAT:
            raise DumpError("这份备份是更新的版本做的。请先升级，再恢复")
        return Manifest(**told)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DumpError(f"{folder} 不是一份备份。请写备份里 {MANIFEST} 所在的文件夹") from error


def last_backup(data: Path) -> float:
    """Return when the last backup of that data folder was made, Unix seconds; 0 when there was none."""
    try:
        return float(json.loads((data / LAST).read_text("utf-8"))["at"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0.0


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_media(folder: Path) -> Iterator[Path]:
    """Return the files of a media folder by their place in it; small copies are made anew when asked for."""
    for path in sorted(folder.glob("[0-9a-f][0-9a-f]/*")):
        if DIGEST.fullmatch(str(path.relative_to(folder))):
            yield path.relative_to(folder)


def _fill(folder: Path, settings: Settings, given: Mapping[str, str], now: datetime) -> Manifest:
    """The database first: whatever file it names is kept by then, and media are never changed."""
    dump = dump_of(settings.database)
    migrations, kept, (cases,) = dump.rows(MIGRATIONS), dump.rows(KEPT), dump.rows(CASES)
    dump.take(folder / dump.file)
    media = _copy_media(settings.data / MEDIA, folder / MEDIA, _newest_media(folder.parent))
    _write_private(folder / KEY_FILE, settings.secret_key.decode() + "\n")
    _write_private(folder / SETTINGS_FILE, _as_file(given))
    if settings.city != EXAMPLE:
        shutil.copytree(settings.city, folder / CITY)
    manifest = Manifest(
        made_at=local(now).isoformat(timespec="seconds"),
        database=dump.kind,
        migrations=migrations,
        cases=int(cases),
        media=media,
        missing=sum(not (folder / MEDIA / name[:2] / name[2:]).is_file() for name in kept),
        files={str(path.relative_to(folder)): digest_of(path) for path in _but_media(folder)},
    )
    _write_private(folder / MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


def _copy_media(source: Path, target: Path, before: Path | None) -> int:
    """Copy what is new; what the backup before holds already is one file under two names and takes no room."""
    count = 0
    for name in list_media(source):
        (target / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # its time was over, and it was deleted while we were on our way
            if before is None or not _is_linked(before / name, source / name, target / name):
                shutil.copyfile(source / name, target / name)
            count += 1
    return count


def _is_linked(old: Path, source: Path, new: Path) -> bool:
    try:
        if old.stat().st_size != source.stat().st_size:
            return False
        os.link(old, new)
    except OSError:  # not there, or a disk without hard links
        return False
    return True


def _newest_media(folder: Path) -> Path | None:
    return next((found / MEDIA for found in list_backups(folder)), None)


def _but_media(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and folder / MEDIA not in path.parents)


def _as_file(given: Mapping[str, str]) -> str:
    """Return the settings as a file that systemd, compose and we read alike."""
    plain = re.compile(r"[\w./:@,+=%-]*")
    lines = (
        f"{name}={text}" if plain.fullmatch(text) else f"{name}='{text}'" for name, text in given.items()
    )
    return "".join(f"{line}\n" for line in lines)


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")


def _remember(data: Path, folder: Path, now: datetime) -> None:
    (data / LAST).write_text(json.dumps({"at": now.timestamp(), "folder": str(folder)}), "utf-8")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder for one backup at a time; a killed one lets go by itself."""
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DumpError(BUSY) from None
        yield
