"""The lines of the table: days with their models under them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from tui.domain.kinds import Kind
from tui.domain.measures import Number, measures
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


@dataclass(frozen=True, slots=True)
class Order:
    """How models stand under their bucket: by one of `ORDERS`, the largest first unless `ascending`."""

    by: str = "total"
    ascending: bool = False

    def then(self, by: str) -> Order:
        """Return the order after this one was chosen: the same again reverses."""
        return replace(self, ascending=not self.ascending) if by == self.by else Order(by, ascending=by == NAME)

    def sorted(self, models: dict[str, Sums]) -> list[tuple[str, Sums]]:
        """Return models in this order; equal ones by name."""
        by_name = sorted(models.items())
        if self.by == NAME:
            return by_name if self.ascending else by_name[::-1]
        number = _MEASURES[self.by].value
        return sorted(by_name, key=lambda item: _known(number(item[1])), reverse=not self.ascending)


def _known(number: Number) -> int | float:
    """Return the number; what is unknown stands below all that is known."""
    return -1 if number is None else number


NAME = "name"
ORDERS = ("total", "input", "output", "free", "billed", "share", "requests")
"""The measures that models can be ordered by, beside their name."""

_MEASURES = measures(Kind.COMPLETIONS)

LARGEST_FIRST = Order()


def lines(
    report: Report, opened: AbstractSet[datetime], before: Report | None = None, order: Order = LARGEST_FIRST
) -> tuple[Line, ...]:
    """Return the table's lines: newest bucket first, and under opened ones their models, in order.

    `before` is what was known at the refresh before.
    """
    newest_first = reversed(tuple(report.window.starts()))
    older = {} if before is None else before.buckets
    return tuple(
        line
        for start in newest_first
        for line in _of_bucket(start, report.buckets.get(start), older.get(start), order, start in opened)
    )


def _of_bucket(
    start: datetime,
    bucket: Bucket | None,
    before: Bucket | None,
    order: Order,
    is_open: bool,  # noqa: FBT001
) -> Iterator[Line]:
    if bucket is None:
        yield Line(start, None, None)
        return
    models = {name: sums for name, sums in bucket.models.items() if sums}
    was = None if before is None else before.sums
    yield Line(start, None, bucket.sums, len(models), is_open and bool(models), was)
    if is_open:
        for name, sums in order.sorted(models):
            yield Line(start, name, sums, was=None if before is None else before.models.get(name, _NOTHING))
