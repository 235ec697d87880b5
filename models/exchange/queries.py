"""Readers of the exchange: who is let in, who is told, and what is still owed to whom."""

from dataclasses import dataclass

from tortoise.functions import Count

from models.exchange.tables import Passing, Subscriber, System, Transfer

BLOCKED = "前面第 {seq} 步没有送到，等它重发或跳过。"


@dataclass(frozen=True, slots=True)
class Standing:
    """One transfer as an operator sees it; ``blocked_by`` is the ``seq`` of the given-up one before it, or None."""

    transfer: Transfer
    blocked_by: int | None = None

    @property
    def trouble(self) -> str:
        """What is in the way, "" when nothing is."""
        return BLOCKED.format(seq=self.blocked_by) if self.blocked_by else self.transfer.trouble


async def find_system(code: str) -> System | None:
    """Return the system of that code while it may send."""
    return await System.get_or_none(code=code, stopped_at=None)


async def list_systems() -> list[System]:
    """Return every system, stopped ones too, oldest first."""
    return list(await System.all().order_by("id"))


async def list_subscribers() -> list[Subscriber]:
    """Return every subscriber, stopped ones too, oldest first."""
    return list(await Subscriber.all().order_by("id"))


async def list_transfers(state: Passing | None = None, *, limit: int = 100) -> list[Standing]:
    """Return transfers with their case and subscriber, of one state where one is named, those of a case in order."""
    found = Transfer.filter(state=state) if state else Transfer.all()
    rows = (
        await found.order_by("subscriber_id", "case_id", "seq")
        .limit(limit)
        .prefetch_related("case", "subscriber")
    )
    dead = await _dead_before(rows)
    return [Standing(row, _blocker(row, dead)) for row in rows]


async def count_transfers() -> dict[str, int]:
    """Return how many transfers stand in each state; every state is named."""
    found = Transfer.all().annotate(count=Count("id")).group_by("state")
    counts = {Passing(state).value: count for state, count in await found.values_list("state", "count")}
    return {state.value: 0 for state in Passing} | counts


async def _dead_before(rows: list[Transfer]) -> dict[tuple[int, int], int]:
    """Return for each (subscriber, case) among ``rows`` the first given-up step."""
    cases = sorted({row.case_id for row in rows})
    found = Transfer.filter(case_id__in=cases, state=Passing.DEAD).order_by("-seq")
    dead = await found.values_list("subscriber_id", "case_id", "seq") if cases else []
    return {(subscriber, case): seq for subscriber, case, seq in dead}


def _blocker(row: Transfer, dead: dict[tuple[int, int], int]) -> int | None:
    first = dead.get((row.subscriber_id, row.case_id))
    return first if row.state is Passing.OWED and first is not None and first < row.seq else None
