"""Terminals in a window, on a display that nobody sees: xterm and kitty."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.cells import Seen
from tests.terminals.places import BYTES, ENVIRONMENT, SIZE, running, until


def _cells(dump: str) -> list[tuple[object, ...]]:
    """Return what is seen of a screen that its terminal has put out line by line, with colours."""
    seen = Seen(150, 50)
    told = re.sub(r"\x1b\[[\d:;]*m", lambda found: found[0].replace(":", ";"), dump)  # pyte knows no colons
    for row, line in enumerate(told.splitlines(), 1):
        seen.feed(f"\x1b[{row};1H\x1b[0m{line}")
    return seen.cells()


class InX:
    """What terminals in a window have in common: the display, and a picture of it."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, **ENVIRONMENT, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}

    def picture(self) -> bytes:
        """Return every point of the display, three bytes each."""
        taken = subprocess.run(
            ["import", "-window", "root", "-depth", "8", "rgb:-"],
            env=self.environment, capture_output=True, check=True, timeout=30,
        )  # fmt: skip
        return taken.stdout


@contextmanager
def _display(stack: ExitStack) -> Iterator[str]:
    reading, writing = os.pipe()
    stack.callback(os.close, reading)
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1500x1000x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        number = os.read(reading, 20).decode().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


class InXterm(InX):
    """An xterm; what it shows as text is what it prints of its screen when it is told to by its own sequence."""

    def __init__(self, display: str, printed: Path, tty: Path) -> None:
        super().__init__(display)
        self._printed, self._tty = printed, tty

    def press(self, key: str) -> None:
        subprocess.run(["xdotool", "key", key], env=self.environment, check=True, timeout=20)

    def resize(self, columns: int, lines: int) -> None:
        self._tty.write_text(f"\x1b[8;{lines};{columns}t")

    def text(self) -> str:
        return re.sub(r"\x1b\[[^A-Za-z]*[A-Za-z]|\x1b[()#%].|[\x0e\x0f]", "", self._print())

    def shown(self) -> object:
        return _cells(self._print()), self.picture()

    def _print(self) -> str:
        self._printed.unlink(missing_ok=True)
        self._tty.write_text("\x1b[i")
        until(self._printed.exists, "what xterm prints")
        return self._printed.read_text(errors="replace")


@contextmanager
def in_xterm(command: list[str], folder: Path) -> Iterator[InXterm]:
    folder.mkdir()
    printed, tty = folder / "printed", folder / "tty"
    resources = {
        "printerCommand": f"cat > {printed}.new && mv {printed}.new {printed}", "printerAutoClose": "true",
        "printAttributes": "2", "allowWindowOps": "true", "cursorBlink": "false",
    }  # fmt: skip
    settings = [part for name, value in resources.items() for part in ("-xrm", f"XTerm*{name}: {value}")]
    told = f"tty > {shlex.quote(str(tty))}; exec {shlex.join(command)}"
    columns, lines = SIZE
    with ExitStack() as stack:
        display = stack.enter_context(_display(stack))
        environment = {**os.environ, **ENVIRONMENT, "DISPLAY": display}
        arguments = ["xterm", "-u8", "-fn", "fixed"]
        stack.enter_context(
            running(
                [*arguments, "-geometry", f"{columns}x{lines}+0+0", *settings, "-e", "sh", "-c", told], environment
            )
        )
        until(lambda: tty.exists() and tty.read_text().endswith("\n"), "the tty of xterm")
        place = InXterm(display, printed, Path(tty.read_text().strip()))
        # There is no window manager to give it the keys.
        subprocess.run(
            ["xdotool", "search", "--sync", "--class", "xterm", "windowfocus"],
            env=place.environment, check=True, timeout=20, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        yield place


class InKitty(InX):
    """A kitty, asked and told over the socket of its remote control."""

    def __init__(self, display: str, at: Path) -> None:
        super().__init__(display)
        self._at = at

    def _kitty(self, *words: str) -> str:
        command = ["kitty", "@", "--to", f"unix:{self._at}", *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=20, check=True)
        return done.stdout

    def is_ready(self) -> bool:
        with suppress(subprocess.CalledProcessError):
            return bool(json.loads(self._kitty("ls")))
        return False

    def press(self, key: str) -> None:
        self._kitty("send-text", BYTES.get(key, key))

    def resize(self, columns: int, lines: int) -> None:
        self._kitty("resize-os-window", "--unit", "cells", "--width", str(columns), "--height", str(lines))

    def text(self) -> str:
        return self._dump()

    def shown(self) -> object:
        return _cells(self._dump("--ansi"))

    def _dump(self, *options: str) -> str:
        """Return what is shown, line by line: kitty takes a full line and the next one for one that was wrapped."""
        told = self._kitty("get-text", "--add-wrap-markers", *options)
        return told.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def in_kitty(command: list[str], folder: Path) -> Iterator[InKitty]:
    folder.mkdir()
    at = folder / "s"
    columns, lines = SIZE
    options = {
        "allow_remote_control": "yes", "remember_window_size": "no", "font_size": "7", "cursor_blink_interval": "0",
        "initial_window_width": f"{columns}c", "initial_window_height": f"{lines}c", "update_check_interval": "0",
    }  # fmt: skip
    settings = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
    with ExitStack() as stack:
        place = InKitty(stack.enter_context(_display(stack)), at)
        started = ["kitty", "--config", "NONE", *settings, "--listen-on", f"unix:{at}", *command]
        process = stack.enter_context(running(started, place.environment))

        def is_ready() -> bool:
            if process.poll() is not None:
                pytest.skip("kitty does not start here: it needs OpenGL")
            return place.is_ready()

        until(is_ready, "kitty")
        yield place
