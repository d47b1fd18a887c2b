"""The line that names the keys that are of most use now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui.domain import sanitize
from tui.ui.actions.action import Action, key_name

_GAP = 2
"""Cells between two entries: with one, it would not be seen what belongs together."""


class Key(Static):
    """A key, and what it does; a click presses it."""

    ALLOW_SELECT = False

    def __init__(self, key: str, written: str, label: str, tooltip: str) -> None:
        super().__init__(Content.assemble((written, "bold"), (f" {label}", "$footer-description-foreground")))
        self._key, self.tooltip = key, tooltip or None

    def on_mouse_down(self) -> None:
        """Press it."""
        self.app.simulate_key(self._key)


class FooterBar(Horizontal):
    """Shows keys, and what each does here; what does not fit is left out whole, the least used first."""

    def __init__(self, actions: Mapping[str, Action], entries: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._actions, self._entries = actions, tuple(entries)
        self._shown: list[tuple[str, str, str, str]] = []

    async def show(self, entries: Sequence[tuple[str, str]]) -> None:
        """Show these: names of actions, and what they do here."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            await self.on_resize()

    def compose(self) -> ComposeResult:
        """Show the keys that fit."""
        self._shown = self._fitting()
        for shown in self._shown:
            yield Key(*shown)

    async def on_resize(self) -> None:
        """Show those that fit into the new width."""
        if self.is_attached and self._fitting() != self._shown:
            await self.recompose()

    def _fitting(self) -> list[tuple[str, str, str, str]]:
        room = (self.size.width or self.app.size.width) - 2
        fitting: list[tuple[str, str, str, str]] = []
        for name, label in self._entries:
            action = self._actions[name]
            if not action.keys:  # the user gave them to others
                continue
            written = key_name(action.keys[0])
            room -= sanitize.width(written) + 1 + sanitize.width(label) + (_GAP if fitting else 0)
            if room < 0:
                break
            fitting.append((action.keys[0], written, label, action.help))
        return fitting
