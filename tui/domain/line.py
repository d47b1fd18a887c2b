"""A line of the table: what it is about, and its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tui.domain.compare import Change
from tui.domain.dimensions import Names
from tui.domain.rows import Sums

REST: Names = ("\0rest",)
"""What the line is called that stands for those that are not shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. A bucket's own line has no names; `sums` is None where it is unread.

    `groups` counts the lines right under it; `open` says that they follow. `was` are the sums at the refresh before,
    None where they were not known. `rest` says for how many further lines this one stands. A `coarse` bucket was read
    and not broken down by what is wanted now; one that is `not_kept` cannot be read any more, and of an `incomplete`
    one rows could not be read. `cost` is in dollars, None where it is not known; `at_least` tells that it may be
    more. `only_costs` counts the groups right under it that cost something and used nothing. The API has not come
    to an `awaited` bucket yet. Of a week or a month, so many `days` are known `of_days` that it has. `change` is how
    much more it is than before, where that can be compared.
    """

    start: datetime
    names: Names = ()
    sums: Sums | None = None
    groups: int = 0
    open: bool = False
    was: Sums | None = None
    rest: int = 0
    coarse: bool = False
    cost: Decimal | None = None
    at_least: bool = False
    only_costs: int = 0
    awaited: bool = False
    not_kept: bool = False
    incomplete: bool = False
    days: int = 1
    of_days: int = 1
    change: Change | None = None

    @property
    def key(self) -> tuple[datetime, Names]:
        """Return what stays the same while numbers change."""
        return (self.start, self.names)

    @property
    def is_bucket(self) -> bool:
        """Return whether this is the line of a bucket itself."""
        return not self.names

    @property
    def is_only_cost(self) -> bool:
        """Return whether it is a group's line that has a cost and nothing else."""
        return bool(self.names) and not self.sums
