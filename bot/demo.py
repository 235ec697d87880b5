"""The whole product on one machine: the service and a stand-in for WeChat, joined by a clock that can be moved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from aiohttp import web

from bot.app import HOUSE, REQUESTS_END, build_app, build_town
from bot.config import Settings, WeChat
from bot.map import city_geojson
from bot.menu import build_menu
from bot.simulator.app import Simulator, vendor_folders
from bot.simulator.clock import SimClock
from bot.wechat_templates import Template
from models.city.city import City, Staff
from models.clock import Clock
from models.lifecycle import Role
from models.people import Appointment, add_staff

HOST = "127.0.0.1"
APPID = "wxdemo0000000000"
SECRET = "demo-secret-of-the-simulator"  # noqa: S105 - opens the simulator only
TOKEN = "demotoken"  # noqa: S105 - opens the simulator only
AES_KEY = "demo" * 10 + "dem"
CITIZENS = (("王阿姨", "citizen"), ("老张", "citizen"))
OTHERS = (("陈老板", "merchant"), ("小赵", "volunteer"))
NODE_MODULES = Path(__file__).parent.parent / "node_modules"
TEMPLATES = {
    "progress": ("demo-progress", "案件进展通知"),
    "closed": ("demo-closed", "案件办结通知"),
    "work": ("demo-work", "新任务提醒"),
}
FIELDS = {"character_string1": "number", "thing2": "type", "phrase3": "state", "thing4": "place"}
FIELD_NAMES = {"character_string1": "案件编号", "thing2": "类别", "phrase3": "状态", "thing4": "地点"}


@dataclass(frozen=True)
class Demo:
    """A running demo: the addresses of the service and of the phones, and the simulator itself."""

    service: str
    phones: str
    simulator: Simulator


async def run_demo(settings: Settings, *, port: int = 8081, host: str = HOST) -> None:
    """Serve until cancelled; print the addresses to open."""
    async with open_demo(settings, port=port, host=host) as demo:
        _tell(demo)
        await asyncio.Event().wait()


@asynccontextmanager
async def open_demo(settings: Settings, *, port: int, host: str = HOST) -> AsyncIterator[Demo]:
    """Run service and simulator, the town's people on their phones, until the block ends."""
    clock = SimClock()
    town = build_town(settings)
    settings = replace(settings, wechat=account_of(f"http://{HOST}:{port}"))
    address = f"http://{settings.listen.host}:{settings.listen.port}"
    simulator = build_simulator(town.city, clock, push_url=f"{address}/wechat")
    app = build_app(settings, clock=clock, town=town)
    async with AsyncExitStack() as stack:
        stack.push_async_callback((await _serve(simulator.application(), host, port)).cleanup)
        stack.push_async_callback((await _serve(app, settings.listen.host, settings.listen.port)).cleanup)
        await app[HOUSE].wechat.create_menu(build_menu(settings.public_url))
        await invite_people(simulator, town.city, clock)
        yield Demo(address, f"http://{HOST}:{port}", simulator)


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
        vendor=vendor_folders(NODE_MODULES),
    )


async def invite_people(simulator: Simulator, city: City, clock: Clock) -> None:
    """Give phones to people of the town; the staff among them follow already and have bound their chat."""
    for name, role in CITIZENS:
        simulator.phone(name, role)
    for staff in _cast(city):
        phone = simulator.phone(f"{staff.name}·{city.units[staff.unit].name}", staff.role.value)
        code = await _appoint(staff, clock)
        await phone.follow()
        await phone.say(f"绑定 {code}")
    for name, role in OTHERS:
        simulator.phone(name, role)


def account_of(api: str) -> WeChat:
    """Return the demo's account as the service knows it; ``api`` is the simulator's address."""
    templates = {use: Template(template=known[0], fields=FIELDS) for use, known in TEMPLATES.items()}
    return WeChat(appid=APPID, secret=SECRET, token=TOKEN, aes_keys=(AES_KEY,), api=api, templates=templates)


async def _appoint(staff: Staff, clock: Clock) -> str:
    appointment = Appointment(
        name=staff.name, role=staff.role.value, unit=staff.unit, staff_code=staff.code, made_at=clock.now()
    )
    await add_staff(appointment)
    return appointment.code


def _cast(city: City) -> list[Staff]:
    """Return one of the staff for each unit and role: the dispatcher first."""
    first: dict[tuple[Role, str], Staff] = {}
    for staff in city.staff.values():
        if staff.role in {Role.OFFICER, Role.DISPATCHER}:
            first.setdefault((staff.role, staff.unit), staff)
    return sorted(first.values(), key=lambda staff: staff.role)


async def _serve(app: web.Application, host: str, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=REQUESTS_END)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


def _tell(demo: Demo) -> None:
    print(f"共治演示已启动。\n  打开手机（模拟的微信）：{demo.phones}\n  服务：{demo.service}")
    print("在市民的手机上点「关注」，发照片、位置和一句话；处理人员的手机会收到案件。按 Ctrl+C 结束。")
