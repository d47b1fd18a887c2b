"""Numbers as blocks of eighths of a cell, and a line of one row that is made of them."""

from __future__ import annotations

import math

from tui.domain.series import Series

PARTS = "▁▂▃▄▅▆▇█"
BLOCKS = f" {PARTS}"
BLOCKS_ACROSS = " ▎▎▍▌▋▊▉█"
"""An eighth is drawn as two: the thinnest block is the end of a gauge."""

GAP = "·"
"""Stands where a bucket was not read: unknown, not nothing."""


def sparkline(series: Series, width: int) -> str:
    """Return one row of eighth blocks, from zero to the largest value: as many whole cells a value as there is room.

    What is more than nothing shows at least the lowest block. Where there are more values than cells, each cell is
    the largest of as many whole values as it takes, so that the peak is reached.
    """
    values = _largest(series, width)
    if not values:
        return ""
    top = max((value for value in series if value is not None), default=0)
    marks = (GAP if value is None else BLOCKS[eighths(value, top, 8)] for value in values)
    return "".join(mark * max(1, width // len(values)) for mark in marks)


def eighths(value: float, top: float, steps: int) -> int:
    """Return the height in eighths of a cell: nothing is 0, and anything more is at least 1."""
    if value <= 0 or top <= 0:
        return 0
    return min(steps, max(1, round(value * steps / top)))


def _largest(series: Series, width: int) -> list[int | None]:
    """Return at most `width` values: each the largest of as many whole ones as are needed."""
    if width <= 0 or not series:
        return []
    together = math.ceil(len(series) / width)
    first = len(series) % together or together
    ends = range(first, len(series) + 1, together)
    groups = (series[max(0, end - together) : end] for end in ends)
    return [max((value for value in group if value is not None), default=None) for group in groups]
