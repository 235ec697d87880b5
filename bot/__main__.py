"""The commands: ``python -m bot COMMAND``."""

import argparse
import asyncio
import json
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bot import (
    commands_access,
    commands_backup,
    commands_cases,
    commands_deliveries,
    commands_exchange,
    commands_history,
    commands_lexicon,
    commands_tidy,
)
from bot.app import REQUESTS_END, DatabaseBehindError, build_app, build_town
from bot.config import EXAMPLE, SettingErrors, Settings, load_settings, read_environment
from bot.demo import build_simulator, run_demo
from bot.demo_options import PORT, add_options
from bot.logs import start_logging
from bot.menu import build_menu
from bot.simulator.clock import SimClock
from bot.unmanned import warn_of_empty_units
from bot.wechat import AsyncWeChat
from models.city.calendar import missing_years
from models.city.faults import CityErrors
from models.city.load import load_city
from models.city.scenes import find_scene
from models.classify.evaluate import classify_row, evaluate
from models.clock import Clock, MachineClock, local
from models.database import close_database, migrate, open_database
from models.people import Appointment, add_staff

STAFF_ROLES = ("officer", "dispatcher", "community", "admin", "leader", "patrol", "road_chief")
YEAR_MISSING = (
    "提醒：还没有 {year} 年的节假日安排，时限先按法律规定的节日算，对人说的时间会带「以节假日安排公布后为准」。\n"
    "　　　国务院办公厅公布后，请在 calendar.toml 的 [[years]] 里写上放假和调休的日子，再重新启动。"
)
END_AT_LAST = 17.0  # seconds; what is kept is kept by then, the rest is taken up after the next start
WRONG = 2  # exit status for settings and city folders that are not right


def main(arguments: list[str] | None = None, *, clock: Clock | None = None) -> int:
    """Run one command; return the exit status."""
    options = _parser().parse_args(arguments)
    options.clock = clock or MachineClock()
    try:
        return int(options.run(options) or 0)
    except (SettingErrors, CityErrors) as error:
        print(error, file=sys.stderr)
        return WRONG
    except DatabaseBehindError:
        print("数据库还没有更新，请先运行：python -m bot migrate", file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in COMMANDS:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        for argument in ARGUMENTS.get(name, ()):
            argument(command)
    return parser


def _settings(*, serving: bool = False) -> Settings:
    settings = load_settings(read_environment(), serving=serving)
    start_logging(settings.log.form, settings.log.level, secrets=settings.secrets())
    return settings


def serve(_options: argparse.Namespace) -> None:
    """Serve a real account until stopped."""
    settings = _settings(serving=True)
    app = build_app(settings)
    app.on_shutdown.append(_end_at_last)
    host, port = settings.listen.host, settings.listen.port

    def tell(_line: str) -> None:
        print(f"共治已启动：http://{host}:{port}", flush=True)

    web.run_app(app, host=host, port=port, print=tell, access_log=None, shutdown_timeout=REQUESTS_END)


async def _end_at_last(_app: web.Application) -> None:
    """End within the time that whoever stops us allows, even where a thread never ends: a look-up of a name, say."""
    last = threading.Timer(END_AT_LAST, os._exit, args=(0,))
    last.daemon = True
    last.start()


def demo(options: argparse.Namespace) -> None:
    """Run the service and the simulator together."""
    asyncio.run(run_demo(_settings(), port=options.port, host=options.host))


def simulator(options: argparse.Namespace) -> None:
    """Run the simulator alone, for a service that runs elsewhere on this machine."""
    stand_in = build_simulator(load_city(_settings().city), SimClock(), push_url=options.push_url)
    web.run_app(stand_in.application(), host="127.0.0.1", port=options.port, access_log=None)


def migrate_database(_options: argparse.Namespace) -> None:
    """Bring the database up to date."""
    url = _settings().database

    async def work() -> None:
        for name in await migrate(url):
            print(name)

    asyncio.run(_with_database(url, work))


def check(options: argparse.Namespace) -> int:
    """Check settings and city folder; name every mistake, and remind of what will soon be missing."""
    mistakes: list[object] = []
    try:
        settings = load_settings(read_environment(), serving=True)
    except SettingErrors as error:
        mistakes.append(error)
        settings = None
    folder = settings.city if settings else _city_folder()
    missing: list[int] = []
    try:
        city = load_city(folder)
        missing = missing_years(local(options.clock.now()).date(), city.calendar)
    except CityErrors as error:
        mistakes.append(error)
    for year in missing:
        print(YEAR_MISSING.format(year=year), file=sys.stderr)
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if settings and not mistakes:
        print("设置和城市资料都没有问题。")
        asyncio.run(warn_of_empty_units(settings, load_city(folder)))
    return WRONG if mistakes else 0


def classify(options: argparse.Namespace) -> None:
    """Say which type a text is, or each row of a file."""
    town = build_town(_settings())
    if options.file is None:
        _print_json(classify_row({"text": options.text or sys.stdin.read()}, town.classifier))
        return
    lines = options.file.read_text(encoding="utf-8").splitlines()
    rows = [classify_row(json.loads(line), town.classifier) for line in lines if line.strip()]
    for row in rows:
        _print_json(row)
    if options.evaluate:
        print(evaluate(rows), file=sys.stderr)


def add_to_staff(options: argparse.Namespace) -> None:
    """Appoint somebody; print the code with which they bind their chat."""
    settings = _settings()
    roster = load_city(settings.city).staff.values()
    known = next((s for s in roster if s.name == options.name and s.unit == options.unit), None)
    appointment = Appointment(
        name=options.name,
        role=options.role,
        unit=options.unit,
        area=options.area,
        staff_code=known.code if known else "",
        made_at=MachineClock().now(),
    )

    async def work() -> None:
        await add_staff(appointment)
        _print_json({"id": appointment.id, "bind_code": appointment.code})

    asyncio.run(_with_database(settings.database, work))


def push_menu(_options: argparse.Namespace) -> None:
    """Push the account's menu to the platform."""
    settings = _settings(serving=True)

    async def work(wechat: AsyncWeChat) -> None:
        await wechat.create_menu(build_menu(settings.public_url))

    asyncio.run(_with_wechat(settings, work))


def make_qr(options: argparse.Namespace) -> int:
    """Print where the picture of a place's QR code can be fetched; scanning it brings the place."""
    settings = _settings(serving=True)
    if find_scene(load_city(settings.city), options.place) is None:
        print(f"城市资料里没有「{options.place}」，请写地标或区域的名字。", file=sys.stderr)
        return WRONG

    async def work(wechat: AsyncWeChat) -> None:
        print(wechat.qr_address(await wechat.create_qr(options.place)))

    asyncio.run(_with_wechat(settings, work))
    return 0


async def _with_wechat(settings: Settings, work: Callable[[AsyncWeChat], Awaitable[None]]) -> None:
    account = settings.wechat
    wechat = AsyncWeChat(account.appid, account.secret, clock=MachineClock(), base=account.api)
    wechat.stops.by_hand = True
    try:
        await _with_database(settings.database, lambda: work(wechat))
    finally:
        await wechat.close()


async def _with_database(url: str, work: Callable[[], Awaitable[None]]) -> None:
    database = await open_database(url)
    try:
        await work()
    finally:
        await close_database(database)


def _city_folder() -> Path:
    return Path(read_environment().get("GONGZHI_CITY") or EXAMPLE)


def _print_json(row: object) -> None:
    print(json.dumps(row, ensure_ascii=False))


COMMANDS: tuple[tuple[str, Callable[[argparse.Namespace], int | None], str], ...] = (
    ("serve", serve, "serve a WeChat service account"),
    ("demo", demo, "run the service with a simulated WeChat, to try it in a browser"),
    ("simulator", simulator, "run the simulated WeChat alone"),
    ("migrate", migrate_database, "bring the database up to date"),
    ("check", check, "check settings and city folder, every mistake in one list"),
    ("classify", classify, "say which case type a text is"),
    ("staff", add_to_staff, "add somebody to the staff and print their bind code"),
    ("menu", push_menu, "push the account's menu"),
    ("qr", make_qr, "make the QR code of a landmark or an area"),
    *commands_cases.COMMANDS,
    *commands_access.COMMANDS,
    *commands_history.COMMANDS,
    *commands_lexicon.COMMANDS,
    *commands_exchange.COMMANDS,
    *commands_deliveries.COMMANDS,
    *commands_backup.COMMANDS,
    *commands_tidy.COMMANDS,
)
Argument = Callable[[argparse.ArgumentParser], object]
ARGUMENTS: dict[str, tuple[Argument, ...]] = {
    "demo": (add_options,),
    "simulator": (
        lambda c: c.add_argument("--port", type=int, default=PORT, help="port to listen on"),
        lambda c: c.add_argument("--push-url", default="http://127.0.0.1:8080/wechat", help="where to push"),
    ),
    "classify": (
        lambda c: c.add_argument("text", nargs="?", help="the text; read from standard input when missing"),
        lambda c: c.add_argument("--file", type=Path, help="JSON lines with title and text"),
        lambda c: c.add_argument("--evaluate", action="store_true", help="add an accuracy table"),
    ),
    "staff": (
        lambda c: c.add_argument("action", choices=["add"]),
        lambda c: c.add_argument("--name", required=True),
        lambda c: c.add_argument("--role", required=True, choices=STAFF_ROLES),
        lambda c: c.add_argument("--unit", default=""),
        lambda c: c.add_argument("--area", default=""),
    ),
    "menu": (lambda c: c.add_argument("action", choices=["push"]),),
    **commands_cases.ARGUMENTS,
    **commands_access.ARGUMENTS,
    **commands_history.ARGUMENTS,
    **commands_lexicon.ARGUMENTS,
    **commands_exchange.ARGUMENTS,
    **commands_deliveries.ARGUMENTS,
    **commands_backup.ARGUMENTS,
    **commands_tidy.ARGUMENTS,
    "qr": (lambda c: c.add_argument("place", help="name of a landmark or an area"),),
}


if __name__ == "__main__":
    sys.exit(main())
