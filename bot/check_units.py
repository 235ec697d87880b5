"""Names the units for which nobody has bound their chat, when the operator checks the settings."""

from models.cases.crews import list_empty_units
from models.city.city import City

NOBODY_BOUND = "提醒：这些单位还没有人绑定微信，派去的案件会留在派遣员的待办里：{units}。"


async def remind_of_empty_units(city: City) -> list[str]:
    """Return the reminder that names them, from the open database; nothing when every unit has somebody."""
    empty = await list_empty_units(city)
    return [NOBODY_BOUND.format(units="、".join(empty))] if empty else []
