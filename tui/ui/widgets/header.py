"""The top line: whose usage, which views there are, and what time it is in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from textual import events
from textual.content import Content

from tui import PROGRAM
from tui.domain import sanitize
from tui.engine.session import Session
from tui.engine.state import State
from tui.ui import theme
from tui.ui.widgets.fitted import FittedText

_ROOMY = 76

VIEWS = (("usage", "Usage"), ("money", "Money"), ("why", "Why"), ("year", "Year"), ("runs", "Runs"))
"""The views by the names of their actions, in the order of their numbers."""

ORGANIZATIONS = ("organizations", "Organizations")
"""The one that there is with two organizations or more."""


@runtime_checkable
class ShowsViews(Protocol):
    """The screen that knows the actions."""

    def action_run(self, name: str) -> None:
        """Do what the action of this name does."""


class HeaderBar(FittedText):
    """One line that changes once a minute. A click on a view shows it."""

    def __init__(self, session: Session, views: Sequence[tuple[str, str, str]], *, id: str | None = None) -> None:  # noqa: A002
        """`views` are the names of their actions, their titles and their keys."""
        super().__init__(id=id)
        self._session, self._shown = session, tuple(views)
        self._state: State | None = None
        self._now: datetime | None = None
        self._view = "usage"
        self._places: dict[str, range] = {}
        self.room = 0
        """Cells at the right end, in which the time stands."""

    def show(self, state: State, now: datetime, view: str) -> None:
        """Show what the state is about, the view that stands, and the time."""
        self._state, self._now, self._view = state, now, view
        self.draw()

    def fitted(self, width: int) -> Content | None:
        """Return the line in so many cells."""
        if self._state is None or self._now is None:
            return None
        right = f"UTC {self._now:%a %d %b %H:%M} " if width >= _ROOMY else f"{self._now:%H:%M} UTC "
        least = self._left(self._state, 0).cell_length
        for is_brief in (False, True):
            room = width - len(right) - self._views(0, is_brief=is_brief).cell_length - 4
            if room >= least:
                break
        left = self._left(self._state, room).truncate(max(room, 0), ellipsis=True)
        line = left.append_text("   ")
        line = line.append(self._views(line.cell_length, is_brief=is_brief))
        if line.cell_length + len(right) > width:
            line, self._places = left, {}
        self.room = max(0, width - line.cell_length)
        return line.append_text(" " * max(0, width - line.cell_length - len(right))).append_text(right, theme.MUTED)

    def _views(self, begin: int, *, is_brief: bool) -> Content:
        """Return the numbers and names of the views from this cell on; the one that stands is marked.

        A brief one has its name alone.
        """
        line, self._places = Content(), {}
        for name, title, key in self._shown:
            is_shown = name == self._view
            named = (f" {title} " if is_shown or not is_brief else "", "bold" if is_shown else theme.MUTED)
            words = Content.assemble((f" {key}" if key else "", "bold"), named)
            self._places[name] = range(begin + line.cell_length, begin + line.cell_length + words.cell_length)
            line = line.append(words.stylize(theme.SELECTED) if is_shown else words)
        return line

    def on_click(self, event: events.Click) -> None:
        """Show the view that was clicked."""
        for name, place in self._places.items():
            if event.x in place and name != self._view and isinstance(self.screen, ShowsViews):
                self.screen.action_run(name)

    def _left(self, state: State, room: int) -> Content:
        """Return whose usage it is and what is looked for, where all has no room without what is least important."""
        place, organization = self._session.place, state.snapshot.organization
        # (rank, words, style): where it is tight, the highest rank goes first
        parts = [(2, PROGRAM, "bold")]
        if place is not None:
            parts.append((0, sanitize.clean(place), "bold"))  # colour begins with the verdict
        if organization is not None:
            parts.append((3, sanitize.truncate(sanitize.clean(organization), 24), ""))
        if state.view.row_filter:
            words = sanitize.truncate(sanitize.clean(state.view.row_filter.words), 40)
            parts.append((0, f"filter: {words}", f"bold {theme.SELECTED}"))
        for dimension, name in state.view.only:
            label = sanitize.clean(state.directory.label(dimension, name))
            parts.append((0, f"{dimension}: {sanitize.truncate(label, 24)}", f"bold {theme.SELECTED}"))
        for rank in (3, 2):  # whose numbers these are is said in any room
            if sum(sanitize.width(words) + 3 for _, words, _ in parts) - 2 > room:
                parts = [part for part in parts if part[0] != rank]
        left = Content()
        for place_in_line, (_, words, style) in enumerate(parts):
            left = left.append_text(" · " if place_in_line else " ", theme.FAINT).append_text(words, style)
        return left
