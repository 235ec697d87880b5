"""Puts a backup back: looks at all of it first, never over what is there, and says what it found."""

import filecmp
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.backup import CASES, CITY, KEPT, MEDIA, SETTINGS_FILE, Manifest, digest_of, list_media, read_manifest
from bot.dumps import Dump, DumpError, dump_of
from bot.secret_key import FILE as KEY_FILE
from models import migrations
from models.clock import local

KINDS = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
FROM_BACKUP = "from-backup"  # where settings and city go that cannot go to their own place
DAMAGED = "备份里这些文件坏了或不见了，请换一份更早的备份：{files}"
SHORT = "备份里少了照片和录音：应有 {told} 个，只有 {found} 个。请换一份更早的备份"
OTHER_KIND = "这份备份来自 {backup}，现在的设置是 {here}。请改 GONGZHI_DATABASE，或换一份备份"
NEWER = "这份备份来自更新的版本（{names}）。请先升级到那个版本，再恢复"
IN_USE = "数据库正在使用。请先停下服务（systemctl stop gongzhi），再恢复"
TAKEN = "这里已经有数据（{what}），没有动它。要恢复到这里请加 --aside，原来的会挪到一边，不会删除"

HALF = "恢复到一半停下了（{why}）。原来的一件没丢，在 {places}。解决以后加 --aside 再运行一次"


@dataclass(slots=True)
class Restored:
    """What came back, and what the operator still has to see to."""

    cases: int = 0
    media: int = 0
    missing: int = 0  # media that the database names and that are not there
    aside: list[str] = field(default_factory=list)  # where that is what was here before
    city: Path | None = None  # where the city folder was put, when it was
    settings: Path | None = None  # the settings of then
    has_other_key: bool = False  # GONGZHI_SECRET_KEY here is not the backup's


def check_backup(folder: Path) -> Manifest:
    """Read every byte of a backup; raises DumpError with all that is damaged."""
    manifest = read_manifest(folder)
    wrong = [name for name, digest in manifest.files.items() if not _is_whole(folder / name, digest)]
    found = list(list_media(folder / MEDIA))
    wrong += [
        f"{MEDIA}/{name}"
        for name in found
        if not _is_whole(folder / MEDIA / name, str(name).replace("/", ""))
    ]
    if wrong:
        raise DumpError(DAMAGED.format(files="、".join(wrong[:10])))
    if len(found) < manifest.media:
        raise DumpError(SHORT.format(told=manifest.media, found=len(found)))
    return manifest


def restore_backup(
    folder: Path, data: Path, database: str, given: Mapping[str, str], *, now: datetime, aside: bool = False
) -> Restored:
    """Put a backup into a data folder and a database that hold nothing, or with ``aside`` in place of what they hold.

    Raises DumpError before anything is touched where it may not be done. Of what was here nothing is lost.
    """
    dump = dump_of(database)
    manifest = check_backup(folder)
    _demand_fit(manifest, dump)
    dump.check(folder / dump.file)
    if dump.is_in_use():
        raise DumpError(IN_USE)
    told = Restored()
    if (taken := _taken(data, dump)) and not aside:
        raise DumpError(TAKEN.format(what="、".join(taken)))
    _set_aside(data, dump, told, f"{local(now):%Y%m%d-%H%M%S}")
    try:
        _put_files_back(folder, data, given, told)
        dump.put_back(folder / dump.file)  # last: without its database what is half there serves nobody
    except (OSError, DumpError) as error:
        raise DumpError(HALF.format(why=error, places="、".join(told.aside) or "备份里")) from error
    os.sync()
    told.cases = int(dump.rows(CASES)[0])
    told.missing = sum(not (data / MEDIA / name[:2] / name[2:]).is_file() for name in dump.rows(KEPT))
    return told


def _demand_fit(manifest: Manifest, dump: Dump) -> None:
    if manifest.database != dump.kind:
        raise DumpError(OTHER_KIND.format(backup=KINDS.get(manifest.database, "?"), here=KINDS[dump.kind]))
    known = {path.stem for folder in migrations.__path__ for path in Path(folder).glob("[0-9]*.py")}
    if later := [name for name in manifest.migrations if name not in known]:
        raise DumpError(NEWER.format(names="、".join(later)))


def _taken(data: Path, dump: Dump) -> list[str]:
    media = data / MEDIA
    return [
        *(["数据库"] if dump.is_taken() else []),
        *([str(media)] if media.is_dir() and any(media.iterdir()) else []),
    ]


def _set_aside(data: Path, dump: Dump, told: Restored, mark: str) -> None:
    """Move, never delete; a key alone, as ``check`` makes one, is moved too."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if dump.is_taken():
        told.aside.append(dump.set_aside(mark))
    folder = data / f"before-{mark}"
    for path in (data / MEDIA, data / KEY_FILE):
        if path.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            path.rename(folder / path.name)
    if folder.is_dir() and str(folder) not in map(os.path.dirname, told.aside):
        told.aside.append(str(folder))


def _put_files_back(folder: Path, data: Path, given: Mapping[str, str], told: Restored) -> None:
    for name in list_media(folder / MEDIA):
        (data / MEDIA / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(folder / MEDIA / name, data / MEDIA / name)
        told.media += 1
    _copy_private(folder / KEY_FILE, data / KEY_FILE)
    key = given.get("GONGZHI_SECRET_KEY", "")
    told.has_other_key = bool(key) and key != (folder / KEY_FILE).read_text("utf-8").strip()
    written = folder / SETTINGS_FILE
    told.settings = data / FROM_BACKUP / SETTINGS_FILE
    told.settings.parent.mkdir(mode=0o700, exist_ok=True)
    _copy_private(written, told.settings)
    if (folder / CITY).is_dir():
        told.city = _put_city_back(folder / CITY, data, given.get("GONGZHI_CITY", ""))


def _put_city_back(city: Path, data: Path, named: str) -> Path | None:
    """Put it where the settings name it, or where that is taken into the data folder; None when the same is there."""
    place = Path(named).expanduser() if named else None
    if place is not None and place.is_dir() and any(place.iterdir()):
        if _is_same(city, place):
            return None
        place = None
    target = place or data / FROM_BACKUP / CITY
    try:
        shutil.copytree(city, target, dirs_exist_ok=True)
    except OSError:  # a folder of the operator's that the service may only read
        target = data / FROM_BACKUP / CITY
        shutil.copytree(city, target, dirs_exist_ok=True)
    return target


def _is_same(one: Path, other: Path) -> bool:
    names = [
        {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        for folder in (one, other)
    ]
    return names[0] == names[1] and not any(filecmp.cmpfiles(one, other, names[0], shallow=False)[1:])


def _is_whole(path: Path, digest: str) -> bool:
    return path.is_file() and digest_of(path) == digest


def _copy_private(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    shutil.copyfile(source, target)
