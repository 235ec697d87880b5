"""Leases: what only one process at a time may do, whoever of them is alive."""

from datetime import datetime, timedelta

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model


class Lease(Model):
    """One job's lease: who holds it, and until when if it dies."""

    name = fields.CharField(max_length=60, primary_key=True)
    holder = fields.CharField(max_length=80, default="")
    until = fields.DatetimeField()

    class Meta:
        table = "lease"


async def take_lease(name: str, holder: str, *, now: datetime, seconds: float) -> bool:
    """Take or extend the lease; True while ``holder`` has it, for ``seconds`` from ``now``."""
    until = now + timedelta(seconds=seconds)
    free = Q(holder=holder) | Q(until__lt=now)
    if await Lease.filter(free, name=name).update(holder=holder, until=until):
        return True
    if await Lease.exists(name=name):
        return False
    await Lease.bulk_create([Lease(name=name, holder=holder, until=until)], ignore_conflicts=True)
    return await Lease.exists(name=name, holder=holder)


async def drop_lease(name: str, holder: str, *, now: datetime) -> None:
    """Give the lease back early, if ``holder`` still has it."""
    await Lease.filter(name=name, holder=holder).update(until=now - timedelta(seconds=1))
