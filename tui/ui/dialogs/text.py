"""A box of text to read, over the main screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.domain import formatting
from tui.domain.admin_settings import Question
from tui.engine.session import Session
from tui.engine.state import State
from tui.ui import exporting
from tui.ui.actions import bindings
from tui.ui.dialogs.dialog import OUT, Dialog


class TextBox(VerticalScroll, inherit_bindings=False):
    """The box: but for these, it leaves the keys to its screen, which knows the user's own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        OUT,
        Binding("down", "screen.box('down')", show=False),
        Binding("up", "screen.box('up')", show=False),
    ]


class TextDialog(Dialog[None]):
    """A text, which is closed by the keys that opened it as well."""

    ACTIONS_HERE: ClassVar[Mapping[str, str]] = {
        "up": "box('up')",
        "down": "box('down')",
        "page_up": "box('page_up')",
        "page_down": "box('page_down')",
        "top": "box('home')",
        "bottom": "box('end')",
        "picture": "app.picture",
        "export": "export",
        "copy": "copy",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(ACTIONS_HERE),
        # Space, as in programs that show one page after the other.
        *bindings({"fold": "box('page_down')", "copy_all": "copy"}),
    ]

    def questions(self) -> tuple[Question, ...]:
        """Return which limits and settings the text is about."""
        return ()

    def know(self, state: State) -> None:
        """Take what was learned meanwhile."""

    @property
    def _box(self) -> TextBox:
        return self.query_one(TextBox)

    def action_box(self, name: str) -> None:
        """Scroll the box so, at once: each step of an animation would be sent."""
        getattr(self._box, f"scroll_{name}")(animate=False)

    def action_copy(self) -> None:
        """Copy the text."""
        text = self._text()
        exporting.copy(self, text, f"{formatting.count(len(text.splitlines()), 'line')} of text")

    def action_export(self) -> None:
        """Write the text, in this folder."""
        exporting.save(self, ".txt", self._text)

    def _text(self) -> str:
        return f"{self._box.border_title or ''}\n\n{self._box.query_one(Static).content}".strip() + "\n"


def title(session: Session, *parts: str) -> Text:
    """Return what stands over a box: what it shows, and that it is made up, where it is."""
    made_up = ("demo",) if session.place == "demo" else ()
    return Text(" · ".join((parts[0], *made_up, *parts[1:])))
