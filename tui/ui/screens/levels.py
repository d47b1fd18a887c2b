"""The keys that go into days and hours and back, and open and close what stands under them."""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate

from tui.domain.window import Width, inside
from tui.session.events import Entered, Folded, Left, LineKey, Listed, StopAsked
from tui.ui.screens.viewing import ViewingScreen

MOST_MODELS = 1_500
"""How many lines are opened at once, the newest days' first."""


class LevelsScreen(ViewingScreen):
    """A screen that shows days, the hours of one, or the minutes of one of these."""

    cursor_wanted: LineKey | None = None
    """The line that the cursor is to go to with the next look."""

    def enter(self, start: datetime, width: Width, came_from: LineKey) -> None:
        """Go into the bucket that begins here."""
        self.dispatch(Entered(inside(start, width, self.run.clock()), came_from))

    def action_open(self) -> None:
        """Show the hours of the day under the cursor, or the minutes of the hour."""
        line, width = self.table.line, self.state.seen.width.finer
        if line is not None and line.rest:
            place = self.table.place
            self.dispatch(Listed(line.start))
            self.call_later(self.table.go_to, place)  # where the first of the new lines stands
        elif line is not None and width is not None:
            self.enter(line.start, width, line.key)

    def action_back(self) -> None:
        """Stop a refresh under way, else go back to where this was entered from."""
        if self.is_filtering:
            self.stop_filtering()
            return
        if any(level.is_loading_visibly for level in self.state.levels):
            self.dispatch(StopAsked())
            return
        if self.stop_filtering():
            return
        if len(self.state.levels) > 1:
            self.dispatch(Left())
        self.table.focus()

    def action_fold(self) -> None:
        """Open or close the day under the cursor."""
        line = self.table.line
        if line is not None and line.sums:
            self.dispatch(Folded(frozenset({line.start}), open=line.start not in self.state.seen.opened))

    def action_fold_all(self) -> None:
        """Open all days, or as many as the table takes, the newest first; close all if these are open."""
        with_usage = [line for line in self.table.lines if line.is_bucket and line.groups]
        models = accumulate(line.groups for line in with_usage)
        fitting = [line.start for line, count in zip(with_usage, models, strict=True) if count <= MOST_MODELS]
        days, opened = frozenset(fitting or [line.start for line in with_usage[:1]]), self.state.seen.opened
        if days <= opened:
            self.dispatch(Folded(opened, open=False))
        else:
            self.dispatch(Folded(days, open=True))
