"""What people said was another type than we had said: kept, so that the classifier may learn from it."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.cases.tables import Case


class TypeCorrection(Model):
    """类别更正: a case was said to be ``said``, a person made it ``right``. The words stay with the case."""

    id = fields.BigIntField(primary_key=True)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="corrections", on_delete=fields.CASCADE
    )
    case_id: int
    at = fields.DatetimeField()
    said = fields.CharField(max_length=30)
    right = fields.CharField(max_length=30)
    role = fields.CharField(max_length=16)  # who knew better: reporter, officer, dispatcher ...

    class Meta:
        table = "type_correction"


async def keep_correction(case: Case, said: str, *, role: str, now: datetime) -> None:
    """Keep that the case was taken for ``said``; nothing when that was right."""
    if said and said != case.type:
        await TypeCorrection.create(case_id=case.id, at=now, said=said, right=case.type, role=role)


async def list_corrections(*, since: datetime | None = None, limit: int = 2000) -> list[TypeCorrection]:
    """Return the newest corrections with their cases, the last one of each case only."""
    query = TypeCorrection.all().order_by("-id").limit(limit).select_related("case")
    rows = await (query.filter(at__gte=since) if since else query)
    newest: dict[int, TypeCorrection] = {}
    for row in rows:
        newest.setdefault(row.case_id, row)
    return list(newest.values())
