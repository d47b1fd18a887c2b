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


def coloured_lines(lines: Iterable[Spans], width: int) -> Content:
    """Return lines in their colours, one under the other; what is wider goes on further in than it began."""
    return Content("\n").join(row for line in lines for row in _rows(coloured(line), width))


def _rows(line: Content, width: int) -> list[Content]:
    if line.cell_length <= width:
        return [line]
    inset = len(line.plain) - len(line.plain.lstrip()) + _FURTHER
    first, *others = line.wrap(max(1, width - inset))
    return [first, *(Content(" " * inset).append(each) for each in others)]


_FURTHER = 2
"""Cells between the beginning of a line and that of its other rows."""
