"""The commands of Gongzhi; each takes --help."""

import argparse
import asyncio
import json
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from io import TextIOWrapper
from pathlib import Path

from aiohttp import web

from bot import (
    commands_access,
    commands_backup,
    commands_cases,
    commands_check,
    commands_deliveries,
    commands_exchange,
    commands_history,
    commands_lexicon,
    commands_staff,
    commands_tidy,
)
from bot.app import REQUESTS_END, build_app, build_town
from bot.config import SettingErrors, Settings, load_settings, read_environment
from bot.databases import opened
from bot.demo import build_simulator, run_demo
from bot.demo_options import PORT, add_options
from bot.json_lines import read_rows
from bot.logs import start_logging
from bot.menu import build_menu
from bot.ports import refuse_taken_port
from bot.simulator.clock import SimClock
from bot.troubles import COMMAND, OTHER_LISTEN, sentence_of
from bot.wechat import AsyncWeChat
from models.city.faults import CityErrors
from models.city.load import load_city
from models.city.scenes import find_scene
from models.classify.evaluate import classify_row, evaluate
from models.clock import Clock, MachineClock
from models.database import migrate

END_AT_LAST = 17.0  # seconds; what is kept is kept by then, the rest is taken up after the next start
WRONG = 2  # exit status for settings, city folders, files and networks that are not right
PIPE_CLOSED = 141  # as shells tell it


def main(arguments: list[str] | None = None, *, clock: Clock | None = None) -> int:
    """Run one command; return the exit status. Only a fault of ours ends in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a sign shows another
    options = _parser().parse_args(arguments)
    options.clock = clock or MachineClock()
    try:
        _go_home(options)
        status = int(options.run(options) or 0)
        _flush()
    except (SettingErrors, CityErrors) as error:
        print(error, file=sys.stderr)
        return WRONG
    except BrokenPipeError:  # who reads, `head` for one, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return 0
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return WRONG
    return status


def _flush() -> None:
    """Let a reader who has gone be noticed here, not while the process ends; there may be no output at all."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./gongzhi", description=__doc__)
    told = "folder of .env and data; where you stand without it"
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS if "--home" in sys.argv else told)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in COMMANDS:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        for argument in ARGUMENTS.get(name, ()):
            argument(command)
    return parser


def _go_home(options: argparse.Namespace) -> None:
    """Go where settings and data lie; files that were named stay those that the person sees where they stand."""
    if options.home is None:
        return
    for name, value in vars(options).items():
        if isinstance(value, Path):
            setattr(options, name, value.absolute())
        elif isinstance(value, list):
            setattr(options, name, [one.absolute() if isinstance(one, Path) else one for one in value])
    os.chdir(options.home)


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
    refuse_taken_port(host, port, other=OTHER_LISTEN.format(port=port + 1))

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
    start_logging("text", "info")
    asyncio.run(run_demo(options))


def simulator(options: argparse.Namespace) -> None:
    """Run the simulator alone, for a service that runs elsewhere on this machine."""
    refuse_taken_port("127.0.0.1", options.port, other=f"{COMMAND} simulator --port {options.port + 1}")
    stand_in = build_simulator(load_city(_settings().city), SimClock(), push_url=options.push_url)
    web.run_app(stand_in.application(), host="127.0.0.1", port=options.port, access_log=None)


def migrate_database(_options: argparse.Namespace) -> None:
    """Bring the database up to date."""
    url = _settings().database

    async def work() -> None:
        for name in await migrate(url):
            print(name)

    asyncio.run(_with_database(url, work, migrating=False))


def classify(options: argparse.Namespace) -> None:
    """Say which type a text is, or each row of a file."""
    town = build_town(_settings())
    if options.file is None:
        _print_json(classify_row({"text": options.text or sys.stdin.read()}, town.classifier))
        return
    rows = [classify_row(row, town.classifier) for row in read_rows(options.file, ())]
    for row in rows:
        _print_json(row)
    if options.evaluate:
        print(evaluate(rows), file=sys.stderr)


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


async def _with_database(url: str, work: Callable[[], Awaitable[None]], *, migrating: bool = True) -> None:
    async with opened(url, migrating=migrating):
        await work()


def _print_json(row: object) -> None:
    print(json.dumps(row, ensure_ascii=False))


COMMANDS: tuple[tuple[str, Callable[[argparse.Namespace], int | None], str], ...] = (
    ("serve", serve, "serve a WeChat service account"),
    ("demo", demo, "run the service with a simulated WeChat, to try it in a browser"),
    ("simulator", simulator, "run the simulated WeChat alone"),
    ("migrate", migrate_database, "bring the database up to date"),
    *commands_check.COMMANDS,
    ("classify", classify, "say which case type a text is"),
    *commands_staff.COMMANDS,
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
    "menu": (lambda c: c.add_argument("action", choices=["push"]),),
    **commands_check.ARGUMENTS,
    **commands_staff.ARGUMENTS,
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
