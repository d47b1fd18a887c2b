"""The line that names the most used keys."""

from __future__ import annotations

from textual.widgets import Footer


class KeysLine(Footer):
    """Textual's footer, which lets go of the keys that it showed before.

    They watch the footer's `compact`, and Textual (8.2) forgets watchers that are gone only when that is set: else
    each dialog that is opened and closed leaves half a megabyte behind.
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    async def recompose(self) -> None:
        """Show the keys anew."""
        await super().recompose()
        self.mutate_reactive(Footer.compact)
