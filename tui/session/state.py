"""The frozen state of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tui.domain.money import UNREAD, Costs
from tui.domain.names import NAMELESS, Directory
from tui.domain.reading import Evidence, PoolReading
from tui.domain.source import Query
from tui.domain.usage import Report
from tui.domain.view import USUAL, View
from tui.domain.window import Width, Window
from tui.session.alerts import Crossing
from tui.session.events import LineKey
from tui.session.schedule import Pulse


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was learned of the organization as a whole: its name, today's pools and their evidence, what went wrong.

    `warnings` say what is missing, `notes` what went wrong and cost no data.
    """

    evidence: Evidence | None = None
    pools: tuple[PoolReading, ...] = ()
    organization: str | None = None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loading:
    """A refresh under way, the buckets that it has read, and what was known when it began.

    A `quiet` one is a beat of the live dashboard, of which nothing is said.
    """

    since: datetime
    before: Report
    quiet: bool = False
    read: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the last refresh ended early, in a sentence."""

    sentence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Level:
    """One depth of the view: the days, the hours of one of them, or the minutes of one of these.

    `opened` are the buckets whose lines are shown, and `listed` those of them whose every line is. `fields` are those
    that each bucket is broken down by, or more. `before` is what was known before the last refresh: what differs is
    marked. `came_from` is the line that the user went in by. Not `fresh`, something may be missing, or be what the
    archive knew; that was wanted so, where the user `stopped` the last refresh.
    """

    report: Report
    opened: frozenset[datetime] = frozenset()
    listed: frozenset[datetime] = frozenset()
    fields: Mapping[datetime, frozenset[str]] = field(default_factory=dict)
    before: Report | None = None
    loading: Loading | None = None
    failure: Failure | None = None
    fetched_at: datetime | None = None
    fresh: bool = False
    stopped: bool = False
    came_from: LineKey | None = None

    @property
    def width(self) -> Width:
        """Return how long a bucket is."""
        return self.report.window.width

    def coarse(self, view: View) -> frozenset[datetime]:
        """Return the buckets that were read and are not broken down by all that a view needs."""
        needed = frozenset(view.fields)
        return frozenset(start for start in self.report.buckets if not needed <= self.fields.get(start, needed))

    @property
    def is_loading_visibly(self) -> bool:
        """Return whether a refresh is under way that is shown."""
        return self.loading is not None and not self.loading.quiet

    @property
    def progress(self) -> tuple[int, int] | None:
        """Return how many buckets of how many a refresh under way has read."""
        if self.loading is None:
            return None
        return len(self.loading.read), sum(1 for _ in self.report.window.starts())


@dataclass(frozen=True, slots=True)
class State:
    """What the screen shows, at one moment. The last of the levels is the one that is seen."""

    levels: tuple[Level, ...]
    snapshot: Snapshot = Snapshot()
    view: View = USUAL
    directory: Directory = NAMELESS
    costs: Costs = UNREAD
    pulse: Pulse | None = None
    """None where nothing is ever asked again: a replay, the archive alone."""

    days_wanted: int = 0
    """Whole days before today: the window that is shown, or will be in a moment."""

    names_wanted: frozenset[str] = frozenset()
    """Dimensions whose ids are to be shown by name, beside those of the view."""

    thresholds: tuple[int, ...] = ()
    """Percentages of a pool at which the user is told; none where nothing changes any more."""

    told: frozenset[Crossing] = frozenset()
    """The thresholds of today that were told of already."""

    @classmethod
    def initial(
        cls, window: Window, pulse: Pulse | None = None, view: View = USUAL, thresholds: tuple[int, ...] = ()
    ) -> State:
        """Return the state before anything is known: every day unread, today open."""
        days = Level(Report(window), frozenset({newest(window)}))
        return cls((days,), pulse=pulse, view=view, days_wanted=window.days_before_last, thresholds=thresholds)

    key_problem: str | None = None
    """Why the API does not accept the key, where nothing was ever read with it."""

    @property
    def has_data(self) -> bool:
        """Return whether anything was ever read."""
        return bool(self.days.report.buckets)

    @property
    def days(self) -> Level:
        """Return the level of the days."""
        return self.levels[0]

    @property
    def seen(self) -> Level:
        """Return the level that is seen."""
        return self.levels[-1]

    def level(self, width: Width) -> Level | None:
        """Return the level of buckets of this width, if the user is inside so far."""
        return next((level for level in self.levels if level.width is width), None)

    def changed(self, level: Level) -> State:
        """Return the state with this level in the place of the one of its width."""
        return replace(self, levels=tuple(level if each.width is level.width else each for each in self.levels))

    def query(self, window: Window) -> Query:
        """Return what the API is to be asked for this view of a window."""
        return Query(window, self.view.fields, self.view.kind, self.view.filters)


def newest(window: Window) -> datetime:
    """Return the start of the window's newest bucket."""
    return window.end - window.width.span
