"""Which columns fit into the table, and how wide they are. Pure: a width and lines in, a layout out.

As room gets scarce: requests go before costs, the tokens that were free and billed give way to their share, numbers
shorten (1.2M), the date loses its weekday, then input and output go, and costs last. Columns that the user chose
shorten, then the last ones go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from tui.domain import formatting, sanitize
from tui.domain.costs import dollars
from tui.domain.dimensions import Names
from tui.domain.kinds import Kind
from tui.domain.line import Line
from tui.domain.metrics import DELTA, DOLLARS, Number, metrics, usual_metrics
from tui.domain.periods import Period
from tui.domain.rows import Sums
from tui.domain.time import Width
from tui.domain.view import COST, LARGEST_FIRST, NAME, Order, View, ordered_by
from tui.output import compare

DATE, NAMES, SHARE = "date", "names", "share"
ORDER_MARKS = ("↓", "↑")
"""Stand at the head of the column that lines are ordered by: the largest first, or last."""

_GAP = 2
_LEAST_NAMES = 18
_WANTED_NAMES = 21
_INDENT = 2
_LONG = timedelta(days=300)
_NEVER = datetime.min.replace(tzinfo=UTC)

TOKENS = ("input", "output", "total", "free", "billed", SHARE, "requests")
"""The columns of completions where nothing was chosen, in order."""

_FIRST_TO_GO, _FEW = ("requests", "free", "billed"), 5
"""What goes first of many columns that were chosen; of so few, each was meant."""

_CORE = ("input", "output", "total", SHARE, "requests")


def order_mark(order: Order, *, in_ascii: bool) -> str:
    """Return the arrow that stands behind what lines are ordered by. In ASCII it is a letter, which needs a blank."""
    return (" " if in_ascii else "") + ORDER_MARKS[order.ascending]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that fit, in order, with their widths in cells; `short` says that numbers and dates are.

    The head of the one that lines are ordered by is marked. Dates long before the `newest` line's tell their year.
    """

    widths: tuple[tuple[str, int], ...]
    short: bool = False
    short_dates: bool = False
    unit: Width | Period = Width.DAY
    kind: Kind = Kind.COMPLETIONS
    names: str = "Model"
    order: Order = LARGEST_FIRST
    ordered_by: str = LARGEST_FIRST.by
    in_ascii: bool = False
    newest: datetime = _NEVER

    @property
    def has_costs(self) -> bool:
        """Whether there is a column of costs."""
        return any(name == COST for name, _ in self.widths)

    def title(self, name: str) -> str:
        """Return what stands over a column, with an arrow where lines are ordered by it."""
        is_ordered = self.ordered_by == (NAME if name == NAMES else name)
        return self._title(name) + (order_mark(self.order, in_ascii=self.in_ascii) if is_ordered else "")

    def _title(self, name: str) -> str:
        names = [column for column, _ in self.widths]
        if name == DATE:
            if isinstance(self.unit, Period):
                return f"UTC {self.unit.noun}"
            if self.unit is not Width.DAY:
                return "UTC"
            return "UTC day" if self.short_dates else "UTC date"
        if name == NAMES:
            return self.names
        if name == "requests" and (self.short or "free" not in names):
            return "Reqs"
        metric = metrics(self.kind)[name]
        return metric.short or metric.title

    def date(self, line: Line) -> str:
        """Return a day's date as it fits, or the time of an hour or minute, or which week or month it is."""
        if self.unit is Period.MONTH:
            return f"{line.start:%b '%y}" if self.short_dates else f"{line.start:%b %Y}"
        if self.unit is Period.WEEK:
            year, week, _ = line.start.isocalendar()
            if self.newest - line.start > _LONG:
                return f"W{week:02} '{year % 100:02}"
            return f"W{week:02}" if self.short_dates else f"W{week:02} {line.start:%d %b}"
        if isinstance(self.unit, Width) and self.unit is not Width.DAY:
            return formatting.bucket(line.start, self.unit)
        if self.newest - line.start > _LONG:
            return f"{line.start:%d%b%y}" if self.short_dates else f"{line.start:%d %b '%y}"
        return f"{line.start:%d %b}" if self.short_dates else formatting.weekday(line.start)

    def number(self, name: str, line: Line) -> str:
        """Return a number of a line as it fits; nothing where there is none."""
        metric = metrics(self.kind)[name]
        if line.sums is None and metric.unit != DOLLARS:
            return ""
        value = metric.as_read(line.sums or Sums(), line.cost, line.change)
        if metric.is_change:
            return _changed(value)
        if isinstance(value, Decimal):
            return f"{dollars(value)}{'+' if line.at_least else ''}"
        return self._written(metric.unit, value)

    def number_was(self, name: str, line: Line) -> str:
        """Return the number that the line had at the refresh before; that of the costs is not known."""
        return self.number(name, replace(line, sums=line.was))

    def _written(self, unit: str, value: float | Literal["new"] | None) -> str:
        if value is None or value == "new":
            return ""
        if unit == "%":
            return f"{value}%"
        return formatting.short(value) if self.short else formatting.full(round(value))


def _changed(percent: Number) -> str:
    """Return a change as it is read: `+12%`, `-8%`, `12x`, `new`."""
    if percent is None or percent == "new":
        return "" if percent is None else "new"
    return compare.short(float(percent))


def default(view: View) -> tuple[str, ...]:
    """Return the columns of a view where nothing was chosen and there is room for all."""
    return TOKENS if view.kind is Kind.COMPLETIONS else tuple(usual_metrics(view.kind))


def chosen(view: View) -> tuple[str, ...]:
    """Return the columns that the user chose, as far as this kind of usage has them; none for the usual ones."""
    return tuple(name for name in view.columns or () if name in metrics(view.kind))


def choices(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Return all columns of a kind of usage, with their titles."""
    return tuple(
        (name, f"{each.title}, in dollars" if each.unit == DOLLARS else each.title)
        for name, each in metrics(kind).items()
    )


def fit(
    lines: Sequence[Line],
    width: int,
    unit: Width | Period,
    view: View,
    label: Callable[[Names], Names],
    today: datetime = _NEVER,
    *,
    costs: bool,
    in_ascii: bool = False,
) -> Layout:
    """Return the richest layout in which names still have room; `unit` is how long each bucket is.

    The numbers of a bucket are as long as those of its lines, or longer. `costs` says that there are any.
    """
    buckets = [line for line in lines if line.is_bucket]
    longest, longest_used = (
        _longest(some, label) for some in (lines, [line for line in lines if not line.is_only_cost])
    )
    if any(line.not_kept for line in lines):
        longest, longest_used = max(longest, _WANTED_NAMES), max(longest_used, _WANTED_NAMES)
    titles = " · ".join(view.grouping.titles) or "All"
    newest = max((line.start for line in lines), default=_NEVER)
    measured: dict[tuple[str, bool], int] = {}
    for names, layout, wanted in _steps(view, costs=costs, compares=unit is not Width.MINUTE):
        written = replace(layout, unit=unit, kind=view.kind, names=titles, newest=max(newest, today))
        written = replace(written, order=view.order, ordered_by=ordered_by(view), in_ascii=in_ascii)
        found = _laid_out(written, names, buckets, width, measured)
        needed = longest if COST in names else longest_used
        if dict(found.widths)[NAMES] >= min(max(needed, _LEAST_NAMES), wanted):
            break
    return found


def _steps(view: View, *, costs: bool, compares: bool) -> Iterator[tuple[tuple[str, ...], Layout, int]]:
    """Yield columns, how they are written, and how many cells must be left for names: the richest first."""
    plain, short, shortest = Layout(()), Layout((), short=True), Layout((), short=True, short_dates=True)
    wanted = chosen(view)
    if wanted or view.kind is not Kind.COMPLETIONS:
        names = wanted or default(view)
        for gone in ((), _FIRST_TO_GO[:1], _FIRST_TO_GO):
            some = tuple(name for name in names if name not in gone or len(names) <= _FEW)
            yield some, plain, _WANTED_NAMES
            yield some, short, _WANTED_NAMES
        names = some
        for count in range(len(names), 0, -1):
            yield names[:count], shortest, _LEAST_NAMES
        return
    if costs:
        if compares:
            yield (*TOKENS, COST, DELTA), plain, _WANTED_NAMES
        yield (*TOKENS, COST), plain, _WANTED_NAMES
        yield (*TOKENS[:-1], COST), plain, _WANTED_NAMES
        yield (*_CORE, COST), plain, _WANTED_NAMES
        yield (*_CORE[:-1], COST), plain, _WANTED_NAMES
        yield (*_CORE, COST), short, _WANTED_NAMES
        yield (*_CORE[:-1], COST), short, _WANTED_NAMES
        yield (*_CORE[:-1], COST), shortest, _LEAST_NAMES
        yield ("total", SHARE, COST), shortest, 0
        return
    if compares:
        yield (*TOKENS, DELTA), plain, _WANTED_NAMES
    yield TOKENS, plain, _WANTED_NAMES
    yield _CORE, plain, _WANTED_NAMES
    yield TOKENS, short, _WANTED_NAMES
    yield _CORE, short, _WANTED_NAMES
    yield _CORE, shortest, _LEAST_NAMES
    yield _CORE[:-1], shortest, _LEAST_NAMES
    yield ("total", SHARE), shortest, 0


def _longest(lines: Sequence[Line], label: Callable[[Names], Names]) -> int:
    """Return how many cells the longest name takes, or that there is one which takes all that is wanted."""
    longest = 0
    for line in lines:
        if line.names and not line.rest:
            longest = max(longest, sanitize.width(label(line.names)[-1]) + _INDENT * len(line.names))
            if longest >= _WANTED_NAMES:
                break
    return longest


def _laid_out(
    layout: Layout, names: Sequence[str], buckets: Sequence[Line], width: int, measured: dict[tuple[str, bool], int]
) -> Layout:
    """Return these columns as wide as they need to be; how long numbers are is `measured` once for all layouts."""
    named = replace(layout, widths=tuple((name, 0) for name in names))
    is_long = layout.unit is Width.DAY or isinstance(layout.unit, Period)
    date = len("14:00") if not is_long else len(named.title(DATE)) if layout.short_dates else 10
    numbers = [(name, _number_width(named, name, buckets, measured) + _GAP) for name in names]
    left = width - (date + 1) - sum(size for _, size in numbers)
    return replace(layout, widths=((DATE, date + 1), (NAMES, max(left, 1)), *numbers))


_SHARE_WIDTH, _CHANGE_WIDTH, _SHORT_WIDTH, _COST_WIDTH = 4, 5, 5, 7


def _number_width(layout: Layout, name: str, buckets: Sequence[Line], measured: dict[tuple[str, bool], int]) -> int:
    title, unit = len(layout.title(name)), metrics(layout.kind)[name].unit
    if unit == "%":
        return max(title, _CHANGE_WIDTH if name == DELTA else _SHARE_WIDTH)
    if layout.short and unit != DOLLARS:
        return max(title, _SHORT_WIDTH)
    longest = measured.get((name, layout.short))
    if longest is None:
        longest = max((len(layout.number(name, line)) for line in buckets), default=0)
        measured[name, layout.short] = longest
    return max(title, longest, _COST_WIDTH if unit == DOLLARS else 0)
