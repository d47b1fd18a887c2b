"""Where people sit: a screen session, mosh, ssh, xterm, kitty. Each takes keys and sizes, and tells what it shows."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import zip_longest
from pathlib import Path
from typing import Protocol

import pytest

from tests.support.cells import Seen
from tests.support.terminal import Terminal

PATIENCE = 40.0
SIZE = (120, 40)

BYTES = {"Escape": "\x1b", "Return": "\r", "space": " ", "question": "?", "slash": "/", "ctrl+l": "\x0c", "Down": "\x1b[B"}
"""Keys by the names that X has for them; others are themselves."""

ENVIRONMENT = {"COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}


class Place(Protocol):
    """A terminal with the program in it."""

    def press(self, key: str) -> None:
        """Press a key, by its name."""

    def resize(self, columns: int, lines: int) -> None:
        """Make the terminal as large as this."""

    def text(self) -> str:
        """Return what is shown, without colours."""

    def shown(self) -> object:
        """Return all that a person sees, to be compared with what another one shows."""



def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [name for name in programs if shutil.which(name, path=_path()) is None]
    return pytest.mark.skipif(bool(missing), reason=f"there is no {', '.join(missing)} here")


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


def until(seen: Callable[[], object], what: str = "", seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, f"not seen: {what}"
        time.sleep(0.2)


def same(first: Place, second: Place, seen: Callable[[str], bool] | str, what: str) -> None:
    """Wait until both show this, and the same as each other, in all that a person sees."""
    shows = seen if callable(seen) else lambda text: seen in text
    deadline = time.monotonic() + PATIENCE
    while True:
        texts = first.text(), second.text()
        pair = first.shown(), second.shown()
        if all(map(shows, texts)) and pair[0] == pair[1]:
            return
        assert time.monotonic() < deadline, f"{what}: {_difference(*texts, *pair)}"
        time.sleep(0.2)


def _difference(text: str, other: str, shown: object, beside: object) -> str:
    pairs = zip_longest(text.splitlines(), other.splitlines(), fillvalue="")
    differing = [f"{one}\n{two}" for one, two in pairs if one.rstrip() != two.rstrip()]
    if differing:
        return "\n".join(["the lines differ", *differing])
    if not isinstance(shown, list) or not isinstance(beside, list) or shown == beside:
        return f"the pictures differ, or it is not seen\n{text}"
    cells = [f"{number}: {one}, {two}" for number, (one, two) in enumerate(zip(shown, beside, strict=True)) if one != two]
    return "\n".join([f"the colours of {len(cells)} cells differ", *cells[:20]])


class InPty:
    """A program, or a client of it, in a pseudo-terminal that pyte reads."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def press(self, key: str) -> None:
        self.terminal.press(BYTES.get(key, key))

    def resize(self, columns: int, lines: int) -> None:
        self.terminal.resize(columns, lines)

    def text(self) -> str:
        while self.terminal.read(0.05):
            pass
        return self.terminal.text

    def shown(self) -> object:
        self.text()
        return self.terminal.cells


@contextmanager
def in_pty(command: list[str], folder: Path, **environment: str) -> Iterator[InPty]:
    with Terminal(command, SIZE, **(ENVIRONMENT | environment)) as terminal:
        yield InPty(terminal)


class InScreen(InPty):
    """A window of `screen`, looked at through a display of it."""

    def __init__(self, terminal: Terminal, say: Callable[..., None], dump: Path) -> None:
        super().__init__(terminal)
        self._say, self._dump = say, dump

    def hardcopy(self) -> list[str]:
        """Return what the window itself says that it shows."""
        self._dump.unlink(missing_ok=True)
        self._say("hardcopy", str(self._dump))
        until(self._dump.exists, "hardcopy")
        time.sleep(0.2)
        return [line.rstrip() for line in self._dump.read_bytes().decode(errors="replace").splitlines()]


@contextmanager
def in_screen(command: list[str], folder: Path) -> Iterator[InScreen]:
    folder.mkdir(mode=0o700)
    (folder / "screenrc").write_text("startup_message off\nterm screen-256color\ndefutf8 on\n")
    sockets = folder / "sockets"
    sockets.mkdir(mode=0o700)
    environment = ENVIRONMENT | {"SCREENDIR": str(sockets)}
    named = ["screen", "-U", "-S", "shown", "-c", str(folder / "screenrc")]

    def say(*words: str) -> None:
        subprocess.run(
            ["screen", "-S", "shown", "-X", *words], env={**os.environ, **environment}, check=False, capture_output=True
        )

    with Terminal([*named, *command], SIZE, **environment) as terminal:
        try:
            yield InScreen(terminal, say, folder / "hardcopy")
        finally:
            say("quit")


@contextmanager
def in_mosh(command: list[str], folder: Path) -> Iterator[InPty]:
    """Yield a mosh client of a server on this machine, without ssh between them."""
    done = subprocess.run(
        ["mosh-server", "new", "-i", "127.0.0.1", "-c", "256", "--", *command],
        env={**os.environ, **ENVIRONMENT, "MOSH_SERVER_NETWORK_TMOUT": "60"},
        capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=20,
    )  # fmt: skip
    told = re.search(r"MOSH CONNECT (\d+) (\S+)", done.stdout)
    server = re.search(r"pid = (\d+)", done.stdout + done.stderr)
    assert told and server, done.stdout + done.stderr
    environment = {"MOSH_KEY": told[2], "MOSH_PREDICTION_DISPLAY": "never"}
    try:
        with in_pty(["mosh-client", "127.0.0.1", told[1]], folder, **environment) as place:
            yield place
    finally:
        with suppress(ProcessLookupError):
            os.kill(int(server[1]), signal.SIGTERM)


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


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


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
            _running([*arguments, "-geometry", f"{columns}x{lines}+0+0", *settings, "-e", "sh", "-c", told], environment)
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
        process = stack.enter_context(_running(started, place.environment))

        def is_ready() -> bool:
            if process.poll() is not None:
                pytest.skip("kitty does not start here: it needs OpenGL")
            return place.is_ready()

        until(is_ready, "kitty")
        yield place


class Sshd:
    """A server on a loopback port that lets in whoever has the key of this test, to a command."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def client(self, command: list[str], port: int | None = None) -> list[str]:
        settings = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "IdentitiesOnly=yes",
                    "SendEnv=COLORTERM LC_ALL", "ControlPath=none")  # fmt: skip
        options = [part for each in settings for part in ("-o", each)]
        where = ["-F", "none", "-i", str(self.folder / "key"), "-p", str(port or self.port), "127.0.0.1"]
        here = shlex.quote(os.getcwd())
        environment = shlex.join(f"{name}={value}" for name, value in {**ENVIRONMENT, "HOME": os.environ["HOME"]}.items())
        return ["ssh", "-tt", *options, *where, f"cd {here} && env {environment} {shlex.join(command)}"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def sshd(folder: Path) -> Iterator[Sshd]:
    folder.mkdir(mode=0o700)
    for name in ("host", "key"):
        made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(made, check=True, timeout=20)
    shutil.copy(folder / "key.pub", folder / "authorized")
    port = free_port()
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    settings = (
        f"Port={port}", "ListenAddress=127.0.0.1", f"HostKey={folder / 'host'}", "PidFile=none", "UsePAM=no",
        f"AuthorizedKeysFile={folder / 'authorized'}", "StrictModes=no", "PermitRootLogin=yes", "PrintMotd=no",
        "PasswordAuthentication=no",
    )  # fmt: skip
    options = [part for each in settings for part in ("-o", each)]
    program = shutil.which("sshd", path=_path()) or "sshd"
    log = folder / "log"
    command = [program, "-D", "-f", "/dev/null", "-E", str(log), *options]
    with _running(command, dict(os.environ)) as process:

        def listens() -> bool:
            if process.poll() is not None:
                pytest.skip(f"sshd does not start here: {log.read_text().strip()}")
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True
            return False

        until(listens, "sshd")
        yield Sshd(folder, port)


@contextmanager
def in_ssh(command: list[str], folder: Path) -> Iterator[InPty]:
    with sshd(folder) as server, in_pty(server.client(command), folder) as place:
        yield place



