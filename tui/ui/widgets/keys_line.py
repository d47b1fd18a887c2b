"""The line that names the most used keys."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

_SPACES = 2


class KeysLine(Footer):
    """Textual's footer, which lets go of the keys that it showed before.

    They watch the footer's `compact`, and Textual (8.2) forgets watchers that are gone only when that is set: else
    each dialog that is opened and closed leaves half a megabyte behind.
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._width = 0

    def compose(self) -> ComposeResult:
        """Show the keys that fit, the most used first: half a word is of no use."""
        room = self.size.width or self.app.size.width
        for key in super().compose():
            if isinstance(key, FooterKey):
                room -= cell_len(key.key_display) + cell_len(key.description) + _SPACES
            if room >= -1:  # behind the last one nothing follows
                yield key

    async def on_resize(self, _: events.Resize) -> None:
        """Show those that fit into the new width."""
        if self.size.width != self._width:
            self._width = self.size.width
            await self.recompose()

    async def recompose(self) -> None:
        """Show the keys anew."""
        await super().recompose()
        self.mutate_reactive(Footer.compact)
