"""A report as groups: one for each bucket and name, with its sums. What every format is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tui.domain.catalogue import Catalogue
from tui.domain.grouping import Grouping
from tui.domain.usage import Report, Row, Sums, grouped


@dataclass(frozen=True, slots=True)
class Group:
    """The sums of one bucket's rows that share their names."""

    start: datetime
    names: tuple[str, ...]
    sums: Sums


def groups(report: Report, grouping: Grouping, catalogue: Catalogue) -> Iterator[Group]:
    """Yield the groups of a report: oldest bucket first, names as the API orders them, pools in their order.

    Buckets and groups without usage are left out.
    """
    order: dict[str | None, int] = {pool: place for place, pool in enumerate((*catalogue.pools, None))}
    names = grouping.names(catalogue)

    def place(row: Row) -> int:
        return order[catalogue.pool_of(row.model)]

    for start in report.window.starts():
        bucket = report.buckets.get(start)
        if bucket is None:
            continue
        rows = sorted(bucket.rows, key=place) if grouping.dimensions[:1] == ("pool",) else bucket.rows
        for called, sums in grouped(rows, names).items():
            if sums:
                yield Group(start, called, sums)
