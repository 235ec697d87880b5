"""Danger in sentences by people who had not seen the rules: floors, and every miss is written down."""

import json
from pathlib import Path

import pytest

from models.classify.danger import find_emergency

DATA = Path(__file__).parents[2] / "data"
ROWS = [json.loads(line) for line in (DATA / "danger.jsonl").read_text(encoding="utf-8").splitlines()]
# At most, of the live and the harmless sentences of each writer; from the sixth nothing was learned (README).
MOST = {"first": (0.01, 0.05), "second": (0.01, 0.05), "third": (0.01, 0.05), "fourth": (0.01, 0.05)}
MOST |= {"fifth": (0.01, 0.05), "sixth": (0.01, 0.05)}
LEAST = {("first", True): 400, ("first", False): 450, ("second", True): 260, ("second", False): 300}
LEAST |= {(writer, live): 260 for writer in ("third", "fourth") for live in (True, False)}
LEAST |= {(writer, live): 300 for writer in ("fifth", "sixth") for live in (True, False)}


@pytest.fixture(scope="module")
def heard(example):
    """What is heard in each sentence."""
    return {row["text"]: find_emergency(example, row["text"]) for row in ROWS}


def rows_of(writer, *, live):
    """Return the texts of that writer which are live or not."""
    return [row["text"] for row in ROWS if (row["writer"], row["live"]) == (writer, live)]


@pytest.mark.parametrize(("writer", "live"), LEAST)
def test_sets_are_as_large_as_they_are_said_to_be(writer, live):
    assert len(rows_of(writer, live=live)) >= LEAST[writer, live]


@pytest.mark.parametrize("writer", MOST)
def test_hardly_any_danger_is_missed(heard, writer):
    live = rows_of(writer, live=True)
    missed = [text for text in live if heard[text] is None]
    assert len(missed) <= MOST[writer][0] * len(live), missed


@pytest.mark.parametrize("writer", MOST)
def test_few_alarms_are_false(heard, writer):
    harmless = rows_of(writer, live=False)
    false = [text for text in harmless if heard[text] is not None]
    assert len(false) <= MOST[writer][1] * len(harmless), false


def test_every_miss_is_listed_in_the_readme(heard):
    told = (DATA / "README.md").read_text(encoding="utf-8")
    wrong = [row["text"] for row in ROWS if (heard[row["text"]] is not None) != row["live"]]
    assert not [text for text in wrong if text not in told]


@pytest.mark.parametrize(
    "text", ["就在幸福里后面那条小巷子，三号楼旁边", "jiedan 0012", "胡埭路 12 号门口", "菜场北门对面"]
)
def test_an_address_and_letters_are_no_call_for_help(example, text):
    assert find_emergency(example, text) is None


@pytest.mark.parametrize("text", ["我要举报执法队员打人", "举报城管打人", "我要投诉城管打人"])
def test_a_complaint_about_us_is_never_calmed_by_its_tone(example, text):
    assert find_emergency(example, text) is not None
