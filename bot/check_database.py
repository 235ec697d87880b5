"""Looks whether the database lets us in and has had every migration, without making or changing anything."""

from pathlib import Path

from bot.check_units import remind_of_empty_units
from bot.databases import opened
from bot.troubles import BEHIND, UnreachableDatabaseError, sentence_of
from models.city.city import City
from models.database import list_pending

WILL_MIGRATE = "提醒：数据库文件还是旧版的，服务启动时会自己更新；更新前请先备份。"
NO_FILE_YET = "提醒：数据库文件还没有，服务第一次启动时会自己建。"


async def look_at_database(url: str, city: City | None) -> tuple[list[str], list[str]]:
    """Return mistakes and reminders; without a city nothing is said of its units."""
    is_file = url.startswith("sqlite://")
    if is_file and _is_missing(url):  # looking must not make it
        return [], [NO_FILE_YET]
    try:
        async with opened(url, migrating=False):
            if await list_pending(url):
                return ([], [WILL_MIGRATE]) if is_file else ([BEHIND], [])
            return [], await remind_of_empty_units(city) if city else []
    except UnreachableDatabaseError as error:
        return [sentence_of(error) or str(error)], []


def _is_missing(url: str) -> bool:
    return not Path(url.removeprefix("sqlite://")).exists()
