"""The top line: whose usage, since when, broken down by what, and what time it is in UTC."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from tui import PROGRAM
from tui.domain import formatting, sanitize
from tui.domain.kinds import Kind
from tui.domain.table import USUAL, View
from tui.domain.time import Width
from tui.engine.session import Session
from tui.engine.state import State
from tui.ui import theme
from tui.ui.widgets.fitted import FittedText

_ROOMY = 76
_USUAL = (USUAL.kind, USUAL.grouping, USUAL.merged)


class HeaderBar(FittedText):
    """One line that changes once a minute."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._session = session
        self._state: State | None = None
        self._now: datetime | None = None

    def show(self, state: State, now: datetime) -> None:
        """Show what the state is about, and the time."""
        self._state, self._now = state, now
        self.draw()

    def fitted(self, width: int) -> Content | None:
        """Return the line in so many cells."""
        if self._state is None or self._now is None:
            return None
        right = f"UTC {self._now:%a %d %b %H:%M} " if width >= _ROOMY else f"{self._now:%H:%M} UTC "
        left = self._left(self._state, width - len(right) - 1)
        return left.append_text(" " * (width - left.cell_length - len(right))).append_text(right, theme.MUTED)

    def _left(self, state: State, room: int) -> Content:
        """Return what the usage is of, without the least important parts where there is no room for all."""
        place, organization = self._session.place, state.snapshot.organization
        is_usual = (state.view.kind, state.view.grouping, state.view.merged) == _USUAL
        rank = 5 if is_usual else 2  # what the user chose is worth more room
        # (rank, words, style): where it is tight, the highest rank goes first
        parts = [(3, PROGRAM, "bold"), (1, _seen(state), theme.MUTED), (rank, _view(state.view), theme.MUTED)]
        if state.view.row_filter:
            parts.append(
                (
                    0,
                    f"filter: {sanitize.truncate(sanitize.clean(state.view.row_filter.words), 40)}",
                    f"bold {theme.SELECTED}",
                )
            )
        for dimension, name in state.view.only:
            label = sanitize.clean(state.directory.label(dimension, name))
            parts.append((0, f"{dimension}: {sanitize.truncate(label, 24)}", f"bold {theme.SELECTED}"))
        if organization is not None:
            parts.insert(1, (4, sanitize.truncate(sanitize.clean(organization), 24), ""))
        if place is not None:
            is_host = place not in {"demo", "offline"}
            parts.insert(1, (2 if is_host else 0, sanitize.clean(place), f"bold {theme.WARNING}"))
        for rank in (5, 4, 3, 2, 1):
            if sum(len(words) + 3 for _, words, _ in parts) - 2 > room:
                parts = [part for part in parts if part[0] != rank]
        left = Content()
        for place_in_line, (_, words, style) in enumerate(parts):
            left = left.append_text(" · " if place_in_line else " ", theme.FAINT).append_text(words, style)
        return left.truncate(max(room, 0), ellipsis=True)


def _view(view: View) -> str:
    """Return how the view is broken down, and of what it is, where that are not completions."""
    kind = "" if view.kind is Kind.COMPLETIONS else f"{view.kind.description.words} "
    is_merged = view.merged and "model" in view.grouping.dimensions
    return f"{kind}{view.grouping.words}{', merged' if is_merged else ''}"


def _seen(state: State) -> str:
    """Return what the table shows: the window, or the day or hour that the user is in."""
    start, width = state.seen.report.window.start, state.seen.width
    if width is Width.HOUR:
        return f"hours of {formatting.day(start)}"
    if width is Width.MINUTE:
        return f"minutes of {formatting.day(start)} {start:%H:%M}"
    days = state.days.report.window.days_before_last
    return "today" if days == 0 else f"today + {formatting.count(days, 'day')}"
