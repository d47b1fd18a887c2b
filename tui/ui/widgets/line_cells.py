"""What stands in the cells of the table's lines: dates, names with bars and marks, numbers; and how bright."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rich.text import Text

from tui.domain import formatting, sanitize
from tui.domain.costs import dollars
from tui.domain.dimensions import Names, undated
from tui.domain.line import Line
from tui.domain.periods import Period
from tui.domain.standouts import StandOuts, What
from tui.domain.time import Width
from tui.domain.view import COST, USUAL, View
from tui.domain.year import Gap
from tui.output.standouts import MARKS, times
from tui.ui import columns, pool_glyphs, theme
from tui.ui.columns import Layout
from tui.ui.gaps import gap_of
from tui.ui.widgets.inline_bar import bar, size

Cells = tuple[Text, ...]
"""Those of one line."""

NEW = ("  new", " +")
"""The mark of a model that no day before has: in words, and where they have no room."""

_GAP = 2
"""Cells between a bar and the numbers beside it."""

_BEFORE, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Look:
    """What the lines are of: a view, in buckets so long; the API has counted `through` this moment.

    `label` tells how names are shown; `costs` says that there are any. On days of `nothing_free` models of pools were
    used and nothing was free; the key `why` tells the reason. `today` is the UTC day; where the window ended before
    it, all of it `is_over`. `stand_outs` are what else is marked.
    """

    view: View = USUAL
    unit: Width | Period = Width.DAY
    through: datetime | None = None
    label: Callable[[Names], Names] = field(default=lambda names: names)
    costs: bool = False
    nothing_free: frozenset[datetime] = frozenset()
    why: str = ""
    today: datetime = _BEFORE
    is_over: bool = False
    stand_outs: StandOuts = field(default_factory=dict)


class LineCells:
    """Makes the cells of each of these lines, which are measured together: the largest has the longest bar."""

    def __init__(self, lines: Sequence[Line], look: Look, pool_name: Callable[[str | None], str]) -> None:
        self._look, self._pool_name = look, pool_name
        buckets = [line for line in lines if line.is_bucket]
        used = [line for line in buckets if line.sums] or buckets  # the API has not come to the newest hours yet
        newest = max((line.start for line in used), default=_NEVER)
        self._newest = max(newest, look.today) if look.is_over else newest  # then no line still grows
        self._largest = max((size(line.sums) for line in buckets if line.sums is not None), default=0)
        self._longest_count = max((len(self._count(line)) for line in buckets if line.sums), default=0)
        models = {line.names[-1] for line in lines if line.names and not line.rest}
        self._undated = undated(models) if "model" in look.view.grouping.dimensions else {}

    def of(self, line: Line, layout: Layout) -> Cells:
        """Return the cells of a line, in the order of the columns."""
        return tuple(self._cell(line, name, width, layout) for name, width in layout.widths)

    def _cell(self, line: Line, name: str, width: int, layout: Layout) -> Text:
        quiet = theme.FAINT if not line.sums or line.rest else ""
        if name == columns.DATE:
            style = quiet or self._recedes(line)
            return Text(layout.date(line) if line.is_bucket else "", style=style, no_wrap=True)
        if name == columns.NAMES:
            return self._named(line, width, layout, quiet)
        is_not_found = bool(self._look.view.row_filter) and not line.cost  # nothing was found, which cost not $0
        if not line.sums and (name != COST or is_not_found):
            return Text("", no_wrap=True)
        number = layout.number(name, line)
        is_changed = line.was is not None and layout.number_was(name, line) != number
        is_amiss = name == columns.SHARE and line.is_bucket and line.start in self._look.nothing_free
        style = theme.WARNING if is_amiss else quiet or self._recedes(line)
        cell = Text(number, style=style, justify="right", no_wrap=True)
        if is_changed:
            cell.stylize(theme.CHANGED)
        return cell

    def _recedes(self, line: Line) -> str:
        """Return the style of a line: what still grows is bright, and what is closed recedes."""
        if line.start >= self._newest:
            return "bold" if line.is_bucket else ""
        return theme.MUTED

    def _named(self, line: Line, width: int, layout: Layout, quiet: str) -> Text:
        """Return what a line is about; of a bucket with how large it is, or what stands out."""
        words, style = self._words(line, layout)
        if line.incomplete and line.sums:
            words += ", incomplete" if len(words) + len(", incomplete") <= width else " !"
        if sanitize.width(words) > width and line.names:  # the date goes first, where it tells no models apart
            name = sanitize.clean(self._look.label(line.names)[-1])
            words = words.replace(name, self._undated.get(name, name))
        named = Text(sanitize.elide(words, width), style=quiet or style or self._recedes(line), no_wrap=True)
        if self._is_new(line):
            mark = next((each for each in NEW if len(named.plain) + len(each) <= width), "")
            return Text.assemble(named, (mark, theme.WARNING), no_wrap=True)
        if not line.is_bucket or not line.sums or line.coarse:
            return named
        named.pad_right(max(0, self._longest_count + 2 - len(named.plain)))
        left = width - len(named.plain) - _GAP
        has_free = "free" in self._look.view.kind.description.metrics
        if line.start in self._look.nothing_free:
            told = next((each for each in self._amiss() if len(each) <= left + 1), "!")
            return Text.assemble(named, (" " + told, theme.WARNING), no_wrap=True)
        above = self._far_above(line)
        if above:
            told = next((each for each in above if len(each) <= left + 1), above[-1])
            return Text.assemble(named, (" " + told, theme.WARNING), no_wrap=True)
        barred = bar(line.sums, self._largest, left, has_free=has_free) if left > 1 else ""
        return Text.assemble(named, " ", barred, no_wrap=True) if barred else named

    def _is_new(self, line: Line) -> bool:
        """Return whether a line is of a model that no day before has."""
        on_day = self._look.stand_outs.get(line.start)
        if not on_day or not line.names or line.rest:
            return False
        is_model = self._look.view.grouping.dimensions[len(line.names) - 1] == "model"
        return is_model and any(each.what is What.NEW_MODEL and each.model == line.names[-1] for each in on_day)

    def _far_above(self, line: Line) -> tuple[str, ...]:
        """Return how far a day is above its weekday, the longest form first; nothing for others."""
        on_day = self._look.stand_outs.get(line.start, ())
        found = next((each for each in on_day if each.what is What.FAR_ABOVE), None)
        if found is None:
            return ()
        sign = MARKS[found.what]
        return (f"{sign} {times(found)}", *((f"{sign} {found.factor:.1f}x",) if found.factor else ()), sign)

    def _amiss(self) -> tuple[str, ...]:
        return f"! nothing free: {self._look.why} why", "! nothing free", f"! {self._look.why} why", "!"

    def _words(self, line: Line, layout: Layout) -> tuple[str, str]:
        grouping = self._look.view.grouping
        if line.rest:
            return f"  and {formatting.full(line.rest)} more ⏎", ""
        if line.names:
            name = sanitize.clean(self._look.label(line.names)[-1])
            return (
                f"{'  ' * (len(line.names) - 1)}{self._glyph(line.names)} {name}",
                "bold" if line.groups and line.start >= self._newest else "",
            )
        if line.sums is None:
            return f"  {gap_of(line).value}", ""
        if line.coarse:
            return f"  not read {grouping.words} yet", theme.FAINT
        if not line.sums:
            part = f", {self._count(line)}" if line.days < line.of_days else ""
            return self._nothing(line, layout) + part, ""
        if not grouping.dimensions:
            return f"  {self._count(line) if line.days < line.of_days else 'all'}", ""
        return f"{'▾' if line.open else '▸'} {self._count(line)}", ""

    def _nothing(self, line: Line, layout: Layout) -> str:
        """Return what is to be said of a bucket in which nothing was used, or nothing that the filter finds."""
        if line.incomplete:
            return "  incomplete"
        if self._look.through is not None and line.start >= self._look.through:
            return f"  {Gap.NOT_COUNTED.value}"
        if line.cost and layout.has_costs:
            return f"{'  ' if not line.only_costs else '▾ ' if line.open else '▸ '}no tokens"
        if line.cost:
            return f"  no tokens, {dollars(line.cost)}{'+' if line.at_least else ''}"
        return "  nothing found" if self._look.view.row_filter else "  no usage"

    def _count(self, line: Line) -> str:
        """Return how many lines are under a bucket's, or, which matters more, that some of its days are not known."""
        if line.days < line.of_days:
            return f"{line.days} of {line.of_days} days"
        return formatting.count(line.groups, self._look.view.grouping.noun)

    def _glyph(self, names: Names) -> str:
        """Return the mark of the pool that a line is about."""
        return pool_glyphs.of(self._look.view.grouping.dimensions[len(names) - 1], names[-1], self._pool_name)
