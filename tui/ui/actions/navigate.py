"""The keys that move the cursor."""

from __future__ import annotations

from collections.abc import Mapping

from textual.screen import Screen

from tui.ui.actions import Command
from tui.ui.widgets.model_pane import ModelList
from tui.ui.widgets.usage_table import UsageTable


class MovingScreen(Screen[None]):
    """A screen with the table, and the actions that walk through it."""

    commands: Mapping[str, Command]
    """What keys do here, by the names of actions."""

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

    @property
    def _list(self) -> ModelList | None:
        """The list of models, while it has the keys."""
        return self.focused if isinstance(self.focused, ModelList) else None

    def action_up(self) -> None:
        """Go one line up."""
        if self._list is not None:
            self._list.scroll_up(animate=False)
        else:
            self.table.action_cursor_up()

    def action_down(self) -> None:
        """Go one line down."""
        if self._list is not None:
            self._list.scroll_down(animate=False)
        else:
            self.table.action_cursor_down()

    def action_page_up(self) -> None:
        """Go one page up."""
        if self._list is not None:
            self._list.scroll_page_up(animate=False)
        else:
            self.table.action_page_up()

    def action_page_down(self) -> None:
        """Go one page down."""
        if self._list is not None:
            self._list.scroll_page_down(animate=False)
        else:
            self.table.action_page_down()

    def action_top(self) -> None:
        """Go to the newest line, or in the list to the first."""
        if self._list is not None:
            self._list.scroll_home(animate=False)
        else:
            self.table.go_to(0)

    def action_bottom(self) -> None:
        """Go to the oldest line, or in the list to the last."""
        if self._list is not None:
            self._list.scroll_end(animate=False)
        else:
            self.table.go_to(len(self.table.lines) - 1)
