"""What was left out of what was read, in words."""

from __future__ import annotations

from collections.abc import Iterable

from tui.domain import formatting
from tui.domain.time import Width
from tui.domain.usage import Bucket

_NAMED = 7
"""How many buckets are named one by one."""


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
    return f"{formatting.count(rows, 'row')} of {where} could not be read and {'is' if rows == 1 else 'are'} left out"
