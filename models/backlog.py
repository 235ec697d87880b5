"""How much still waits for somebody or something, by state: for the operator's figures."""

from tortoise.functions import Count

from models.cases.flows import CASE_FLOW
from models.cases.states import STATE_NAMES
from models.cases.tables import Case
from models.deliveries.tables import Delivery, Owing

# A closed case waits for a verdict, and nobody has to do anything about it.
UNFINISHED = tuple(state for state in STATE_NAMES if state not in CASE_FLOW.final | {"closed"})
UNSETTLED = (Owing.OWED, Owing.HELD, Owing.SENDING, Owing.WAITING, Owing.UNCERTAIN, Owing.FAILED)


async def count_unfinished_cases() -> dict[str, int]:
    """Return how many cases stand in each state in which work is still to be done; every state is named."""
    found = Case.filter(state__in=UNFINISHED).annotate(count=Count("id")).group_by("state")
    return dict.fromkeys(UNFINISHED, 0) | dict(await found.values_list("state", "count"))


async def count_unsettled_deliveries() -> dict[str, int]:
    """Return how many deliveries stand in each state but sent and dropped, which only grow; all are named."""
    found = Delivery.filter(state__in=UNSETTLED).annotate(count=Count("id")).group_by("state")
    counts = {Owing(state).value: count for state, count in await found.values_list("state", "count")}
    return {state.value: 0 for state in UNSETTLED} | counts
