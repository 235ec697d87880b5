"""Says the town in Open311's words: case types as services, cases as requests."""

from datetime import datetime

from handlers.api.open311_forms import Value
from models.cases.public import changed_last, is_open, public_address, public_point, public_text
from models.cases.states import STATE_NAMES
from models.cases.tables import Case
from models.cases.words import is_due_provisional
from models.city.city import CaseType, City
from models.city.coordinates import gcj_to_wgs
from models.clock import local
from models.town import Town

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
MOST_KEYWORDS = 12
MOST_CHARACTERS = 4000  # of a description
PLACES = 6  # decimals of a degree: about 0.1 m

# Big classes of GB/T 30428-style codes; the first four characters of a small class name them.
GROUPS = {
    "SJ01": "市容环境",
    "SJ02": "宣传广告",
    "SJ03": "施工管理",
    "SJ04": "街面秩序",
    "SJ05": "突发事件",
    "SJ06": "其他事件",
    "BJ01": "公用设施",
    "BJ02": "交通设施",
    "BJ03": "市容环境设施",
    "BJ04": "园林绿化设施",
    "BJ05": "其他部件",
}
OTHER_GROUP = "城市管理"
PROVISIONAL = "办结时间以节假日安排公布后为准。"
STATUS_NOTES = {
    "reported": "已收到，正在受理。",
    "accepted": "已受理，正在安排人员。",
    "talking": "正在和上报人沟通。",
    "dispatched": "已派给责任单位。",
    "handling": "处理人员正在处理。",
    "handed_back": "处理人员说已处理好，正在核查。",
    "asking": "正在向上报人了解情况。",
    "suspended": "条件还不具备，暂缓处理，到时恢复。",
    "split": "几个单位正在分头处理。",
    "merged": "与相同的案件一起处理。",
    "verified": "核查通过，正在复核。",
    "returned": "正在重新安排责任单位。",
    "closed": "已处理好并核查通过。",
    "rated": "已处理好，上报人已评价或已过评价期。",
    "disputed": "上报人不满意，工作人员正在决定怎么办。",
    "rejected": "不属于受理范围，已告诉上报人原因。",
    "withdrawn": "上报人已撤回。",
}
SMALL_CLASS = "small_class"


def service_row(kind: CaseType) -> dict[str, Value]:
    """Return a case type as the list of services shows it."""
    return {
        "service_code": kind.code,
        "service_name": kind.name,
        "description": kind.ask,
        "metadata": bool(kind.small),
        "type": "realtime",
        "keywords": ",".join(_keywords(kind)),
        "group": _group(kind),
    }


def definition_row(kind: CaseType) -> dict[str, Value]:
    """Return what else may be said about a case of this type: its small class."""
    values: list[Value] = [{"key": small.code, "name": small.name} for small in kind.small]
    attribute: dict[str, Value] = {
        "variable": True,
        "code": SMALL_CLASS,
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "不清楚可以不选",
        "order": 1,
        "description": "具体是哪一种",
        "values": values,
    }
    return {"service_code": kind.code, "attributes": [attribute] if values else []}


def request_row(case: Case, town: Town, *, now: datetime) -> dict[str, Value]:
    """Return a case as anybody may read it: never who reported, and no picture, for none has been released."""
    kind, unit = town.city.case_types[case.type], town.city.units.get(case.unit)
    lat, lng = _wgs84(case, town.city)
    return {
        "service_request_id": case.number,
        "status": "open" if is_open(case) else "closed",
        "status_notes": STATUS_NOTES.get(case.state, STATE_NAMES.get(case.state, case.state)),
        "service_name": kind.name,
        "service_code": kind.code,
        "description": public_text(case)[:MOST_CHARACTERS],
        "agency_responsible": unit.name if unit else None,
        "service_notice": PROVISIONAL if is_open(case) and is_due_provisional(case, town, now) else None,
        "requested_datetime": _w3c(case.opened_at),
        "updated_datetime": _w3c(changed_last(case)),
        "expected_datetime": _w3c(case.due_at),
        "address": public_address(case, town),
        "address_id": None,
        "zipcode": None,
        "lat": lat,
        "long": lng,
        "media_url": None,
    }


def discovery_row(city: City, *, url: str, changeset: str) -> dict[str, Value]:
    """Return the document by which clients find this endpoint."""
    endpoint: dict[str, Value] = {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": changeset,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    return {
        "changeset": changeset,
        "contact": f"{city.name}城市管理，电话 {city.hotline}",
        "key_service": f"申请 api_key 请打 {city.hotline}；只读不需要。",
        "endpoints": [endpoint],
    }


def _keywords(kind: CaseType) -> list[str]:
    """Return the names of the small classes, then the words that speak loudest for the type."""
    words = sorted((word for word in kind.keywords if word.weight > 0), key=lambda word: -word.weight)
    told = [kind.short, *(small.name for small in kind.small), *(word.word for word in words)]
    return list(dict.fromkeys(told))[:MOST_KEYWORDS]


def _group(kind: CaseType) -> str:
    return GROUPS.get(kind.small[0].code[:4], OTHER_GROUP) if kind.small else OTHER_GROUP


def _wgs84(case: Case, city: City) -> tuple[float | None, float | None]:
    shown = public_point(case, city)
    if shown is None:
        return None, None
    point = gcj_to_wgs(shown)
    return round(point.lat, PLACES), round(point.lng, PLACES)


def _w3c(moment: datetime) -> str:
    return local(moment).isoformat(timespec="seconds")
