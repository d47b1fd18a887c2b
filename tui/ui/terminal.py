"""The terminal driver: Textual's own for this platform, but for bytes that are no text, and what it leaves behind."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver

from tui.ui.plain import plain


class TerminalDriver(LinuxDriver):
    """Goes on where Textual's driver ends the program: at a byte from the keyboard that is not UTF-8.

    It is not stopped before it has begun, and leaves no mode of the mouse behind. An application that `is_ascii`
    is drawn in ASCII.
    """

    def write(self, data: str) -> None:
        """Write what the application draws, or anything else."""
        super().write(self.fitted(data))

    def fitted(self, data: str) -> str:
        """Return what the terminal can show of this."""
        return plain(data) if getattr(self._app, "is_ascii", False) else data

    def run_input_thread(self) -> None:
        """Read keys until the end, and drop what cannot be decoded (a Latin-1 terminal's ä, line noise)."""
        while True:
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue
            return

    def suspend_application_mode(self) -> None:
        """Give the terminal back for a while, if it has been taken."""
        if self._writer_thread is not None:
            super().suspend_application_mode()

    def _disable_mouse_support(self) -> None:
        """Switch the mouse off, and its unit back from pixels to cells."""
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
