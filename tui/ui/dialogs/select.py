"""Short lists to choose from: one thing, one within another, or several."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.ui.actions import bindings
from tui.ui.dialogs.dialog import OUT, Dialog

Chosen = TypeVar("Chosen")
Choices = Sequence[tuple[str, str]]
"""Names, and their words."""


class ChoiceList(OptionList):
    """The list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        OUT,
        Binding("space", "screen.mark", "Mark"),
        Binding("x", "screen.usual", "As usual"),
    ]
    """Where a screen has no such action, the key is what the user has set it to."""


class _ListScreen(Dialog[Chosen]):
    """A list in a box. It returns None where nothing is chosen."""

    ACTIONS_HERE: ClassVar[Mapping[str, str]] = {
        "up": "list('cursor_up')",
        "down": "list('cursor_down')",
        "page_up": "list('page_up')",
        "page_down": "list('page_down')",
        "top": "list('first')",
        "bottom": "list('last')",
        "picture": "app.picture",
    }
    BINDINGS: ClassVar[list[BindingType]] = bindings(ACTIONS_HERE)

    HINT = ""

    def __init__(self, title: str, choices: Choices) -> None:
        super().__init__()
        self._title, self._choices = title, choices

    def compose(self) -> ComposeResult:
        """Lay out one list."""
        chosen = ChoiceList(*(Option(self._words(name), id=name) for name, _ in self._choices), id="choices")
        chosen.border_title, chosen.border_subtitle = self._title, self.HINT
        yield chosen

    def _words(self, name: str) -> Text:
        """Return how a choice is written."""
        return Text(f" {dict(self._choices)[name]} ")

    async def action_list(self, name: str) -> None:
        """Do what the list can."""
        await self.query_one(ChoiceList).run_action(name)


class SelectDialog(_ListScreen[str]):
    """Returns the name of what was chosen; `now` is the one that holds."""

    HINT = "Enter chooses, Esc closes"

    def __init__(self, title: str, choices: Choices, now: str) -> None:
        super().__init__(title, choices)
        self._now = now

    def on_mount(self) -> None:
        """Begin on what holds now."""
        names = [name for name, _ in self._choices]
        if self._now in names:
            self.query_one(OptionList).highlighted = names.index(self._now)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return what was chosen."""
        self.dismiss(event.option_id)


class GroupByDialog(_ListScreen[tuple[str, ...]]):
    """Returns one name, two of which the second is within the first, or none of them."""

    HINT = "Enter takes, Space puts it first"

    _NONE = "none"

    def __init__(self, title: str, choices: Choices, now: Sequence[str]) -> None:
        super().__init__(title, (*choices, (self._NONE, "Nothing: one line a day")))
        self._outer = now[0] if len(now) > 1 else None
        self._now = now[-1] if now else self._NONE

    def on_mount(self) -> None:
        """Begin on what holds now."""
        self.query_one(OptionList).highlighted = [name for name, _ in self._choices].index(self._now)

    def _words(self, name: str) -> Text:
        words = dict(self._choices)[name]
        return Text(f" {words}, and within it … " if name == self._outer else f" {words} ")

    def action_mark(self) -> None:
        """Break down by this first, and then by what is chosen; the same again undoes that."""
        here = self.query_one(OptionList)
        name = None if here.highlighted is None else self._choices[here.highlighted][0]
        self._outer = None if name in {self._outer, self._NONE} else name
        for each, _ in self._choices:
            here.replace_option_prompt(each, self._words(each))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return what was chosen."""
        name = event.option_id or self._NONE
        if name == self._NONE:
            self.dismiss(())
        else:
            self.dismiss((name,) if self._outer in {None, name} else (str(self._outer), name))


class ColumnsDialog(_ListScreen[tuple[str, ...]]):
    """Returns several names in the order of the choices; none of them for what is usual.

    Of what is marked, `hidden` has no room in the table, and says so.
    """

    HINT = "Space marks, Enter takes, x resets"

    def __init__(self, title: str, choices: Choices, now: Sequence[str], hidden: Collection[str] = ()) -> None:
        super().__init__(title, choices)
        self._marked, self._hidden = set(now), frozenset(hidden)

    def _words(self, name: str) -> Text:
        is_marked = name in self._marked
        hint = " (no room for it)" if is_marked and name in self._hidden else ""
        return Text(f" {'✓' if is_marked else '·'} {dict(self._choices)[name]}{hint} ")

    def action_mark(self) -> None:
        """Take what is under the cursor, or leave it out."""
        here = self.query_one(OptionList)
        if here.highlighted is not None:
            name = self._choices[here.highlighted][0]
            self._marked ^= {name}
            here.replace_option_prompt(name, self._words(name))

    def on_option_list_option_selected(self) -> None:
        """Return what is marked."""
        self.dismiss(tuple(name for name, _ in self._choices if name in self._marked))

    def action_usual(self) -> None:
        """Return what is usual."""
        self.dismiss(())
