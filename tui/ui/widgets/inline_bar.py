"""A bar in a line of the table: how large a day is beside the others, and how much of it was free."""

from __future__ import annotations

from rich.text import Text

from tui.domain.rows import Sums
from tui.ui import theme

FREE, BILLED = "▇", "░"
"""What was free, and what was billed: told apart without colours too."""


def size(sums: Sums) -> int:
    """Return what the bar of a line is as long as: its tokens, or what is counted where those are none."""
    return sums.total or sums.amount


def bar(sums: Sums, largest: int, cells: int, *, has_free: bool = True) -> Text:
    """Return a bar as long as its part of the largest; what was used at all is seen.

    Of a kind of usage of which nothing is ever free (not `has_free`), it is one part.
    """
    whole = size(sums)
    length = max(1, round(whole * cells / largest)) if whole and largest else 0
    if not (sums.total and has_free):
        return Text(FREE * length, style=theme.MUTED)
    free = round(sums.free * length / whole)
    free = min(max(free, 1 if sums.free else 0), length - (1 if sums.billed and length > 1 else 0))
    return Text.assemble((FREE * free, theme.FREE), (BILLED * (length - free), theme.BILLED))
