"""The colours of what is said in words: one for each tone of `tui.output.spans`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.content import Content

from tui.output.spans import Span, Spans, Tone
from tui.ui import theme

TONES: Mapping[Tone, str] = {
    "plain": "",
    "strong": "bold",
    "good": theme.GOOD,
    "warning": theme.WARNING,
    "over": f"bold {theme.ERROR}",
    "selected": theme.SELECTED,
    "free": theme.FREE,
    "billed": theme.BILLED,
    "muted": theme.MUTED,
    "faint": theme.FAINT,
}


def coloured(line: Iterable[Span]) -> Content:
    """Return a line in its colours."""
    return Content.assemble(*((words, TONES[tone]) for words, tone in line))


def coloured_lines(lines: Iterable[Spans]) -> Content:
    """Return lines in their colours, one under the other."""
    return Content("\n").join(coloured(line) for line in lines)
