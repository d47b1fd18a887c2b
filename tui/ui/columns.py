"""Which columns fit into the table, and how wide they are. Pure: a width and lines in, a layout out.

As room gets scarce: the tokens that were free and billed give way to their share, numbers shorten (1.2M), the date
loses its year, then requests go, then input and output.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.domain import humanize, text
from tui.domain.kinds import Kind
from tui.domain.measures import measures
from tui.domain.usage import Sums
from tui.domain.view import Line
from tui.domain.window import Width

DATE, MODEL, SHARE = "date", "model", "share"
_GAP = 2
_LEAST_MODEL = 18
_WANTED_MODEL = 21
_INDENT = 2

NUMBERS = ("input", "output", "total", "free", "billed", SHARE, "requests")
"""The measures that have a column, in order; `share` is in percent, the others in tokens and requests."""

_MEASURES = measures(Kind.COMPLETIONS)
_CORE = ("input", "output", "total", SHARE, "requests")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that fit, in order, with their widths in cells; `short` says that numbers and dates are."""

    widths: tuple[tuple[str, int], ...]
    short: bool = False
    short_dates: bool = False
    unit: Width = Width.DAY

    def title(self, name: str) -> str:
        """Return what stands over a column."""
        names = [column for column, _ in self.widths]
        if name == DATE:
            if self.unit is not Width.DAY:
                return "UTC"
            return "UTC day" if self.short_dates else "UTC date"
        if name == SHARE:
            return "Share" if "free" in names else "Free"
        if name == "requests" and (self.short or "free" not in names):
            return "Reqs"
        return name.capitalize()

    def date(self, line: Line) -> str:
        """Return a day's date as it fits, or the time of an hour or minute."""
        if self.unit is Width.DAY and self.short_dates:
            return f"{line.start:%m-%d}"
        return humanize.bucket(line.start, self.unit)

    def number(self, name: str, sums: Sums) -> str:
        """Return a number as it fits."""
        value = _MEASURES[name].value(sums)
        if value is None:
            return ""
        if name == SHARE:
            return f"{value}%"
        return humanize.short(value) if self.short else humanize.full(int(value))


_STEPS = (
    (NUMBERS, Layout(()), _WANTED_MODEL),
    (_CORE, Layout(()), _WANTED_MODEL),
    (NUMBERS, Layout((), short=True), _WANTED_MODEL),
    (_CORE, Layout((), short=True), _WANTED_MODEL),
    (_CORE, Layout((), short=True, short_dates=True), _LEAST_MODEL),
    (_CORE[:-1], Layout((), short=True, short_dates=True), _LEAST_MODEL),
    (("total", SHARE), Layout((), short=True, short_dates=True), 0),
)
"""Columns, how they are written, and how many cells must be left for models."""


def fit(lines: Sequence[Line], width: int, unit: Width = Width.DAY) -> Layout:
    """Return the richest layout in which models still have room; `unit` is how long each bucket is."""
    longest = max((text.width(line.model) + _INDENT for line in lines if line.model is not None), default=0)
    for names, layout, wanted in _STEPS:
        found = _laid_out(replace(layout, unit=unit), names, lines, width)
        if dict(found.widths)[MODEL] >= min(max(longest, _LEAST_MODEL), wanted):
            break
    return found


def _laid_out(layout: Layout, names: Sequence[str], lines: Sequence[Line], width: int) -> Layout:
    named = replace(layout, widths=tuple((name, 0) for name in names))
    date = len("14:00") if layout.unit is not Width.DAY else len(named.title(DATE)) if layout.short_dates else 10
    numbers = [(name, _number_width(named, name, lines) + _GAP) for name in names]
    model = width - (date + 1) - sum(size for _, size in numbers)
    return replace(layout, widths=((DATE, date + 1), (MODEL, max(model, 1)), *numbers))


def _number_width(layout: Layout, name: str, lines: Sequence[Line]) -> int:
    title = len(layout.title(name))
    if name == SHARE:
        return max(title, 4)
    if layout.short:
        return max(title, 5)
    return max([title, *(len(layout.number(name, line.sums)) for line in lines if line.sums is not None)])
