"""Every command meets every mistake that an operator can mend: it says so in Chinese, and shows no traceback."""

import json
import re
import shlex
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS, main
from bot.demo import AES_KEY, APPID, SECRET, TOKEN
from models import sqlite

ROOT = Path(__file__).parents[2]
ACCOUNT = {
    "GONGZHI_WECHAT_APPID": APPID,
    "GONGZHI_WECHAT_SECRET": SECRET,
    "GONGZHI_WECHAT_TOKEN": TOKEN,
    "GONGZHI_WECHAT_AES_KEY": AES_KEY,
    "GONGZHI_WECHAT_API": "http://127.0.0.1:9",
}
# One call of each action, right in every respect but for the mistake; {file} is a sound file of that command.
CALLS = (
    "serve",
    "demo",
    "simulator",
    "migrate",
    "check",
    "classify 路灯不亮",
    "classify --file {rows}",
    "staff add --name 王队长 --role officer --unit shizheng",
    "staff list",
    "staff move --name 王队长 --unit shizheng",
    "staff end --name 王队长",
    "staff code --name 王队长",
    "menu push",
    "qr 胡埭路",
    "case import {sheet}",
    "token create --role reader --name 大屏",
    "token list",
    "token revoke --id 1",
    "history check",
    "lexicon try --type street_vending --word 板车 --weight 3",
    "lexicon save --type street_vending --word 板车 --weight 3 --by 小王 --why 商贩都推板车",
    "lexicon show",
    "lexicon back 0 --by 小王 --why 误伤",
    "lexicon proposals",
    "lexicon accept 1 --by 小王",
    "lexicon refuse 1 --by 小王 --why 太常见",
    "lexicon learn {rows} --out {out}",
    "lexicon danger {rows} --out {out}",
    "lexicon replies {rows} --out {out}",
    "system add --code toudao --name 监控",
    "system list",
    "system stop --code toudao",
    "subscriber add --name 民呼 --url https://hy.example.cn/hook",
    "subscriber list",
    "subscriber stop --name 民呼",
    "exchange list",
    "exchange retry --id 1",
    "exchange skip --id 1",
    "deliveries list",
    "deliveries retry --all",
    "deliveries drop --id 1 --reason 旧的",
    "tidy",
)
OF_THEIR_OWN = {"backup", "restore"}  # with mistakes that only they can meet: test_backup.py
NO_DATABASE = ("classify", "simulator", "demo", "lexicon learn", "lexicon danger", "lexicon replies")
NO_CITY = (
    *("migrate", "staff list", "staff end", "staff code", "token", "history", "lexicon replies"),
    *("menu", "system", "subscriber list", "subscriber stop", "exchange", "deliveries", "case"),
)
FILES = ("rows", "sheet")
ON_PORTS = ("serve", "demo", "simulator")
HAN = re.compile(r"[\u4e00-\u9fff]{2}")


def of(*beginnings):
    return [call for call in CALLS if call.startswith(beginnings)]


def but(*beginnings):
    return [call for call in CALLS if not call.startswith(beginnings)]


class Operator:
    """Types commands in a folder of their own; what they read is kept."""

    def __init__(self, folder, monkeypatch, capsys):
        self.folder, self.monkeypatch, self.capsys = folder, monkeypatch, capsys
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sqlite, "PRAGMAS", sqlite.PRAGMAS)
        self.files = {
            "rows": folder / "rows.jsonl",
            "sheet": folder / "sheet.csv",
            "out": folder / "out.json",
        }
        row = {"text": "路灯不亮", "label": "street_light", "live": False, "meaning": "yes"}
        self.files["rows"].write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
        self.files["sheet"].write_text("编号,内容,地址\nA1,路灯不亮,胡埭路\n", encoding="utf-8")
        self.set(GONGZHI_DATA=folder / "data", **ACCOUNT)

    def set(self, **settings):
        for name, value in settings.items():
            self.monkeypatch.setenv(name, str(value))

    def types(self, call):
        """Return exit status and complaint."""
        words = [word.format(**self.files) for word in shlex.split(call)]
        self.capsys.readouterr()
        try:
            status = main(words)
        except SystemExit as exit_:
            status = exit_.code
        told = self.capsys.readouterr()
        return status, told.err + ("" if told.err else told.out)


@pytest.fixture
def operator(tmp_path, monkeypatch, capsys):
    return Operator(tmp_path, monkeypatch, capsys)


def assert_told(operator, call, *words):
    status, complaint = operator.types(call)
    assert status, complaint
    assert HAN.search(complaint), complaint
    assert "Traceback" not in complaint
    for word in words:
        assert word in complaint


def test_the_table_holds_every_command():
    assert {call.split()[0] for call in CALLS} | OF_THEIR_OWN == {name for name, *_ in COMMANDS}


@pytest.mark.parametrize("call", but(*NO_DATABASE))
def test_a_database_that_does_not_answer_is_told(call, operator):
    operator.set(GONGZHI_DATABASE="postgres://gongzhi:geheim@127.0.0.1:9/gongzhi")
    assert_told(operator, call, "数据库打不开")


@pytest.mark.parametrize("call", but(*NO_DATABASE))
def test_a_file_that_is_no_database_is_told(call, operator):
    file = operator.folder / "letter.sqlite3"
    file.write_text("this is a letter and no database at all, however long it may be" * 20)
    operator.set(GONGZHI_DATABASE=f"sqlite://{file}")
    assert_told(operator, call, "不是 SQLite 数据库")
    assert file.read_text().startswith("this is a letter")


@pytest.mark.parametrize("call", but(*NO_DATABASE, "check", "serve", "demo"))
def test_a_database_that_somebody_holds_is_told(call, operator, monkeypatch):
    monkeypatch.setitem(sqlite.PRAGMAS, "busy_timeout", "20")
    file = operator.folder / "held.sqlite3"
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        operator.set(GONGZHI_DATABASE=f"sqlite://{file}")
        assert_told(operator, call, "占着")


@pytest.mark.parametrize("call", but(*NO_DATABASE, "migrate"))
@pytest.mark.postgres
def test_a_new_shared_database_is_told_with_the_command(call, operator, bare_postgres_url):
    operator.set(GONGZHI_DATABASE=bare_postgres_url)
    assert_told(operator, call, "./gongzhi migrate")


@pytest.mark.parametrize("call", but("demo", "lexicon replies"))
def test_a_data_folder_that_is_a_file_is_told(call, operator):
    (operator.folder / "data").write_text("")
    assert_told(operator, call, "GONGZHI_DATA")


@pytest.mark.parametrize("call", but("demo", *NO_CITY))
def test_a_city_folder_with_mistakes_is_told(call, operator):
    town = operator.folder / "town"
    town.mkdir()
    (town / "city.toml").write_text("name = 3\n", encoding="utf-8")
    operator.set(GONGZHI_CITY=town)
    assert_told(operator, call, "city.toml")


@pytest.mark.parametrize("call", [call for call in CALLS if "{rows}" in call or "{sheet}" in call])
@pytest.mark.parametrize("mistake", ["missing", "folder", "encoding"])
def test_a_file_that_cannot_be_read_is_told(call, mistake, operator):
    for name in FILES:
        file = operator.files[name]
        file.unlink()
        if mistake == "folder":
            file.mkdir()
        elif mistake == "encoding":
            file.write_bytes(b"\xff\xfe\x00\xd8 \x81")
    assert_told(operator, call)


@pytest.mark.parametrize("call", [call for call in CALLS if "{rows}" in call])
def test_a_line_that_is_no_row_is_told_with_its_number(call, operator):
    good = operator.files["rows"].read_text(encoding="utf-8")
    operator.files["rows"].write_text(good + "\n{half a row\n", encoding="utf-8")
    assert_told(operator, call, "第 2 行")


@pytest.mark.parametrize("call", of(*ON_PORTS))
def test_a_port_in_use_is_told_with_the_command_for_another(call, operator):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        operator.set(GONGZHI_LISTEN=f"127.0.0.1:{port}")
        status, complaint = operator.types(call if call == "serve" else f"{call} --port {port}")
    assert status == 2
    assert f"端口 {port} 已经有程序在用" in complaint
    assert re.search(r"\./gongzhi " + call.split()[0], complaint)


@pytest.mark.parametrize("call", of("check", "menu", "qr"))
def test_a_wechat_that_cannot_be_reached_is_told(call, operator):
    operator.types("migrate")
    assert_told(operator, call, "微信")


@pytest.mark.parametrize("call", ["migrate", "deliveries list", "classify 路灯不亮"])
def test_a_reader_who_has_gone_is_no_trouble(call, operator):
    words = shlex.split(call)
    settings = {"GONGZHI_DATA": str(operator.folder / "piped"), "PATH": "", **ACCOUNT}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        complaint = process.stderr.read().decode()
    assert complaint == ""
    assert process.returncode == 141


@pytest.mark.parametrize(
    "call", but("serve", "demo", "simulator", "check", "menu", "qr", "case", "lexicon learn")
)
def test_a_new_town_s_first_command_is_answered_whatever_it_is(call, operator):
    status, complaint = operator.types(call)
    assert "Traceback" not in complaint
    assert not status or HAN.search(complaint), complaint
