"""Groups as a Markdown table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tui.domain import formatting, sanitize
from tui.domain.metrics import Metric
from tui.domain.periods import Period
from tui.domain.rows import EVERY_MODEL
from tui.domain.time import Width
from tui.output.groups import Group

_DECIMALS = 6
"""Of dollars, as people read them."""

COLUMNS = ("input", "output", "total", "requests")
"""The metrics of a table of tokens, where nothing else is said."""

DATE = "UTC Date"
_PERIODS = {Period.WEEK: "UTC Week", Period.MONTH: "UTC Month"}
DEFAULT_MODEL_LENGTH = 30

_BAR = re.compile(r"(\\*)\|")
"""A bar would end the cell; with a backslash it does not, unless that one is escaped by another."""


def markdown(
    groups: Iterable[Group],
    titles: Sequence[str],
    metrics: Mapping[str, Metric],
    *,
    max_length: int = DEFAULT_MODEL_LENGTH,
    width: Width | Period = Width.DAY,
) -> Iterator[str]:
    """Yield the lines of a table, padded to line up as text. A day's date stands on its first line only.

    `titles` stand over the names. Names longer than `max_length` cells are cut; 0 leaves them whole. Where nothing is
    broken down, each day's one line is called `(all models)`.
    """
    titles = titles or ("Model",)
    head = _PERIODS.get(width, DATE) if isinstance(width, Period) else DATE
    header = (head, *titles, *(metric.title for metric in metrics.values()))
    rows = [header, *_rows(groups, metrics, max_length, width)]
    widths = [max(3, *(sanitize.width(row[column]) for row in rows)) for column in range(len(header))]
    left = 1 + len(titles)
    yield _line(header, widths, left)
    rules = [
        ":" + "-" * (width + 1) if column < left else "-" * (width + 1) + ":" for column, width in enumerate(widths)
    ]
    yield f"|{'|'.join(rules)}|"
    for row in rows[1:]:
        yield _line(row, widths, left)


def _rows(
    groups: Iterable[Group], metrics: Mapping[str, Metric], length: int, width: Width | Period
) -> Iterator[tuple[str, ...]]:
    before = None
    for group in groups:
        date = "" if group.start == before else formatting.stamp(group.start, width) + _part(group)
        before = group.start
        names = (_cell(name, length) for name in group.names or (EVERY_MODEL,))
        numbers = (each.as_read(group.sums, group.cost, group.change) for each in metrics.values())
        yield (date, *names, *(formatting.plain(number, _DECIMALS) for number in numbers))


def _part(group: Group) -> str:
    return "" if group.days == group.of_days else f" ({group.days} of {formatting.count(group.of_days, 'day')})"


def _cell(name: str, length: int) -> str:
    """Return a name that is safe in a table cell: inert, cut, and without a bar that would end the cell."""
    name = sanitize.clean(name)
    return _BAR.sub(r"\1\1\|", sanitize.truncate(name, length) if length else name)


def _line(cells: Sequence[str], widths: Sequence[int], left: int) -> str:
    padded = []
    for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (width - sanitize.width(cell))
        padded.append(cell + space if column < left else space + cell)
    return "| " + " | ".join(padded) + " |"
