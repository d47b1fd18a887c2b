"""What stands between a terminal and the program: screen, mosh, ssh."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.terminal import Terminal
from tests.terminals.places import ENVIRONMENT, SIZE, InPty, in_pty, path, running, until


class ThroughScreen(InPty):
    """A window of `screen`, looked at through a display of it.

    What it sends to a display by and by lacks at times that blanks are reversed, with either driver. So it is asked
    to display all of the window again (Ctrl+A L).
    """

    def shown(self) -> object:
        self.terminal.press("\x01l")
        while self.terminal.read(1.0):
            pass
        return super().shown()


@contextmanager
def in_screen(command: list[str], folder: Path) -> Iterator[ThroughScreen]:
    folder.mkdir(mode=0o700)
    (folder / "screenrc").write_text("startup_message off\nterm screen-256color\ndefutf8 on\n")
    sockets = folder / "sockets"
    sockets.mkdir(mode=0o700)
    environment = ENVIRONMENT | {"SCREENDIR": str(sockets)}
    named = ["screen", "-U", "-S", "shown", "-c", str(folder / "screenrc")]

    def say(*words: str) -> None:
        subprocess.run(
            ["screen", "-S", "shown", "-X", *words],
            env={**os.environ, **environment},
            check=False,
            capture_output=True,
        )

    with Terminal([*named, *command], SIZE, **environment) as terminal:
        try:
            yield ThroughScreen(terminal)
        finally:
            quitting = ["screen", "-S", "shown", "-X", "quit"]
            subprocess.run(quitting, env={**os.environ, **environment}, check=False, capture_output=True)


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
    assert told, done.stdout + done.stderr
    assert server, done.stdout + done.stderr
    environment = {"MOSH_KEY": told[2], "MOSH_PREDICTION_DISPLAY": "never"}
    try:
        with in_pty(["mosh-client", "127.0.0.1", told[1]], folder, **environment) as place:
            yield place
    finally:
        with suppress(ProcessLookupError):
            os.kill(int(server[1]), signal.SIGTERM)


class Sshd:
    """A server on a loopback port that lets in whoever has the key of this test, to a command."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def client(self, command: list[str], port: int | None = None) -> list[str]:
        settings = (
            "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "IdentitiesOnly=yes",
            "ControlPath=none",
        )  # fmt: skip
        options = [part for each in settings for part in ("-o", each)]
        where = ["-F", "none", "-i", str(self.folder / "key"), "-p", str(port or self.port), "127.0.0.1"]
        environment = [f"{name}={value}" for name, value in {**ENVIRONMENT, "HOME": os.environ["HOME"]}.items()]
        told = f"cd {shlex.quote(str(Path.cwd()))} && {shlex.join(('env', *environment, *command))}"
        return ["ssh", "-tt", *options, *where, told]


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
    program = shutil.which("sshd", path=path()) or "sshd"
    log = folder / "log"
    command = [program, "-D", "-f", "/dev/null", "-E", str(log), *options]
    with running(command, dict(os.environ)) as process:

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
