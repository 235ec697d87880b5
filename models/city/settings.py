"""The town's settings for cases, each with its default; a case type may differ from its town."""

from models.city.city import City

DEFAULTS: dict[str, float] = {
    "accept_minutes": 15,  # 受理
    "dispatch_minutes": 15,  # 派遣
    "take_minutes": 30,  # 接单, then the stand-ins are asked too
    "urgent_take_minutes": 5,  # the same where it is dangerous: stand-ins and leader
    "urgent_desk_minutes": 10,  # then the desk, and the admins for what waits at the desk
    "check_minutes": 30,  # 核查 and 核实
    "warn_share": 0.8,  # of the limit: the handler is reminded
    "escalate_share": 2.0,  # of the limit: 督办
    "supervision_days": 1,  # working days until a 督办 is answered
    "extensions_max": 2,
    "suspension_days_max": 365,
    "reply_days": 5,  # natural days that a reporter has for a question of ours
    "talk_hours": 24,  # natural hours of silence after which a talk with the desk is over
    "reopen_days": 10,  # natural days after closing in which a verdict opens a case again
    "rework_fresh": 1,  # 1: rework has the whole limit again, 0: what was left of it
    "second_look_share": 0.1,  # of the closings that a second person looks at
    "followers_wake": 10,  # people who joined: the leader is told
    "urges_wake": 3,  # urgings: the leader is told
    "recur_metres": 50,  # 反复发生: around one case,
    "recur_times": 5,  # so often (more where chance alone would reach it; 0: never looked for),
    "recur_days": 30,  # in so many days: a case of its own against the cause
    "recur_work_days": 20,  # working days to do away with the cause
    "photo_metres": 200,  # a place sent with the after-photo must be as near
}

# These hold for the whole town: no type of case differs in them.
TOWN_DEFAULTS: dict[str, float] = {
    "public_metres": 50,  # how fine a place is shown to everybody (Open311); 0: as exactly as we know it
    # How long what leads to a person is kept, natural days (models/keeping).
    "chat_days": 180,  # letters as they came, what we told, talks that rest
    "draft_days": 30,  # photos, videos and voices that never became part of a case, half-done reports
    "photo_days": 730,  # photos, videos and voices of a case, after its end
    "visit_days": 730,  # check-ins of patrols
    "code_days": 30,  # bind codes that were used or are past
    "audit_days": 1095,  # who did what; the law wants six months at least
}


def setting(city: City, name: str, case_type: str = "") -> float:
    """Return the setting for that type: its own, else the town's, else the default. Raises KeyError for no setting."""
    kind = city.case_types.get(case_type)
    if kind is not None and name in kind.settings:
        return kind.settings[name]
    return city.settings.get(name, DEFAULTS[name] if name in DEFAULTS else TOWN_DEFAULTS[name])
