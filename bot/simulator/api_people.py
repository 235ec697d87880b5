"""The desk for followers and tags."""

from itertools import count

from bot.simulator.calls import OK, ApiRequest, Handler, as_list, as_object, as_text
from bot.simulator.people import Person
from bot.simulator.refusals import ApiError
from bot.simulator.state import JsonObject, Platform

PAGE = 10_000
MAX_TAGS = 100
MAX_TAGS_EACH = 20
MAX_TAGGED_AT_ONCE = 50
FIRST_TAG = 100
SYSTEM_TAGS = range(FIRST_TAG)


def _info(platform: Platform, call: ApiRequest) -> JsonObject:
    return _describe(platform.find_person(call.query.get("openid")))


def _batch_info(platform: Platform, call: ApiRequest) -> JsonObject:
    asked = as_list(call.field("user_list"))
    if not 1 <= len(asked) <= 100:
        raise ApiError(40032)
    return {
        "user_info_list": [_describe(platform.find_person(as_object(one).get("openid"))) for one in asked]
    }


def _describe(person: Person) -> JsonObject:
    if not person.following or person.followed_at is None:
        return {"subscribe": 0, "openid": person.openid, "tagid_list": []}
    return {
        "subscribe": 1,
        "openid": person.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": int(person.followed_at.timestamp()),
        "remark": person.remark,
        "groupid": 0,
        "tagid_list": list(person.tags),
        "subscribe_scene": "ADD_SCENE_QR_CODE" if person.came_by else "ADD_SCENE_SEARCH",
        "qr_scene": int(person.came_by) if person.came_by.isdecimal() else 0,
        "qr_scene_str": "" if person.came_by.isdecimal() else person.came_by,
    }


def _followers(platform: Platform, call: ApiRequest) -> JsonObject:
    everyone = [one.openid for one in platform.people.values() if one.following]
    after = call.query.get("next_openid")
    start = everyone.index(after) + 1 if after in everyone else 0
    some = everyone[start : start + PAGE]
    answer: JsonObject = {"total": len(everyone), "count": len(some), "next_openid": some[-1] if some else ""}
    return {**answer, "data": {"openid": some}} if some else answer


def _remark(platform: Platform, call: ApiRequest) -> JsonObject:
    platform.find_person(call.field("openid")).remark = str(call.field("remark") or "")
    return OK


def _create_tag(platform: Platform, call: ApiRequest) -> JsonObject:
    name = _tag_name(platform, call)
    if len(platform.tags) >= MAX_TAGS:
        raise ApiError(45056)
    tag = next(number for number in count(FIRST_TAG) if number not in platform.tags)
    platform.tags[tag] = name
    return {"tag": {"id": tag, "name": name}}


def _tag_name(platform: Platform, call: ApiRequest) -> str:
    name = as_text(as_object(call.field("tag")).get("name"), 45158)
    if len(name) > 30:
        raise ApiError(45158)
    if name in platform.tags.values():
        raise ApiError(45157)
    return name


def _update_tag(platform: Platform, call: ApiRequest) -> JsonObject:
    tag = _known_tag(platform, as_object(call.field("tag")).get("id"))
    platform.tags[tag] = _tag_name(platform, call)
    return OK


def _delete_tag(platform: Platform, call: ApiRequest) -> JsonObject:
    tag = _known_tag(platform, as_object(call.field("tag")).get("id"))
    del platform.tags[tag]
    for person in _tagged(platform, tag):
        person.tags.remove(tag)
    return OK


def _list_tags(platform: Platform, _call: ApiRequest) -> JsonObject:
    rows = [
        {"id": tag, "name": name, "count": len(_tagged(platform, tag))} for tag, name in platform.tags.items()
    ]
    return {"tags": rows}


def _tag_people(platform: Platform, call: ApiRequest) -> JsonObject:
    tag = _known_tag(platform, call.field("tagid"))
    people = _asked_people(platform, call)
    if any(tag not in one.tags and len(one.tags) >= MAX_TAGS_EACH for one in people):
        raise ApiError(45059)
    for person in people:
        if tag not in person.tags:
            person.tags.append(tag)
    return OK


def _untag_people(platform: Platform, call: ApiRequest) -> JsonObject:
    tag = _known_tag(platform, call.field("tagid"))
    for person in _asked_people(platform, call):
        if tag in person.tags:
            person.tags.remove(tag)
    return OK


def _asked_people(platform: Platform, call: ApiRequest) -> list[Person]:
    openids = as_list(call.field("openid_list"))
    if not 1 <= len(openids) <= MAX_TAGGED_AT_ONCE:
        raise ApiError(40032)
    people = [platform.find_person(openid) for openid in openids]
    if not all(one.following for one in people):
        raise ApiError(40003)
    return people


def _tags_of_person(platform: Platform, call: ApiRequest) -> JsonObject:
    return {"tagid_list": list(platform.find_person(call.field("openid")).tags)}


def _people_of_tag(platform: Platform, call: ApiRequest) -> JsonObject:
    openids = [one.openid for one in _tagged(platform, _known_tag(platform, call.field("tagid")))]
    after = call.field("next_openid")
    some = openids[openids.index(after) + 1 if after in openids else 0 :][:PAGE]
    if not some:  # the end, too: whoever asks on until nobody comes must come to it
        return {"count": 0}
    return {"count": len(some), "data": {"openid": some}, "next_openid": some[-1]}


def _known_tag(platform: Platform, tag: object) -> int:
    if isinstance(tag, int) and tag in SYSTEM_TAGS:
        raise ApiError(45058)
    if not isinstance(tag, int) or tag not in platform.tags:
        raise ApiError(45159)
    return tag


def _tagged(platform: Platform, tag: int) -> list[Person]:
    return [one for one in platform.people.values() if tag in one.tags]


ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/cgi-bin/user/info"): _info,
    ("POST", "/cgi-bin/user/info/batchget"): _batch_info,
    ("POST", "/cgi-bin/user/info/updateremark"): _remark,
    ("GET", "/cgi-bin/user/get"): _followers,
    ("POST", "/cgi-bin/user/tag/get"): _people_of_tag,
    ("POST", "/cgi-bin/tags/create"): _create_tag,
    ("GET", "/cgi-bin/tags/get"): _list_tags,
    ("POST", "/cgi-bin/tags/update"): _update_tag,
    ("POST", "/cgi-bin/tags/delete"): _delete_tag,
    ("POST", "/cgi-bin/tags/members/batchtagging"): _tag_people,
    ("POST", "/cgi-bin/tags/members/batchuntagging"): _untag_people,
    ("POST", "/cgi-bin/tags/getidlist"): _tags_of_person,
}
