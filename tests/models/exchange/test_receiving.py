"""The same key opens one case and has one answer, also for copies at once, in two processes and after a crash."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from models.cases.tables import Case, CaseEvent
from models.errors import Refusal
from models.exchange import actions
from models.exchange.actions import KeyUsed, add_system, origin_of, receive_case, stop_system
from models.exchange.passing import tidy_transfers
from models.exchange.queries import find_system
from models.exchange.reading import Faults
from models.exchange.tables import Received

ONE_SENDING = Path(__file__).with_name("one_sending.py")


@pytest.fixture
def receive(system, stage_town, now):
    async def make(key, body):
        return await receive_case(system, key, body=body, town=stage_town, now=now)

    return make


async def test_alarm_becomes_a_case_of_the_system(receive, body):
    answer = await receive("k-1", body())
    case = await Case.get()
    assert (answer.status, answer.content["id"], answer.content["state"]) == (201, case.number, case.state)
    assert (case.type, case.source, case.origin) == ("construction_waste", "第三方", "toudao:k-1")
    assert case.reporter_id is None
    first = await CaseEvent.filter(case_id=case.id).order_by("seq").first()
    assert (first.role, first.client) == ("system", "toudao")


async def test_same_key_has_the_same_answer(receive, body):
    first, again = await receive("k-1", body()), await receive("k-1", body())
    assert (first.status, again.status) == (201, 200)
    assert first.content == again.content
    assert await Case.all().count() == 1


async def test_other_body_under_the_same_key_is_refused(receive, body):
    await receive("k-1", body())
    with pytest.raises(KeyUsed):
        await receive("k-1", body(urgent=True))
    assert await Case.all().count() == 1


async def test_same_key_of_two_systems_is_two_keys(receive, body, stage_town, now):
    other = await add_system("cameras", "别的平台", now=now)
    first = await receive("k-1", body())
    second = await receive_case(other, "k-1", body=body(), town=stage_town, now=now)
    assert first.content["id"] != second.content["id"]


async def test_refused_body_leaves_the_key_free(receive, body):
    with pytest.raises(Faults):
        await receive("k-1", body(type="no_such"))
    assert (await receive("k-1", body())).status == 201


async def test_copies_at_once_open_one_case(receive, body):
    answers = await asyncio.gather(*(receive("k-1", body()) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
    assert len({answer.content["id"] for answer in answers}) == 1
    assert await Case.all().count() == 1


async def test_different_bodies_at_once_open_one_case(receive, body):
    told = [receive("k-1", body(text=f"渣土 {n} 车")) for n in range(4)]
    outcomes = await asyncio.gather(*told, return_exceptions=True)
    assert sum(isinstance(outcome, KeyUsed) for outcome in outcomes) == 3
    assert await Case.all().count() == 1


async def test_failure_between_opening_and_answering_leaves_nothing(receive, body, monkeypatch):
    opens = actions.open_case

    async def opens_and_breaks(*arguments, **named):
        await opens(*arguments, **named)
        raise OSError("killed here")

    monkeypatch.setattr(actions, "open_case", opens_and_breaks)
    with pytest.raises(OSError, match="killed here"):
        await receive("k-1", body())
    assert await Case.all().count() == await Received.all().count() == 0
    monkeypatch.undo()
    assert (await receive("k-1", body())).status == 201
    assert await Case.all().count() == 1


async def test_key_is_remembered_by_the_case_when_its_answer_is_gone(receive, body, now):
    first = await receive("k-1", body())
    assert await tidy_transfers(now + timedelta(seconds=1)) == 1
    again = await receive("k-1", body())
    assert (again.status, again.content["id"]) == (200, first.content["id"])
    assert await Case.all().count() == 1


async def test_long_key_is_a_key_too(receive, body):
    first, again = await receive("k" * 120, body()), await receive("k" * 120, body())
    other = await receive("k" * 119, body())
    assert first.content == again.content != other.content
    assert len(origin_of("c" * 40, "k" * 120)) == 80


async def test_stopped_system_is_not_found(system, now):
    assert (await find_system("toudao")).secret == system.secret
    await stop_system("toudao", now=now)
    assert await find_system("toudao") is None
    with pytest.raises(Refusal, match="toudao"):
        await stop_system("toudao", now=now)


@pytest.mark.parametrize(
    ("code", "name", "source"),
    [
        ("toudao", "另一个", "第三方"),
        ("Big", "x", "网络"),
        ("a b", "x", "网络"),
        ("ok", "", "网络"),
        ("ok", "x", ""),
    ],
)
async def test_system_that_cannot_be_added_is_refused(system, now, code, name, source):
    with pytest.raises(Refusal):
        await add_system(code, name, source=source, now=now)


async def test_secrets_differ(system, now):
    assert (await add_system("other", "别的", now=now)).secret != system.secret
    assert len(system.secret) >= 40


class Sender:
    """One process that receives a case when it is told to go."""

    def __init__(self, *words):
        self.words = words

    async def ready(self):
        pipes = dict.fromkeys(("stdin", "stdout"), asyncio.subprocess.PIPE)
        self.process = await asyncio.create_subprocess_exec(sys.executable, ONE_SENDING, *self.words, **pipes)
        assert (await self.process.stdout.readline()).strip() == b"ready"
        return self

    async def go(self):
        out, _ = await self.process.communicate(b"go\n")
        return out.decode().split()


async def test_two_processes_and_a_dying_one_open_one_case(system, body, database_url, tmp_path):
    words = (str(tmp_path / "town"), database_url, "k-1")
    told = body().decode()
    dying = await Sender(*words, "die", told).ready()
    assert await dying.go() == []
    assert dying.process.returncode == 9
    assert await Case.all().count() == await Received.all().count() == 0
    both = await asyncio.gather(*(Sender(*words, "live", told).ready() for _ in range(2)))
    said = await asyncio.gather(*(sender.go() for sender in both))
    number = (await Case.get()).number
    assert sorted(said) == [["200", number], ["201", number]]
