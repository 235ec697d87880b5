"""Names the units for which nobody has bound their chat, when the operator checks the settings."""

import sys
from pathlib import Path

from bot.config import Settings
from models.cases.crews import list_empty_units
from models.city.city import City
from models.database import close_database, open_database

NOBODY_BOUND = "提醒：这些单位还没有人绑定微信，派去的案件会留在派遣员的待办里：{units}。"
NO_DATABASE = "提醒：数据库没有打开，没法看各单位有没有人绑定：{why}"


async def warn_of_empty_units(settings: Settings, city: City) -> None:
    """Print their names; a database that is not there yet is no mistake of the settings."""
    if _is_missing(settings.database):
        return
    try:
        database = await open_database(settings.database)
        try:
            empty = await list_empty_units(city)
        finally:
            await close_database(database)
    except Exception as error:  # noqa: BLE001  # whatever keeps it away, what was checked stands
        print(NO_DATABASE.format(why=error), file=sys.stderr)  # noqa: T201
        return
    if empty:
        print(NOBODY_BOUND.format(units="、".join(empty)))  # noqa: T201


def _is_missing(url: str) -> bool:
    """Tell whether the database would be a file that is not there: looking must not make it."""
    return url.startswith("sqlite://") and not Path(url.removeprefix("sqlite://")).is_file()
