"""Text that is put together for the width that there is."""

from __future__ import annotations

from abc import abstractmethod

from textual import events
from textual.content import Content
from textual.widgets import Static


class FittedText(Static):
    """Lines that `fitted` makes for a width. The screen is touched only where they differ from those before."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = Content()

    @abstractmethod
    def fitted(self, width: int) -> Content | None:
        """Return what to show in so many cells; None where nothing is known yet."""

    def draw(self) -> None:
        """Show what is known now."""
        text = self.fitted(self.size.width) if self.size.width else None
        if text is not None and not text.is_same(self._text):
            self._text = text
            self.update(text, layout=False)

    def on_resize(self, _: events.Resize) -> None:
        """Use the new width."""
        self.draw()
