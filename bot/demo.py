"""The whole product on one machine: the service and a stand-in for WeChat, joined by a clock that can be moved."""

import asyncio
import logging
from dataclasses import dataclass, replace
from pathlib import Path

from aiohttp import web
from tortoise.transactions import in_transaction

from bot.app import HOUSE, build_app, build_town
from bot.config import Settings, WeChat
from bot.map import city_geojson
from bot.menu import build_menu
from bot.simulator.app import Simulator
from bot.simulator.clock import SimClock
from bot.wechat_templates import Template
from models.city.city import City, Staff
from models.clock import Clock
from models.lifecycle import Role
from models.people import Appointment, add_staff

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
APPID = "wxdemo0000000000"
SECRET = "demo-secret-of-the-simulator"  # noqa: S105 - opens the simulator only
TOKEN = "demotoken"  # noqa: S105 - opens the simulator only
AES_KEY = "demo" * 10 + "dem"
NODE_MODULES = Path(__file__).parent.parent / "node_modules"
VENDOR = {
    "leaflet": "leaflet/dist",
    "preact": "preact/dist",
    "preact-hooks": "preact/hooks/dist",
    "htm": "htm/dist",
}
TEMPLATES = {
    "progress": ("demo-progress", "案件进展通知"),
    "closed": ("demo-closed", "案件办结通知"),
    "work": ("demo-work", "新任务提醒"),
}
FIELDS = {"character_string1": "number", "thing2": "type", "phrase3": "state", "thing4": "place"}
FIELD_NAMES = {"character_string1": "案件编号", "thing2": "类别", "phrase3": "状态", "thing4": "地点"}


@dataclass(frozen=True)
class Demo:
    """The addresses of a running demo, and codes with which the invented staff bind their chat."""

    service: str
    simulator: str
    bind_codes: tuple[tuple[str, str, str], ...]  # name, role, code


async def run_demo(settings: Settings, *, port: int = 8081) -> None:
    """Serve until cancelled; print the addresses to open."""
    clock = SimClock()
    town = build_town(settings)
    settings = replace(settings, wechat=account_of(f"http://{HOST}:{port}"))
    address = f"http://{settings.listen.host}:{settings.listen.port}"
    simulator = build_simulator(town.city, clock, push_url=f"{address}/wechat")
    app = build_app(settings, clock=clock, town=town)
    stand_in = await _serve(simulator.application(), HOST, port)
    service = await _serve(app, settings.listen.host, settings.listen.port)
    try:
        await app[HOUSE].wechat.create_menu(build_menu(settings.public_url))
        codes = await appoint_staff(town.city, clock)
        _tell(Demo(address, f"http://{HOST}:{port}", codes))
        await asyncio.Event().wait()
    finally:
        await service.cleanup()
        await stand_in.cleanup()


def build_simulator(city: City, clock: SimClock, *, push_url: str) -> Simulator:
    """Return a simulator of the demo's account, with the city's map."""
    shown = {use[0]: {"title": use[1], "fields": FIELD_NAMES} for use in TEMPLATES.values()}
    return Simulator(
        appid=APPID,
        secret=SECRET,
        token=TOKEN,
        aes_key=AES_KEY,
        push_url=push_url,
        clock=clock,
        city_geojson=city_geojson(city),
        name=city.account,
        templates=shown,
        vendor={name: NODE_MODULES / path for name, path in VENDOR.items()},
    )


async def appoint_staff(city: City, clock: Clock) -> tuple[tuple[str, str, str], ...]:
    """Give bind codes to a dispatcher and to the officers first on duty of each unit; return them."""
    codes = []
    async with in_transaction():
        for staff in _cast(city):
            appointment = Appointment(
                name=staff.name,
                role=staff.role.value,
                unit=staff.unit,
                staff_code=staff.code,
                made_at=clock.now(),
            )
            await add_staff(appointment)
            codes.append((staff.name, staff.role.value, appointment.code))
    return tuple(codes)


def account_of(api: str) -> WeChat:
    """Return the demo's account as the service knows it; ``api`` is the simulator's address."""
    templates = {use: Template(template=known[0], fields=FIELDS) for use, known in TEMPLATES.items()}
    return WeChat(appid=APPID, secret=SECRET, token=TOKEN, aes_keys=(AES_KEY,), api=api, templates=templates)


def _cast(city: City) -> list[Staff]:
    seen, cast = set(), []
    for staff in city.staff.values():
        if (staff.unit, staff.role) not in seen and staff.role in {Role.OFFICER, Role.DISPATCHER}:
            seen.add((staff.unit, staff.role))
            cast.append(staff)
    return cast


async def _serve(app: web.Application, host: str, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


def _tell(demo: Demo) -> None:
    print(f"共治演示已启动\n  手机(模拟微信): {demo.simulator}\n  服务: {demo.service}\n")
    print("在「城管队员」的手机上发送下面的绑定码,就能以那个人的身份办案:")
    for name, role, code in demo.bind_codes:
        print(f"  绑定 {code}    {name}({role})")
