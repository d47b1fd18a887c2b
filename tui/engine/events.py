"""What happens in a session, one event each: `reduce` turns the state by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tui.domain.costs import Costs
from tui.domain.dimensions import Names
from tui.domain.directory import Directory
from tui.domain.table import View
from tui.domain.time import Width, Window
from tui.sources.base import CachedBucket, Page, Query

LineKey = tuple[datetime, Names]
"""What a line of the table is about: a bucket, and names in it."""


@dataclass(frozen=True, slots=True)
class CacheLoaded:
    """What the archive knows of a view's query, and of others that it rests upon; nobody was asked."""

    query: Query
    kept: Mapping[Query, Mapping[datetime, CachedBucket]]
    at: datetime
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """A refresh of this window began."""

    window: Window
    at: datetime
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """A page of the answer to a query arrived. Of a `quiet` one it is not told what went wrong with it."""

    page: Page
    query: Query
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class PoolsRead:
    """All that there is to know of today's pools has arrived."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Finished:
    """The refresh has read everything that it could; `missing` is why a part could not be had, if one could not."""

    at: datetime
    width: Width = Width.DAY
    missing: Exception | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The refresh ended early."""

    error: Exception
    at: datetime
    width: Width = Width.DAY


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The user ended the refresh."""

    at: datetime
    width: Width = Width.DAY


@dataclass(frozen=True, slots=True)
class Folded:
    """The user opened or closed these buckets of the level that is seen."""

    buckets: frozenset[datetime]
    open: bool = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """The user asked for every line of this bucket of the level that is seen."""

    bucket: datetime


@dataclass(frozen=True, slots=True)
class Viewed:
    """The user chose another view."""

    view: View


@dataclass(frozen=True, slots=True)
class Named:
    """It is known what ids are called."""

    directory: Directory


@dataclass(frozen=True, slots=True)
class CostsRead:
    """An answer about what it costs came, or only the problem why there is none."""

    costs: Costs


@dataclass(frozen=True, slots=True)
class Entered:
    """The user went into the bucket of a line."""

    window: Window
    came_from: LineKey


@dataclass(frozen=True, slots=True)
class Left:
    """The user came back from where a level was entered."""


Pacing = Literal["toggled", "slower", "faster", "slept", "woken"]


@dataclass(frozen=True, slots=True)
class Paced:
    """Whether and how often to refresh by itself changed."""

    how: Pacing
    at: datetime


@dataclass(frozen=True, slots=True)
class NothingFound:
    """Nothing was used of what was asked for by name: a sentence for each."""

    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ticked:
    """A second has passed, or the clock was set."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RefreshAsked:
    """The user asked for all that is shown to be read again."""


@dataclass(frozen=True, slots=True)
class StopAsked:
    """The user asked for the reading that is shown to end."""


@dataclass(frozen=True, slots=True)
class WindowChosen:
    """The user chose another window: so many whole days before today."""

    days: int


@dataclass(frozen=True, slots=True)
class NamesWanted:
    """The ids of these dimensions are to be shown by name, beside those that the view is about."""

    dimensions: frozenset[str]


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
    | NamesWanted
)
