"""The whole product on one machine: the service and a stand-in for WeChat, joined by a clock that can be moved."""

import asyncio
import signal
import socket
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from aiohttp import web

from bot.app import HOUSE, REQUESTS_END, build_app, build_town
from bot.config import Settings, WeChat, load_settings
from bot.demo_folder import FOLDER, keep_chats, open_folder, recall_chats
from bot.demo_options import HOST
from bot.map import city_geojson
from bot.menu import build_menu
from bot.ports import refuse_taken_port
from bot.simulator.app import Simulator, vendor_folders
from bot.simulator.clock import SimClock
from bot.troubles import COMMAND
from bot.wechat_templates import Template
from models.city.city import City, Staff
from models.clock import Clock
from models.lifecycle import Role
from models.people import Appointment, add_staff

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
CAPTIONS = (("城管", "officer"), ("查处", "officer"), ("执法", "officer"), ("路长", "road_chief"))
CAREKEEPER = "carekeeper"
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared; the person chose it
OUTSIDE = ("192.0.2.1", 9)  # an address for documents: nothing is ever there
KEEP_EVERY = 2.0  # seconds
STARTED = (
    "共治演示已启动。这是演示：微信是模拟的，人和事都是编的，不碰真实的设置和数据。\n"
    "  打开手机（模拟的微信）：{phones}\n  服务：{service}\n"
    "在市民的手机上点「关注」，发照片、位置和一句话；处理人员的手机会收到案件。按 Ctrl+C 结束。"
)
ANEW = "数据放在 data/demo，从头开始。"
GOES_ON = f"接着上次的聊天和案件。想从头开始：{COMMAND} demo --fresh"
FIELDS = {"character_string1": "number", "thing2": "type", "phrase3": "state", "thing4": "place"}
FIELD_NAMES = {"character_string1": "案件编号", "thing2": "类别", "phrase3": "状态", "thing4": "地点"}


@dataclass(frozen=True)
class Demo:
    """A running demo: the addresses of the service and of the phones, and the simulator itself."""

    service: str
    phones: str
    simulator: Simulator


async def run_demo(options: Namespace) -> None:
    """Serve until stopped, from the demo's own folder and settings; print the addresses to open."""
    ports = f"--port {options.port + 10} --service-port {options.service_port + 10}"
    for port in (options.port, options.service_port):
        refuse_taken_port(options.host, port, other=f"{COMMAND} demo {ports}")
    goes_on = open_folder(FOLDER, fresh=options.fresh)
    settings = demo_settings(options, FOLDER)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with open_demo(settings, port=options.port, host=options.host, goes_on=goes_on) as demo:
        _tell(demo, goes_on=goes_on)
        kept = -1
        while not stopped.is_set():
            if kept != demo.simulator.platform.changes.seq:
                kept = demo.simulator.platform.changes.seq
                keep_chats(settings.data, demo.simulator.platform)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), KEEP_EVERY)
    keep_chats(settings.data, demo.simulator.platform)


def demo_settings(options: Namespace, folder: Path) -> Settings:
    """Return the settings of the demo: nothing of the environment or of ``.env`` is read."""
    address = f"http://{_shown_host(options.host)}:{options.service_port}"
    given = {"GONGZHI_DATA": str(folder), "GONGZHI_PUBLIC_URL": address}
    given["GONGZHI_LISTEN"] = f"{options.host}:{options.service_port}"
    if options.city:
        given["GONGZHI_CITY"] = str(options.city)
    return load_settings(given)


@asynccontextmanager
async def open_demo(
    settings: Settings, *, port: int, host: str = HOST, goes_on: bool = False
) -> AsyncIterator[Demo]:
    """Run service and simulator, the town's people on their phones, until the block ends.

    With ``goes_on`` the phones are those that ``keep_chats`` wrote into the data folder.
    """
    clock = SimClock()
    town = build_town(settings)
    inner = f"http://{_reached_at(host)}:{port}"
    settings = replace(settings, wechat=account_of(inner))
    push_url = f"http://{_reached_at(settings.listen.host)}:{settings.listen.port}/wechat"
    simulator = build_simulator(town.city, clock, push_url=push_url)
    if goes_on:
        recall_chats(settings.data, simulator.platform)
    else:
        add_people(simulator, town.city)  # before any page can look, or it would add people of its own
    app = build_app(settings, clock=clock, town=town)
    async with AsyncExitStack() as stack:
        stack.push_async_callback((await _serve(simulator.application(), host, port)).cleanup)
        stack.push_async_callback((await _serve(app, settings.listen.host, settings.listen.port)).cleanup)
        clock.moved = app[HOUSE].timetable.hurry
        await app[HOUSE].wechat.create_menu(build_menu(settings.public_url))
        if not goes_on:
            await bind_people(simulator, town.city, clock)
        phones = f"http://{_shown_host(host)}:{port}"
        yield Demo(f"http://{_shown_host(settings.listen.host)}:{settings.listen.port}", phones, simulator)


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


def add_people(simulator: Simulator, city: City) -> None:
    """Give phones to people of the town."""
    for name, role in CITIZENS:
        simulator.phone(name, role)
    for staff in _cast(city):
        simulator.phone(_phone_name(staff, city), _caption(staff, city))
    for name, role in OTHERS:
        simulator.phone(name, role)


async def bind_people(simulator: Simulator, city: City, clock: Clock) -> None:
    """Let the staff among them follow and bind their chat."""
    openids = {person.name: person.openid for person in simulator.people}
    for staff in _cast(city):
        phone = simulator.phone_of(openids[_phone_name(staff, city)])
        code = await _appoint(staff, clock)
        await phone.follow()
        await phone.say(f"绑定 {code}")


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


def _phone_name(staff: Staff, city: City) -> str:
    return f"{staff.name}·{city.units[staff.unit].name}"


def _caption(staff: Staff, city: City) -> str:
    """Return what the page calls this member of the staff: who mends drains is no 城管队员."""
    if staff.role is not Role.OFFICER:
        return staff.role.value
    unit = city.units[staff.unit].name
    return next((caption for sign, caption in CAPTIONS if sign in unit), CAREKEEPER)


def _reached_at(host: str) -> str:
    """Return where this machine itself reaches what listens at ``host``."""
    return HOST if host in EVERYWHERE else f"[{host}]" if ":" in host else host


def _shown_host(host: str) -> str:
    """Return the host to open in a browser: of all addresses of this machine the one that others reach."""
    if host not in EVERYWHERE:
        return _reached_at(host)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(OUTSIDE)  # of a datagram socket: chooses the address, sends nothing
        return str(probe.getsockname()[0])
    return HOST


def _tell(demo: Demo, *, goes_on: bool) -> None:
    print(STARTED.format(phones=demo.phones, service=demo.service))
    print(GOES_ON if goes_on else ANEW, flush=True)
