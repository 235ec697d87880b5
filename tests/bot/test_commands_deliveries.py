"""What is owed as an operator sees it, and what they decide about it: never twice by accident, always with a trace."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.__main__ import main
from models.audit import AuditEntry
from models.database import close_database, migrate, open_database
from models.deliveries.stops import Stop, Why
from models.deliveries.tables import Delivery, Owing
from models.people import Person

NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)
OPENID = "oABCDEFGHIJKLMNOPQRSTUVWXYZ1"
PHONE = "13812345678"


@pytest.fixture
def told(tmp_path, monkeypatch, capsys):
    """Run one command; return its exit status, what it said and its complaints."""
    monkeypatch.setenv("GONGZHI_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run(*words):
        status = main(["deliveries", *words])
        out, complaints = capsys.readouterr()
        return status, out, complaints

    return run


@pytest.fixture
def database(tmp_path, told):
    """Do something with the database between commands."""

    def use(work):
        async def inside():
            kept = await open_database(f"sqlite://{tmp_path / 'gongzhi.sqlite3'}")
            try:
                return await work()
            finally:
                await close_database(kept)

        return asyncio.run(inside())

    use(lambda: migrate(f"sqlite://{tmp_path / 'gongzhi.sqlite3'}"))
    return use


@pytest.fixture
def rows(database):
    """One delivery in each state, and the stop that holds one of them; return their ids by state."""

    async def make():
        person = await Person.create(openid=OPENID, created_at=NOW, waiting=2)
        await Stop.create(
            way="customer",
            why=Why.QUOTA,
            code=45009,
            strikes=1,
            since=NOW,
            next_at=datetime.now(UTC) + timedelta(hours=5),
        )
        made = {}
        for state in Owing:
            row = await Delivery.create(
                key=f"k-{state}",
                person_id=person.id,
                text=f"电话 {PHONE}",
                state=state,
                way="customer" if state is Owing.HELD else "",
                code=47003 if state is Owing.FAILED else 0,
                due_at=NOW,
                owed_at=NOW,
            )
            made[state.value] = row.id
        return made

    return database(make)


@pytest.fixture
def states(database):
    """The state of every delivery by its state at the beginning."""

    async def read():
        return {row.key.removeprefix("k-"): row.state.value for row in await Delivery.all().order_by("id")}

    return lambda: database(read)


def test_list_shows_what_is_not_settled_with_counts_reasons_and_stops(told, rows):
    status, out, _ = told("list")
    assert status == 0
    assert "合计：" in out
    assert "停发留着（held）1" in out
    assert "停发：客服消息，今天的次数用完了（代码 45009）" in out
    assert "客服消息停了：今天的次数用完了" in out
    assert "内容不被接受（代码 47003）" in out
    listed = {int(line.split("\t")[0]) for line in out.splitlines() if re.match(r"\d+\t", line)}
    assert listed == {rows[state] for state in rows if state not in {"sent", "dropped"}}


@pytest.mark.parametrize("words", [("list",), ("list", "--json"), ("list", "--state", "sent")])
def test_list_never_shows_who_or_what_was_written(told, rows, words):
    _, out, complaints = told(*words)
    assert OPENID not in out + complaints
    assert PHONE not in out + complaints


def test_list_of_one_state_or_id_holds_nothing_else(told, rows):
    _, out, _ = told("list", "--state", "failed", "--state", "uncertain", "--json")
    told_rows = [json.loads(line) for line in out.splitlines()]
    assert told_rows[0]["counts"]["failed"] == 1
    assert told_rows[0]["stops"][0]["way"] == "customer"
    assert {row["state"] for row in told_rows[1:]} == {"failed", "uncertain"}
    _, out, _ = told("list", "--id", str(rows["sent"]), "--json")
    assert [json.loads(line)["id"] for line in out.splitlines()[1:]] == [rows["sent"]]


def test_list_says_when_there_is_more(told, rows):
    assert "--limit" in told("list", "--limit", "2")[1]
    assert "还有更多" not in told("list", "--limit", "9")[1]


def test_list_of_nothing_says_so(told, database):
    assert "没有要看的投递" in told("list")[1]


def test_retry_all_leaves_alone_what_may_have_arrived(told, rows, states, database):
    status, out, _ = told("retry", "--all")
    assert (status, "3 条" in out) == (0, True)
    assert states() == {
        "owed": "owed",
        "held": "owed",
        "sending": "sending",
        "sent": "sent",
        "waiting": "waiting",
        "uncertain": "uncertain",
        "dropped": "dropped",
        "failed": "owed",
    }

    async def look():
        stop = await Stop.get(way="customer")
        person = await Person.get()
        return stop.next_at <= datetime.now(UTC), person.waiting

    assert database(look) == (True, 1), (
        "the stopped way is tried at once; the held one waits for nobody any more"
    )


@pytest.mark.parametrize("which", ["state", "id"])
def test_uncertain_is_sent_again_only_by_an_explicit_choice_after_a_warning(told, rows, states, which):
    words = ("--state", "uncertain") if which == "state" else ("--id", str(rows["uncertain"]))
    status, out, complaints = told("retry", *words)
    assert (status, out) == (2, "")
    assert "可能收到两遍" in complaints
    assert states()["uncertain"] == "uncertain"
    assert told("retry", *words, "--may-repeat")[0] == 0
    assert states()["uncertain"] == "owed"


@pytest.mark.parametrize("state", ["sending", "sent", "dropped"])
@pytest.mark.parametrize("action", ["retry", "drop"])
def test_what_is_settled_is_not_decided_again(told, rows, states, state, action):
    status, _, complaints = told(action, "--id", str(rows[state]), "--reason", "x")
    assert status == 2
    assert state in complaints
    assert states()[state] == state


def test_unknown_id_is_named_and_nothing_is_changed(told, rows, states):
    before = states()
    status, _, complaints = told("retry", "--id", str(rows["failed"]), "--id", "99999")
    assert (status, "99999" in complaints) == (2, True)
    assert states() == before


def test_retry_wants_to_know_which(told, rows):
    assert "编号" in told("retry")[2]


def test_drop_wants_a_reason_and_a_choice_and_keeps_the_reason(told, rows, states, database):
    assert "原因" in told("drop", "--id", str(rows["failed"]))[2]
    assert "哪些" in told("drop", "--reason", "旧的")[2]
    assert told("drop", "--state", "failed", "--state", "waiting", "--reason", "旧的")[0] == 0
    assert (states()["failed"], states()["waiting"], states()["held"]) == ("dropped", "dropped", "held")
    _, out, _ = told("list", "--id", str(rows["failed"]))
    assert "旧的" in out


def test_each_decision_leaves_a_trace(told, rows, database):
    told("retry", "--all")
    told("drop", "--id", str(rows["waiting"]), "--reason", "旧的")

    async def read():
        return [(row.who, row.action, row.subject) for row in await AuditEntry.all().order_by("id")]

    assert database(read) == [
        ("command", "deliveries retry", "3: all"),
        ("command", "deliveries drop", f"1: {rows['waiting']}"),
    ]
