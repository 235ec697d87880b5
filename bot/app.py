"""The only place that builds the parts of the house and joins them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

from aiohttp import web

from bot import health
from bot.answering import Answering
from bot.config import Settings
from bot.crypto import Door
from bot.exchange import HttpPost
from bot.intake import Intake
from bot.media import MediaFolder
from bot.metrics import Metrics
from bot.sender import WeChatSender
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
from models.database import close_database, list_pending, migrate, open_database
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


class DatabaseBehindError(Exception):
    """The database lacks migrations: ``python -m bot migrate`` first."""


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
    store = MediaFolder(settings.data / "media", wechat)
    sender = WeChatSender(wechat, store, templates=account.templates, clock=clock)
    ready = _ready_channels(settings)
    post = HttpPost(settings.exchange_networks)
    tools = Tools(town, clock, sender, store, lambda: ready, answering.resume, post)
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
            await _check_migrations(settings)
            await refresh_classifier(app[TOWN])
            house = build_house(settings, clock, app[TOWN])
            _furnish(app, house)
            await warn_of_missing_years(house.town, clock)
            _start(house, jobs=jobs)
            yield
            await _stop(house, jobs=jobs)
        finally:
            await close_database(database)

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
    door = Door(account.token, account.appid, account.aes_keys)
    app[HOUSE] = house
    app[STORE] = house.store
    app[WEBHOOK] = Webhook(door, house.answering, house.clock, metrics)
    app[health.HEALTH] = health.Health(
        database=house.settings.database,
        clock=house.clock,
        metrics=metrics,
        city=house.town.city,
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
    if jobs:
        await house.timetable.close()
    await house.answering.close()
    await house.intake.close()
    await house.transactions.close()
    await house.wechat.close()
    await house.post.close()


async def _check_migrations(settings: Settings) -> None:
    """Bring a SQLite file up to date; a shared database is the operator's to migrate."""
    if settings.database.startswith("sqlite"):
        await migrate(settings.database)
    elif await list_pending(settings.database):
        raise DatabaseBehindError


def _ready_channels(settings: Settings) -> dict[str, Collection[Channel]]:
    ready: dict[str, Collection[Channel]] = {}
    for use, template in settings.wechat.templates.items():
        paid = ((Channel.SUBSCRIBE, template.subscribe), (Channel.TEMPLATE, template.template))
        ready[use] = [channel for channel, known in paid if known]
    return ready
