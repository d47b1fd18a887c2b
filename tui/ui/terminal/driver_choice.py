"""Which driver writes to the terminal."""

from __future__ import annotations

from textual.driver import Driver


def chosen(usual: type[Driver], *, is_plain: bool) -> type[Driver]:
    """Return ours in the place of Textual's for Linux and macOS: only cells that differ are sent, or all."""
    if usual.__name__ != "LinuxDriver":
        return usual  # another platform's, or one that TEXTUAL_DRIVER names
    if is_plain:
        from tui.ui.terminal.driver import TerminalDriver

        return TerminalDriver
    from tui.ui.terminal.diff_driver import DiffDriver

    return DiffDriver
