"""No pattern that sees a person's words takes more than its share of time, however long and odd they are."""

import importlib
import pkgutil
import re
import signal
from dataclasses import is_dataclass
from time import thread_time
from types import FunctionType

import handlers
import models
from models.characters import MOST_TEXT, bounded

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
    ),
    *("http://a", "1，", "不", "没有", "的", "那个", "请", "谢谢", "0012 ", "年", "安泰路", "是"),
)
LONG = MOST_TEXT // 2
MOST = 0.5  # seconds of CPU for one pattern over LONG characters; the usual is below a thousandth
GIVE_UP = 3.0  # seconds after which a pattern that does not end is stopped


class TooLongError(Exception):
    """A pattern did not end in time."""


def found_in(value, into, where, depth=0, seen=None):
    """Collect every pattern that the value holds, however deep."""
    seen = set() if seen is None else seen
    if depth > 8 or id(value) in seen or isinstance(value, str | bytes | int | float | type):
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            into.setdefault(value.pattern, (value, where))
        return
    for one in inside(value):
        found_in(one, into, where, depth + 1, seen)


def inside(value):
    """Return what the value is made of."""
    if isinstance(value, FunctionType):
        return [cell.cell_contents for cell in value.__closure__ or () if cell != type(cell)()]
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if is_dataclass(value) or type(value).__module__.startswith(("models", "handlers")):
        names = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
        return [*getattr(value, "__dict__", {}).values(), *(getattr(value, name, None) for name in names)]
    return []


def all_patterns(town):
    found = {}
    for package in (models, handlers):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if ".migrations" not in module.name:
                for name, value in vars(importlib.import_module(module.name)).items():
                    if not name.startswith("__"):
                        found_in(value, found, f"{module.name}.{name}")
    found_in(town, found, "town")
    return found


def seconds(ask, text):
    """Return the CPU time that it takes; the limit at least where it does not end."""
    begun = thread_time()
    signal.setitimer(signal.ITIMER_REAL, GIVE_UP)
    try:
        ask(text)
    except TooLongError:
        return GIVE_UP
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return thread_time() - begun


def test_no_pattern_keeps_everybody_waiting(stage_town):
    def stop(*_):
        raise TooLongError

    patterns = all_patterns(stage_town)
    assert len(patterns) > 250
    texts = [bounded((unit * LONG)[:LONG]) + end for unit in UNITS for end in ("", "!")]
    before = signal.signal(signal.SIGALRM, stop)
    try:
        slow = [
            (where, text[:6], pattern.pattern[:60])
            for pattern, where in patterns.values()
            # What stands in handlers is asked of whole messages; what stands in models, of each place in them.
            for ask in ((pattern.fullmatch,) if where.startswith("handlers") else (pattern.search,))
            for text in texts
            if seconds(ask, text) > MOST
        ]
    finally:
        signal.signal(signal.SIGALRM, before)
    assert slow == []
