"""The lexicon as somebody teaches it by commands: tried first, saved with a reason, brought back, never by accident."""

import argparse
import asyncio
import json
import shutil
from datetime import UTC, datetime

import pytest

from bot.commands_lexicon import ARGUMENTS, COMMANDS
from models.audit import AuditEntry
from models.cases.corrections import TypeCorrection
from models.cases.tables import Case
from models.city.learned import load_learned
from models.city.load import EXAMPLE
from models.database import close_database, migrate, open_database
from models.lexicon.tables import LexiconVersion

NOW = datetime(2026, 7, 6, 1, tzinfo=UTC)
BOARD_CART = ("--type", "street_vending", "--word", "翘翘车")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data folder with an empty database, and a town without lessons: its keywords speak alone."""
    city = tmp_path / "city"
    shutil.copytree(EXAMPLE, city)
    (city / "learned.json").unlink()
    monkeypatch.setenv("GONGZHI_DATA", str(tmp_path))
    monkeypatch.setenv("GONGZHI_CITY", str(city))
    monkeypatch.chdir(tmp_path)
    in_database(tmp_path, lambda: migrate(address(tmp_path)))
    return tmp_path


@pytest.fixture
def told(folder, capsys):
    """Run one command; return its exit status, what it said and its complaints."""

    def run(*words):
        parser = argparse.ArgumentParser()
        commands = parser.add_subparsers()
        for name, command, text in COMMANDS:
            one = commands.add_parser(name, help=text)
            one.set_defaults(run=command)
            for argument in ARGUMENTS[name]:
                argument(one)
        options = parser.parse_args(["lexicon", *words])
        status = options.run(options)
        out, complaints = capsys.readouterr()
        return status, out, complaints

    return run


def address(folder):
    return f"sqlite://{folder / 'gongzhi.sqlite3'}"


def in_database(folder, work):
    async def inside():
        database = await open_database(address(folder))
        try:
            return await work()
        finally:
            await close_database(database)

    return asyncio.run(inside())


def case(number, text, **more):
    facts = {"state": "closed", "type": "street_vending"} | more
    return Case.create(number=number, text=text, opened_at=NOW, due_at=NOW, changed_at=NOW, **facts)


def test_a_change_is_tried_on_past_messages_and_nothing_is_saved(told, folder):
    in_database(folder, lambda: case("2607060001", "翘翘车停在校门口"))
    status, out, _ = told("try", *BOARD_CART, "--weight", "4")
    assert status == 0
    assert "看了 1 条：1 条变对" in out
    assert "变对 2607060001" in out
    assert in_database(folder, lambda: LexiconVersion.all().count()) == 0


def test_what_makes_something_worse_is_saved_only_on_purpose(told, folder):
    in_database(folder, lambda: case("2607060001", "翘翘车翻了，路灯不亮", type="street_light"))
    save = ("save", *BOARD_CART, "--weight", "8", "--by", "小王", "--why", "试试")
    status, _, complaints = told(*save)
    assert status == 1
    assert "--anyway" in complaints
    assert in_database(folder, lambda: LexiconVersion.all().count()) == 0
    status, out, _ = told(*save, "--anyway")
    assert status == 0
    assert "第 1 版" in out


def test_versions_are_listed_with_who_and_why_and_an_old_one_comes_back(told, folder):
    told("save", *BOARD_CART, "--weight", "3", "--by", "小王", "--why", "商贩都推它")
    _, out, _ = told("show")
    assert "小王" in out
    assert "商贩都推它" in out
    assert "“翘翘车” +3" in out
    status, out, _ = told("back", "0", "--by", "老张", "--why", "误伤")
    assert status == 0
    assert "第 2 版" in out
    status, _, complaints = told("back", "9", "--by", "老张", "--why", "误伤")
    assert status == 2
    assert "没有第 9 版" in complaints
    deeds = in_database(folder, lambda: AuditEntry.all().values_list("who", "action"))
    assert deeds == [("小王", "lexicon save"), ("老张", "lexicon back")]


def test_a_type_that_is_not_there_is_told_with_those_that_are(told):
    status, _, complaints = told("try", "--type", "geese", "--word", "鹅", "--weight", "3")
    assert status == 2
    assert "street_vending" in complaints


def test_corrections_become_a_proposal_that_somebody_accepts_or_refuses(told, folder):
    async def correct():
        for number in range(20):
            await case(f"26070500{number:02}", "路灯不亮", type="street_light")
        for number in range(4):
            one = await case(f"26070600{number:02}", f"翘翘车卖瓜{number}号", state="handling")
            await TypeCorrection.create(
                case_id=one.id, at=NOW, said="other", right="street_vending", role="officer"
            )

    in_database(folder, correct)
    assert "没有等着处理的建议" in told("proposals")[1]
    _, out, _ = told("proposals", "--now")
    lines = out.splitlines()
    assert lines
    assert "2607060000" in out
    number = lines[0].split(".")[0]
    status, accepted, _ = told("accept", number, "--by", "周姐")
    assert status == 0
    assert "第 1 版" in accepted
    if len(lines) > 1:
        assert told("refuse", lines[1].split(".")[0], "--by", "周姐", "--why", "太常见")[0] == 0
    assert told("accept", number, "--by", "周姐")[0] == 2


def test_labelled_messages_may_be_looked_at_too(told, folder):
    rows = folder / "rows.jsonl"
    rows.write_text(json.dumps({"text": "翘翘车又来了", "label": "street_vending"}), encoding="utf-8")
    _, out, _ = told("try", *BOARD_CART, "--weight", "4", "--file", str(rows))
    assert "变对 rows.jsonl:1" in out


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"text": "x"}', '{"label": "dogs"}', '{"text": "x", "label": "geese"}']
)
def test_a_broken_row_of_lessons_is_named_by_its_line(told, folder, line):
    rows = folder / "rows.jsonl"
    rows.write_text(f'{{"text": "狗叫", "label": "dogs"}}\n{line}\n', encoding="utf-8")
    status, _, complaints = told("learn", str(rows))
    assert status == 2
    assert "第 2 行" in complaints
    assert not (folder / "city" / "learned.json").exists()


def test_learning_writes_the_weights_and_says_how_good_they_are(told, folder):
    lessons = folder / "lessons.jsonl"
    all_ = (EXAMPLE / "lessons.jsonl").read_text(encoding="utf-8").splitlines()
    lessons.write_text("\n".join(all_[::40]), encoding="utf-8")
    private = folder / "private.jsonl"
    private.write_text('{"text": "绝密词绝密词", "label": "dogs"}\n' * 3, encoding="utf-8")
    status, out, figures = told("learn", str(lessons), "--more", str(private))
    assert status == 0
    assert "learned.json" in out
    assert "cross-validated" in figures
    learned = load_learned(folder / "city" / "learned.json")
    assert learned.about == {"lessons": len(all_[::40]), "messages": 3}
    assert not any("绝密" in name for name in learned.words.weights)
