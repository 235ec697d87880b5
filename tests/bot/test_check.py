"""What `check` finds out before people do."""

import json
import sqlite3

import pytest

from bot.__main__ import main
from bot.check_address import faults_of_address
from bot.demo import AES_KEY, APPID, SECRET, TOKEN, build_simulator
from bot.simulator.clock import SimClock
from bot.wechat_templates import read_templates
from models.city.load import EXAMPLE, load_city

ACCOUNT = {
    "GONGZHI_WECHAT_APPID": APPID,
    "GONGZHI_WECHAT_SECRET": SECRET,
    "GONGZHI_WECHAT_TOKEN": TOKEN,
    "GONGZHI_WECHAT_AES_KEY": AES_KEY,
}


@pytest.mark.parametrize(
    "address",
    [
        *("http://cg.example.cn", "https://localhost", "https://127.0.0.1:8080", "https://10.1.2.3"),
        *(
            "https://192.168.1.5",
            "https://172.20.0.1",
            "https://[::1]",
            "https://[fd00::1]",
            "https://0.0.0.0",
        ),
        *("https://server", "https://cg.local", "https://gongzhi.lan", "https://169.254.1.1"),
        *("https://100.64.3.4", "https://8.8.8.8", "http://cg.internal"),
    ],
)
def test_an_address_that_phones_cannot_open_is_named(address):
    assert faults_of_address(address)


@pytest.mark.parametrize(
    "address", ["https://cg.example.cn", "https://cg.gov.cn:8443", "https://共治.example.cn"]
)
def test_an_address_that_phones_can_open_is_fine(address):
    assert faults_of_address(address) == []


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    """Run `check` with these settings; return exit status and all that was said."""
    monkeypatch.chdir(tmp_path)

    def run(*words, **settings):
        for name, value in {**ACCOUNT, "GONGZHI_DATA": str(tmp_path / "data"), **settings}.items():
            monkeypatch.setenv(name, value)
        status = main(["check", *words])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


def test_check_offline_asks_nobody_and_says_so(typed):
    status, told = typed("--offline", GONGZHI_WECHAT_API="http://127.0.0.1:9")
    assert status == 0, told
    assert "没有问微信" in told
    assert "GONGZHI_PUBLIC_URL" in told


def test_a_database_that_is_not_there_yet_is_not_made(typed, tmp_path):
    status, told = typed("--offline")
    assert status == 0
    assert "还没有" in told
    assert not list((tmp_path / "data").glob("*.sqlite3"))


def test_a_file_without_migrations_is_a_reminder(typed, tmp_path):
    file = tmp_path / "old.sqlite3"
    with sqlite3.connect(file) as old:
        old.execute("CREATE TABLE person (id INTEGER)")
    status, told = typed("--offline", GONGZHI_DATABASE=f"sqlite://{file}")
    assert status == 0
    assert "旧版" in told


@pytest.mark.parametrize(
    ("url", "why"),
    [("http://cg.example.cn", "http"), ("https://192.168.1.5", "内网"), ("https://cg.example.cn/h5", "路径")],
)
def test_a_public_address_that_does_not_serve_is_a_mistake(typed, url, why):
    status, told = typed("--offline", GONGZHI_PUBLIC_URL=url)
    assert status == 2
    assert "GONGZHI_PUBLIC_URL" in told
    assert why in told


def test_a_setting_of_the_town_that_nobody_knows_is_named_with_the_nearest(typed, tmp_path):
    import shutil

    town = shutil.copytree(EXAMPLE, tmp_path / "town")
    head = town / "city.toml"
    text = head.read_text("utf-8")
    head.write_text(text.replace("warn_share", "warn_shre"), "utf-8")
    status, told = typed("--offline", GONGZHI_CITY=str(town))
    assert status == 2
    assert "warn_shre" in told
    assert "是不是“warn_share”" in told


@pytest.mark.parametrize(
    ("uses", "why"),
    [
        ({"progres": {"template": "T", "fields": {"thing1": "type"}}}, "progress"),
        ({"progress": {"template": "T", "fields": {"thing1": "typ"}}}, "type"),
        ({"progress": {"template": "T", "fields": {"thng1": "type"}}}, "thng1"),
    ],
)
def test_a_template_that_nothing_would_fill_is_named(typed, uses, why):
    status, told = typed("--offline", GONGZHI_WECHAT_TEMPLATES=json.dumps(uses))
    assert status == 2
    assert why in told


def test_templates_that_fit_are_read():
    text = '{"progress": {"template": "T", "fields": {"character_string1": "number", "time2": "due"}}}'
    assert set(read_templates(text)) == {"progress"}


@pytest.fixture
async def platform(aiohttp_server):
    simulator = build_simulator(load_city(EXAMPLE), SimClock(), push_url="")
    server = await aiohttp_server(simulator.application())
    return str(server.make_url("")).rstrip("/")


@pytest.mark.parametrize(("secret", "status"), [(SECRET, 0), ("not-the-secret", 2)])
async def test_a_wrong_secret_is_found_out_with_one_call(platform, typed, secret, status):
    import asyncio

    settings = {"GONGZHI_WECHAT_API": platform, "GONGZHI_WECHAT_SECRET": secret}
    found, told = await asyncio.to_thread(lambda: typed(**settings))
    assert found == status, told
    assert ("AppSecret 不对" in told) == bool(status)
