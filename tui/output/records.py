"""Groups as records: CSV, JSON, and JSON a line. One record a group, with its date on each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from tui.domain import formatting, sanitize
from tui.domain.metrics import Metric, Number
from tui.domain.periods import Period
from tui.domain.time import Width
from tui.output.groups import Group
from tui.output.json_text import SCHEMA_VERSION

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""A cell that begins so is a formula to spreadsheets; an apostrophe before it makes it words."""


def records(
    groups: Iterable[Group],
    dimensions: Sequence[str],
    metrics: Mapping[str, Metric],
    width: Width | Period = Width.DAY,
) -> Iterator[dict[str, str | Number | Decimal]]:
    """Yield a record a group: `date`, a field for each dimension, and the metrics; None where there is no number.

    Those of weeks and months say of how many days they are, and how many it has.
    """
    for group in groups:
        days = {"days": group.days, "of_days": group.of_days} if isinstance(width, Period) else {}
        yield {
            "date": formatting.stamp(group.start, width),
            **days,
            **dict(zip(dimensions, group.names, strict=True)),
            **{name: metric.value(group.sums, group.cost, group.change) for name, metric in metrics.items()},
        }


def as_csv(
    groups: Iterable[Group],
    dimensions: Sequence[str],
    metrics: Mapping[str, Metric],
    width: Width | Period = Width.DAY,
    *,
    excel: bool = False,
) -> Iterator[str]:
    """Yield the lines of a CSV file with a header (RFC 4180, but for the line ends).

    With `excel`, it begins with a byte order mark, without which Excel takes UTF-8 for the system's older encoding.
    """
    mark = "\ufeff" if excel else ""
    days = ["days", "of_days"] if isinstance(width, Period) else []
    yield mark + _csv_line(["date", *days, *dimensions, *metrics])
    for record in records(groups, dimensions, metrics, width):
        yield _csv_line(
            [_safe(value) if isinstance(value, str) else formatting.plain(value) for value in record.values()]
        )


def as_ndjson(
    groups: Iterable[Group],
    dimensions: Sequence[str],
    metrics: Mapping[str, Metric],
    width: Width | Period = Width.DAY,
) -> Iterator[str]:
    """Yield one JSON object a line."""
    for record in records(groups, dimensions, metrics, width):
        yield json.dumps(record, default=float)  # amounts of dollars, which are Decimal


def as_json(
    groups: Iterable[Group],
    dimensions: Sequence[str],
    metrics: Mapping[str, Metric],
    width: Width | Period = Width.DAY,
) -> Iterator[str]:
    """Yield one JSON object with the `rows`, one a line."""
    lines = list(as_ndjson(groups, dimensions, metrics, width))
    yield f'{{"schema_version": {SCHEMA_VERSION}, "rows": ['
    for place, line in enumerate(lines):
        yield line + ("," if place + 1 < len(lines) else "")
    yield "]}"


def _safe(name: str) -> str:
    """Return a name that acts neither upon a terminal nor as a formula."""
    shown = sanitize.clean(name)
    return f"'{shown}" if name.lstrip().startswith(_FORMULA) or shown.lstrip().startswith(_FORMULA) else shown


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
