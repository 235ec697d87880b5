"""Every promise of the privacy notice has somebody who keeps it and a test: a promise alone is a lie in waiting."""

import importlib
import re

import pytest
from checkout import ROOT, text_of

from models.city.load import EXAMPLE, load_city
from models.city.settings import setting
from scheduler.jobs import JOBS

TABLE = "docs/privacy.zh.md"
WITHOUT = {"人工办理", "还没有这些功能，不收集"}  # kept by people, or by there being nothing
HEADS = {"谁在处理": 1}  # this clause names who, and promises nothing


def promises():
    """Return the clauses of the notice that promise something."""
    text = (EXAMPLE / "privacy.md").read_text(encoding="utf-8")
    body = text.split("版本", 1)[1].split("\n", 1)[1]
    clauses = []
    for line in body.splitlines():
        words = re.sub(r"^\*\*(.+?)\*\*\s*[：:]|^- ", "", line).strip()
        found = [part.strip() for part in re.split(r"[；。]", words) if part.strip()]
        head = re.match(r"\*\*(.+?)\*\*", line)
        clauses += found[HEADS.get(head[1], 0) if head else 0 :]
    return clauses


def rows():
    """Return the rows of the table: promise, who keeps it, tests."""
    lines = [line for line in text_of(TABLE).splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [tuple(row) for row in cells if len(row) == 3 and row[0] != "告知书的话"]


def test_every_promise_has_its_row_and_every_row_its_promise():
    assert promises()
    assert [row[0] for row in rows()] == promises()


@pytest.mark.parametrize(("promise", "who", "tests"), rows(), ids=[row[0][:12] for row in rows()])
def test_every_promise_is_kept_by_something_that_is_there(promise, who, tests):
    jobs = {job.name for job in JOBS}
    named = re.findall(r"`([^`]+)`", who)
    assert named or who in WITHOUT
    for name in named:
        module, _, part = name.partition(":")
        assert name in jobs or hasattr(importlib.import_module(module), part), name
    assert re.findall(r"`([^`]+)`", tests)
    for name in re.findall(r"`([^`]+)`", tests):
        assert (ROOT / name).is_file(), name


TERMS = (
    ("180 天", "chat_days", 180),
    ("照片 30 天", "draft_days", 30),
    ("结案后 2 年", "photo_days", 2 * 365),
    ("打卡的位置 2 年", "visit_days", 2 * 365),
    ("操作日志 3 年", "audit_days", 3 * 365),
    ("50 米", "public_metres", 50),
)


@pytest.mark.parametrize(("words", "name", "days"), TERMS)
def test_the_terms_of_the_notice_are_the_terms_of_the_jobs(words, name, days):
    city = load_city(EXAMPLE)
    assert words in city.privacy_notice
    assert setting(city, name) == days


def test_the_notice_says_the_version_that_is_kept_with_each_person():
    city = load_city(EXAMPLE)
    assert f"版本 {city.privacy_version}\n" in city.privacy_notice
