"""A text in the body of the dashboard, over whose lines one can scroll."""

from __future__ import annotations

from datetime import datetime

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.domain.admin_settings import Question
from tui.engine.state import State


class TextView(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The text. Its keys are those of the screen, so that the user's own scroll it as well."""

    _title = ""

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

    def open(self) -> None:
        """Be shown again."""

    def know(self, state: State) -> None:
        """Take what was learned meanwhile."""
