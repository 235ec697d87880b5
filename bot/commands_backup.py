"""The commands for safekeeping: ``backup`` and ``restore``."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from bot.backup import list_backups, make_backup
from bot.config import SETTINGS, load_settings, read_environment, read_places
from bot.dumps import DumpError
from bot.restore import Restored, check_backup, restore_backup

WRONG = 2
MADE = "备份好了：{folder}（案件 {cases} 个，照片、视频和语音 {media} 个）"
LACKING = (
    "提醒：数据库里记着、却找不到文件的照片、视频或语音有 {missing} 个。请看看数据文件夹里的 media 是不是完整"
)
PRIVATE = "里面有居民的信息和密钥：请加密后再另存一份到别的机器，按规定的期限删除。"
WHOLE = "这份备份是好的：{at}，{cases} 个案件，{media} 个照片、视频和语音。"
BACK = "恢复好了：{cases} 个案件，{media} 个照片、视频和语音。"
NEXT = "接着：systemctl start gongzhi，再打开 /readyz，用手机发一句话试试。"
ASIDE = "原来的没有删，在：{places}。确认没有问题以后再删。"
SETTINGS_TOLD = (
    "备份时的设置在 {file}：请对照 /etc/gongzhi/gongzhi.env，缺的补上，补完把它删掉（里面有密钥）。"
)
CITY_TOLD = "城市资料在 {folder}：请把 GONGZHI_CITY 写成它，或者放回原处。"
KEY_TOLD = (
    "提醒：GONGZHI_SECRET_KEY 和备份时的不一样，以前发出的链接会打不开。请改成备份里 secret.key 的内容。"
)
FAILED = "没有成功：{why}。"
NO_BACKUP = "{folder} 里没有备份"


def backup(options: Namespace) -> int:
    """Back everything up into a folder, while the service runs."""
    settings, given = load_settings(read_environment()), _given()
    try:
        made = make_backup(settings, given, options.to.absolute(), now=options.clock.now(), keep=options.keep)
    except (DumpError, OSError) as error:
        return _failed(error)
    manifest = made.manifest
    print(MADE.format(folder=made.folder, cases=manifest.cases, media=manifest.media))  # noqa: T201
    print(PRIVATE)  # noqa: T201
    if manifest.missing:
        print(LACKING.format(missing=manifest.missing), file=sys.stderr)  # noqa: T201
    return 0


def restore(options: Namespace) -> int:
    """Put a backup back, or only see whether it is whole."""
    try:
        folder = _named(options.backup.absolute())
        if options.check:
            found = check_backup(folder)
            print(WHOLE.format(at=found.made_at, cases=found.cases, media=found.media))  # noqa: T201
            return 0
        given = _given()
        data, database = read_places(read_environment())
        told = restore_backup(folder, data, database, given, now=options.clock.now(), aside=options.aside)
    except (DumpError, OSError) as error:
        return _failed(error)
    _tell(told)
    return 0


def _named(folder: Path) -> Path:
    """Return the backup itself, or the newest of a folder of backups."""
    if (folder / "manifest.json").is_file():
        return folder
    found = list_backups(folder)
    if not found:
        raise DumpError(NO_BACKUP.format(folder=folder))
    return found[0]


def _tell(told: Restored) -> None:
    lines = [BACK.format(cases=told.cases, media=told.media)]
    if told.missing:
        lines.append(LACKING.format(missing=told.missing))
    if told.aside:
        lines.append(ASIDE.format(places="、".join(told.aside)))
    if told.settings:
        lines.append(SETTINGS_TOLD.format(file=told.settings))
    if told.city:
        lines.append(CITY_TOLD.format(folder=told.city))
    if told.has_other_key:
        lines.append(KEY_TOLD)
    print("\n".join((*lines, NEXT)))  # noqa: T201


def _given() -> dict[str, str]:
    environment = read_environment()
    return {s.name: environment[s.name] for s in SETTINGS if environment.get(s.name, "").strip()}


def _failed(error: Exception) -> int:
    print(FAILED.format(why=error), file=sys.stderr)  # noqa: T201
    return WRONG


COMMANDS: tuple[tuple[str, Callable[[Namespace], int | None], str], ...] = (
    ("backup", backup, "back up database, media, city folder and secrets while the service runs"),
    ("restore", restore, "put a backup back into an empty place, or see whether it is whole"),
)
ARGUMENTS: dict[str, tuple[Callable[[ArgumentParser], object], ...]] = {
    "backup": (
        lambda c: c.add_argument(
            "--to", type=Path, required=True, help="folder in which each backup gets its own"
        ),
        lambda c: c.add_argument(
            "--keep", type=_count, default=0, help="how many of the newest stay; all without"
        ),
    ),
    "restore": (
        lambda c: c.add_argument(
            "backup", type=Path, help="a backup, or the folder of them: then the newest"
        ),
        lambda c: c.add_argument("--check", action="store_true", help="only see whether it is whole"),
        lambda c: c.add_argument(
            "--aside", action="store_true", help="move what is here out of the way first"
        ),
    ),
}


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
