"""A box of text to read, over the main screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tui.session.run import Run


class AnswerScreen(ModalScreen[None]):
    """Closed by Esc, `q`, and the keys that opened it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close"),
        Binding("j", "scroll_down", show=False),
        Binding("k", "scroll_up", show=False),
    ]

    def __init__(self, opened_by: Sequence[str]) -> None:
        super().__init__()
        self._bindings.bind(",".join(opened_by), "dismiss")

    def action_scroll_down(self) -> None:
        """Scroll one line down."""
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_scroll_up(self) -> None:
        """Scroll one line up."""
        self.query_one(VerticalScroll).scroll_up(animate=False)


def title(run: Run, *parts: str) -> Text:
    """Return what stands over a box: what it shows, and that it is made up, where it is."""
    made_up = ("demo",) if run.place == "demo" else ()
    return Text(" · ".join((parts[0], *made_up, *parts[1:])))
