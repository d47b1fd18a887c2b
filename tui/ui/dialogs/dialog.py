"""What stands over the main screen: its keys do here what they do there, as far as that makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.ui.actions import bindings

Result = TypeVar("Result")

OUT: BindingType = Binding("escape,q", "screen.dismiss", "Close")
"""The ways out. What a dialog declares on the part that has the focus comes before the user's keys of the screen."""


class Dialog(ModalScreen[Result | None]):
    """Is closed by Esc and `q`, and saved as a picture."""

    ACTIONS_HERE: ClassVar[Mapping[str, str]] = {"picture": "app.picture"}
    """By the name of an action, what its keys do here."""

    BINDINGS: ClassVar[list[BindingType]] = [OUT, *bindings(ACTIONS_HERE)]

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close it with this, once: keys that were typed in one go may choose twice, or close twice."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
