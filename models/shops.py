"""Shops of the town: what a shop case is bound to, so that repeats can be counted."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.city.city import GcjPoint
from models.city.coordinates import metres_between

SAME_SHOP = 150.0  # metres: further away, a shop of the same name is another one of the chain


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


async def note_shop(
    name: str, *, address: str = "", street: str = "", point: GcjPoint | None = None, now: datetime
) -> Shop:
    """Return the shop of that name at that place, kept from now on when it was not known.

    It is the same shop when it lies within ``SAME_SHOP`` metres, or where no place is known, in the same street,
    whatever words somebody used for the address.
    """
    name, address = name.strip()[:80], address[:200]
    for known in await Shop.filter(name=name).order_by("id"):
        here = GcjPoint(known.lat, known.lng) if known.lat and known.lng else None
        near = metres_between(here, point) <= SAME_SHOP if here and point else known.street == street
        if near or known.address == address:
            return known
    lat, lng = (point.lat, point.lng) if point else (None, None)
    shop, _ = await Shop.get_or_create(
        name=name, address=address, defaults={"street": street, "lat": lat, "lng": lng, "made_at": now}
    )
    return shop
