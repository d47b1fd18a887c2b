"""The drawing of a year: weeks side by side, Monday on top, and which day is in a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from tui.domain.standouts import NOTHING, StandOuts
from tui.domain.time import Window
from tui.domain.year import HALF, WEEKS, Day, Measure, Scale, months_of, place_of
from tui.output import standouts, year
from tui.ui import theme

_ROWS = 7
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STYLES = (theme.FAINT, *theme.HEAT)
"""The colours of the levels, from that of nothing on."""

_NOTHING = (" ", "")
"""A cell without anything in it."""

HEIGHT = 1 + _ROWS
"""Lines: the months, and the weekdays."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weeks of a window from this column on, drawn from this cell on: a sign each day, and a cell beside it.

    The cell beside says what stands out; those of the cursor are brackets.
    """

    window: Window
    first: int
    weeks: int
    indent: int
    names: int

    @classmethod
    def fitting(cls, window: Window, width: int, column: int, before: int) -> Calendar:
        """Return the whole calendar where it has room, else the half of it that this column is in.

        Where both halves have it, the one that began with the column `before` stays.
        """
        weeks = WEEKS if width >= 2 * WEEKS + 2 else HALF
        halves = (0,) if weeks == WEEKS else (WEEKS - HALF, 0)
        kept = [first for first in halves if first <= column < first + weeks]
        room = width - 2 * weeks
        names = 3 if room >= 4 else 2
        return cls(window, before if before in kept else kept[0], weeks, min(1, max(0, room - names - 1)), names)

    @property
    def left(self) -> int:
        """Return the cell before the first week: a bracket stands there, or nothing."""
        return self.indent + self.names

    def days(self, days: Sequence[Day]) -> Sequence[Day]:
        """Return those of the window's days that are drawn."""
        return days[self.first * _ROWS : (self.first + self.weeks) * _ROWS]

    def day_at(self, x: int, y: int) -> datetime | None:
        """Return the day whose cell this is, if one is there."""
        column, row = (x - self.left - 1) // 2, y - 1
        if not (0 <= column < self.weeks and 0 <= row < _ROWS and x > self.left):
            return None
        places = {place_of(self.window, start): start for start in self.window.starts()}
        return places.get((self.first + column, row))

    def months(self) -> Content:
        """Return the names of the months over the weeks in which they begin."""
        line = " " * (self.left + 1)
        begins = [(column - self.first, start) for column, start in months_of(self.window)]
        seen = [(max(0, column), start) for column, start in begins if column < self.weeks]
        for (column, start), (following, _) in zip(seen, [*seen[1:], (self.weeks + 1, None)], strict=True):
            name = f"{start:%b}" if following - column >= 2 else ""
            line = line.ljust(self.left + 1 + 2 * column) + name
        return Content.styled(line, theme.MUTED)

    def drawn(
        self, days: Sequence[Day], scale: Scale, measure: Measure, cursor: datetime, found: StandOuts = NOTHING
    ) -> list[Content]:
        """Return the lines of the calendar."""
        signs = {place_of(self.window, each.start): each for each in self.days(days)}
        return [self.months(), *(self._row(row, signs, scale, measure, cursor, found) for row in range(_ROWS))]

    def _row(
        self,
        row: int,
        days: Mapping[tuple[int, int], Day],
        scale: Scale,
        measure: Measure,
        cursor: datetime,
        found: StandOuts,
    ) -> Content:
        parts: list[tuple[str, str]] = [(" " * self.indent + _NAMES[row][: self.names], theme.MUTED)]
        beside = [_NOTHING] * (self.weeks + 1)
        brackets: dict[int, str] = {}
        signs: list[tuple[str, str]] = []
        for place in range(self.weeks):
            known = days.get((self.first + place, row))
            signs.append(_NOTHING if known is None else _sign(known, scale, measure))
            if known is None:
                continue
            if known.start == cursor:
                brackets = {place: "[", place + 1: "]"}
            mark = standouts.mark(found.get(known.start, ()))
            beside[place + 1] = (mark, theme.WARNING) if mark else _NOTHING
        for place, bracket in brackets.items():
            beside[place] = bracket, f"bold {theme.SELECTED}"
        for before, sign in zip(beside, signs, strict=False):
            parts += [before, sign]
        return Content.assemble(*_merged([*parts, beside[-1]]))


def _sign(known: Day, scale: Scale, measure: Measure) -> tuple[str, str]:
    amount, gap = known.amount(measure), known.gap_in(measure)
    if amount is None or gap is not None:
        return ("?" if gap is None else year.GAPS[gap]), theme.FAINT
    level = scale.level(amount)
    return year.LEVELS[level], STYLES[level]


def _merged(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the parts with those of one style that follow each other as one: there are many cells."""
    found: list[tuple[str, str]] = []
    for words, style in parts:
        if found and found[-1][1] == style:
            found[-1] = (found[-1][0] + words, style)
        else:
            found.append((words, style))
    return found
