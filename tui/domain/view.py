"""The lines of the table: days with their models under them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from tui.domain.usage import Bucket, Report, Sums


@dataclass(frozen=True, slots=True)
class Line:
    """One line. A day's line has no model; `sums` is None where the day is unread.

    `models` counts the models of the day; `open` says that their lines follow.
    """

    day: datetime
    model: str | None
    sums: Sums | None
    models: int = 0
    open: bool = False

    @property
    def key(self) -> tuple[datetime, str | None]:
        """Return what stays the same while numbers change."""
        return (self.day, self.model)


def lines(report: Report, open_days: AbstractSet[datetime]) -> tuple[Line, ...]:
    """Return the table's lines: newest day first, and under open days their models, largest first."""
    newest_first = reversed(tuple(report.window.starts()))
    return tuple(
        line for start in newest_first for line in _day(start, report.buckets.get(start), start in open_days)
    )


def _day(start: datetime, bucket: Bucket | None, is_open: bool) -> Iterator[Line]:  # noqa: FBT001
    if bucket is None:
        yield Line(start, None, None)
        return
    models = {name: sums for name, sums in bucket.models.items() if sums}
    yield Line(start, None, bucket.sums, len(models), is_open and bool(models))
    if is_open:
        for name, sums in largest_first(models):
            yield Line(start, name, sums)


def largest_first(models: dict[str, Sums]) -> list[tuple[str, Sums]]:
    """Return models by total, the largest first, and by name where totals are equal."""
    return sorted(models.items(), key=lambda item: (-item[1].total, item[0]))
