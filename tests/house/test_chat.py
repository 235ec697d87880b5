"""Every chat file is asked, the fallback last; every state of a lifecycle can be reached and left."""

import ast
from pathlib import Path

import pytest
from checkout import python_files, tree_of

from handlers import routes
from models.cases.flows import CASE_FLOW
from models.lifecycle import BACK, STAY


def test_every_chat_file_is_asked():
    assert {f"{name}.router" for name in chat_files_with_a_router()} == set(asked())


def test_the_fallback_is_asked_last():
    assert asked()[-1] == "fallback.router"
    assert len(asked()) == len(routes.CHAT)


@pytest.mark.parametrize("flow", [CASE_FLOW], ids=["case"])
def test_every_state_can_be_reached(flow):
    reached, before = {flow.states[0]}, set()
    while reached != before:
        before = set(reached)
        reached |= {target for source, target in ends(flow) if source in reached}
    assert set(flow.states) == reached


@pytest.mark.parametrize("flow", [CASE_FLOW], ids=["case"])
def test_every_state_leads_to_an_end(flow):
    leading, before = set(flow.final), set()
    while leading != before:
        before = set(leading)
        leading |= {source for source, target in ends(flow) if target in leading}
    assert set(flow.states) == leading


@pytest.mark.parametrize("flow", [CASE_FLOW], ids=["case"])
def test_every_step_is_taken_by_somebody_between_known_states(flow):
    for step in flow.steps.values():
        assert step.by, step.name
        assert step.source, step.name
        assert step.source | {step.target} - {STAY, BACK} <= set(flow.states), step.name


def ends(flow):
    """Return from where to where the steps of the flow lead."""
    return [pair for step in flow.steps.values() for pair in flow.ends_of(step)]


def chat_files_with_a_router():
    """Return the names of the files in handlers/chat that make a router."""
    return [
        Path(name).stem
        for name in python_files("handlers/chat")
        for node in tree_of(name).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        if "router"
        in {getattr(t, "id", "") for t in getattr(node, "targets", [getattr(node, "target", None)])}
    ]


def asked():
    """Return what stands in CHAT, as it is written."""
    for node in tree_of("handlers/routes.py").body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "CHAT":
            return [ast.unparse(router) for router in node.value.elts]
    raise AssertionError("no CHAT in handlers/routes.py")
