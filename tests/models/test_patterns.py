"""No pattern that sees a person's words takes more than its share of time, however long and odd they are."""

import importlib
import pkgutil
import re
import sys
from dataclasses import is_dataclass
from time import thread_time
from types import FunctionType

import pytest

import bot
import handlers
import models
from models.characters import MOST_ALIKE, MOST_TEXT, bounded

UNITS = (
    *(
        "1",
        "啊",
        "一",
        "十",
        " ",
        "\t",
        "\n",
        "。",
        ",",
        "-",
        "a",
        "(",
        "[",
        "<",
        "*",
        "…",
        "1 ",
        "一 ",
        "啊 ",
    ),
    *(
        "。，",
        "12-",
        "一十",
        "1号",
        "0号 ",
        "一号楼",
        "a b ",
        " ,",
        "\n ",
        "路 ",
        "井盖坏了",
        "1月1日",
        "1点",
        "//",
        "http://a",
    ),
)
ONCE = 0.02  # seconds of this thread: what takes less is no matter, and too short to be compared
GROWTH = 3.0  # twice the text: 2 where the work grows with it, 4 where it grows with its square
LONG = 2000  # characters: half of what is let in, so that all patterns are tried in seconds
STARTS = "handlers"  # conditions of messages: asked at the first character only


def found_in(value, into, where, *, depth=0, seen=None):
    """Collect every pattern that the value holds, however deep."""
    seen = set() if seen is None else seen
    if depth > 8 or id(value) in seen or isinstance(value, str | bytes | int | float | type):
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            into.setdefault(value.pattern, (value, where))
        return
    if isinstance(value, FunctionType):
        inner = [cell.cell_contents for cell in value.__closure__ or () if cell != type(cell)()]
    elif isinstance(value, dict):
        inner = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        inner = list(value)
    elif is_dataclass(value) or type(value).__module__.startswith(("models", "handlers")):
        names = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
        inner = [*getattr(value, "__dict__", {}).values(), *(getattr(value, name, None) for name in names)]
    else:
        return
    for one in inner:
        found_in(one, into, where, depth=depth + 1, seen=seen)


@pytest.fixture(scope="module")
def patterns(stage_town):
    """Every compiled pattern of the house and of the town's data, with the place where it was found."""
    found, seen = {}, set()
    for package in (handlers, models, bot):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and "__main__" not in module.name:
                importlib.import_module(module.name)
    for name, module in list(sys.modules.items()):
        if name.startswith(("handlers", "models", "bot.inbound")):
            for value in list(vars(module).values()):
                found_in(value, found, name, seen=seen)
    found_in(stage_town, found, "town", seen=seen)
    assert len(found) > 150
    return found


def seconds(method, text):
    """The least of three: other work on the machine only adds to it."""
    taken = []
    for _ in range(3):
        began = thread_time()
        method(text)
        taken.append(thread_time() - began)
        if taken[-1] < ONCE:
            break
    return min(taken)


def test_no_pattern_grows_with_the_square_of_what_a_stranger_says(patterns):
    slow = []
    for pattern, where in patterns.values():
        methods = (
            (pattern.match, pattern.fullmatch)
            if where.startswith(STARTS)
            else (pattern.search, pattern.fullmatch)
        )
        for unit in UNITS:
            whole, half = (bounded((unit * LONG)[:length]) for length in (LONG, LONG // 2))
            for method in methods:
                long = seconds(method, whole)
                if long >= ONCE and long > GROWTH * seconds(method, half):
                    slow.append((where, method.__name__, unit, round(long, 3), pattern.pattern[:80]))
    assert not slow


@pytest.mark.parametrize("unit", UNITS)
def test_whole_reading_of_a_message_grows_with_its_length(stage_town, unit):
    def read(text):
        stage_town.classifier.classify(bounded(text))

    half = seconds(read, unit * (MOST_TEXT // 2 // len(unit)))
    assert seconds(read, unit * 20_000) < max(0.5, GROWTH * half)


def test_words_are_bounded_and_no_more():
    assert bounded("井盖坏了  12 号哈哈哈") == "井盖坏了  12 号哈哈哈"
    assert bounded("1" * 16_000) == "1" * MOST_ALIKE
    assert (
        bounded("啊" + " \t\n" * 999 + "哈" * 999) == "啊" + (" \t\n" * 99)[:MOST_ALIKE] + "哈" * MOST_ALIKE
    )
    assert len(bounded("井盖" * 100_000)) == MOST_TEXT
