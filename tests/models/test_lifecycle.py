"""The lifecycle of a case: every state is reached and left, and its drawing is current."""

from pathlib import Path

import pytest

from models.cases.flows import CASE_FLOW
from models.cases.states import STATE_NAMES, STEP_NAMES

README = Path(__file__).parents[2] / "models" / "README.md"


@pytest.mark.parametrize("state", CASE_FLOW.states)
def test_every_state_can_be_reached_and_left_unless_it_is_final(state):
    ends = [pair for step in CASE_FLOW.steps.values() for pair in CASE_FLOW.ends_of(step)]
    assert state in {"reported"} | {target for _, target in ends}
    assert state in {source for source, _ in ends} | set(CASE_FLOW.final)


def test_what_ends_a_pause_leads_back_to_where_the_pause_began():
    resume = CASE_FLOW.steps["resume"]
    assert CASE_FLOW.ends_of(resume) == [("suspended", "dispatched"), ("suspended", "handling")]


@pytest.mark.parametrize("name", CASE_FLOW.steps)
def test_every_step_has_a_name_that_people_read(name):
    assert STEP_NAMES[name]


def test_drawing_in_the_readme_is_made_from_the_data():
    assert CASE_FLOW.drawing(STATE_NAMES, STEP_NAMES) in README.read_text(encoding="utf-8")


def test_table_of_steps_in_the_readme_is_made_from_the_data():
    assert CASE_FLOW.table(STEP_NAMES) in README.read_text(encoding="utf-8")
