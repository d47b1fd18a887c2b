"""A report as a Markdown table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from tui.domain import humanize, text
from tui.domain.usage import EVERY_MODEL, Report, Row, Sums, add_up, grouped

Value = Callable[[Sums], int]
Columns = Mapping[str, Value]

COLUMNS: Columns = {
    "Input": lambda sums: sums.input,
    "Output": lambda sums: sums.output,
    "Total": lambda sums: sums.total,
    "Requests": lambda sums: sums.requests,
}
"""The numbers of a line, by their titles."""

WITH_FREE: Columns = {**COLUMNS, "Free": lambda sums: sums.free, "Billed": lambda sums: sums.billed}
"""The same, and which of the tokens were free."""

HEADER = ("UTC Date", "Model", *COLUMNS)
DEFAULT_MODEL_LENGTH = 30
_LEFT = 2
"""The first two columns are words and stand left; the others are numbers and stand right."""


_BAR = re.compile(r"(\\*)\|")
"""A bar would end the cell; with a backslash it does not, unless that one is escaped by another."""

Name = Callable[[Row], str]
"""What a row is called in the second column; rows of one name are one line."""


def model_name(row: Row) -> str:
    """Return the row's model."""
    return row.name


def no_name(_: Row) -> str:
    """Return the one name of all rows."""
    return EVERY_MODEL


def markdown(
    report: Report,
    name: Name = model_name,
    *,
    title: str = "Model",
    columns: Columns = COLUMNS,
    max_length: int = DEFAULT_MODEL_LENGTH,
) -> Iterator[str]:
    """Yield the lines of a table: oldest day first, names as the API orders them, padded to line up as text.

    A day's date stands on its first line only. Days without usage are left out. Names longer than `max_length` cells
    are cut; 0 leaves them whole. `title` stands over the names, and over the numbers those of `columns`.
    """
    header = (HEADER[0], title, *columns)
    rows = [header, *_rows(report, name, columns, max_length)]
    widths = [max(3, *(text.width(row[column]) for row in rows)) for column in range(len(header))]
    yield _line(header, widths)
    yield (
        "|"
        + "|".join(
            ":" + "-" * (width + 1) if column < _LEFT else "-" * (width + 1) + ":"
            for column, width in enumerate(widths)
        )
        + "|"
    )
    for row in rows[1:]:
        yield _line(row, widths)


def _rows(report: Report, name: Name, columns: Columns, length: int) -> Iterator[tuple[str, ...]]:
    for start in report.window.starts():
        bucket = report.buckets.get(start)
        if bucket is None or not add_up(bucket.rows):
            continue
        date = humanize.day(start)
        for called, sums in grouped(bucket.rows, name).items():
            yield (date, _cell(called, length), *(str(value(sums)) for value in columns.values()))
            date = ""


def _cell(name: str, length: int) -> str:
    """Return a name that is safe in a table cell: inert, cut, and without a bar that would end the cell."""
    name = text.inert(name)
    return _BAR.sub(r"\1\1\|", text.cut(name, length) if length else name)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (width - text.width(cell))
        padded.append(cell + space if column < _LEFT else space + cell)
    return "| " + " | ".join(padded) + " |"
