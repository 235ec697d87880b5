"""The timetable: every job of the house, how often it runs, and what it needs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from models.clock import Clock
from models.deliveries.claims import Ready
from models.deliveries.sender import MediaStore, Sender
from models.exchange.sending import Post
from models.keeping.shelf import Shelf
from models.town import Town
from scheduler.calendar import recount_cases, warn_of_missing_years
from scheduler.deadlines import adopt_cases, wake_cases
from scheduler.deliver import deliver_owed, recover, tell_of_stops
from scheduler.exchange import pass_on, tidy_exchange
from scheduler.fetch import fetch_evidence
from scheduler.lexicon import propose_words, refresh_lexicon
from scheduler.reminders import end_verdicts, remind_half_done, rest_old, rest_talks, settle_unhappy
from scheduler.rounds import ask_look_backs, open_patterns, tell_plans
from scheduler.tidy import check_files, tidy


@dataclass(frozen=True)
class Tools:
    """What jobs work with; handed over when the house is built."""

    town: Town
    clock: Clock
    sender: Sender
    store: MediaStore
    ready: Callable[[], Ready]  # which paid channels are set up for which use
    resume: Callable[[], Awaitable[int]]  # answers what a dead process left open
    shelf: Shelf
    post: Post  # carries changes of cases to other systems


@dataclass(frozen=True, slots=True)
class Job:
    """One job: safe to run twice and on two machines at once; ``seconds`` between its runs.

    One ``everywhere`` does something for its own process: each runs it, whoever has the lease.
    """

    name: str
    seconds: float
    run: Callable[[Tools], Awaitable[int]]
    everywhere: bool = False


JOBS: tuple[Job, ...] = (
    Job("fetch_evidence", 1, lambda tools: fetch_evidence(tools.store, tools.town, tools.clock)),
    Job("deliver_owed", 1, lambda tools: deliver_owed(tools.sender, tools.clock, ready=tools.ready)),
    Job("recover_deliveries", 20, lambda tools: recover(tools.clock)),
    Job("tell_of_stops", 20, lambda tools: tell_of_stops(tools.clock)),
    Job("resume_inbox", 10, lambda tools: tools.resume(), everywhere=True),
    Job("remind_half_done", 20, lambda tools: remind_half_done(tools.clock)),
    Job("rest_old", 60, lambda tools: rest_old(tools.clock)),
    Job("rest_talks", 60, lambda tools: rest_talks(tools.town, tools.clock)),
    Job("adopt_cases", 600, lambda tools: adopt_cases(tools.town, tools.clock)),
    Job("recount_cases", 3600, lambda tools: recount_cases(tools.town, tools.clock)),
    Job("warn_of_missing_years", 86400, lambda tools: warn_of_missing_years(tools.town, tools.clock)),
    Job("wake_cases", 20, lambda tools: wake_cases(tools.town, tools.clock)),
    Job("settle_unhappy", 60, lambda tools: settle_unhappy(tools.town, tools.clock)),
    Job("end_verdicts", 60, lambda tools: end_verdicts(tools.town, tools.clock)),
    Job("ask_look_backs", 300, lambda tools: ask_look_backs(tools.town, tools.clock)),
    Job("tell_plans", 300, lambda tools: tell_plans(tools.town, tools.clock)),
    Job("open_patterns", 3600, lambda tools: open_patterns(tools.town, tools.clock)),
    Job("refresh_lexicon", 20, lambda tools: refresh_lexicon(tools.town), everywhere=True),
    Job("propose_words", 3600, lambda tools: propose_words(tools.town, tools.clock)),
    Job("pass_on", 1, lambda tools: pass_on(tools.post, tools.clock)),
    Job("tidy_exchange", 3600, lambda tools: tidy_exchange(tools.clock)),
    Job("tidy", 600, lambda tools: tidy(tools.town.city, tools.shelf, tools.clock)),
    Job("check_files", 86400, lambda tools: check_files(tools.town.city, tools.shelf, tools.clock)),
)
