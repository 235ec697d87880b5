"""Steps beside the main road: pauses, requests, supervision; as data, like the rest of the flow."""

from models.cases import sentences as say
from models.cases.states import AT_WORK, BEFORE_WORK, CLOCK, DESK, ENDED, FIELD, OPEN, RULES
from models.cases.taps import ASK_CHECK, ASK_FIXED, ASK_GRANT, ASK_REPLY, ASK_SEEN, ASK_TAKE
from models.cases.timings import PAUSE_WORK, RESUME_WORK, go_on, pause, resume, start, stop
from models.lifecycle import BACK, STAY, Role, Step, Told, Words

NOTE = frozenset({"note"})
NOTHING: frozenset[str] = frozenset()
ADMINS = frozenset({Role.ADMIN})
WALKERS = frozenset({Role.PATROL, Role.ROAD_CHIEF})
DONE = frozenset({"handed_back", "verified", "closed", "rated", "disputed"})
UNDER_WAY = AT_WORK | {"split"}

SIDE_STEPS = (
    # --- who does it ---
    Step(
        "reassign",
        AT_WORK,
        "dispatched",
        FIELD | RULES,
        (Words(Told.HANDLER, say.PASSED_ON, "work", ASK_TAKE),),
        NOTHING,
        (start("take"),),
    ),
    Step(
        "call_back",
        AT_WORK,
        "returned",
        DESK,
        (Words(Told.HANDS, say.TAKEN_AWAY, "work"),),
        clocks=(stop("take"), *PAUSE_WORK, start("dispatch")),
    ),
    Step(
        "prompt",
        frozenset({"dispatched"}),
        STAY,
        CLOCK,
        (Words(Told.UNIT, say.NOT_TAKEN, "work", ASK_TAKE),),
    ),
    Step("entrust", AT_WORK, "handling", FIELD, (), NOTE, (stop("take"),)),
    Step("note", OPEN, STAY, FIELD | WALKERS, (), NOTE),
    # --- pauses ---
    Step(
        "ask_back",
        frozenset({"accepted", "returned"}) | AT_WORK,
        "asking",
        FIELD,
        (Words(Told.REPORTER, say.ASKED, choices=ASK_REPLY),),
        NOTE,
        (*PAUSE_WORK, start("reply")),
        pauses=True,
    ),
    Step(
        "reply",
        frozenset({"asking"}),
        BACK,
        frozenset({Role.REPORTER}),
        (Words(Told.HANDLER, say.REPLIED, "work"),),
        NOTE,
        (stop("reply"), *RESUME_WORK),
    ),
    Step(
        "no_reply",
        frozenset({"asking"}),
        BACK,
        CLOCK,
        (Words(Told.HANDLER, say.NOT_REPLIED, "work"), Words(Told.REPORTER, say.NO_ANSWER)),
        NOTHING,
        (stop("reply"), *RESUME_WORK),
    ),
    Step(
        "ask_suspension",
        AT_WORK,
        STAY,
        FIELD,
        (Words(Told.DISPATCHERS, say.WANTS_PAUSE, "work", ASK_GRANT),),
        NOTE,
    ),
    Step(
        "suspend",
        AT_WORK,
        "suspended",
        DESK,
        (Words(Told.HANDS, say.SUSPENDED, "work"), Words(Told.FOLLOWERS, say.PAUSED)),
        NOTE,
        (*PAUSE_WORK, start("pause")),
        pauses=True,
    ),
    Step(
        "refuse_suspension",
        AT_WORK,
        STAY,
        DESK,
        (Words(Told.HANDLER, say.NOT_SUSPENDED, "work"),),
        NOTE,
    ),
    Step(
        "resume",
        frozenset({"suspended"}),
        BACK,
        DESK | CLOCK,
        (Words(Told.HANDLER, say.BACK_TO_WORK, "work"), Words(Told.FOLLOWERS, say.RESUMED)),
        NOTHING,
        (stop("pause"), *RESUME_WORK),
    ),
    # Who reported a linked case follows the main one and was told with it.
    Step("close_along", frozenset({"merged"}), "closed", RULES),
    Step("reject_along", frozenset({"merged"}), "rejected", RULES),
    Step(
        "unlink",
        frozenset({"merged"}),
        BACK,
        DESK,
        (Words(Told.FOLLOWERS, say.UNMERGED), Words(Told.HANDLER, say.BACK_TO_WORK, "work")),
        NOTHING,
        RESUME_WORK,
    ),
    # --- more time ---
    Step(
        "ask_extension",
        AT_WORK,
        STAY,
        FIELD,
        (Words(Told.DISPATCHERS, say.WANTS_TIME, "work", ASK_GRANT),),
        NOTE,
    ),
    Step(
        "extend",
        AT_WORK,
        STAY,
        DESK,
        (Words(Told.HANDLER, say.EXTENDED, "work"), Words(Told.FOLLOWERS, say.DELAYED)),
        NOTE,
    ),
    Step(
        "refuse_extension",
        AT_WORK,
        STAY,
        DESK,
        (Words(Told.HANDLER, say.NOT_EXTENDED, "work"),),
        NOTE,
    ),
    # --- the ladder ---
    Step("warn", UNDER_WAY, STAY, CLOCK, (Words(Told.HANDLER, say.WARNED, "work"),)),
    Step(
        "overdue",
        UNDER_WAY,
        STAY,
        CLOCK,
        (
            Words(Told.HANDLER, say.OVERDUE, "work"),
            Words(Told.LEADERS, say.OVERDUE, "work"),
            Words(Told.REPORTER, say.LATE, choices=ASK_FIXED),
            Words(Told.JOINED, say.LATE_TOO),
        ),
    ),
    Step(
        "supervise",
        UNDER_WAY | {"returned", "disputed"},
        STAY,
        DESK | CLOCK,
        (Words(Told.HANDLER, say.SUPERVISED, "work"), Words(Told.LEADERS, say.SUPERVISED, "work")),
        NOTE,
        (start("supervision"),),
    ),
    Step(
        "answer_supervision",
        OPEN | ENDED,
        STAY,
        FIELD,
        (Words(Told.DISPATCHERS, say.SUPERVISION_ANSWERED, "work"),),
        NOTE,
        (stop("supervision"),),
    ),
    Step("call_in", OPEN | ENDED, STAY, CLOCK, (Words(Told.ADMINS, say.CALL_IN, "work"),)),
    Step(
        "late_inquiry",
        frozenset({"reported", "accepted"}),
        STAY,
        CLOCK,
        (Words(Told.DISPATCHERS, say.LATE_INQUIRY, "work"),),
    ),
    Step("late_dispatch", BEFORE_WORK, STAY, CLOCK, (Words(Told.DISPATCHERS, say.LATE_DISPATCH, "work"),)),
    Step(
        "late_check",
        frozenset({"handed_back"}),
        STAY,
        CLOCK,
        (Words(Told.DISPATCHERS, say.LATE_CHECK, "work", ASK_CHECK),),
    ),
    Step("wake_higher", OPEN, STAY, RULES, (Words(Told.LEADERS, say.MANY_WANT_IT, "work"),)),
    Step("flag", OPEN, STAY, DESK, (Words(Told.HANDLER, say.FLAGGED, "work"),), NOTE),
    Step("progress", OPEN, STAY, FIELD, (), NOTE),
    Step("unflag", OPEN | ENDED, STAY, DESK),
    # --- looking at the place ---
    Step(
        "inquire",
        frozenset({"reported", "accepted"}),
        STAY,
        DESK,
        (Words(Told.CHECKER, say.TO_SEE, "work", ASK_SEEN),),
        NOTHING,
        (pause("accept"), pause("dispatch"), start("inquiry")),
    ),
    Step(
        "inquired",
        frozenset({"reported", "accepted"}),
        STAY,
        DESK | WALKERS,
        (Words(Told.DISPATCHERS, say.SEEN, "work"),),
        NOTE,
        (stop("inquiry"), resume("accept"), resume("dispatch")),
    ),
    Step(
        "second_look",
        frozenset({"verified"}),
        STAY,
        RULES,
        (Words(Told.DISPATCHERS, say.SECOND_LOOK, "work", ASK_CHECK),),
    ),
    Step(
        "no_proof",
        frozenset({"handed_back"}),
        "handling",
        RULES,
        (Words(Told.HANDLER, say.NO_PROOF, "work"),),
        NOTE,
        (stop("check"), go_on("handling")),
    ),
    # --- afterwards ---
    Step(
        "appeal",
        DONE,
        STAY,
        FIELD,
        (Words(Told.DISPATCHERS, say.WANTS_EXCUSE, "work", ASK_GRANT),),
        NOTE,
    ),
    Step("grant_appeal", DONE, STAY, DESK, (Words(Told.HANDLER, say.APPEAL_GRANTED, "work"),)),
    Step("refuse_appeal", DONE, STAY, DESK, (Words(Told.HANDLER, say.APPEAL_REFUSED, "work"),), NOTE),
)
