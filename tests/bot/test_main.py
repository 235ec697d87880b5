"""The commands, as an operator types them."""

import asyncio
import json
import re
import sys
from datetime import datetime
from pathlib import Path

import pytest
from stage import Stage

from bot.__main__ import main
from bot.demo import AES_KEY, APPID, SECRET, TOKEN, build_simulator
from bot.simulator.clock import SimClock
from models.city.load import EXAMPLE, load_city

ROOT = Path(__file__).parents[2]
ACCOUNT = {
    "GONGZHI_WECHAT_APPID": APPID,
    "GONGZHI_WECHAT_SECRET": SECRET,
    "GONGZHI_WECHAT_TOKEN": TOKEN,
    "GONGZHI_WECHAT_AES_KEY": AES_KEY,
}


async def run(folder, *words, **settings):
    """Run one command; return its exit status, output and complaints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=ROOT,
        env={"GONGZHI_DATA": str(folder), "PATH": "", **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, complaints = await process.communicate()
    return process.returncode, out.decode(), complaints.decode()


@pytest.fixture
async def platform(aiohttp_server):
    """The simulated WeChat on a port of its own."""
    simulator = build_simulator(load_city(EXAMPLE), SimClock(), push_url="")
    server = await aiohttp_server(simulator.application())
    simulator.address = str(server.make_url("")).rstrip("/")
    return simulator


async def test_check_names_every_missing_setting_at_once(tmp_path):
    status, _, complaints = await run(tmp_path, "check")
    assert status == 2
    assert all(name in complaints for name in ACCOUNT)


async def test_check_is_content_with_four_settings(tmp_path):
    status, out, _ = await run(tmp_path, "check", "--offline", **ACCOUNT)
    assert status == 0
    assert "没有问题" in out


@pytest.mark.usefixtures("library_ends_with_2026")
@pytest.mark.parametrize(
    ("today", "years"), [("2026-11-01", []), ("2026-11-02", ["2027"]), ("2027-12-01", ["2027", "2028"])]
)
def test_check_reminds_of_years_that_nobody_announced_and_is_content(
    today, years, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    for name, value in (ACCOUNT | {"GONGZHI_DATA": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    noon = datetime.fromisoformat(f"{today}T04:00+00:00")
    assert main(["check", "--offline"], clock=SimClock(noon)) == 0
    told = capsys.readouterr()
    assert "没有问题" in told.out
    assert re.findall(r"还没有 (\d{4}) 年的节假日安排", told.err) == years
    assert ("calendar.toml" in told.err) == bool(years)


async def test_check_names_mistakes_of_settings_and_of_the_city_together(tmp_path):
    city = tmp_path / "town"
    city.mkdir()
    (city / "city.toml").write_text("name = 3\n", encoding="utf-8")
    status, _, complaints = await run(tmp_path, "check", GONGZHI_CITY=str(city))
    assert status == 2
    assert "GONGZHI_WECHAT_TOKEN" in complaints
    assert "city.toml" in complaints


async def test_classify_gives_the_fields_of_the_contract(tmp_path):
    status, out, _ = await run(tmp_path, "classify", "门口的路灯不亮了")
    verdict = json.loads(out)
    assert status == 0
    assert verdict["type"] == "street_light"
    assert {"confidence", "evidence", "alternatives"} <= verdict.keys()


async def test_classify_keeps_rows_in_order_and_their_fields(tmp_path):
    rows = [
        {"title": "", "text": "井盖坏了", "n": 1},
        {"title": "", "text": "路灯不亮", "n": 2, "label": "street_light"},
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    _, out, complaints = await run(tmp_path, "classify", "--file", str(file), "--evaluate")
    said = [json.loads(line) for line in out.splitlines()]
    assert [(row["n"], row["type"]) for row in said] == [(1, "manhole"), (2, "street_light")]
    assert "100" in complaints


async def test_added_officer_binds_with_the_code_once(tmp_path, database_url, stage_town):
    await run(tmp_path, "migrate", GONGZHI_DATABASE=database_url)
    words = ("staff", "add", "--json", "--name", "吴勇", "--role", "officer", "--unit", "shizheng")
    _, out, _ = await run(tmp_path, *words, GONGZHI_DATABASE=database_url)
    code = json.loads(out)["bind_code"]
    async with Stage(stage_town, database_url, tmp_path, start=SimClock().now()) as stage:
        officer, stranger = await stage.citizen("吴勇"), await stage.citizen("别人")
        assert "绑定好了" in (await officer.say(f"绑定 {code}")).text
        assert "绑定码不对" in (await stranger.say(f"绑定 {code}")).text


async def test_menu_is_pushed_and_a_code_is_made(tmp_path, platform):
    settings = {**ACCOUNT, "GONGZHI_WECHAT_API": platform.address}
    await run(tmp_path, "migrate", **settings)
    status, _, complaints = await run(tmp_path, "menu", "push", **settings)
    assert status == 0, complaints
    assert [button["name"] for button in platform.platform.menu] == ["随手拍", "查进度", "更多"]
    status, out, _ = await run(tmp_path, "qr", "胡埭路", **settings)
    assert status == 0
    assert "showqrcode" in out


async def test_code_of_an_unknown_place_is_refused(tmp_path):
    status, _, complaints = await run(tmp_path, "qr", "没有这个地方", **ACCOUNT)
    assert status == 2
    assert "没有「没有这个地方」" in complaints


async def test_check_names_the_units_for_which_nobody_has_bound(tmp_path, database_url, stage_town):
    account = {**ACCOUNT, "GONGZHI_DATABASE": database_url}
    async with Stage(stage_town, database_url, tmp_path, start=SimClock().now()) as stage:
        await stage.officer("shizheng")
    status, _, told = await run(tmp_path, "check", "--offline", **account)
    assert status == 0
    assert "还没有人绑定微信" in told
    assert "环卫所" in told
    assert "市政养护队" not in told
