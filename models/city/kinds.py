"""Reads case_types.toml: what may be reported, by which words it is known, by when it is done."""

from typing import Any

from models.city.city import CaseType, Keyword, Limit, SmallClass
from models.city.documents import Document, Row

DEFAULT_RADIUS = 100.0  # metres


def read_case_types(document: Document) -> dict[str, CaseType]:
    """Return the sound case types by code, in the order of the file."""
    types: dict[str, CaseType] = {}
    seen_small: dict[str, str] = {}
    for row in document.rows("type"):
        if row.data["code"] in types:
            row.fault(f"案件类别编号“{row.data['code']}”重复", "code")
            continue
        types[row.data["code"]] = _case_type(row)
        for index, small in enumerate(row.data.get("small", ())):
            if small["code"] in seen_small:
                row.fault(f"小类“{small['code']}”已属于“{seen_small[small['code']]}”", "small", index)
            seen_small.setdefault(small["code"], row.data["name"])
    return types


def _case_type(row: Row) -> CaseType:
    told = row.data
    return CaseType(
        code=told["code"],
        name=told["name"],
        short=told["short"],
        limit=_limit(told["limit"]),
        keywords=(*_plain_keywords(row), *_context_keywords(row)),
        small=tuple(_small_class(small) for small in told.get("small", ())),
        ask=told.get("ask", ""),
        radius=float(told.get("radius", DEFAULT_RADIUS)),
        auto_dispatch=told.get("auto_dispatch", True),
        handled=told.get("handled", True),
        elsewhere=told.get("elsewhere", ""),
        settings={name: float(value) for name, value in told.get("settings", {}).items()},
    )


def _limit(told: dict[str, Any]) -> Limit:
    return Limit(float(told["amount"]), told["unit"])


def _small_class(told: dict[str, Any]) -> SmallClass:
    limit = _limit(told["limit"]) if "limit" in told else None
    return SmallClass(told["code"], told["name"], keywords=tuple(told.get("keywords", ())), limit=limit)


def _plain_keywords(row: Row) -> list[Keyword]:
    """Read ``keywords``: a table of weights, or a list of such tables to keep the lines short."""
    told = row.data.get("keywords", [])
    weights: dict[str, Keyword] = {}
    for index, table in enumerate([told] if isinstance(told, dict) else told):
        for word, weight in table.items():
            if word in weights:
                row.fault(f"关键词“{word}”重复", "keywords", index, word)
            weights[word] = Keyword(word, float(weight))
    return list(weights.values())


def _context_keywords(row: Row) -> list[Keyword]:
    return [
        Keyword(
            told["word"],
            float(told["weight"]),
            near=tuple(told.get("near", ())),
            unless=tuple(told.get("unless", ())),
        )
        for told in row.data.get("context", ())
    ]
