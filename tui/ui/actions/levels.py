"""The keys that go into days and hours and back, and open and close what stands under them."""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate

from tui.domain.view import Line
from tui.domain.window import Width
from tui.session.events import Entered, Folded, Left, LineKey, Listed
from tui.ui.actions.view import ViewingScreen

MOST_MODELS = 1_500
"""How many lines are opened at once, the newest days' first."""


class LevelsScreen(ViewingScreen):
    """A screen that shows days, the hours of one, or the minutes of one of these."""

    cursor_wanted: LineKey | None = None
    """The line that the cursor is to go to with the next look."""

    def enter(self, start: datetime, width: Width, came_from: LineKey) -> None:
        """Go into the bucket that begins here."""
        self.happened(Entered(self.run.inside(start, width), came_from))
        self.readings.inside()

    def action_open(self) -> None:
        """Show the hours of the day under the cursor, or the minutes of the hour."""
        line, width = self.table.line, self.state.seen.width.finer
        if line is not None and line.rest:
            place = self.table.place
            self.happened(Listed(line.start))
            self.call_later(self.table.go_to, place)  # where the first of the new lines stands
        elif width is None:
            self.notify("There is nothing finer than a minute.", markup=False)
        elif line is not None:
            self.enter(line.start, width, line.key)

    def action_back(self) -> None:
        """Stop a refresh under way, else go back to where this was entered from."""
        if self.is_filtering:
            self.stop_filtering()
            return
        for level in reversed(self.state.levels):
            if level.loading is not None and not level.loading.quiet:
                self.readings.stop(level.width)
                return
        if self.stop_filtering():
            return
        if len(self.state.levels) > 1:
            self.leave()
        self.table.focus()

    def leave(self) -> None:
        """Go back to the line that this was entered by."""
        level = self.state.seen
        self.readings.stop(level.width)
        self.cursor_wanted = level.came_from
        self.happened(Left())
        seen = self.state.seen
        if seen.width is not Width.DAY and (not seen.fresh or seen.coarse(self.state.view)):
            self.readings.inside()  # it was left out while another view was read further inside

    def action_fold(self) -> None:
        """Open or close the day under the cursor."""
        line = self.table.line
        if not self.state.view.grouping.dimensions:
            self.notify(f"There is nothing to open: {self.commands['group'].key} breaks lines down.", markup=False)
        elif line is None or not (line.sums or line.only_costs):
            self.notify("There is nothing to open on this line.", markup=False)
        else:
            self.happened(Folded(frozenset({line.start}), open=line.start not in self.state.seen.opened))

    def action_fold_all(self) -> None:
        """Open all days, or as many as the table takes, the newest first; close all if these are open."""
        with_usage = [line for line in self.table.lines if line.is_bucket and _groups(line)]
        if not with_usage or not self.state.view.grouping.dimensions:
            self.notify("There is nothing to open.", markup=False)
            return
        models = accumulate(_groups(line) for line in with_usage)
        fitting = [line.start for line, count in zip(with_usage, models, strict=True) if count <= MOST_MODELS]
        days, opened = frozenset(fitting or [line.start for line in with_usage[:1]]), self.state.seen.opened
        if days <= opened:
            self.happened(Folded(opened, open=False))
        else:
            self.happened(Folded(days, open=True))


def _groups(line: Line) -> int:
    return line.groups + line.only_costs
