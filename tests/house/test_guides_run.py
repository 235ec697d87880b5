"""What the guides tell people to type works when it is copied: every block is run, every command is known."""

import asyncio
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import openpyxl
import pytest
from checkout import PACKAGES, ROOT, files
from docs_blocks import GUIDES, REASONS, read_blocks, read_spans, read_unmarked

from bot.__main__ import COMMANDS, _parser
from bot.demo import AES_KEY, APPID, SECRET, TOKEN
from models.cases.tables import Case
from models.database import close_database, migrate, open_database
from models.deliveries.tables import Delivery, Owing
from models.exchange.tables import Passing, Subscriber, Transfer
from models.lexicon.tables import LexiconVersion, WordProposal
from models.people import Person

NOW = datetime(2026, 7, 6, 3, tzinfo=UTC)
BLOCKS = [block for guide in GUIDES for block in read_blocks(guide, (ROOT / guide).read_text("utf-8"))]


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """A copy of this checkout with its virtual environment, in which anything may be typed."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in files():
        if name.startswith(tuple(f"{package}/" for package in PACKAGES)) or name == "gongzhi":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / ".env").write_text(
        f"GONGZHI_WECHAT_APPID={APPID}\nGONGZHI_WECHAT_SECRET={SECRET}\n"
        f"GONGZHI_WECHAT_TOKEN={TOKEN}\nGONGZHI_WECHAT_AES_KEY={AES_KEY}\n"
        "GONGZHI_PUBLIC_URL=https://cg.example.cn\n"
    )
    tools = folder / "tools"
    tools.mkdir()
    (tools / "gongzhi").symlink_to(folder / "gongzhi")
    return folder


@pytest.fixture
def town(checkout):
    """The checkout with what the guides speak of: a sheet, messages, proposals, something owed."""
    shutil.rmtree(checkout / "data", ignore_errors=True)
    (checkout / "data").mkdir()
    book = openpyxl.Workbook()
    book.active.append(["编号", "内容", "地址"])
    book.active.append(["A1", "路灯不亮", "胡埭路"])
    book.save(checkout / "工单.xlsx")
    (checkout / "messages.jsonl").write_text('{"text": "路灯不亮", "label": "street_light"}\n', "utf-8")
    asyncio.run(furnish(f"sqlite://{checkout / 'data' / 'gongzhi.sqlite3'}"))
    return checkout


async def furnish(url):
    database = await open_database(url)
    try:
        await migrate(url)
        for number in (1, 2, 3, 4):
            word = {
                "type": "street_vending",
                "word": "板车",
                "weight": float(number),
                "near": [],
                "unless": [],
            }
            told = {"at": NOW, "by": "小王", "why": "试", "change": "板车"}
            await LexiconVersion.create(number=number, words=[word], **told)
        for number in (12, 13):
            told = {"weight": 2.0, "cases": ["2607060001"], "elsewhere": 0, "better": 3, "worse": 0}
            await WordProposal.create(id=number, at=NOW, type="greening", word=f"草坪{number}", **told)
        person = await Person.create(id=7, openid="o-someone", created_at=NOW)
        moments = {"opened_at": NOW, "changed_at": NOW, "due_at": NOW}
        case = await Case.create(number="2607060001", state="closed", type="greening", text="草", **moments)
        partner = await Subscriber.create(name="伙伴", url="https://p.example.cn", secret="s", made_at=NOW)
        for number in (17, 18):
            owed = {"subscriber": partner, "case": case, "seq": number, "due_at": NOW}
            await Transfer.create(id=number, state=Passing.DEAD, **owed)
        due = {"due_at": NOW, "owed_at": NOW}
        await Delivery.create(
            id=123, key="k123", person_id=person.id, text="好", state=Owing.UNCERTAIN, **due
        )
        await Delivery.create(id=124, key="k124", person_id=person.id, text="好", state=Owing.FAILED, **due)
    finally:
        await close_database(database)


def types(folder, text):
    """Run lines of commands as a person does who copies them; the first that fails ends it."""
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    path = f"{folder / 'tools'}:/usr/bin:/bin"
    return subprocess.run(
        ["sh", "-e", "-c", text],
        cwd=folder,
        env={**kept, "PATH": path, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def name_of(block):
    return f"{block.guide}-{block.number}"


@pytest.mark.parametrize("block", [block for block in BLOCKS if not block.reason], ids=name_of)
def test_a_block_of_a_guide_runs_as_it_is_copied(block, town):
    done = types(town, block.text)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_every_block_that_is_not_run_says_why():
    assert {block.reason for block in BLOCKS if block.reason} <= set(REASONS)
    assert [block for block in BLOCKS if not block.reason]


@pytest.mark.parametrize("guide", GUIDES)
def test_no_command_stands_where_nobody_runs_it(guide):
    assert read_unmarked((ROOT / guide).read_text("utf-8")) == []


@pytest.mark.parametrize("guide", GUIDES)
def test_commands_in_sentences_are_known(guide):
    for command in read_spans((ROOT / guide).read_text("utf-8")):
        program, *words = command.split()
        assert program in {"./gongzhi", "gongzhi", "make"}, command
        if program != "make":
            assert words[0] in {name for name, *_ in COMMANDS} | {"COMMAND", "命令"}, command
            if len(words) > 1 and words[1].isascii() and words[1].islower():
                assert_takes(words[:2])


def assert_takes(words):
    """Fail when the command has no such action: argparse names it before it misses anything else."""
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args([*words, "--help"])
    assert ended.value.code == 0, words


def test_the_command_works_from_anywhere_and_reads_the_settings_beside_it(town, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "bot").mkdir(parents=True)
    (elsewhere / "bot" / "__init__.py").write_text("raise SystemExit('not ours')")
    shutil.copy(town / "工单.xlsx", elsewhere / "新.xlsx")
    done = subprocess.run(
        [town / "tools" / "gongzhi", "case", "import", "新.xlsx", "--numbers", "编号.csv"],
        cwd=elsewhere,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "新开 1 件" in done.stdout
    assert (elsewhere / "编号.csv").is_file()
    assert not (elsewhere / "data").exists()


def test_the_command_without_a_virtual_environment_says_what_to_run(tmp_path):
    shutil.copy(ROOT / "gongzhi", tmp_path / "gongzhi")
    done = types(tmp_path, "./gongzhi check || true")
    assert f"make -C '{tmp_path}' setup" in done.stderr
    assert "还没有安装" in done.stderr
