"""The life of a case as data: its states, its steps, who takes each, whom it tells, which clocks it moves."""

from models.cases import sentences as say
from models.cases.side_steps import SIDE_STEPS
from models.cases.states import (
    AT_WORK,
    BEFORE_WORK,
    CLOCK,
    CONSULTATION,
    DESK,
    FIELD,
    OPEN,
    RULES,
    STATE_NAMES,
    VOICES,
)
from models.cases.taps import ASK_ANSWER, ASK_CHECK, ASK_CLEAR, ASK_GRANT, ASK_RATING, ASK_REDONE, ASK_TAKE
from models.cases.timings import END_ALL, PAUSE_WORK, go_on, start, stop
from models.lifecycle import STAY, Lifecycle, Role, Step, Told, Words

NOTE = frozenset({"note"})
PROOF = frozenset({"note", "photo"})
CHECKERS = DESK | {Role.PATROL, Role.ROAD_CHIEF}
REPORTER = frozenset({Role.REPORTER})
BEFORE_CHECK = BEFORE_WORK | {"dispatched", "handling"}

MAIN_STEPS = (
    Step(
        "accept",
        frozenset({"reported"}),
        "accepted",
        DESK | RULES,
        clocks=(stop("accept"), start("dispatch")),
    ),
    Step(
        "reject",
        BEFORE_WORK,
        "rejected",
        DESK,
        (Words(Told.FOLLOWERS, say.REJECTED, "closed"),),
        NOTE,
        END_ALL,
    ),
    Step(
        "dispatch",
        frozenset({"accepted", "returned", "talking"}),
        "dispatched",
        DESK | RULES,
        (Words(Told.HANDLER, say.NEW_WORK, "work", ASK_TAKE),),
        clocks=(stop("talk"), stop("dispatch"), go_on("handling"), start("take")),
    ),
    Step("queue", frozenset({"accepted"}), STAY, RULES, (Words(Told.DISPATCHERS, say.NO_HANDLER, "work"),)),
    Step("recur", frozenset({"accepted"}), STAY, RULES, (Words(Told.DISPATCHERS, say.RECURRING, "work"),)),
    Step(
        "answer",
        BEFORE_WORK | {"dispatched"},
        "closed",
        DESK,
        (Words(Told.REPORTER, say.ANSWERED, "closed", ASK_CLEAR),),
        NOTE,
        END_ALL,
    ),
    Step(
        "take",
        frozenset({"dispatched"}),
        "handling",
        FIELD,
        (Words(Told.FOLLOWERS, say.TAKEN),),
        clocks=(stop("take"),),
    ),
    Step(
        "hand_back",
        AT_WORK,
        "handed_back",
        FIELD | {Role.CONTRACTOR},
        (Words(Told.CHECKER, say.TO_CHECK, "work", ASK_CHECK),),
        PROOF,
        (stop("take"), stop("handling"), start("check")),
    ),
    Step(
        "return",
        AT_WORK,
        "returned",
        FIELD,
        (Words(Told.DISPATCHERS, say.SENT_BACK, "work"),),
        NOTE,
        (stop("take"), *PAUSE_WORK, start("dispatch")),
    ),
    Step("verify", frozenset({"handed_back"}), "verified", CHECKERS | RULES, clocks=(stop("check"),)),
    Step(
        "fail",
        frozenset({"handed_back", "verified"}),
        "handling",
        CHECKERS,
        (Words(Told.HANDLER, say.FAILED_CHECK, "work"), Words(Told.FOLLOWERS, say.RETURNED_TO_WORK)),
        NOTE,
        (stop("check"), go_on("handling")),
    ),
    Step(
        "close",
        frozenset({"verified"}),
        "closed",
        DESK | RULES,
        (
            Words(Told.REPORTER, say.CLOSED, "closed", ASK_RATING),
            Words(Told.JOINED, say.CLOSED_TOO, "closed"),
        ),
        clocks=END_ALL,
    ),
    Step("rate", frozenset({"closed"}), "rated", REPORTER),
    Step("lapse", frozenset({"closed"}), "rated", CLOCK),
    Step(
        "rework",
        frozenset({"closed", "rated"}),
        "handling",
        VOICES,
        (Words(Told.HANDLER, say.REWORK, "work", ASK_REDONE), Words(Told.FOLLOWERS, say.RETURNED_TO_WORK)),
        NOTE,
        (go_on("handling"),),
    ),
    Step(
        "ask_again",
        frozenset({"closed"}),
        "accepted",
        REPORTER,
        (Words(Told.DISPATCHERS, say.ASKED_AGAIN, "work"),),
        NOTE,
        (start("dispatch"),),
    ),
    Step(
        "complain",
        frozenset({"closed", "rated"}),
        "disputed",
        VOICES,
        (Words(Told.DISPATCHERS, say.STILL_UNHAPPY, "work"), Words(Told.LEADERS, say.SUPERVISED, "work")),
        NOTE,
        (start("supervision"),),
    ),
    Step(
        "explain",
        frozenset({"disputed"}),
        "rated",
        DESK,
        (Words(Told.FOLLOWERS, say.EXPLAINED, "closed"),),
        NOTE,
        END_ALL,
    ),
    Step(
        "order_rework",
        frozenset({"rated", "disputed"}),
        "handling",
        DESK,
        (Words(Told.HANDLER, say.REWORK, "work", ASK_REDONE), Words(Told.FOLLOWERS, say.RETURNED_TO_WORK)),
        clocks=(go_on("handling"),),
    ),
    Step(
        "withdraw",
        BEFORE_WORK | {"dispatched", "asking", "talking"},
        "withdrawn",
        REPORTER,
        (Words(Told.HANDS, say.WITHDRAWN, "work"),),
        clocks=END_ALL,
    ),
    Step(
        "correct",
        BEFORE_CHECK | {"talking"},
        "accepted",
        DESK | REPORTER,
        (Words(Told.HANDS, say.TAKEN_AWAY, "work"),),
        clocks=(stop("take"), stop("talk"), *PAUSE_WORK, start("dispatch")),
    ),
    Step(
        "link",
        OPEN - {"split", "asking", "suspended", "talking"},
        "merged",
        DESK,
        (Words(Told.FOLLOWERS, say.MERGED), Words(Told.HANDS, say.TAKEN_AWAY, "work")),
        clocks=PAUSE_WORK,
        pauses=True,
    ),
    Step(
        "split",
        BEFORE_CHECK - {"reported"},
        "split",
        DESK,
        (Words(Told.FOLLOWERS, say.SPLIT_UP), Words(Told.HANDS, say.TAKEN_AWAY, "work")),
        clocks=(stop("take"), stop("dispatch")),
    ),
    Step(
        "join_parts",
        frozenset({"split"}),
        "handed_back",
        RULES,
        (Words(Told.DISPATCHERS, say.PARTS_DONE, "work", ASK_CHECK),),
        clocks=(stop("handling"), start("check")),
    ),
)

CASE_FLOW = Lifecycle(
    states=STATE_NAMES, final=("rejected", "withdrawn", "rated"), steps=(*MAIN_STEPS, *SIDE_STEPS)
)

# A question is not work: what its steps say differs.
CONSULTATION_TELLS = {
    "queue": (Words(Told.DISPATCHERS, say.CONSULTED, "work", ASK_ANSWER),),
    "late_dispatch": (Words(Told.DISPATCHERS, say.LATE_ANSWER, "work", ASK_ANSWER),),
    "urge": (Words(Told.ANSWERER, say.URGED_ANSWER, "work", ASK_ANSWER),),
    "answer": (Words(Told.REPORTER, say.CONSULT_ANSWERED, "closed", ASK_CLEAR),),
}


SECOND_EXTENSION = (Words(Told.ADMINS, say.WANTS_TIME, "work", ASK_GRANT),)  # theirs alone to grant


def tells_of(step: Step, case_type: str, *, extended: int = 0) -> tuple[Words, ...]:
    """Return whom the step tells what, for a case of that type that was extended so often."""
    if step.name == "ask_extension" and extended:
        return SECOND_EXTENSION
    return CONSULTATION_TELLS.get(step.name, step.tells) if case_type == CONSULTATION else step.tells
