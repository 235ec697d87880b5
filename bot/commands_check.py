"""The command that looks at everything before people do: ``check``."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from bot.check_address import HINT, faults_of_address
from bot.check_database import look_at_database
from bot.check_templates import faults_of_templates
from bot.config import EXAMPLE, SettingErrors, Settings, load_settings, read_environment
from bot.troubles import sentence_of
from bot.wechat import AsyncWeChat
from bot.wechat_errors import WeChatRefused, WeChatUnanswered, WeChatUnreachable
from models.city.calendar import missing_years
from models.city.city import City
from models.city.faults import CityErrors
from models.city.load import load_city
from models.clock import Clock, local

YEAR_MISSING = (
    "提醒：还没有 {year} 年的节假日安排，时限先按法律规定的节日算，对人说的时间会带「以节假日安排公布后为准」。\n"
    "　　　国务院办公厅公布后，请在 calendar.toml 的 [[years]] 里写上放假和调休的日子，再重新启动。"
)
ADDRESS = "- GONGZHI_PUBLIC_URL：{why}。" + HINT + "。"
TEMPLATES = "- GONGZHI_WECHAT_TEMPLATES：{why}。"
NO_ADDRESS = "提醒：没有写 GONGZHI_PUBLIC_URL，发给大家的链接手机打不开。" + HINT + "。"
ALL_WELL = "设置和城市资料都没有问题。"
NOT_ASKED = "没有问微信（--offline）。"
WRONG = 2
PATIENCE = 10.0  # seconds that WeChat may take


class Findings:
    """What was found: mistakes, which are mended first, and reminders."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self.reminders: list[str] = []


def check(options: Namespace) -> int:
    """Check settings, city folder, database, address and WeChat; every mistake in one list, exit status 2."""
    found = Findings()
    settings = _settings(found)
    city = _city(settings, found, options.clock)
    if settings is not None:
        _look_at_address(settings, found)
        found.mistakes += [
            TEMPLATES.format(why=why) for why in faults_of_templates(settings.wechat.templates)
        ]
        asyncio.run(_look_outside(settings, city, found, options))
    for line in (*found.reminders, *found.mistakes):
        print(line, file=sys.stderr)  # noqa: T201 - commands print
    if found.mistakes:
        return WRONG
    print(ALL_WELL + (NOT_ASKED if options.offline else ""))  # noqa: T201
    return 0


def _settings(found: Findings) -> Settings | None:
    try:
        return load_settings(read_environment(), serving=True)
    except SettingErrors as error:
        found.mistakes.append(str(error))
        return None


def _city(settings: Settings | None, found: Findings, clock: Clock) -> City | None:
    try:
        city = load_city(settings.city if settings else _city_folder())
    except CityErrors as error:
        found.mistakes.append(str(error))
        return None
    years = missing_years(local(clock.now()).date(), city.calendar)
    found.reminders += [YEAR_MISSING.format(year=year) for year in years]
    return city


def _look_at_address(settings: Settings, found: Findings) -> None:
    if not read_environment().get("GONGZHI_PUBLIC_URL", "").strip():
        found.reminders.append(NO_ADDRESS)
        return
    found.mistakes += [ADDRESS.format(why=why) for why in faults_of_address(settings.public_url)]


async def _look_outside(settings: Settings, city: City | None, found: Findings, options: Namespace) -> None:
    mistakes, reminders = await look_at_database(settings.database, city)
    found.mistakes += mistakes
    found.reminders += reminders
    if not options.offline:
        found.mistakes += await _look_at_wechat(settings, options.clock)


async def _look_at_wechat(settings: Settings, clock: Clock) -> list[str]:
    """Ask for a token, which is what a wrong AppID, secret or address is refused; the one in use stays good."""
    account = settings.wechat
    wechat = AsyncWeChat(account.appid, account.secret, clock=clock, base=account.api, seconds=PATIENCE)
    try:
        await wechat.check_account()
    except (WeChatRefused, WeChatUnreachable, WeChatUnanswered) as error:
        return [sentence_of(error) or str(error)]
    finally:
        await wechat.close()
    return []


def _city_folder() -> Path:
    return Path(read_environment().get("GONGZHI_CITY") or EXAMPLE)


COMMANDS: tuple[tuple[str, Callable[[Namespace], int | None], str], ...] = (
    ("check", check, "check settings, city folder, database, address and WeChat; every mistake in one list"),
)
ARGUMENTS: dict[str, tuple[Callable[[ArgumentParser], object], ...]] = {
    "check": (lambda c: c.add_argument("--offline", action="store_true", help="do not ask WeChat"),),
}
