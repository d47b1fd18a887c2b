"""The frozen state of a run, and the events that change it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.reading import Evidence
from tui.domain.source import Page
from tui.domain.usage import Report
from tui.domain.window import Window


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that was learned so far: the window's report, and the evidence about today's pools."""

    report: Report
    evidence: Evidence | None = None
    organization: str | None = None
    fetched_at: datetime | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loading:
    """A refresh under way, and the buckets of the window that it has read."""

    since: datetime
    read: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the last refresh ended early, in a sentence."""

    sentence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """What the screen shows, at one moment."""

    snapshot: Snapshot
    open_days: frozenset[datetime]
    loading: Loading | None = None
    failure: Failure | None = None

    @classmethod
    def initial(cls, window: Window) -> State:
        """Return the state before anything is known: every day unread, today open."""
        return cls(Snapshot(Report(window)), frozenset({today_of(window)}))

    @property
    def progress(self) -> tuple[int, int] | None:
        """Return how many buckets of how many a refresh under way has read."""
        if self.loading is None:
            return None
        return len(self.loading.read), sum(1 for _ in self.snapshot.report.window.starts())


def today_of(window: Window) -> datetime:
    """Return the start of the window's newest day."""
    return window.end - window.width.span


@dataclass(frozen=True, slots=True)
class Started:
    """A refresh of this window began."""

    window: Window
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """A page of the view arrived."""

    page: Page


@dataclass(frozen=True, slots=True)
class PoolsRead:
    """What there is to know of the pools was read."""

    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Finished:
    """The refresh has read everything that it could."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """The refresh ended early."""

    error: Exception
    at: datetime


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The user ended the refresh."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The user opened or closed these days."""

    days: frozenset[datetime]
    open: bool = field(kw_only=True)


Event = Started | Arrived | PoolsRead | Finished | Failed | Cancelled | Folded
