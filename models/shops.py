"""Shops of the town: what a shop case is bound to, so that repeats can be counted."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model


class Shop(Model):
    """店铺: a business at an address. Its name is public, its people are not kept here."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=80)
    kind = fields.CharField(max_length=20, default="")  # 餐饮, 水果, …
    address = fields.CharField(max_length=200, default="")
    lat = fields.FloatField(null=True)  # GCJ-02
    lng = fields.FloatField(null=True)
    grid = fields.CharField(max_length=40, default="")
    street = fields.CharField(max_length=40, default="")
    road = fields.CharField(max_length=40, default="")
    made_at = fields.DatetimeField()

    class Meta:
        table = "shop"
        unique_together = (("name", "address"),)
        indexes = (("street", "name"),)


async def find_shop(name: str, *, street: str = "") -> Shop | None:
    """Return the only shop of that name (in that street, where one is given); None when none or several are."""
    found = Shop.filter(name=name, street=street) if street else Shop.filter(name=name)
    shops = await found.limit(2)
    return shops[0] if len(shops) == 1 else None


async def note_shop(name: str, *, address: str = "", street: str = "", now: datetime) -> Shop:
    """Return the shop of that name and address, kept from now on when it was not known."""
    shop, _ = await Shop.get_or_create(
        name=name[:80], address=address[:200], defaults={"street": street, "made_at": now}
    )
    return shop
