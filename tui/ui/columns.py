"""Which columns fit into the table, and how wide they are. Pure: a width and lines in, a layout out.

As room gets scarce: numbers shorten (1.2M), the date loses its year, then Requests go, then Input and Output.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.domain import humanize, text
from tui.domain.usage import Sums
from tui.domain.view import Line

DATE, MODEL = "date", "model"
_GAP = 2
_LEAST_MODEL = 18
_INDENT = 2

NUMBERS: dict[str, tuple[str, str, Callable[[Sums], int]]] = {
    "input": ("Input", "Input", lambda sums: sums.input),
    "output": ("Output", "Output", lambda sums: sums.output),
    "total": ("Total", "Total", lambda sums: sums.total),
    "requests": ("Requests", "Reqs", lambda sums: sums.requests),
}
"""The columns of numbers: title, short title, value."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that fit, in order, with their widths in cells; `short` says that numbers and dates are."""

    widths: tuple[tuple[str, int], ...]
    short: bool = False
    short_dates: bool = False

    def title(self, name: str) -> str:
        """Return what stands over a column."""
        if name in NUMBERS:
            title, short_title, _ = NUMBERS[name]
            return short_title if self.short else title
        return "Model" if name == MODEL else "UTC day" if self.short_dates else "UTC date"

    def date(self, line: Line) -> str:
        """Return a day's date as it fits."""
        return f"{line.day:%m-%d}" if self.short_dates else humanize.day(line.day)

    def number(self, name: str, sums: Sums) -> str:
        """Return a number as it fits."""
        value = NUMBERS[name][2](sums)
        return humanize.short(value) if self.short else humanize.full(value)


def fit(lines: Sequence[Line], width: int) -> Layout:
    """Return the richest layout in which models still have room."""
    longest = max((text.width(line.model) + _INDENT for line in lines if line.model is not None), default=0)
    wanted = min(max(longest, _LEAST_MODEL), _LEAST_MODEL + _INDENT)
    names = tuple(NUMBERS)
    steps = (
        Layout((), short=False),
        Layout((), short=True),
        Layout((), short=True, short_dates=True),
    )
    for layout in steps:
        found = _laid_out(layout, names, lines, width)
        if dict(found.widths)[MODEL] >= wanted:
            return found
    for fewer in (names[:3], names[2:3]):
        found = _laid_out(steps[-1], fewer, lines, width)
        if dict(found.widths)[MODEL] >= _LEAST_MODEL:
            return found
    return found


def _laid_out(layout: Layout, names: Sequence[str], lines: Sequence[Line], width: int) -> Layout:
    date = len(layout.title(DATE)) if layout.short_dates else 10
    numbers = [(name, _number_width(layout, name, lines) + _GAP) for name in names]
    model = width - (date + 1) - sum(size for _, size in numbers)
    return Layout(
        ((DATE, date + 1), (MODEL, max(model, 1)), *numbers), short=layout.short, short_dates=layout.short_dates
    )


def _number_width(layout: Layout, name: str, lines: Sequence[Line]) -> int:
    title = len(layout.title(name))
    if layout.short:
        return max(title, 5)
    return max([title, *(len(layout.number(name, line.sums)) for line in lines if line.sums is not None)])
