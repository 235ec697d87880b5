"""The history of a case shows whoever tampered with it."""

from datetime import UTC, datetime

import pytest

from bot.__main__ import main
from models.cases.actions import move_case, open_case
from models.cases.history import find_break
from models.cases.moves import Actor, Move, Report
from models.cases.queries import list_history
from models.cases.tables import CaseEvent
from models.city.city import GcjPoint
from models.database import close_database, migrate, open_database
from models.lifecycle import Role

NOW = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
async def case(stage_town, database_url):
    """A case with some history in an open database."""
    database = await open_database(database_url)
    await migrate(database_url)
    report = Report("manhole", "井盖坏了", GcjPoint(31.5560, 120.1450))
    case = await open_case(report, reporter=None, town=stage_town, now=NOW)
    actor = Actor(Role.DISPATCHER, client="测试")
    case = await move_case(case.id, Move("take", actor), town=stage_town, now=NOW)
    yield case
    await close_database(database)


async def broken_at(case):
    await case.refresh_from_db()
    return find_break(case, await list_history(case))


async def test_untouched_history_holds_together(case):
    assert case.steps == await CaseEvent.filter(case_id=case.id).count() == 4
    assert await broken_at(case) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"note": "别的"},
        {"step": "close"},
        {"role": "admin"},
        {"at": datetime(2026, 7, 5, tzinfo=UTC)},
        {"said": [{"to": "reporter", "person": 1, "text": "办好了"}]},
        {"client": "别人"},
        {"data": {"unit": "x"}},
        {"previous": "0" * 64},
        {"digest": "0" * 64},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_changed_row_shows(case, changed):
    await CaseEvent.filter(case_id=case.id, seq=2).update(**changed)
    assert await broken_at(case) == 2


async def test_missing_row_shows(case):
    await CaseEvent.filter(case_id=case.id, seq=2).delete()
    assert await broken_at(case) == 2


async def test_row_cut_off_the_end_shows(case):
    await CaseEvent.filter(case_id=case.id, seq=4).delete()
    assert await broken_at(case) == 4


async def test_row_added_at_the_end_shows(case):
    await CaseEvent.create(case_id=case.id, seq=5, at=NOW, step="close", state="closed", role="rule")
    assert await broken_at(case) == 5


def test_command_says_that_all_is_well(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GONGZHI_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main(["migrate"]) == 0
    assert main(["history", "check"]) == 0
    assert "0 个对不上" in capsys.readouterr().out
