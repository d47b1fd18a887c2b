"""A box of text to read, over the main screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.domain import humanize
from tui.session.run import Run
from tui.ui import exporting
from tui.ui.screens.dialog import Dialog


class AnswerBox(VerticalScroll, can_focus=False):
    """The box: it leaves the keys to its screen, which knows the user's own."""


class AnswerScreen(Dialog[None]):
    """Closed by Esc, `q`, and the keys that opened it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close"),
        Binding("down", "scroll_down", show=False),
        Binding("up", "scroll_up", show=False),
    ]
    COMMANDS_HERE: ClassVar[Mapping[str, str]] = {
        "up": "scroll_up",
        "down": "scroll_down",
        "page_up": "page_up",
        "page_down": "page_down",
        "fold": "page_down",  # Space, as in programs that show one page after the other
        "top": "top",
        "bottom": "bottom",
        "picture": "picture",
        "export": "export",
        "copy": "copy",
        "copy_all": "copy",
    }

    def __init__(self, opened_by: Sequence[str]) -> None:
        super().__init__()
        self._bindings.bind(",".join(opened_by), "dismiss")

    @property
    def _box(self) -> AnswerBox:
        return self.query_one(AnswerBox)

    def action_scroll_down(self) -> None:
        """Scroll one line down."""
        self._box.scroll_down(animate=False)

    def action_scroll_up(self) -> None:
        """Scroll one line up."""
        self._box.scroll_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll one page down."""
        self._box.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Scroll one page up."""
        self._box.scroll_page_up(animate=False)

    def action_top(self) -> None:
        """Scroll to the first line."""
        self._box.scroll_home(animate=False)

    def action_bottom(self) -> None:
        """Scroll to the last line."""
        self._box.scroll_end(animate=False)

    def action_copy(self) -> None:
        """Copy the text."""
        text = self._text()
        exporting.copy(self, text, f"{humanize.count(len(text.splitlines()), 'line')} of text")

    def action_export(self) -> None:
        """Write the text, in this folder."""
        exporting.save(self, getattr(self.app, "save", None), ".txt", self._text)

    def _text(self) -> str:
        return f"{self._box.border_title or ''}\n\n{self._box.query_one(Static).content}".strip() + "\n"


def title(run: Run, *parts: str) -> Text:
    """Return what stands over a box: what it shows, and that it is made up, where it is."""
    made_up = ("demo",) if run.place == "demo" else ()
    return Text(" · ".join((parts[0], *made_up, *parts[1:])))
