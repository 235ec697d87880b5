"""The only place that builds the parts of the house and joins them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Collection
from dataclasses import dataclass
from shutil import disk_usage

from aiohttp import web

from bot import health
from bot.answering import Answering
from bot.backup import last_backup
from bot.config import Settings
from bot.crypto import Door
from bot.databases import bring_up_to_date, reach
from bot.exchange import HttpPost
from bot.intake import Intake
from bot.media import MediaFolder
from bot.metrics import Metrics
from bot.sender import WeChatSender
from bot.shelf import MediaShelf
from bot.webhook import MAX_BYTES, Webhook
from bot.wechat import AsyncWeChat
from handlers import routes
from handlers.api import hooks, open311
from handlers.api.v1 import cases as cases_v1
from handlers.api.v1 import deliveries as deliveries_v1
from handlers.api.v1 import lists, openapi
from handlers.front import front
from handlers.pages import case, contractor, look, privacy
from handlers.strangers import TURNS, Turns
from handlers.uploads import AT_ONCE, UPLOADS
from handlers.web import CLOCK, STORE, TOWN
from models.city.load import load_city
from models.city.places import Atlas
from models.classify.faq import FaqFinder
from models.classify.rules import Classifier
from models.classify.tokens import warm
from models.clock import Clock, MachineClock
from models.database import close_database, open_database
from models.deliveries.sender import Channel
from models.exchange.owing import queue_transfers
from models.lexicon.versions import refresh_classifier
from models.links import Links
from models.town import Town
from models.transactions import Transactions
from scheduler.calendar import warn_of_missing_years
from scheduler.jobs import Tools
from scheduler.run import Timetable

log = logging.getLogger(__name__)

# Seconds that the parts may take to end; together with the requests under way less than 20.
REQUESTS_END = 2.0  # aiohttp waits so long up to three times: for tasks, for answers, for what it has cut off
JOBS_END, ANSWERS_END, PART_ENDS, DATABASE_CLOSES = 6.5, 3.0, 0.5, 1.0


@dataclass(frozen=True)
class House:
    """The joined parts of one process."""

    settings: Settings
    clock: Clock
    town: Town
    transactions: Transactions
    intake: Intake
    answering: Answering
    wechat: AsyncWeChat
    store: MediaFolder
    post: HttpPost
    tools: Tools
    timetable: Timetable


PARTS = (
    health.routes,
    open311.routes,
    hooks.routes,
    cases_v1.routes,
    deliveries_v1.routes,
    lists.routes,
    openapi.routes,
    case.routes,
    contractor.routes,
    privacy.routes,
)
HOUSE: web.AppKey[House] = web.AppKey("house", House)
WEBHOOK: web.AppKey[Webhook] = web.AppKey("webhook", Webhook)


def build_town(settings: Settings) -> Town:
    """Load the city and make its tools ready; raises CityErrors with every mistake."""
    city = load_city(settings.city)
    tokenizer = warm(city.dictionary, settings.data / "jieba")
    atlas, links = Atlas(city), Links(settings.public_url, settings.secret_key)
    classifier, faq = Classifier(city, tokenizer), FaqFinder(city, tokenizer)
    return Town(city, atlas, classifier, faq, links, queue_transfers)


def build_house(settings: Settings, clock: Clock, town: Town) -> House:
    """Build every part; nothing runs yet. Must be called inside the event loop."""
    account = settings.wechat
    transactions = Transactions()
    intake = Intake(transactions, clock)
    answering = Answering(
        town=town, clock=clock, transactions=transactions, intake=intake, answer=routes.answer
    )
    wechat = AsyncWeChat(account.appid, account.secret, clock=clock, base=account.api)
    store = MediaFolder(settings.data / "media", wechat, clock)
    shelf = MediaShelf(settings.data / "media", clock)
    sender = WeChatSender(wechat, store, templates=account.templates, clock=clock, shown=town.links.only_ours)
    ready = _ready_channels(settings)
    post = HttpPost(settings.exchange_networks)
    tools = Tools(town, clock, sender, store, lambda: ready, answering.resume, shelf, post)
    return House(
        settings, clock, town, transactions, intake, answering, wechat, store, post, tools, Timetable(tools)
    )


def build_app(
    settings: Settings, *, clock: Clock | None = None, town: Town | None = None, jobs: bool = True
) -> web.Application:
    """Return the application of one process; it opens the database and starts the jobs when it starts.

    ``jobs=False`` leaves the timetable still, for tests that run jobs themselves.
    """
    app = web.Application(client_max_size=MAX_BYTES, middlewares=[front])
    app[TURNS], app[UPLOADS] = Turns(), asyncio.Semaphore(AT_ONCE)
    clock = clock or MachineClock()
    app[TOWN] = town or build_town(settings)
    app[CLOCK] = clock

    async def live(app: web.Application) -> AsyncIterator[None]:
        database = await open_database(settings.database)
        try:
            await reach(settings.database)
            await bring_up_to_date(settings.database)
            await refresh_classifier(app[TOWN])
            house = build_house(settings, clock, app[TOWN])
            _furnish(app, house)
            await warn_of_missing_years(house.town, clock)
            _start(house, jobs=jobs)
            yield
            await _stop(house, jobs=jobs)
        finally:
            await _within(DATABASE_CLOSES, close_database(database))

    app.cleanup_ctx.append(live)
    app.router.add_get("/wechat", _check)
    app.router.add_post("/wechat", _receive)
    for part in PARTS:
        app.router.add_routes(part())
    look.setup(app)
    return app


def _furnish(app: web.Application, house: House) -> None:
    """Put at the application what its doors need."""
    account = house.settings.wechat
    metrics = Metrics(house.clock)
    data = house.settings.data
    metrics.watch_safekeeping(lambda: last_backup(data), lambda: float(disk_usage(data).free))
    door = Door(account.token, account.appid, account.aes_keys)
    app[HOUSE] = house
    app[STORE] = house.store
    app[WEBHOOK] = Webhook(door, house.answering, house.clock, metrics)
    app[health.HEALTH] = health.Health(
        database=house.settings.database,
        clock=house.clock,
        metrics=metrics,
        city=house.town.city,
        ages=house.timetable.ages,
    )


async def _check(request: web.Request) -> web.Response:
    return await request.app[WEBHOOK].check(request)


async def _receive(request: web.Request) -> web.Response:
    return await request.app[WEBHOOK].receive(request)


def _start(house: House, *, jobs: bool) -> None:
    house.transactions.start()
    house.intake.start()
    if jobs:
        house.timetable.start()


async def _stop(house: House, *, jobs: bool) -> None:
    """End every part, each within its time: whoever stops us waits 20 seconds and no longer."""
    if jobs:
        await _within(JOBS_END, house.timetable.close())
    await _within(ANSWERS_END, house.answering.close())
    for part in (house.intake, house.transactions, house.wechat, house.post):
        await _within(PART_ENDS, part.close())


async def _within(seconds: float, work: Awaitable[object]) -> None:
    """Let a part end; one that hangs or breaks is left, for what it keeps is taken up after the next start."""
    try:
        await asyncio.wait_for(work, timeout=seconds)
    except Exception as error:  # noqa: BLE001 - the parts that follow must end too
        log.warning("a part did not end: %s", type(error).__name__, extra={"action": "end_failed"})


def _ready_channels(settings: Settings) -> dict[str, Collection[Channel]]:
    ready: dict[str, Collection[Channel]] = {}
    for use, template in settings.wechat.templates.items():
        paid = ((Channel.SUBSCRIBE, template.subscribe), (Channel.TEMPLATE, template.template))
        ready[use] = [channel for channel, known in paid if known]
    return ready
