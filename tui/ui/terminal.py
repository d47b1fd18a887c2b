"""The terminal driver: Textual's own for this platform, but for bytes that are no text."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver


class TerminalDriver(LinuxDriver):
    """Goes on where Textual's driver ends the program: at a byte from the keyboard that is not UTF-8."""

    def run_input_thread(self) -> None:
        """Read keys until the end, and drop what cannot be decoded (a Latin-1 terminal's ä, line noise)."""
        while True:
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue
            return
