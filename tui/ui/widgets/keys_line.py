"""The line that names the most used keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.domain import text
from tui.ui.actions.action import Action, key_name

_SPACES = 2


class _Shown(NamedTuple):
    key: str
    written: str
    label: str
    help: str


class Key(Static):
    """A key, and what it does; a click presses it."""

    ALLOW_SELECT = False

    def __init__(self, shown: _Shown) -> None:
        super().__init__(Content.assemble((shown.written, "bold $footer-key-foreground"), f" {shown.label}"))
        self._key, self.tooltip = shown.key, shown.help or None

    def on_mouse_down(self) -> None:
        """Press it."""
        self.app.simulate_key(self._key)


class KeysLine(Horizontal):
    """Shows the keys that fit, in the order of the actions."""

    def __init__(self, actions: Mapping[str, Action]) -> None:
        super().__init__()
        self._actions = actions
        self._shown: list[_Shown] = []

    def on_mount(self) -> None:
        """Follow what the keys do."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def compose(self) -> ComposeResult:
        """Show the keys that fit, the most used first: half a word is of no use."""
        self._shown = list(self._fitting())
        yield from map(Key, self._shown)

    async def on_resize(self, _: events.Resize) -> None:
        """Show those that fit into the new width."""
        await self._show()

    def _follow(self, _: Screen[object]) -> None:
        if self.app.app_focus and self.is_attached:
            self.call_after_refresh(self._show)

    async def _show(self) -> None:
        if self.is_attached and list(self._fitting()) != self._shown:
            await self.recompose()

    def _fitting(self) -> Iterator[_Shown]:
        room = self.size.width or self.app.size.width
        for each in self._keys():
            room -= text.width(each.written) + text.width(each.label) + _SPACES
            if room < -1:  # behind the last one nothing follows
                return
            yield each

    def _keys(self) -> Iterator[_Shown]:
        """Yield the keys of actions that do something now, and then those of the screen's own."""
        active = self.screen.active_bindings
        for action in self._actions.values():
            key = next((key for key in action.keys if key in active and active[key].binding.id == action.name), None)
            if action.in_footer and key is not None:
                other = f" {self._actions[action.shown_with].key}" if action.shown_with else ""
                yield _Shown(key, key_name(key) + other, action.label, action.help)
        for key, (_, binding, _, _) in active.items():
            if binding.show and binding.id is None:
                yield _Shown(key, key_name(key), binding.description, binding.tooltip)
