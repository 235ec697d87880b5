"""The lifecycle of a case: every state is reached and left, and its drawing is current."""

from pathlib import Path

import pytest

from models.cases.flows import CASE_FLOW, STATE_NAMES, STEP_NAMES

README = Path(__file__).parents[2] / "models" / "README.md"


@pytest.mark.parametrize("state", CASE_FLOW.states)
def test_every_state_can_be_reached_and_left_unless_it_is_final(state):
    reached = {step.target for step in CASE_FLOW.steps.values()} | {"reported"}
    left = {source for step in CASE_FLOW.steps.values() for source in step.source}
    assert state in reached
    assert state in left | set(CASE_FLOW.final)


@pytest.mark.parametrize("name", CASE_FLOW.steps)
def test_every_step_has_a_name_that_people_read(name):
    assert STEP_NAMES[name]


def test_drawing_in_the_readme_is_made_from_the_data():
    assert CASE_FLOW.drawing(STATE_NAMES, STEP_NAMES) in README.read_text(encoding="utf-8")
