"""Messages of the past, and what people hold to be their right type."""

from collections.abc import Collection
from datetime import datetime

from models.cases.corrections import TypeCorrection, list_corrections
from models.cases.tables import Case
from models.lexicon.bench import Past

NEWEST = 5000
SETTLED = ("closed", "rated")  # whoever worked on it left the type as it is


async def list_past(limit: int = NEWEST) -> list[Past]:
    """Return the newest cases as messages; right is the type of what was corrected or brought to its end."""
    cases = (
        await Case.filter(text__not="")
        .order_by("-id")
        .limit(limit)
        .only("id", "number", "text", "type", "state")
    )
    numbers = [case.id for case in cases]
    corrected = set(await TypeCorrection.filter(case_id__in=numbers).values_list("case_id", flat=True))
    return [
        Past(case.number, case.text, frozenset({case.type}) if _is_known(case, corrected) else frozenset())
        for case in cases
    ]


async def list_corrected(*, since: datetime | None = None) -> list[Past]:
    """Return the messages whose type a person put right."""
    return [
        Past(row.case.number, row.case.text, frozenset({row.right}))
        for row in await list_corrections(since=since)
    ]


def _is_known(case: Case, corrected: Collection[object]) -> bool:
    return case.state in SETTLED or case.id in corrected
