"""Watchers are told whether the process lives, whether it may be given work, and how it goes."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families
from tortoise.connection import get_connection

from bot.health import HEALTH, Health, routes
from bot.metrics import MOST_KINDS, Metrics
from models.cases.tables import Case
from models.city.city import WorkingCalendar
from models.city.load import EXAMPLE, load_city
from models.database import close_database, migrate, open_database
from models.deliveries.stops import Stop, Why
from models.deliveries.tables import Delivery, Owing
from models.inbox import Letter
from models.people import Person
from scheduler.ages import GRACE, PERIODS, Ages
from scheduler.jobs import Job

CALENDAR = WorkingCalendar(((time(8), time(12)),))
MISSING_GAUGE = "gongzhi_calendar_year_missing"
QUERY_ONLY = "PRAGMA query_only = 1"
FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE 'no space' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON lease EXECUTE FUNCTION full_disk();
"""
NOW = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)


class StandingClock:
    def __init__(self, moment=NOW):
        self.moment = moment

    def now(self):
        return self.moment


@pytest.fixture
def database_url(bare_url):
    """Without tables: what a database lacks is told here."""
    return bare_url


@pytest.fixture
def metrics():
    return Metrics(StandingClock())


@pytest.fixture
async def database(database_url):
    """An open database that has had no migration yet."""
    kept = await open_database(database_url)
    yield kept
    await close_database(kept)


@pytest.fixture
def ages():
    return Ages()


@pytest.fixture
def clock():
    return StandingClock()


@pytest.fixture
async def client(aiohttp_client, database, database_url, metrics, clock, ages):
    app = web.Application()
    city = replace(load_city(EXAMPLE), calendar=CALENDAR)
    app[HEALTH] = Health(database=database_url, clock=clock, metrics=metrics, city=city, ages=ages)
    app.add_routes(routes())
    return await aiohttp_client(app)


@pytest.fixture
def ready(client):
    async def get():
        answer = await client.get("/readyz")
        return answer.status, (await answer.json())["reasons"]

    return get


@pytest.fixture
def figures(client):
    """Return all figures as {name{labels}: value}."""

    async def get():
        answer = await client.get("/metrics")
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        families = text_string_to_metric_families(await answer.text())
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in families
            for sample in family.samples
        }

    return get


async def heard(age, *, answered=False):
    at = NOW - timedelta(seconds=age)
    kept = {"openid": "person-1", "kind": "text", "content": {}, "at": at}
    await Letter.create(key=f"letter-{age}", answered_at=NOW if answered else None, **kept)


async def test_process_that_turns_is_alive_whatever_the_database_does(client, database):
    await close_database(database)
    answer = await client.get("/healthz")
    assert (answer.status, await answer.json()) == (200, {"alive": True})


async def test_database_without_its_migrations_is_not_ready(ready, database_url):
    status, reasons = await ready()
    assert status == 503
    assert "./gongzhi migrate" in reasons["migrations"]
    await migrate(database_url)
    assert await ready() == (200, {})
    assert await ready() == (200, {})


async def test_letter_that_waits_too_long_makes_us_unready(ready, database_url):
    await migrate(database_url)
    await heard(3600, answered=True)
    assert await ready() == (200, {})
    await heard(60)
    status, reasons = await ready()
    assert status == 503
    assert list(reasons) == ["queue"]


async def test_letter_that_waits_a_moment_does_not_make_us_unready(ready, database_url):
    await migrate(database_url)
    await heard(59)
    assert await ready() == (200, {})


async def test_database_that_does_not_answer_makes_us_unready(ready, client, monkeypatch):
    async def broken(*_args, **_options):
        raise OSError("connection to secret-host refused")

    monkeypatch.setattr("bot.health.list_pending", broken)
    status, reasons = await ready()
    assert status == 503
    assert list(reasons) == ["database"]
    assert "secret-host" not in str(reasons)


async def test_database_that_never_answers_is_not_waited_for(ready, monkeypatch):
    import asyncio

    async def silent(*_args, **_options):
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.health.PATIENCE", 0.01)
    monkeypatch.setattr("bot.health.list_pending", silent)
    status, reasons = await ready()
    assert status == 503
    assert "no answer" in reasons["database"]


async def test_database_that_can_only_be_read_is_not_ready(ready, database_url, database):
    await migrate(database_url)
    assert await ready() == (200, {})
    sqlite = database_url.startswith("sqlite")
    await get_connection("sqlite" if sqlite else "postgres").execute_script(QUERY_ONLY if sqlite else FULL)
    status, reasons = await ready()
    assert status == 503
    assert "not written" in reasons["database"]


async def nothing(tools):
    return 0


@pytest.fixture
def seconds(ages, monkeypatch):
    """What passes for the jobs; one job is expected each second."""
    passed = [0.0]
    monkeypatch.setattr(ages, "_ticks", lambda: passed[0])
    ages.start((Job("deliver_owed", 1, nothing),))
    return passed


async def test_job_that_rests_makes_us_unready_and_is_named(ready, database_url, seconds):
    await migrate(database_url)
    seconds[0] = PERIODS + GRACE
    assert await ready() == (200, {})
    seconds[0] += 1
    status, reasons = await ready()
    assert status == 503
    assert "deliver_owed for 66 s" in reasons["jobs"]


async def test_ages_and_failures_of_jobs_are_measured(figures, ages, seconds):
    seconds[0] = 42
    told = await figures()
    assert told["gongzhi_job_age_seconds", "deliver_owed"] == 42
    job = Job("deliver_owed", 1, nothing)
    ages.begin(job)
    ages.end(job, broke=True)
    told = await figures()
    assert told["gongzhi_job_age_seconds", "deliver_owed"] == 0
    assert told["gongzhi_job_failures", "deliver_owed"] == 1


async def test_job_whose_runs_break_is_a_warning(client, database_url, ages, seconds):
    await migrate(database_url)
    job = Job("deliver_owed", 1, nothing)
    ages.begin(job)
    ages.end(job, broke=True)
    told = await (await client.get("/readyz")).json()
    assert told["ready"]
    assert "deliver_owed" in told["warnings"]["jobs"]


async def test_pushes_are_counted_by_kind_and_outcome_with_their_time(figures, metrics):
    metrics.pushed("text", "answered", 0.02)
    metrics.pushed("TEXT", "answered", 0.3)
    metrics.pushed("image", "late", 4.2)
    told = await figures()
    assert told["gongzhi_pushes_total", "text", "answered"] == 2
    assert told["gongzhi_pushes_total", "image", "late"] == 1
    assert told["gongzhi_answer_seconds_bucket", "0.025"] == 1
    assert told["gongzhi_answer_seconds_bucket", "4.0"] == 2
    assert told["gongzhi_answer_seconds_count",] == 3
    assert told["gongzhi_answer_seconds_sum",] == pytest.approx(4.52)


async def test_kinds_that_the_platform_invents_cannot_grow_without_end(figures, metrics):
    for number in range(MOST_KINDS * 2):
        metrics.pushed(f"event_{number}", "answered", 0.01)
    told = await figures()
    kinds = [labels for name, *labels in told if name == "gongzhi_pushes_total"]
    assert len(kinds) == MOST_KINDS + 1
    assert told["gongzhi_pushes_total", "other", "answered"] == MOST_KINDS


async def test_what_waits_is_measured_by_state(figures, database_url):
    await migrate(database_url)
    await heard(30)
    await heard(10)
    person = await Person.create(openid="person-1", created_at=NOW)
    for number, state in enumerate([Owing.OWED, Owing.OWED, Owing.FAILED, Owing.SENT]):
        await Delivery.create(key=f"d{number}", person_id=person.id, state=state, due_at=NOW, owed_at=NOW)
    for number, state in enumerate(["handling", "handling", "disputed", "closed", "rated"]):
        times = {"opened_at": NOW, "due_at": NOW, "changed_at": NOW}
        await Case.create(number=f"n{number}", state=state, type="manhole", **times)
    told = await figures()
    assert told["gongzhi_database_up",] == 1
    assert (told["gongzhi_inbox_waiting",], told["gongzhi_inbox_oldest_seconds",]) == (2, 30)
    deliveries = {key[1]: value for key, value in told.items() if key[0] == "gongzhi_deliveries"}
    assert deliveries == {"owed": 2, "held": 0, "sending": 0, "waiting": 0, "uncertain": 0, "failed": 1}
    cases = {key[1]: value for key, value in told.items() if key[0] == "gongzhi_cases_open"}
    assert cases["handling"] == 2
    assert cases["disputed"] == 1
    assert cases["reported"] == 0
    assert not {"closed", "rated", "rejected", "withdrawn"} & set(cases)


async def test_old_figures_are_not_shown_while_the_database_is_away(figures, database_url, monkeypatch):
    await migrate(database_url)
    await figures()

    async def broken(*_args, **_options):
        raise OSError

    monkeypatch.setattr("bot.health.measure_queue", broken)
    told = await figures()
    assert told["gongzhi_database_up",] == 0
    assert told["gongzhi_inbox_waiting",] != told["gongzhi_inbox_waiting",]  # not a number
    assert not [key for key in told if key[0] in ("gongzhi_deliveries", "gongzhi_cases_open")]
    assert told["gongzhi_start_time_seconds",] == NOW.timestamp()


async def stopped(code=45009, *, ended=False):
    """A way that was stopped an hour ago."""
    return await Stop.create(
        way="customer",
        why=Why.QUOTA,
        code=code,
        strikes=1,
        since=NOW - timedelta(hours=1),
        next_at=NOW + timedelta(hours=1),
        ended_at=NOW if ended else None,
    )


async def test_stopped_ways_are_shown_until_they_are_open_again(figures, database_url):
    await migrate(database_url)
    stop = await stopped()
    name = "gongzhi_wechat_stopped_until_seconds"
    assert (await figures())[name, "customer", "45009", "quota"] == stop.next_at.timestamp()
    await Stop.all().update(ended_at=NOW)
    assert not [key for key in await figures() if key[0] == name]


async def test_a_stop_warns_in_words_and_keeps_nobody_away(client, database_url):
    await migrate(database_url)
    await stopped()
    answer = await client.get("/readyz")
    told = await answer.json()
    assert (answer.status, told["ready"], told["reasons"]) == (200, True, {})
    words = told["warnings"]["wechat customer"]
    assert "客服消息：今天的次数用完了" in words
    assert "45009" in words


async def test_a_doubt_or_a_stop_that_has_ended_is_no_warning(client, database_url):
    await migrate(database_url)
    await stopped(ended=True)
    await Stop.create(way="template", why=Why.UNKNOWN, strikes=1, since=NOW, next_at=NOW)
    assert (await (await client.get("/readyz")).json())["warnings"].keys() <= {"units"}


async def test_what_needs_a_person_warns_with_the_command_to_look(client, database_url):
    await migrate(database_url)
    person = await Person.create(openid="person-1", created_at=NOW)
    for number, state in enumerate([Owing.FAILED, Owing.UNCERTAIN, Owing.FAILED, Owing.HELD]):
        await Delivery.create(key=f"d{number}", person_id=person.id, state=state, due_at=NOW, owed_at=NOW)
    words = (await (await client.get("/readyz")).json())["warnings"]["deliveries"]
    assert words == "{'failed': 2, 'uncertain': 1}: ./gongzhi deliveries list"


async def test_two_processes_in_one_test_keep_their_figures_apart(metrics):
    other = Metrics(StandingClock())
    metrics.pushed("text", "answered", 0.1)
    assert b'gongzhi_pushes_total{kind="text"' in metrics.text()
    assert b'gongzhi_pushes_total{kind="text"' not in other.text()


YEARS_MISSED = [  # (now, years): told from 60 days before, by the town's date
    (datetime(2026, 11, 1, 15, 59, tzinfo=UTC), []),
    (datetime(2026, 11, 1, 16, 0, tzinfo=UTC), [2027]),
    (datetime(2027, 6, 1, tzinfo=UTC), [2027]),
    (datetime(2027, 11, 2, tzinfo=UTC), [2027, 2028]),
]


@pytest.mark.usefixtures("library_ends_with_2026")
@pytest.mark.parametrize(("now", "years"), YEARS_MISSED)
async def test_year_nobody_announced_warns_and_leaves_us_ready(
    client, clock, figures, database_url, now, years
):
    await migrate(database_url)
    clock.moment = now
    answer = await client.get("/readyz")
    told = await answer.json()
    assert (answer.status, told["ready"], told["reasons"]) == (200, True, {})
    assert all(str(year) in told["warnings"].get("calendar", "") for year in years)
    assert ("calendar" in told["warnings"]) == bool(years)
    missing = {key[1]: value for key, value in (await figures()).items() if key[0] == MISSING_GAUGE}
    assert missing == {str(year): 1 for year in years}


async def test_units_for_which_nobody_is_there_are_named_and_do_not_keep_us_from_work(client, database_url):
    await migrate(database_url)
    bound = {"is_staff": True, "roles": ["officer"], "created_at": NOW, "openid": "officer-1"}
    await Person.create(unit="shizheng", **bound)
    answer = await client.get("/readyz")
    told = await answer.json()
    assert (answer.status, told["ready"]) == (200, True)
    assert "环卫所" in told["warnings"]["units"]
    assert "市政养护队" not in told["warnings"]["units"]


async def test_unit_whose_last_officer_left_is_named(client, database_url):
    await migrate(database_url)
    left = {
        "is_staff": True,
        "roles": ["officer"],
        "created_at": NOW,
        "openid": "officer-1",
        "following": False,
    }
    await Person.create(unit="shizheng", **left)
    told = await (await client.get("/readyz")).json()
    assert "市政养护队" in told["warnings"]["units"]
