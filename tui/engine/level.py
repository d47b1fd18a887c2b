"""One depth of what is looked at, days, hours or minutes, and how the reading of it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from msgspec import Struct

from tui.domain.dimensions import Names
from tui.domain.periods import Period
from tui.domain.time import Width, Window
from tui.domain.usage import Report
from tui.engine.events import LineKey


@dataclass(frozen=True, slots=True)
class Loading:
    """A refresh under way, the buckets that it has read, and what was known when it began.

    A `quiet` one is a poll of the live dashboard, of which nothing is said.
    """

    since: datetime
    before: Report
    quiet: bool = False
    read: frozenset[datetime] = frozenset()


class Failure(Struct, frozen=True):
    """Why the last refresh ended early, in a sentence. It was the last of so many `times` in a row.

    Until when that is waited out: with the days, whose poll says so (None), or alone.
    """

    sentence: str
    at: datetime
    until: datetime | None = None
    times: int = 1

    def is_waited_out(self, now: datetime) -> bool:
        """Return whether this level may be read again; a clock that was set back makes it so as well."""
        return self.until is None or not self.at <= now < self.until


_A_YEAR = 300
"""From so many days before today on, a window is opened by month."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=2), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a part could not be read while the present was, and when it is asked for again: ever more seldom.

    What a poll did not get (`of_poll`), the next one asks for as well.
    """

    sentence: str
    at: datetime
    tries: int = 1
    of_poll: bool = False

    @property
    def again(self) -> datetime:
        """Return when it is asked for again."""
        return self.at + min(_FIRST_PAUSE * (1 << min(self.tries - 1, 5)), _LONGEST_PAUSE)

    def once_more(self, sentence: str, at: datetime) -> Missing:
        """Return it after one more try that failed."""
        return replace(self, sentence=sentence, at=at, tries=self.tries + 1)


@dataclass(frozen=True, slots=True)
class Level:
    """One depth of the view: the days, the hours of one of them, or the minutes of one of these.

    Days may be shown as weeks or months (`period`); a level inside of one of these is of days as well, which are read
    already.

    `report` is what the store knows of it, and `coarse` are its buckets that are not broken down by all that the view
    needs. `opened` are the buckets whose lines are shown, and `listed` those of them whose every line is. `before` is
    what was known before the last refresh: what differs is marked. `missing` says why a part could not be had.
    `came_from` is the line that the user went in by; of one of names, only what is `within` them is shown. One that
    is `rolling` shows the last 60 minutes, one that is `exact` its window and no more. Not `fresh`, something may be
    missing, or be what the archive knew; that was wanted so, where the user `stopped` the last refresh.
    """

    report: Report
    opened: frozenset[datetime] = frozenset()
    listed: frozenset[datetime] = frozenset()
    coarse: frozenset[datetime] = frozenset()
    before: Report | None = None
    loading: Loading | None = None
    failure: Failure | None = None
    missing: Missing | None = None
    fetched_at: datetime | None = None
    fresh: bool = False
    stopped: bool = False
    came_from: LineKey | None = None
    within: Names = ()
    rolling: bool = False
    exact: bool = False
    period: Period = Period.DAY

    @property
    def key(self) -> tuple[Width, Period]:
        """Return what no other level has in common with this one: each is finer than the one that it is in."""
        return self.width, self.period

    @property
    def newest(self) -> datetime:
        """Return the start of the newest line."""
        return (
            self.period.floor(newest(self.report.window)) if self.width is Width.DAY else newest(self.report.window)
        )

    @property
    def width(self) -> Width:
        """Return how long a bucket is."""
        return self.report.window.width

    def is_due_whole(self, now: datetime) -> bool:
        """Return whether the next reading is of the whole window, and not only of what still changes."""
        if self.failure is not None:  # nobody knows how much of it came
            return True
        if self.missing is not None:
            return not self.missing.at <= now < self.missing.again
        return not (self.fresh or self.stopped)

    @property
    def awaited(self) -> frozenset[datetime]:
        """Return the newest hours or minutes that an answer did not hold yet: the API has not come to them."""
        window, known = self.report.window, self.report.buckets
        if window.width is Width.DAY or not window.running or not self.fresh or self.failure is not None:
            return frozenset()
        last = max(known, default=window.end)
        return frozenset(start for start in self.report.unread() if start > last)

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


def usual_period(days_before: int) -> Period:
    """Return what a line is where nobody chose it: nobody goes through 365 of them."""
    return Period.MONTH if days_before >= _A_YEAR else Period.DAY


def newest(window: Window) -> datetime:
    """Return the start of the window's newest bucket."""
    return window.end - window.width.span
