"""What happens in a run, one event each: `reduce` turns the state by them.

They are plain tuples with names, since they are many, and each such class is made in a tenth of a dataclass's time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from tui.domain.grouping import Names
from tui.domain.money import Costs
from tui.domain.names import Directory
from tui.domain.reading import Evidence
from tui.domain.source import Kept, Page
from tui.domain.view import View
from tui.domain.window import Width, Window

LineKey = tuple[datetime, Names]
"""What a line of the table is about: a bucket, and names in it."""


class Recalled(NamedTuple):
    """What the archive knows of a window, and of today's pools; nobody was asked."""

    window: Window
    kept: Mapping[datetime, Kept]
    evidence: Evidence | None = None
    organization: str | None = None


class Started(NamedTuple):
    """A refresh of this window began."""

    window: Window
    at: datetime
    quiet: bool = False


class Arrived(NamedTuple):
    """A page of the view arrived, in buckets of this width."""

    page: Page
    width: Width = Width.DAY


class PoolsRead(NamedTuple):
    """What there is to know of the pools was read."""

    evidence: Evidence


class Finished(NamedTuple):
    """The refresh has read everything that it could."""

    at: datetime
    width: Width = Width.DAY


class Failed(NamedTuple):
    """The refresh ended early."""

    error: Exception
    at: datetime
    width: Width = Width.DAY


class Cancelled(NamedTuple):
    """The user ended the refresh."""

    at: datetime
    width: Width = Width.DAY


class Folded(NamedTuple):
    """The user opened or closed these buckets of the level that is seen."""

    buckets: frozenset[datetime]
    open: bool


class Listed(NamedTuple):
    """The user asked for every line of this bucket of the level that is seen."""

    bucket: datetime


class Viewed(NamedTuple):
    """The user chose another view."""

    view: View


class Named(NamedTuple):
    """It is known what ids are called."""

    directory: Directory


class CostsRead(NamedTuple):
    """There is news of what it costs."""

    costs: Costs


class Entered(NamedTuple):
    """The user went into the bucket of a line."""

    window: Window
    came_from: LineKey


class Left(NamedTuple):
    """The user came back from where a level was entered."""


Pacing = Literal["toggled", "slower", "faster", "slept", "woken"]


class Paced(NamedTuple):
    """Whether and how often to refresh by itself changed."""

    how: Pacing
    at: datetime


class Turned(NamedTuple):
    """A new UTC day began, and nobody is asked now: these are the days from then on."""

    window: Window


Event = (
    Recalled
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
    | Entered
    | Left
    | Paced
    | Turned
)
