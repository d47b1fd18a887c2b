"""What every source of buckets fulfils: the API, the demo, a file of saved pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from tui.domain.kinds import Kind
from tui.domain.usage import Bucket
from tui.domain.window import Window

BY_MODEL = ("model", "service_tier")
"""How the view is grouped."""

BY_PROJECT = ("model", "service_tier", "project_id")
"""How the pools are grouped: never filtered, whatever the view shows."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question: a window, broken down by these fields of the API (none: one row a bucket)."""

    window: Window
    group_by: tuple[str, ...] = BY_MODEL
    kind: Kind = Kind.COMPLETIONS


@dataclass(frozen=True, slots=True)
class Page:
    """Buckets that arrived together.

    A bucket stands here once it was read, also an empty one; one that never comes was not read. `warning` is
    a sentence on why the rest of a query will not come. `organization` is the API's name for whose data it is.
    """

    buckets: tuple[Bucket, ...] = ()
    warning: str | None = None
    organization: str | None = None


class Source(Protocol):
    """Something that answers queries."""

    def pages(self, query: Query) -> AsyncIterator[Page]:
        """Yield the answer as it arrives.

        A bucket that comes again replaces the one before it.

        Raises:
            TuiError: where no more can be had; what was yielded before stays true.

        """
        ...


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page in the API's own words: JSON on one line, or None where only the warning is left to say."""

    line: str | None
    page: Page


class RawSource(Source, Protocol):
    """A source that can also hand out what the API said, unchanged."""

    def raw_pages(self, query: Query) -> AsyncIterator[RawPage]:
        """Yield the answer as it arrives, in the API's own words."""
        ...
