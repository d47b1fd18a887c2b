"""What was left out of what was read, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tui.domain import formatting
from tui.domain.time import Width, midnight
from tui.domain.usage import Bucket, Report

_NAMED = 7
"""How many buckets are named one by one."""


def not_printed(report: Report, unread: Sequence[datetime]) -> Iterator[str]:
    """Yield what a report lacks: rows that could not be read, buckets that are not kept, and `unread` ones."""
    left_out = rows_left_out(report.buckets.values())
    if left_out is not None:
        yield f"{left_out}: what was used then is at least what is printed."
    noun = report.window.width.noun
    for starts, why in ((sorted(report.not_kept), "not kept by the API"), (unread, "not read")):
        if starts:
            days = tuple(dict.fromkeys(map(midnight, starts)))
            yield f"{formatting.count(len(starts), noun)} {why}, and not printed: {formatting.days_named(days)}."


def rows_left_out(buckets: Iterable[Bucket], width: Width = Width.DAY) -> str | None:
    """Return how many rows of which buckets could not be read, or None where none was left out."""
    incomplete = sorted((bucket for bucket in buckets if bucket.left_out), key=lambda bucket: bucket.start)
    if not incomplete:
        return None
    rows = sum(bucket.left_out for bucket in incomplete)
    if len(incomplete) > _NAMED:
        where = formatting.count(len(incomplete), width.noun)
    elif width is Width.DAY:
        where = formatting.days_named(tuple(bucket.start for bucket in incomplete))
    else:
        where = ", ".join(formatting.bucket(bucket.start, width) for bucket in incomplete)
    return rows_of(rows, where)


def rows_of(rows: int, where: str) -> str:
    """Return that so many rows of something could not be read, as a part of a sentence."""
    return f"{formatting.count(rows, 'row')} of {where} could not be read and {'is' if rows == 1 else 'are'} left out"
