"""A report as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tui.domain import humanize, text
from tui.domain.usage import EVERY_MODEL, Report, Row, Sums, add_up, by_model

HEADER = ("UTC Date", "Model", "Input", "Output", "Total", "Requests")
DEFAULT_MODEL_LENGTH = 30
_LEFT = 2
"""The first two columns are words and stand left; the others are numbers and stand right."""


def markdown(report: Report, *, grouped: bool = True, max_model_length: int = DEFAULT_MODEL_LENGTH) -> Iterator[str]:
    """Yield the lines of a table: oldest day first, models as the API orders them, padded to line up as text.

    A day's date stands on its first line only. Days without usage are left out. Not `grouped`, each day is one line.
    Model names longer than `max_model_length` cells are cut; 0 leaves them whole.
    """
    rows = [HEADER, *_rows(report, grouped=grouped, length=max_model_length)]
    widths = [max(3, *(text.width(row[column]) for row in rows)) for column in range(len(HEADER))]
    yield _line(HEADER, widths)
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


def _rows(report: Report, *, grouped: bool, length: int) -> Iterator[tuple[str, ...]]:
    for start in report.window.starts():
        bucket = report.buckets.get(start)
        if bucket is None or not add_up(bucket.rows):
            continue
        date = humanize.day(start)
        for name, sums in _groups(bucket.rows, grouped=grouped).items():
            numbers = (sums.input, sums.output, sums.total, sums.requests)
            yield (date, _model(name, length), *(str(number) for number in numbers))
            date = ""


def _groups(rows: Iterable[Row], *, grouped: bool) -> dict[str, Sums]:
    return by_model(rows) if grouped else {EVERY_MODEL: add_up(rows)}


def _model(name: str, length: int) -> str:
    """Return a name that is safe in a table cell: inert, cut, and without a bar that would end the cell."""
    name = text.inert(name)
    return (text.cut(name, length) if length else name).replace("|", "\\|")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (width - text.width(cell))
        padded.append(cell + space if column < _LEFT else space + cell)
    return "| " + " | ".join(padded) + " |"
