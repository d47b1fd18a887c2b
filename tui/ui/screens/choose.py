"""A short list to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class ChooseScreen(ModalScreen[str | None]):
    """Returns the name of what was chosen, or None. `choices` are names and their words, `now` the one that holds."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close"),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[tuple[str, str]], now: str) -> None:
        super().__init__()
        self._title, self._choices, self._now = title, choices, now

    def compose(self) -> ComposeResult:
        """Lay out one list."""
        chosen = OptionList(*(Option(Text(f" {words} "), id=name) for name, words in self._choices), id="choices")
        chosen.border_title = self._title
        chosen.border_subtitle = "Enter chooses, Esc closes"
        yield chosen

    def on_mount(self) -> None:
        """Begin on what holds now."""
        names = [name for name, _ in self._choices]
        if self._now in names:
            self.query_one(OptionList).highlighted = names.index(self._now)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return what was chosen."""
        self.dismiss(event.option_id)

    def action_down(self) -> None:
        """Go one line down."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Go one line up."""
        self.query_one(OptionList).action_cursor_up()
