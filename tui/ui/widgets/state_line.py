"""The line that says how fresh the data are, and what went wrong."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from tui.domain import humanize, text
from tui.session.state import State
from tui.ui import theme


def words(state: State, place: str | None) -> Text:
    """Return the state of the data in words, each with a glyph beside its colour."""
    line = Text(" ")
    if state.progress is not None:
        done, whole = state.progress
        line.append(f"◌ loading {done} of {humanize.count(whole, 'day')}", theme.INPUT)
        line.append(", Esc stops", theme.DIM)
    elif state.failure is not None:
        line.append(f"✗ failed {humanize.clock(state.failure.at)} UTC", f"bold {theme.ERROR}")
        line.append(f"  {text.inert(state.failure.sentence)}")
    elif state.snapshot.fetched_at is not None:
        line.append("●", theme.GOOD).append(f" read {humanize.clock(state.snapshot.fetched_at)} UTC")
        line.append(", r reads again", theme.DIM)
    else:
        line.append("○ nothing read yet, r reads", theme.DIM)
    if state.progress is None:
        unread = len(state.snapshot.report.unread())
        if unread:
            line.append(f" · ! {humanize.count(unread, 'day')} not read", theme.WARNING)
        if state.failure is not None and state.snapshot.fetched_at is not None:
            line.append(f" · the data of {humanize.clock(state.snapshot.fetched_at)} UTC stay", theme.QUIET)
        for warning in state.snapshot.warnings:
            line.append(f" · ! {text.inert(warning)}", theme.WARNING)
        if state.failure is None and not state.snapshot.warnings and place is None:
            line.append(" · OpenAI counts 5 to 15 minutes late", theme.DIM)
    return line


class StateLine(Static):
    """Shows the state of the data; grows where there is more to say."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = Text()

    def show(self, state: State, place: str | None) -> None:
        """Say how it stands."""
        line = words(state, place)
        if line != self._text:
            self._text = line
            self.update(line)
