"""The largest groups under the charts, each with its input and its output over time."""

from __future__ import annotations

from collections.abc import Callable

from textual.containers import VerticalScroll
from textual.content import Content

from tui.domain import formatting, sanitize
from tui.domain.dimensions import Names, undated
from tui.domain.series import ChartSeries, GroupSeries
from tui.ui import theme
from tui.ui.blocks import sparkline

_LINES_A_GROUP = 3


class ModelList(VerticalScroll, inherit_bindings=False):
    """The groups. Its keys are those of the screen, so that the user's own scroll it as well."""

    def bring_into_view(self, place: int | None, *, has_output: bool) -> None:
        """Scroll so that the highlighted group is seen; None for none of them."""
        if place is None:
            self.scroll_home(animate=False)
            return
        height = _LINES_A_GROUP if has_output else _LINES_A_GROUP - 1
        top = place * height
        seen = range(int(self.scroll_y), int(self.scroll_y) + self.scrollable_content_region.height)
        if top not in seen or top + height - 1 not in seen:
            self.scroll_to(y=top, animate=False)


def lines(
    found: ChartSeries,
    measured: tuple[str, str],
    titled: Callable[[Names], str],
    glyph: Callable[[Names], str],
    highlighted: Names,
    width: int,
    slots: int = 0,
) -> Content:
    """Return the lines of the largest groups: their names and totals, and a line of input and one of output.

    The lines have as many slots as the charts above them, whose last ones may be still to come.
    """
    shorter = undated({titled(each.names) for each in found.largest})
    said = []
    for each in found.largest:
        name = titled(each.names)
        total = formatting.full(each.total)
        room = width - len(total) - 3
        name = sanitize.elide(name if sanitize.width(name) <= room else shorter.get(name, name), room)
        space = " " * (width - sanitize.width(name) - len(total) - 2)
        style = f"bold {theme.SELECTED}" if each.names == highlighted else "bold"
        head = Content.styled(f"{glyph(each.names)} {name}{space}{total}", style)
        said.append(head.append(_over_time(each, measured, width, slots)))
    if found.more:
        said.append(Content.styled(f"  and {formatting.full(found.more)} more", theme.FAINT))
    return Content("\n").join(said)


def _over_time(group: GroupSeries, measured: tuple[str, str], width: int, slots: int) -> Content:
    lines = Content()
    first, second = measured
    parts = (("in ", group.input, theme.INPUT), ("out", group.output, theme.OUTPUT))
    for words, series, colour in parts if second else ((first[:3], group.input, theme.INPUT),):
        known = [value for value in series if value is not None]
        summed, peak = formatting.short(sum(known)), formatting.short(max(known, default=0))
        line = sparkline((*series, *[0] * (slots - len(series))), width - 19)
        lines = lines.append_text(f"\n {words} ", theme.FAINT).append_text(line.ljust(width - 19), colour)
        lines = lines.append_text(f" {summed:>5}", theme.MUTED).append_text(f" ▲{peak:>5}", theme.FAINT)
    return lines
