"""The line that names the most used keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui.domain import sanitize
from tui.ui.actions.action import Action, key_name

_SPACES = 2


class Key(Static):
    """A key, and what it does; a click presses it."""

    ALLOW_SELECT = False

    def __init__(self, key: str, written: str, label: str, tooltip: str) -> None:
        super().__init__(Content.assemble((written, "bold $footer-key-foreground"), f" {label}"))
        self._key, self.tooltip = key, tooltip or None

    def on_mouse_down(self) -> None:
        """Press it."""
        self.app.simulate_key(self._key)


class FooterBar(Horizontal):
    """Shows the keys that do something now, in the order of the actions."""

    def __init__(self, actions: Mapping[str, Action]) -> None:
        super().__init__()
        self._actions = actions
        self._shown: list[tuple[str, str, str, str]] = []

    def on_mount(self) -> None:
        """Follow what the keys do."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.call_after_refresh(self.on_resize))

    def compose(self) -> ComposeResult:
        """Show the keys that fit, the most used first: half a word is of no use."""
        self._shown = self._fitting()
        for shown in self._shown:
            yield Key(*shown)

    async def on_resize(self) -> None:
        """Show those that fit into the new width."""
        if self.is_attached and self._fitting() != self._shown:
            await self.recompose()

    def _fitting(self) -> list[tuple[str, str, str, str]]:
        room, fitting = self.size.width or self.app.size.width, []
        for key, written, label, tooltip in self._keys():
            room -= sanitize.width(written) + sanitize.width(label) + _SPACES
            if room >= -1:  # behind the last one nothing follows
                fitting.append((key, written, label, tooltip))
        return fitting

    def _keys(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield each key, how it is written, and what it does: those of actions, and then the screen's own."""
        active = {key: each.binding for key, each in self.screen.active_bindings.items()}
        for action in self._actions.values():
            key = next((key for key in action.keys if key in active and active[key].id == action.name), None)
            if action.label and key is not None:
                other = f" {self._actions[action.shown_with].key}" if action.shown_with else ""
                yield key, key_name(key) + other, action.label, action.help
        for key, binding in active.items():
            if binding.show and binding.id is None:
                yield key, key_name(key), binding.description, binding.tooltip
