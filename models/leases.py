"""Leases: what only one process at a time may do, whoever of them is alive."""

from datetime import datetime, timedelta

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from models.statements import run

PROOF = (
    "INSERT INTO lease (name, holder, until) VALUES (?, ?, ?)"
    " ON CONFLICT (name) DO UPDATE SET until = excluded.until"
)
SKEW = timedelta(seconds=5)  # by which the clocks of two machines may differ


class Lease(Model):
    """One job's lease: who holds it, and until when if it dies."""

    name = fields.CharField(max_length=60, primary_key=True)
    holder = fields.CharField(max_length=80, default="")
    until = fields.DatetimeField()

    class Meta:
        table = "lease"


async def take_lease(name: str, holder: str, *, now: datetime, seconds: float) -> bool:
    """Take or extend the lease; True while ``holder`` has it, for ``seconds`` from ``now``.

    One that lasts longer than any can was written while a clock stood wrong, and holds nobody back.
    """
    until = now + timedelta(seconds=seconds)
    free = Q(holder=holder) | Q(until__lt=now) | Q(until__gt=until + SKEW)
    if await Lease.filter(free, name=name).update(holder=holder, until=until):
        return True
    if await Lease.exists(name=name):
        return False
    await Lease.bulk_create([Lease(name=name, holder=holder, until=until)], ignore_conflicts=True)
    return await Lease.exists(name=name, holder=holder)


async def renew_leases(holder: str, *, now: datetime, seconds: float) -> list[str]:
    """Extend every lease that ``holder`` still has; return their names."""
    until = now + timedelta(seconds=seconds)
    rows = await run("UPDATE lease SET until = ? WHERE holder = ? RETURNING name", (until, holder))
    return [row["name"] for row in rows]


async def prove_writable(*, now: datetime) -> None:
    """Write a row of no meaning; whatever the database minds comes through: a full disk, a copy for reading only."""
    await run(PROOF, ("", "", now))


async def drop_leases(holder: str, *, now: datetime) -> None:
    """Give back early whatever ``holder`` has."""
    await Lease.filter(holder=holder).update(holder="", until=now - timedelta(seconds=1))
