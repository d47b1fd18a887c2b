"""A command in our place as a job of an interactive shell: stopped, and put in the foreground again."""

from __future__ import annotations

import os
import shutil
import signal

import pytest

from tests.e2e.test_run import HERE
from tests.support import processes
from tests.support.cli import COMMAND
from tests.support.terminal import Terminal

LONGER_THAN_A_LOOK = 0.6
"""Seconds: the wrapper looks after its command more often, and was stopped while it waited."""


def shell() -> Terminal:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    return Terminal([bash, "--norc", "--noprofile", "-i"], PS1="$ ", HISTFILE="", **HERE)


def started(terminal: Terminal, tmp_path, script: str = ":") -> int:
    """Start a script that goes on once there is a file `go`, and return the number of its wrapper."""
    file = tmp_path / "script"
    file.write_text(f"{script}\necho ready\nuntil [ -e {tmp_path}/go ]; do sleep 0.05; done\necho went on\nexit 3\n")
    terminal.until("$ ")
    terminal.press(f"{COMMAND} run --wait 0 -- sh {file}\r")
    terminal.until("ready")
    (wrapper,) = processes.children(terminal.pid)
    return wrapper


def goes_on(terminal: Terminal, tmp_path) -> None:
    """Put it in the foreground, and see it end with its status."""
    terminal.until("Stopped")
    terminal.look(LONGER_THAN_A_LOOK)
    terminal.press("fg\r")
    (tmp_path / "go").touch()
    terminal.until("All of the organization")
    terminal.press("echo status is $?\r")
    terminal.until("status is 3")
    assert "went on" in terminal.text


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGTSTP])
def test_a_wrapper_that_was_stopped_alone_goes_on_with_fg(number, tmp_path):
    with shell() as terminal:
        os.kill(started(terminal, tmp_path), number)
        goes_on(terminal, tmp_path)


def test_ctrl_z_stops_both_and_fg_lets_both_go_on(tmp_path):
    with shell() as terminal:
        started(terminal, tmp_path)
        terminal.press("\x1a")
        goes_on(terminal, tmp_path)


def test_a_command_that_ignores_ctrl_z_goes_on_behind_its_wrapper_and_its_status_is_told(tmp_path):
    with shell() as terminal:
        started(terminal, tmp_path, "trap '' TSTP")
        terminal.press("\x1a")
        goes_on(terminal, tmp_path)


def test_a_command_that_ends_while_its_wrapper_is_stopped_is_told_of_with_fg(tmp_path):
    with shell() as terminal:
        os.kill(started(terminal, tmp_path), signal.SIGSTOP)
        terminal.until("Stopped")
        (tmp_path / "go").touch()
        terminal.until("went on")
        goes_on(terminal, tmp_path)
