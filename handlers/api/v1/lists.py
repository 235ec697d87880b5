"""The town's units and areas, and for administrators who did what."""

from aiohttp import web

from handlers.api.v1.access import Wrong, guarded, written
from handlers.web import TOWN
from models.access import Access
from models.audit import AuditEntry
from models.clock import local

ROOT = "/api/v1"
ROWS = 200  # of the log in one answer


def routes() -> list[web.AbstractRouteDef]:
    """Return the addresses; they need TOWN of handlers/web.py."""
    return [
        web.get(f"{ROOT}/units", guarded(list_units), allow_head=False),
        web.get(f"{ROOT}/areas", guarded(list_areas), allow_head=False),
        web.get(f"{ROOT}/audit", guarded(list_audit, least=Access.ADMIN), allow_head=False),
    ]


async def list_units(request: web.Request) -> web.StreamResponse:
    """Answer with who handles cases."""
    units = request.app[TOWN].city.units.values()
    rows = [
        {"code": unit.code, "name": unit.name, "areas": [*unit.areas], "types": [*unit.types]}
        for unit in units
    ]
    return written({"units": rows})


async def list_areas(request: web.Request) -> web.StreamResponse:
    """Answer with the areas, without their shapes."""
    areas = request.app[TOWN].city.areas.values()
    rows = [{"code": a.code, "name": a.name, "kind": a.kind, "parent": a.parent} for a in areas]
    return written({"areas": rows})


async def list_audit(request: web.Request) -> web.StreamResponse:
    """Answer with the newest acts, or those before the id of ``before``."""
    before = request.query.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise Wrong(422, "bad_query", "before 要写成数字。", {"before": "要写成数字"})
    found = AuditEntry.filter(id__lt=int(before)) if before else AuditEntry.all()
    names = ("id", "who", "role", "door", "address", "action", "subject", "outcome")
    rows = [
        {
            "at": local(entry.at).isoformat(timespec="seconds"),
            **{name: getattr(entry, name) for name in names},
        }
        for entry in await found.order_by("-id").limit(ROWS)
    ]
    return written({"entries": rows})
