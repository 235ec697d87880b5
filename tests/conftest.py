"""What every test stands on: no settings from outside, and servers that are there or whose lack is told."""

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import hypothesis
import pytest
from stage import build_stage_town

from models.city import calendar as counting

LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
FOR_TESTS = ("GONGZHI_REQUIRE", "GONGZHI_TEST_")
# mark -> fixtures that bring the same need
NEEDS = {"postgres": {"postgres_url", "bare_postgres_url"}, "browser": {"browser"}}
NEEDS |= {"clients": set(), "docker": set()}
CLIENTS = Path(__file__).parent / "bot" / "simulator" / "clients" / "node_modules"
CHROMIUM_OPTIONS = (
    "--headless",
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)

hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "house")


def pytest_configure():
    """Take our settings out of the environment: a test says itself what it is run with."""
    for name in [name for name in os.environ if name.startswith("GONGZHI_")]:
        if not name.startswith(FOR_TESTS):
            del os.environ[name]


def pytest_runtest_setup(item):
    """Skip what this machine has no server for; fail it instead where GONGZHI_REQUIRE names the server."""
    for need, fixtures in NEEDS.items():
        if item.get_closest_marker(need) or fixtures & set(item.fixturenames):
            lack = MISSING[need]()
            if lack and need in os.environ.get("GONGZHI_REQUIRE", "").split(","):
                pytest.fail(f"{need} is required here, but {lack}", pytrace=False)
            if lack:
                pytest.skip(lack)


@cache
def missing_postgres():
    """Return why there is no PostgreSQL to test with, or nothing."""
    try:
        asyncio.run(_tell(postgres_server(), "SELECT 1"))
    except (OSError, asyncpg.PostgresError) as error:
        return f"PostgreSQL does not let us in: {error}"
    return ""


@cache
def missing_browser():
    """Return why there is no browser to test with, or nothing."""
    lacking = [name for name in ("chromium", "chromedriver") if not shutil.which(name)]
    return f"{' and '.join(lacking)} not found" if lacking else ""


@cache
def missing_clients():
    """Return why no client that others wrote can be played here, or nothing."""
    return "" if shutil.which("node") and CLIENTS.is_dir() else f"no Node.js, or nothing in {CLIENTS}"


@cache
def missing_docker():
    """Return why no image can be built here, or nothing."""
    if not shutil.which("docker"):
        return "docker not found"
    for words in (("docker", "info"), ("docker", "compose", "version")):
        if subprocess.run(words, check=False, capture_output=True).returncode:
            return f"{' '.join(words)} fails: no Docker engine to test with"
    return ""


MISSING = {"postgres": missing_postgres, "browser": missing_browser}
MISSING |= {"clients": missing_clients, "docker": missing_docker}


def postgres_server():
    """Return the address of a database whose user may create others."""
    return os.environ.get("GONGZHI_TEST_POSTGRES") or LOCAL_POSTGRES


@pytest.fixture(scope="session")
def stage_town(tmp_path_factory):
    """The example city with its tools, built once: it never changes."""
    return build_stage_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def library_ends_with_2026(monkeypatch):
    """The library of holidays as it was when the dates of a test were worked out, whatever newer one is installed."""
    told = counting.told_by_library
    monkeypatch.setattr(counting, "told_by_library", lambda day: told(day) if day.year <= 2026 else None)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A SQLite database that is migrated and holds nothing: tests work on copies, for migrating takes seconds."""
    file = tmp_path_factory.mktemp("migrated") / "empty.sqlite3"
    migrate_by_command(f"sqlite://{file}", file.parent)
    return file


@pytest.fixture(scope="session")
def migrated_template(tmp_path_factory):
    """The name of such a database on PostgreSQL, from which others are made."""
    server, name = postgres_server(), f"gongzhi_template_{secrets.token_hex(6)}"
    asyncio.run(_tell(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
    migrate_by_command(_named(server, name), tmp_path_factory.mktemp("migrated"))
    yield name
    asyncio.run(_tell(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def postgres_url(migrated_template):
    """A PostgreSQL database of this test's own, migrated and empty."""
    server, name = postgres_server(), f"gongzhi_test_{secrets.token_hex(6)}"
    await _tell(server, f"CREATE DATABASE {name} TEMPLATE {migrated_template}")
    yield _named(server, name)
    await _tell(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path, migrated_file):
    """A SQLite database of this test's own, migrated and empty."""
    shutil.copy(migrated_file, tmp_path / "test.sqlite3")
    return f"sqlite://{tmp_path / 'test.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request):
    """A database of this test's own, migrated and empty, of each kind that the house runs on."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def bare_postgres_url():
    """A PostgreSQL database without any table."""
    server, name = postgres_server(), f"gongzhi_test_{secrets.token_hex(6)}"
    await _tell(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield _named(server, name)
    await _tell(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def bare_sqlite_url(tmp_path):
    """A SQLite database without any table; the file is made when somebody connects."""
    return f"sqlite://{tmp_path / 'bare.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare_url(request):
    """A database without any table, of each kind."""
    return request.getfixturevalue(f"bare_{request.param}_url")


@pytest.fixture
def browser(tmp_path):
    """Headless Chromium with an empty profile, driven by Selenium."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for option in (*CHROMIUM_OPTIONS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(option)
    service = ChromeService(shutil.which("chromedriver"), log_output=str(Path(tmp_path) / "driver.log"))
    driver = Chrome(options, service)
    yield driver
    driver.quit()


def migrate_by_command(url, folder):
    """Migrate a database as an operator does."""
    environment = os.environ | {"GONGZHI_DATABASE": url, "GONGZHI_DATA": str(folder)}
    root = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-m", "bot", "migrate"], env=environment, cwd=root, check=True)


def _named(server, name):
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def _tell(server, statement):
    connection = await asyncpg.connect(server, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
