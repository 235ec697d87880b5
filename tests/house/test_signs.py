"""Signs are known in one place: a pattern that lists them misses the width that some keyboard writes."""

import ast
import re

import pytest
from checkout import python_files, tree_of

SIGNS = "，。！？；：、…,!?;"
CLASS = re.compile(r"(?<!\\)\[(?:\\.|[^\]\\])*\]")
KNOWN = {"models/characters.py"}
HAN = re.compile(r"[\u4e00-\u9fff]")
PATTERN = re.compile(r"\(\?|\\|\||\[|\{\d|\.xls|[a-z]{2} [a-z]{2}")  # file names and English too
WESTERN = re.compile(r"[\u4e00-\u9fff」”）}][,;:!?()](?![/\d\s]|$)|[,;:!?()](?=[\u4e00-\u9fff「“])")


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


def said_in_chinese(name):
    """Return the texts of a file that people read: no docstring, and no pattern."""
    documented = {
        id(node.value)
        for node in ast.walk(tree_of(name))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    texts = [
        node.value
        for node in ast.walk(tree_of(name))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented
    ]
    return [text for text in texts if HAN.search(text) and not PATTERN.search(text)]


@pytest.mark.parametrize("name", [*python_files("handlers", "models", "scheduler")])
def test_what_people_read_has_chinese_signs(name):
    assert [text for text in said_in_chinese(name) if WESTERN.search(text)] == []


def joined(name):
    """Return the pieces of texts that are put together in a file: parts of f-strings, of sums, and what joins."""
    for node in ast.walk(tree_of(name)):
        parts = ()
        if isinstance(node, ast.JoinedStr):
            parts = node.values
        elif isinstance(node, ast.BinOp):
            parts = (node.left, node.right)
        elif isinstance(node, ast.Attribute) and node.attr == "join":
            parts = (node.value,)
        yield from (part.value for part in parts if isinstance(part, ast.Constant))


@pytest.mark.parametrize("name", [*python_files("handlers/chat", "handlers/pages", "scheduler")])
def test_no_western_sign_joins_what_people_read(name):
    texts = [text for text in joined(name) if isinstance(text, str)]
    assert [text for text in texts if re.fullmatch(r"[,:;!] ?", text)] == []


@pytest.mark.parametrize("name", [*python_files("handlers", "models", "scheduler")])
def test_a_moment_and_its_before_are_written_together(name):
    apart = re.compile(r"\} 前|(?:今天|明天|[）日]) (?:\d|\{clock)")
    assert [text for text in said_in_chinese(name) + joined_texts(name) if apart.search(text)] == []


def joined_texts(name):
    """Return the f-strings of a file as they are written, without what is put into them."""
    strings = [node for node in ast.walk(tree_of(name)) if isinstance(node, ast.JoinedStr)]
    return [ast.unparse(node) for node in strings]
