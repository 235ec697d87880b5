"""The commands of the exchange, as an operator types them: a secret is shown once, and every mistake is told."""

import asyncio
import json
import shutil

import pytest

from bot import commands_exchange
from bot.__main__ import main
from models.audit import AuditEntry
from models.cases.tables import Case
from models.clock import MachineClock
from models.database import close_database, open_database
from models.exchange.tables import Passing, Subscriber, System, Transfer


@pytest.fixture
def told(tmp_path, migrated_file, monkeypatch, capsys):
    """Run one command; return its exit status, its rows and its complaints."""
    monkeypatch.setenv("GONGZHI_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands_exchange, "start_logging", lambda *_, **__: None)
    shutil.copy(migrated_file, tmp_path / "gongzhi.sqlite3")

    def run(*words):
        status = main(list(words))
        out, complaints = capsys.readouterr()
        return status, [json.loads(line) for line in out.splitlines()], complaints

    return run


@pytest.fixture
def look(tmp_path):
    """Do something in the database that the commands use."""
    return lambda work: in_database(tmp_path, work)


def in_database(folder, work):
    async def inside():
        database = await open_database(f"sqlite://{folder / 'gongzhi.sqlite3'}")
        try:
            return await work()
        finally:
            await close_database(database)

    return asyncio.run(inside())


def test_secret_of_a_system_is_shown_once(told, look):
    status, (row,), _ = told(
        "system", "add", "--code", "toudao", "--name", "偷倒监控平台", "--source", "网络"
    )
    assert status == 0
    kept = look(System.get)
    assert (row["secret"], row["source"]) == (kept.secret, "网络")
    _, listed, _ = told("system", "list")
    assert kept.secret not in json.dumps(listed)
    assert listed[0]["code"] == "toudao"
    _, (stopped,), _ = told("system", "stop", "--code", "toudao")
    assert stopped["stopped_at"]
    entries = look(lambda: AuditEntry.all().order_by("id"))
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("system add", "toudao"),
        ("system stop", "toudao"),
    ]


def test_subscriber_is_added_listed_and_stopped(told, look):
    words = ("--url", "https://a.example/hook?key=hidden", "--types", "manhole,construction_waste")
    status, (row,), _ = told("subscriber", "add", "--name", "民呼我应", *words)
    assert status == 0
    assert row["secret"] == look(Subscriber.get).secret
    assert row["types"] == ["manhole", "construction_waste"]
    _, (listed,), _ = told("subscriber", "list")
    assert (listed["system"], listed["url"]) == (f"subscriber-{row['id']}", "https://a.example/hook")
    assert "secret" not in listed
    assert told("subscriber", "stop", "--name", "民呼我应")[0] == 0
    assert told("subscriber", "stop", "--name", "民呼我应")[0] == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("system", "add", "--code", "x"), "--name"),
        (("system", "add", "--code", "大", "--name", "x"), "编号"),
        (("system", "stop", "--code", "nobody"), "nobody"),
        (("subscriber", "add", "--name", "x"), "--url"),
        (("subscriber", "add", "--name", "x", "--url", "ftp://a.example"), "https://"),
        (("subscriber", "add", "--name", "x", "--url", "https://a.example", "--types", "nix"), "nix"),
        (("exchange", "retry"), "--id"),
        (("exchange", "retry", "--id", "7"), "7"),
    ],
)
def test_mistake_is_told(told, words, said):
    status, rows, complaints = told(*words)
    assert (status, rows) == (2, [])
    assert said in complaints


def test_transfers_are_listed_retried_and_skipped(told, look):
    now = MachineClock().now()

    async def give_up():
        times = {"opened_at": now, "due_at": now, "changed_at": now}
        case = await Case.create(number="2607060001", state="handling", type="manhole", **times)
        to = await Subscriber.create(name="甲", url="https://a.example/", secret="s", made_at=now)
        for seq, state in ((1, Passing.DEAD), (2, Passing.OWED)):
            await Transfer.create(
                subscriber_id=to.id,
                case_id=case.id,
                seq=seq,
                state=state,
                due_at=now,
                trouble="连不上" * (seq == 1),
            )

    look(give_up)
    _, (counts, dead, blocked), _ = told("exchange", "list")
    assert counts == {"owed": 1, "sent": 0, "dead": 1}
    assert (dead["case"], dead["trouble"]) == ("2607060001", "连不上")
    assert "第 1 步" in blocked["trouble"]
    assert [row["seq"] for row in told("exchange", "list", "--state", "dead")[1][1:]] == [1]
    assert told("exchange", "retry", "--id", str(dead["id"]))[1] == [{"id": dead["id"], "state": "owed"}]
    assert told("exchange", "skip", "--id", str(dead["id"]))[0] == 2
