"""The figures of one process, kept apart from other libraries' own; no label ever holds a person."""

from collections.abc import Callable, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from models.clock import Clock
from models.deliveries.stops import Stop

ANSWER_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)  # the platform hangs up after 5
MOST_KINDS = 60  # each becomes a row for ever: what the platform invents beyond these is counted together
OTHER = "other"


class Metrics:
    """All figures of one process; ``clock`` gives the time of its start."""

    def __init__(self, clock: Clock) -> None:
        self._registry = CollectorRegistry()
        self._kinds: set[str] = set()
        ProcessCollector(registry=self._registry)
        self._count_pushes()
        self._gauge_parts()
        started = self._gauge("gongzhi_start_time_seconds", "When this process was built, Unix seconds")
        started.set(clock.now().timestamp())

    def pushed(self, kind: str, outcome: str, seconds: float) -> None:
        """Count one push of the platform: its kind or event, what came of it, how long the answer took."""
        kind = kind.lower() or OTHER
        if kind not in self._kinds:
            kind = kind if len(self._kinds) < MOST_KINDS else OTHER
            self._kinds.add(kind)
        self._pushes.labels(kind, outcome).inc()
        self._answers.observe(seconds)

    def show_queue(self, waiting: int, age: float) -> None:
        """Show how many letters wait for an answer, and for how long the oldest does, seconds."""
        self._waiting.set(waiting)
        self._age.set(age)

    def show_deliveries(self, counts: Mapping[str, int]) -> None:
        """Show what is owed and not settled, by state."""
        _show(self._deliveries, counts)

    def show_cases(self, counts: Mapping[str, int]) -> None:
        """Show the cases that are not finished, by state."""
        _show(self._cases, counts)

    def show_broken(self, counts: Mapping[str, int]) -> None:
        """Show how many items of jobs broke in this process, by job."""
        _show(self._broken, counts)

    def show_tidied(self, counts: Mapping[str, int], missing: int) -> None:
        """Show how much was deleted past its term in this process, by task, and how many pieces have no file."""
        _show(self._tidied, counts)
        self._missing_files.set(missing)

    def show_jobs(self, ages: Mapping[str, float], broken: Mapping[str, int]) -> None:
        """Show how long ago each job last ran in this process, seconds, and how many runs in a row broke."""
        _show(self._job_ages, ages)
        _show(self._job_failures, broken)

    def show_refused(self, counts: Mapping[str, int]) -> None:
        """Show how many calls of nobody known this process refused, by door."""
        _show(self._refused, counts)

    def show_stops(self, stops: Sequence[Stop]) -> None:
        """Show which ways of WeChat are stopped now, with when each is tried again."""
        self._stops.clear()
        for stop in stops:
            self._stops.labels(stop.way, stop.why.value, str(stop.code)).set(stop.next_at.timestamp())

    def show_missing_years(self, years: Sequence[int]) -> None:
        """Show the years that have begun or begin soon and whose holidays nobody has written down."""
        _show(self._missing_years, {str(year): 1 for year in years})

    def watch_safekeeping(self, last_backup: Callable[[], float], free_bytes: Callable[[], float]) -> None:
        """Ask these whenever somebody looks: when the last backup was made, Unix seconds, and what room is left."""
        self._backup.set_function(last_backup)
        self._free.set_function(free_bytes)

    def forget_database(self) -> None:
        """Show that the database does not answer: old figures would look like good ones."""
        self.database_up.set(0)
        for gauge in (self._deliveries, self._cases, self._stops):
            gauge.clear()
        for gauge in (self._waiting, self._age):
            gauge.set(float("nan"))

    def text(self) -> bytes:
        """Return all figures as Prometheus text."""
        return generate_latest(self._registry)

    def _count_pushes(self) -> None:
        self._pushes = Counter(
            "gongzhi_pushes", "Pushes of the platform", ("kind", "outcome"), registry=self._registry
        )
        self._answers = Histogram(
            "gongzhi_answer_seconds",
            "From a push to its answer",
            buckets=ANSWER_SECONDS,
            registry=self._registry,
        )

    def _gauge_parts(self) -> None:
        self.database_up = self._gauge("gongzhi_database_up", "1 while the database answers")
        self._waiting = self._gauge("gongzhi_inbox_waiting", "Letters without an answer")
        self._age = self._gauge("gongzhi_inbox_oldest_seconds", "Age of the oldest letter without an answer")
        self._deliveries = self._gauge("gongzhi_deliveries", "Deliveries not settled", "state")
        self._cases = self._gauge("gongzhi_cases_open", "Cases not finished", "state")
        self._missing_years = self._gauge(
            "gongzhi_calendar_year_missing",
            "1 for a year near whose announced holidays are not known",
            "year",
        )
        self._backup = self._gauge(
            "gongzhi_last_backup_timestamp_seconds",
            "When the last backup was made here, Unix seconds; 0: never",
        )
        self._free = self._gauge("gongzhi_data_free_bytes", "Room left on the disk of the data folder")
        self._broken = self._gauge("gongzhi_job_items_broken", "Items that broke since the start", "job")
        self._tidied = self._gauge("gongzhi_tidied", "Deleted or cleaned since the start", "task")
        self._missing_files = self._gauge(
            "gongzhi_evidence_without_file", "Kept photos, videos and voices whose file the last check missed"
        )
        self._job_ages = self._gauge(
            "gongzhi_job_age_seconds", "Since the last run here, another process's turn included", "job"
        )
        self._job_failures = self._gauge("gongzhi_job_failures", "Runs in a row that broke", "job")
        self._refused = self._gauge(
            "gongzhi_calls_refused", "Calls without a good token, key or signature since the start", "door"
        )
        self._stops = self._gauge(
            "gongzhi_wechat_stopped_until_seconds",
            "Ways of WeChat stopped now, and when each is tried again, Unix seconds",
            "call",
            "kind",
            "code",
        )

    def _gauge(self, name: str, told: str, *labels: str) -> Gauge:
        return Gauge(name, told, labels, registry=self._registry)


def _show(gauge: Gauge, counts: Mapping[str, float]) -> None:
    gauge.clear()
    for state, count in counts.items():
        gauge.labels(state).set(count)
