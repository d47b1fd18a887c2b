"""What happens in a session, one event each: `reduce` turns the state by them.

They are msgspec's records, like the effects: thirty dataclasses would take twenty milliseconds of each start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from tui.domain.admin_settings import Answer, Question
from tui.domain.costs import Costs
from tui.domain.dimensions import Names
from tui.domain.directory import Directory
from tui.domain.periods import Period
from tui.domain.runs import Run
from tui.domain.time import Width, Window
from tui.domain.view import View
from tui.domain.windows import WindowSpec
from tui.errors import TuiError
from tui.sources.base import CachedBucket, Page, Query

LineKey = tuple[datetime, Names]
"""What a line of the table is about: a bucket, and names in it."""


class CacheLoaded(Struct, frozen=True):
    """What the archive knows of a view's query, and of others that it rests upon; nobody was asked."""

    query: Query
    kept: Mapping[Query, Mapping[datetime, CachedBucket]]
    at: datetime
    organization: str | None = None


class Started(Struct, frozen=True):
    """A refresh of this window began."""

    window: Window
    at: datetime
    quiet: bool = False


class Arrived(Struct, frozen=True):
    """A page of the answer to a query arrived. Of a `quiet` one it is not told what went wrong with it."""

    page: Page
    query: Query
    quiet: bool = False


class PoolsRead(Struct, frozen=True):
    """All that there is to know of today's pools has arrived."""

    at: datetime


class Finished(Struct, frozen=True):
    """The refresh has read everything that it could; `missing` is why a part could not be had, if one could not."""

    at: datetime
    width: Width = Width.DAY
    missing: Exception | None = None


class Failed(Struct, frozen=True):
    """The refresh ended early."""

    error: Exception
    at: datetime
    width: Width = Width.DAY


class Cancelled(Struct, frozen=True):
    """The user ended the refresh."""

    at: datetime
    width: Width = Width.DAY


class Folded(Struct, frozen=True):
    """The user opened or closed these buckets of the level that is seen."""

    buckets: frozenset[datetime]
    open: bool


class Listed(Struct, frozen=True):
    """The user asked for every line of this bucket of the level that is seen."""

    bucket: datetime


class Viewed(Struct, frozen=True):
    """The user chose another view."""

    view: View


class Named(Struct, frozen=True):
    """It is known what ids are called."""

    directory: Directory


class CostsRead(Struct, frozen=True):
    """An answer about what it costs came, or only the problem why there is none."""

    costs: Costs


class SettingsWanted(Struct, frozen=True):
    """What is looked at now wants the admin API to tell these settings, the first of all first."""

    questions: tuple[Question, ...]


class SettingRead(Struct, frozen=True):
    """The admin API answered a question, now or earlier."""

    question: Question
    answer: Answer
    at: datetime


class Entered(Struct, frozen=True):
    """The user went into the bucket of a line: of names, `within` these.

    One that is `rolling` is the last 60 minutes, one that is `exact` this window and no more. Of the days of a
    longer period, a line is a `period`.
    """

    window: Window
    came_from: LineKey
    within: Names = ()
    rolling: bool = False
    exact: bool = False
    period: Period = Period.DAY


class Left(Struct, frozen=True):
    """The user came back from where a level was entered."""


Pacing = Literal["toggled", "slower", "faster", "slept", "woken"]


class Paced(Struct, frozen=True):
    """Whether and how often to refresh by itself changed."""

    how: Pacing
    at: datetime


class NothingFound(Struct, frozen=True):
    """Nothing was used of what was asked for by name: a sentence for each."""

    sentences: tuple[str, ...]


class Ticked(Struct, frozen=True):
    """A second has passed, or the clock was set."""

    at: datetime


class RefreshAsked(Struct, frozen=True):
    """The user asked for all that is shown to be read again."""


class StopAsked(Struct, frozen=True):
    """The user asked for the reading that is shown to end."""


class WindowChosen(Struct, frozen=True):
    """The user chose another window."""

    spec: WindowSpec


class PeriodChosen(Struct, frozen=True):
    """The user chose what a line of days is."""

    period: Period


class CostsWanted(Struct, frozen=True):
    """Costs are to be shown from so many whole days before today on, whatever the window is."""

    days: int


class BucketsWanted(Struct, frozen=True):
    """What is looked at wants this beside the view: today's `hours`, the usage of a month by its first day.

    `since` is when a mark was set: what was used from then on is wanted. `week`, the hours of the days before, which
    say what is usual. By the hours that are `compared`, a day that is not over stands beside another.
    `year`, the days of the calendar.
    """

    hours: bool = False
    month: datetime | None = None
    since: datetime | None = None
    week: bool = False
    compared: tuple[Query, ...] = ()
    year: bool = False


NOTHING_EXTRA = BucketsWanted()
"""What is wanted beside the view as long as nothing is."""


class BucketsRecalled(Struct, frozen=True):
    """What the archive knows of a question beside the view; nobody was asked."""

    query: Query
    kept: Mapping[datetime, CachedBucket]
    at: datetime


class BucketsRead(Struct, frozen=True):
    """The answer to a question beside the view has arrived, or a `problem` has kept a part of it back."""

    query: Query
    at: datetime
    problem: TuiError | None = None


class NamesWanted(Struct, frozen=True):
    """The ids of these dimensions are to be shown by name, beside those that the view is about."""

    dimensions: frozenset[str]


class RunsLoaded(Struct, frozen=True):
    """It is known which runs are kept, the newest first."""

    runs: tuple[Run, ...]


class RunMeasured(Struct, frozen=True):
    """More is known of what was used in a run."""

    run: Run


class Marked(Struct, frozen=True):
    """The user set a mark, whose run is to have this id; or ended the one that was set."""

    at: datetime
    id: str


class RunForgotten(Struct, frozen=True):
    """The user wants a run to be kept no longer."""

    run: Run


Event = (
    CacheLoaded
    | Started
    | Arrived
    | PoolsRead
    | Finished
    | Failed
    | Cancelled
    | Folded
    | Listed
    | Viewed
    | Named
    | CostsRead
    | NothingFound
    | Entered
    | Left
    | Paced
    | Ticked
    | RefreshAsked
    | StopAsked
    | WindowChosen
    | PeriodChosen
    | NamesWanted
    | CostsWanted
    | BucketsWanted
    | BucketsRecalled
    | BucketsRead
    | RunsLoaded
    | RunMeasured
    | Marked
    | RunForgotten
    | SettingsWanted
    | SettingRead
)
