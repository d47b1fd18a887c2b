"""The frozen state of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from tui.domain.admin_settings import NO_SETTINGS, AdminSettings, Question, Topic
from tui.domain.alerts import Alert, Crossing
from tui.domain.catalogue import Catalogue
from tui.domain.compare import Against
from tui.domain.costs import UNREAD, Costs
from tui.domain.directory import NO_NAMES, Directory
from tui.domain.periods import Period
from tui.domain.pool_status import PoolInputs, PoolStatus
from tui.domain.runs import Run
from tui.domain.time import Width, Window
from tui.domain.usage import Report
from tui.domain.usage_alerts import Billings
from tui.domain.view import USUAL, View
from tui.domain.windows import LastDays, WindowSpec
from tui.engine.events import NOTHING_EXTRA, BucketsRead, BucketsWanted
from tui.engine.level import Level, newest, usual_period
from tui.engine.notes import NO_NOTES, Notes
from tui.engine.select import ONE_READING
from tui.engine.store import EMPTY, Store
from tui.engine.timer import RefreshTimer
from tui.sources.base import Query


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was learned of the organization as a whole: its name, today's pools and their evidence, what went wrong.

    `pools_are_read` says that the pools were read today, and are not only what the archive knew.
    """

    pool_inputs: PoolInputs | None = None
    pools: tuple[PoolStatus, ...] = ()
    organization: str | None = None
    notes: Notes = NO_NOTES
    pools_are_read: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What an engine told, for the next one of the same organization in this process: see `State`."""

    told: frozenset[Crossing] = frozenset()
    told_to_run_out: frozenset[str] = frozenset()
    billings: Billings = field(default_factory=dict)


NOTHING_TOLD = Told()


_TODAY_ALONE, _BEFORE_ALL = LastDays(0), datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class State:
    """What the screen shows, at one moment. The last of the levels is the one that is seen."""

    levels: tuple[Level, ...]
    catalogue: Catalogue
    store: Store = EMPTY
    snapshot: Snapshot = Snapshot()
    view: View = USUAL
    directory: Directory = NO_NAMES
    costs: Costs = UNREAD
    admin_settings: AdminSettings = NO_SETTINGS
    timer: RefreshTimer | None = None
    """None where nothing is ever asked again: a replay, the archive alone."""

    window_wanted: WindowSpec = _TODAY_ALONE
    """The window that is shown, or will be in a moment."""

    day: datetime = _BEFORE_ALL
    """The UTC day that it is, whatever days are shown: that of the last reading, or where none may follow, of now."""

    period_wanted: Period | None = None
    """What a line is where the user chose it; else a window of a year has a line for each month, any other for a day.
    """

    costs_wanted: int = 0
    """Whole days before today whose costs are shown, where that is more than the window."""

    buckets_wanted: BucketsWanted = NOTHING_EXTRA
    """What is read beside the view."""

    buckets_read: Mapping[Query, BucketsRead] = field(default_factory=dict)
    """How it went, of what is wanted still."""

    runs: tuple[Run, ...] = ()
    """Those that are kept, the newest first, as far as they are known."""

    runs_stored: frozenset[str] = frozenset()
    """Ids of runs that were found in the store: those that are there no more were forgotten by another process."""

    runs_forgotten: frozenset[str] = frozenset()
    """The ids of those that the user forgot: they may have been read just before."""

    names_wanted: frozenset[str] = frozenset()
    """Dimensions whose ids are to be shown by name, beside those of the view."""

    settings_wanted: tuple[Question, ...] = ()
    """What the admin API is to tell for what is looked at."""

    thresholds: tuple[int, ...] = ()
    """Percentages of a pool at which the user is told; none where nothing changes any more."""

    budget: Decimal | None = None
    """The user's own limit of a month, in dollars."""

    against: Against = Against.DAY
    """What days are compared with."""

    spike_floor: int = 0
    """No hour of so many tokens or fewer is told of as unusual."""

    told: frozenset[Crossing] = frozenset()
    """What was told of already, of today and of this month."""

    billings: Billings = field(default_factory=dict)
    """How projects are billed today: whether their tokens are free."""

    due: tuple[Alert, ...] = ()
    """What is to be told after the last reading of the pools."""

    told_to_run_out: frozenset[str] = frozenset()
    """The pools of which the user knows that they run out today: told, or seen at the start."""

    @classmethod
    def initial(
        cls,
        window: Window,
        catalogue: Catalogue,
        timer: RefreshTimer | None = None,
        view: View = USUAL,
        thresholds: tuple[int, ...] = (),
        budget: Decimal | None = None,
        period: Period | None = None,
    ) -> State:
        """Return the state before anything is known: every day unread, the last one open, which is today."""
        of_lines = period or usual_period(window.days_before_last)
        days = Level(Report(window), frozenset({of_lines.floor(newest(window))}), period=of_lines)
        return cls(
            (days,),
            catalogue,
            view=view,
            timer=timer,
            window_wanted=LastDays(window.days_before_last),
            day=newest(window),
            thresholds=thresholds,
            budget=budget,
            period_wanted=period,
        )

    key_problem: str | None = None
    """Why the API does not accept the key, where nothing was ever read with it."""

    @property
    def has_data(self) -> bool:
        """Return whether anything was ever read."""
        return bool(self.days.report.buckets) or self.snapshot.pool_inputs is not None

    @property
    def mark(self) -> Run | None:
        """Return the run from the mark that is set, if one is."""
        return next((run for run in self.runs if run.is_open_mark), None)

    @property
    def days(self) -> Level:
        """Return the level of the days."""
        return self.levels[0]

    @property
    def seen(self) -> Level:
        """Return the level that is seen."""
        return self.levels[-1]

    @property
    def basis(self) -> Level:
        """Return the level that is read for the one that is seen: of a week of the days, these."""
        return self.level(self.seen.width) or self.seen

    @property
    def shows_headroom(self) -> bool:
        """Return whether minutes are wanted by project, to stand beside a rate limit."""
        return any(topic is Topic.RATE_LIMITS for topic, _ in self.settings_wanted)

    @property
    def pools_read_at(self) -> datetime | None:
        """Return when today's pools were read, where they are older than what the table shows."""
        pool_inputs = self.snapshot.pool_inputs
        if pool_inputs is None or pool_inputs.today.read_at is None:
            return None
        read_at, shown = pool_inputs.today.read_at, self.days.report.buckets.get(pool_inputs.today.start)
        shown_at = None if shown is None else shown.read_at
        if not self.days.report.window.running:  # today is not among what is shown, and both are read together
            shown_at = self.days.fetched_at
        is_behind = shown_at is not None and shown_at - read_at > ONE_READING
        return read_at if pool_inputs.stale or is_behind else None

    def level(self, width: Width) -> Level | None:
        """Return the level that is read in buckets of this width, if the user is inside so far."""
        return next((level for level in self.levels if level.width is width), None)

    def changed(self, level: Level) -> State:
        """Return the state with this level in the place of the one that it was."""
        return replace(self, levels=tuple(level if each.key == level.key else each for each in self.levels))

    def query(self, window: Window) -> Query:
        """Return what the API is to be asked for this view of a window."""
        return Query(window, self.view.fields, self.view.kind, self.view.filters)
