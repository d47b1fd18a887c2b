"""The lines of the table: days with their models under them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from tui.domain.usage import Bucket, Report, Sums

_NOTHING = Sums()


@dataclass(frozen=True, slots=True)
class Line:
    """One line. A bucket's line has no model; `sums` is None where the bucket is unread.

    `models` counts the models of the bucket; `open` says that their lines follow. `was` are the sums at the refresh
    before, None where they were not known.
    """

    start: datetime
    model: str | None
    sums: Sums | None
    models: int = 0
    open: bool = False
    was: Sums | None = None

    @property
    def key(self) -> tuple[datetime, str | None]:
        """Return what stays the same while numbers change."""
        return (self.start, self.model)


def lines(report: Report, opened: AbstractSet[datetime], before: Report | None = None) -> tuple[Line, ...]:
    """Return the table's lines: newest bucket first, and under opened ones their models, largest first.

    `before` is what was known at the refresh before.
    """
    newest_first = reversed(tuple(report.window.starts()))
    older = {} if before is None else before.buckets
    return tuple(
        line
        for start in newest_first
        for line in _of_bucket(start, report.buckets.get(start), older.get(start), start in opened)
    )


def _of_bucket(
    start: datetime,
    bucket: Bucket | None,
    before: Bucket | None,
    is_open: bool,  # noqa: FBT001
) -> Iterator[Line]:
    if bucket is None:
        yield Line(start, None, None)
        return
    models = {name: sums for name, sums in bucket.models.items() if sums}
    was = None if before is None else before.sums
    yield Line(start, None, bucket.sums, len(models), is_open and bool(models), was)
    if is_open:
        for name, sums in largest_first(models):
            yield Line(start, name, sums, was=None if before is None else before.models.get(name, _NOTHING))


def largest_first(models: dict[str, Sums]) -> list[tuple[str, Sums]]:
    """Return models by total, the largest first, and by name where totals are equal."""
    return sorted(models.items(), key=lambda item: (-item[1].total, item[0]))
