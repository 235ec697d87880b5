"""Reads from a PromQL expression which metrics it asks for, with which labels; enough for the rules that we ship."""

import re
from dataclasses import dataclass, field

FUNCTIONS = {
    *(
        "sum",
        "min",
        "max",
        "count",
        "avg",
        "rate",
        "increase",
        "changes",
        "time",
        "vector",
        "histogram_quantile",
    ),
}
WORDS = {"by", "or", "and", "unless", "on", "bool", "offset"}
TOKEN = re.compile(
    r"""(?P<text>"[^"]*")|(?P<span>\[\d+[smhdw]\]|\d+[smhdw]\b)|(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-zA-Z_:]\w*)"""
    r"""|(?P<sign>=~|!~|==|!=|>=|<=|[-+*/<>(){},=])|(?P<blank>\s+)"""
)
PAIRS = {"(": ")", "{": "}"}


@dataclass
class Query:
    """What an expression names: each metric with its matchers, and the labels it groups by."""

    metrics: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)  # name -> [(label, value)]
    groups: set[str] = field(default_factory=set)


def read_query(text):
    """Return what a query names; raises ValueError for what is no query."""
    tokens = list(_tokens(text))
    query, opened, place = Query(), [], 0
    while place < len(tokens):
        kind, token = tokens[place]
        if token in PAIRS:
            opened.append(PAIRS[token])
        elif token in PAIRS.values() and (not opened or opened.pop() != token):
            raise ValueError(f"a bracket too many in {text}")
        elif kind == "name":
            place = _name(tokens, place, query)
        place += 1
    if opened:
        raise ValueError(f"a bracket is open in {text}")
    return query


def _name(tokens, place, query):
    """Note what the name at that place is; return the place of the last token that belongs to it."""
    name = tokens[place][1]
    following = tokens[place + 1][1] if place + 1 < len(tokens) else ""
    if name in {"by", "on"}:
        end = tokens.index(("sign", ")"), place)
        query.groups |= {token for kind, token in tokens[place:end] if kind == "name" and token != name}
        return end
    if name in WORDS:
        return place
    if following == "(" or (name in FUNCTIONS and following == "by"):
        if name not in FUNCTIONS:
            raise ValueError(f"no function {name}")
        return place
    if following != "{":
        query.metrics.append((name, []))
        return place
    end = tokens.index(("sign", "}"), place)
    inner = [token for _, token in tokens[place + 2 : end] if token != ","]
    query.metrics.append(
        (name, [(label, value.strip('"')) for label, _, value in zip(*[iter(inner)] * 3, strict=True)])
    )
    return end


def _tokens(text):
    place = 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            raise ValueError(f"not PromQL from here on: {text[place:]}")
        if found.lastgroup != "blank":
            yield found.lastgroup, found.group()
        place = found.end()
