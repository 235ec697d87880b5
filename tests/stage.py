"""A stage on which stories are played: the service over real HTTP, the simulated WeChat, a clock that is moved."""

from dataclasses import replace
from pathlib import Path

from aiohttp import web

from bot.app import HOUSE, build_app, build_town
from bot.config import load_settings
from bot.demo import AES_KEY, APPID, SECRET, TOKEN, account_of, build_simulator
from bot.simulator.clock import SimClock
from bot.simulator.pictures import sample_picture
from models.database import close_database, migrate, open_database
from models.lifecycle import Role
from models.people import Appointment, add_staff
from scheduler.jobs import JOBS

HERE = (31.5560, 120.1450)  # on 胡埭路, in a grid with an officer on duty day and night
OUTSIDE = (31.2300, 121.4700)


def build_stage_town(folder):
    """The example city with its tools; no closing is drawn for a second look unless a test asks for it."""
    town = build_town(load_settings({"GONGZHI_DATA": str(folder)}))
    return with_settings(town, second_look_share=0)


def with_settings(town, **settings):
    """The same town with other settings."""
    return replace(town, city=replace(town.city, settings=town.city.settings | settings))


def with_calendar(town, **rows):
    """The same town with other days in its calendar."""
    return replace(town, city=replace(town.city, calendar=replace(town.city.calendar, **rows)))


class Stage:
    """The running product; leave it and everything is closed."""

    def __init__(self, town, database_url, folder, *, start):
        self.town, self.database_url, self.folder = town, database_url, Path(folder)
        self.clock = SimClock(start)
        self.runners = []

    async def __aenter__(self):
        try:
            await self._set_up()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _set_up(self):
        database = await open_database(self.database_url)
        try:
            await migrate(self.database_url)
        finally:
            await close_database(database)
        self.simulator = build_simulator(self.town.city, self.clock, push_url="")
        api = await self._serve(self.simulator.application())
        settings = load_settings({"GONGZHI_DATA": str(self.folder / "data")})
        self.settings = replace(settings, database=self.database_url, wechat=account_of(api))
        self.address = await self.start_service()

    async def __aexit__(self, *_):
        for runner in reversed(self.runners):
            await runner.cleanup()

    async def start_service(self):
        """Start one process of the service; the simulator pushes to the last one started."""
        self.app = build_app(self.settings, clock=self.clock, town=self.town, jobs=False)
        address = await self._serve(self.app)
        self.simulator.pusher.push_url = f"{address}/wechat"
        return address

    @property
    def house(self):
        """The parts of the service."""
        return self.app[HOUSE]

    def without_templates(self):
        """Play a town that has no template messages."""
        self.house.tools.ready().clear()

    async def citizen(self, name="王阿姨"):
        """The phone of a citizen who has just followed the account."""
        phone = self.simulator.phone(name)
        await phone.follow()
        return phone

    async def officer(self, unit="shizheng", *, name="小李", role=Role.OFFICER):
        """The phone of somebody of the staff who has bound their chat."""
        phone = self.simulator.phone(name, role="officer")
        await phone.follow()
        await self.appoint(phone, unit, name=name, role=role)
        return phone

    async def appoint(self, phone, unit, *, name, role):
        """Give whoever holds that phone a role of the staff."""
        appointment = Appointment(name=name, role=role.value, unit=unit, made_at=self.clock.now())
        await add_staff(appointment)
        await phone.say(f"绑定 {appointment.code}")

    async def dispatcher(self, name="周姐"):
        """The phone of a dispatcher."""
        return await self.officer("zhihui", name=name, role=Role.DISPATCHER)

    async def run_jobs(self, times=2):
        """Let every job of the timetable run, as within a few seconds of waiting."""
        for _ in range(times):
            for job in JOBS:
                await job.run(self.house.tools)
        await self.simulator.settle()

    async def pass_time(self, **units):
        """Let time pass: minutes=, hours=, days=; and every job run after it."""
        seconds = {"minutes": 60, "hours": 3600, "days": 86400}
        self.clock.advance(sum(seconds[unit] * amount for unit, amount in units.items()))
        await self.run_jobs()

    async def _serve(self, app):
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self.runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}"


def photo(seed="井盖"):
    """A small picture."""
    return sample_picture(seed)


__all__ = [
    "AES_KEY",
    "APPID",
    "HERE",
    "OUTSIDE",
    "SECRET",
    "TOKEN",
    "Stage",
    "build_stage_town",
    "photo",
    "with_calendar",
]
