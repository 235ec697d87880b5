"""Signs are known in one place: a pattern that lists them misses the width that some keyboard writes."""

import ast
import re

import pytest
from checkout import python_files, tree_of

SIGNS = "，。！？；：、…,!?;"
CLASS = re.compile(r"(?<!\\)\[(?:\\.|[^\]\\])*\]")
KNOWN = {"models/characters.py"}


def lists_signs(text):
    """Tell whether a pattern has a class of characters that names two signs or more."""
    return any(sum(sign in found for sign in SIGNS) >= 2 for found in CLASS.findall(text))


@pytest.mark.parametrize("name", python_files("handlers", "models"))
def test_no_pattern_lists_signs_by_hand(name):
    if name in KNOWN:
        return
    texts = [
        node.value
        for node in ast.walk(tree_of(name))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in texts if lists_signs(text)] == []
