"""Where the filter is typed, and what is said of it under that."""

from __future__ import annotations

from textual.widgets import Input, Static


class FilterBox(Input):
    """One line, which has room only while a filter is typed or there is one."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(placeholder="/ mini  project:web  !tier:flex", id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False  # each blink would be sent

    @property
    def is_open(self) -> bool:
        """Whether it has room."""
        return self.has_class("shown")

    def open(self) -> None:
        """Have room."""
        self.add_class("shown")

    def drop(self) -> None:
        """Have no filter any more, and no room."""
        self.value = ""
        self.remove_class("shown")

    def keep(self) -> None:
        """Have room no longer than there is a filter."""
        self.set_class(bool(self.value.strip()), "shown")


class FilterHint(Static):
    """Says what is wrong with the filter, or nothing."""

    def show(self, words: str) -> None:
        """Say this; without words there is no room for it."""
        if words or self.has_class("shown"):
            self.update(words)
            self.set_class(bool(words), "shown")
