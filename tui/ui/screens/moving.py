"""The keys that move the cursor."""

from __future__ import annotations

from textual.screen import Screen

from tui.ui.widgets.usage_table import UsageTable


class MovingScreen(Screen[None]):
    """A screen with the table, and the actions that walk through it."""

    @property
    def table(self) -> UsageTable:
        """The table."""
        return self.query_one(UsageTable)

    def action_newer_day(self) -> None:
        """Go up to the next line of a day, or hour, or minute."""
        lines, here = self.table.lines, self.table.place
        above = next((place for place in range(here - 1, -1, -1) if lines[place].is_bucket), None)
        if above is not None:
            self.table.go_to(above)

    def action_older_day(self) -> None:
        """Go down to the next line of a day, or hour, or minute."""
        lines, here = self.table.lines, self.table.place
        below = next((place for place in range(here + 1, len(lines)) if lines[place].is_bucket), None)
        if below is not None:
            self.table.go_to(below)

    def action_up(self) -> None:
        """Go one line up."""
        self.table.action_cursor_up()

    def action_down(self) -> None:
        """Go one line down."""
        self.table.action_cursor_down()

    def action_page_up(self) -> None:
        """Go one page up."""
        self.table.action_page_up()

    def action_page_down(self) -> None:
        """Go one page down."""
        self.table.action_page_down()

    def action_top(self) -> None:
        """Go to the newest line."""
        self.table.go_to(0)

    def action_bottom(self) -> None:
        """Go to the oldest line."""
        self.table.go_to(len(self.table.lines) - 1)
