"""The commands for tokens of programs: ``token create``, ``token list``, ``token revoke``."""

import asyncio
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from bot.config import load_settings, read_environment
from bot.databases import opened
from models.access import Access, ApiToken, make_token, revoke_token
from models.audit import Deed, note_deed
from models.clock import MachineClock

WRONG = 2
NEEDS_ID = "请写要停用的令牌编号：token revoke --id 3（编号见 token list）"
NEEDS_ROLE = "请写角色：token create --role reader|officer|dispatcher|admin"


def token(options: Namespace) -> int:
    """Create a token and print it, once; list tokens; or make one worthless."""
    return asyncio.run(_run(options))


async def _run(options: Namespace) -> int:
    async with opened(load_settings(read_environment()).database):
        return await ACTIONS[options.action](options)


async def _create(options: Namespace) -> int:
    if not options.role:
        print(NEEDS_ROLE, file=sys.stderr)  # noqa: T201
        return WRONG
    now = MachineClock().now()
    clear, row = await make_token(Access(options.role), name=options.name, unit=options.unit, now=now)
    await note_deed(Deed("command", "command", "token create", subject=f"token {row.id}"), now=now)
    print(clear)  # noqa: T201
    return 0


async def _list(_options: Namespace) -> int:
    for row in await ApiToken.all().order_by("id"):
        told = {"id": row.id, "name": row.name, "role": row.role.value, "unit": row.unit}
        print(json.dumps(told | {"revoked": row.revoked_at is not None}, ensure_ascii=False))  # noqa: T201
    return 0


async def _revoke(options: Namespace) -> int:
    if not options.id:
        print(NEEDS_ID, file=sys.stderr)  # noqa: T201
        return WRONG
    now = MachineClock().now()
    await revoke_token(options.id, now=now)
    await note_deed(Deed("command", "command", "token revoke", subject=f"token {options.id}"), now=now)
    return 0


ACTIONS = {"create": _create, "list": _list, "revoke": _revoke}
COMMANDS: tuple[tuple[str, Callable[[Namespace], int | None], str], ...] = (
    ("token", token, "make, list and revoke bearer tokens of programs"),
)
ARGUMENTS: dict[str, tuple[Callable[[ArgumentParser], object], ...]] = {
    "token": (
        lambda c: c.add_argument("action", choices=[*ACTIONS]),
        lambda c: c.add_argument("--role", default="", choices=["", *(role.value for role in Access)]),
        lambda c: c.add_argument("--name", default="", help="what it is for"),
        lambda c: c.add_argument("--unit", default="", help="officers: the only unit it may act for"),
        lambda c: c.add_argument("--id", type=int, default=0, help="of the token to revoke"),
    ),
}
