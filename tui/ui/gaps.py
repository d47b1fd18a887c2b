"""Why nothing is known of a line, in the words that this has everywhere."""

from __future__ import annotations

from tui.domain.line import Line
from tui.domain.year import Gap


def gap_of(line: Line) -> Gap:
    """Return why a line has no numbers."""
    if line.not_kept:
        return Gap.NOT_KEPT
    return Gap.NOT_COUNTED if line.awaited else Gap.UNREAD
