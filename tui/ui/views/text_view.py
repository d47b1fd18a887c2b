"""A text in the body of the dashboard, over whose lines one can scroll."""

from __future__ import annotations

from datetime import datetime

from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.domain.admin_settings import Question
from tui.engine.state import State


class TextView(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The text. Its keys are those of the screen, so that the user's own scroll it as well."""

    _title = ""
    _learned: tuple[object, ...] = ()

    class Turned(Message):
        """It is about something else now, of which something may be missing."""

    def compose(self):  # type: ignore[no-untyped-def]  # noqa: ANN201  Textual's ComposeResult
        """Lay out the text."""
        yield Static(id="answer")

    def entitle(self, title: str) -> None:
        """Say over the text what it is about; a name in it may look like markup, and is none."""
        self._title = title
        self.border_title = Content(title)

    def put(self, words: Content) -> None:
        """Show this text, if it is another than before."""
        answer = self.query_one("#answer", Static)
        before = answer.content
        if not (isinstance(before, Content) and words.is_same(before)):
            answer.update(words)

    @property
    def text(self) -> str:
        """Return the text, for a file or the clipboard."""
        return f"{self._title}\n\n{self.query_one('#answer', Static).content}".strip() + "\n"

    def questions(self) -> tuple[Question, ...]:
        """Return which limits and settings the text is about."""
        return ()

    @property
    def usage_month(self) -> datetime | None:
        """Return the first day of the month whose usage the text is about, if it is about one."""
        return None

    def wants_year(self, *, is_shown: bool) -> bool:  # noqa: ARG002
        """Return whether the days of a year are to be read for it."""
        return False

    def open(self) -> None:
        """Be shown again."""

    def follow(self, state: State) -> None:
        """Show what was learned meanwhile, if the text rests on it."""
        if _basis(state) != self._learned:
            self.learn(state)

    def learn(self, state: State) -> None:
        """Show what is known now."""
        self._learned = _basis(state)
        self.know(state)

    def know(self, state: State) -> None:
        """Take what was learned meanwhile."""


def _basis(state: State) -> tuple[object, ...]:
    """Return what texts rest on."""
    return state.costs, state.directory, state.admin_settings, state.buckets_read, state.buckets_wanted, state.runs
