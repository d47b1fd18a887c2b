"""However the program ends, also while it starts, the terminal is as it was before."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from datetime import UTC, datetime

import pytest

from tests.support import processes
from tests.support.builders import KEY
from tests.support.cli import COMMAND
from tests.support.demo_api import Served
from tests.support.terminal import Terminal

READ = "· read "

TOLD = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130}

MOMENTS = (0.05, 0.15, 0.25, 0.35, 0.45, 0.6, 0.9)
"""Seconds after the start: while Python, the program and the screen come up, and after that."""

FAULTS = {
    "before the first frame": "from tui.ui.dashboard import DashboardScreen as of; name = 'compose'",
    "at the first frame": "from tui.ui.dashboard import DashboardScreen as of; name = 'on_mount'",
    "at what is read": "from tui.ui.widgets.usage_table import UsageTable as of; name = 'show'",
    "while it is drawn": "from tui.ui.terminal.canvas import Canvas as of; name = 'difference'",
    "at a key": "from tui.ui.dashboard import DashboardScreen as of; name = 'action_run'",
    "at the keyboard": "from textual._xterm_parser import XTermParser as of; name = 'feed'",
}


def broken(fault: str, *arguments: str) -> list[str]:
    """The program with one method that raises."""
    code = (
        "import sys\n"
        f"sys.argv[1:] = {[*arguments]!r}\n"
        f"{FAULTS[fault]}\n"
        "def fails(*_, **__): raise RuntimeError('a fault put in by a test')\n"
        "setattr(of, name, fails)\n"
        "from tui.__main__ import main\n"
        "main()\n"
    )
    return [sys.executable, "-c", code]


@pytest.mark.parametrize("driver", [[], ["--plain-driver"]])
@pytest.mark.parametrize(("keys", "status"), [("q", 0), ("\x03", 0), ("\x11", 0)])
def test_at_a_key_it_gives_back_all_that_it_took(keys, status, driver):
    with Terminal([COMMAND, "--demo", "--no-live", *driver]) as terminal:
        terminal.until(READ)
        assert {"?1049", "?1000", "?1006", "?2004", "?25", "?7", "keyboard", "line"} <= terminal.kept.keys()
        terminal.press(keys)
        assert terminal.wait() == status
        assert terminal.kept == {}


def test_what_a_terminal_offers_and_the_program_takes_up_is_given_back_too():
    with Terminal([COMMAND, "--demo", "--no-live"]) as terminal:
        terminal.until(READ)
        terminal.press("\x1b[?2026;2$y\x1b[?2048;2$y")
        terminal.until(lambda _: {"?1016", "?2048"} <= terminal.kept.keys())
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.kept == {}


@pytest.mark.parametrize("number", TOLD)
@pytest.mark.parametrize("moment", MOMENTS)
def test_told_to_end_while_it_starts_it_leaves_the_terminal_as_it_was(number, moment):
    with Terminal([COMMAND, "--demo", "--no-live"]) as terminal:
        time.sleep(moment)
        terminal.kill(number)
        status = terminal.wait()
        assert terminal.kept == {}
        if b"\x1b[?1049h" in terminal.received:
            assert status == TOLD[number], terminal.text
        elif "init_import_site" in terminal.text:  # Python itself was not there yet, and says so
            assert status == 1
        else:
            assert status in {TOLD[number], -number}, terminal.text


@pytest.mark.parametrize("moment", [*MOMENTS, None])
def test_a_line_that_drops_ends_it(moment):
    with Terminal([COMMAND, "--demo"]) as terminal:
        if moment is None:
            terminal.until(READ)
        else:
            time.sleep(moment)
        terminal.hang_up()
        assert terminal.wait() in {129, -signal.SIGHUP, 2, 1}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_it_in_order_and_says_what_it_was(fault):
    with Terminal(broken(fault, "--demo", "--no-live")) as terminal:
        if fault == "at a key":
            terminal.until(READ)
            terminal.press("?")
        elif fault == "at the keyboard":
            terminal.shows(READ, 5)
            terminal.press("j")
        assert terminal.wait() == 1
        assert terminal.kept == {}
        assert "a fault put in by a test" in terminal.text


@pytest.mark.slow
@pytest.mark.parametrize("command", [("check", "--pool", "large", "--max-percent", "90"), ("doctor",)], ids=" ".join)
def test_a_command_whose_host_never_answers_says_for_whom_it_waits_and_ends_at_ctrl_c(command):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://{host}/v1"}
        with Terminal([COMMAND, *command], **told) as terminal:
            terminal.until(f"oai-usage-tui: waiting for {host}. Ctrl+C ends it.")
            terminal.press("\x03")
            assert terminal.wait() == 130


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_that_nobody_reads_does_not_keep_it(number):
    with Terminal([COMMAND, "--demo", "--no-live"]) as terminal:
        terminal.until(READ)
        for width in (119, 120) * 100:
            terminal.resize(width, 40)
            time.sleep(0.005)
        terminal.kill(number)
        deadline = time.monotonic() + 20
        while not (done := os.waitpid(terminal.pid, os.WNOHANG))[0]:
            assert time.monotonic() < deadline, "nobody reads, and it waits for that"
            time.sleep(0.05)
        terminal.status = os.waitstatus_to_exitcode(done[1])
        assert terminal.status in {TOLD[number], -number}


@pytest.mark.parametrize("moment", [0.2, 0.35, 0.5, 0.65, None])
def test_stopped_from_outside_it_gives_the_terminal_back_and_takes_it_again(moment):
    """The terminal's own stop: it comes while it starts as well."""
    with Terminal(["/bin/bash", "--norc", "-i"], PS1="$ ") as terminal:
        terminal.until("$")
        terminal.press(f"'{COMMAND}' --demo --no-live & fg\n")
        if moment is None:
            terminal.until(READ)
        else:
            time.sleep(moment)
        program = child_of(terminal)
        if program is not None:
            os.kill(program, signal.SIGTSTP)
        terminal.until("Stopped")
        assert not {"?1049", "?1000", "?25"} & terminal.kept.keys()
        terminal.press("fg\n")
        terminal.until(lambda text: "?1049" in terminal.kept and READ in text)
        terminal.until("q quit")
        terminal.press("q")
        taken = {"?1049", "?1000", "?1006", "?25", "?7", "keyboard"}
        terminal.until(lambda _: not taken & terminal.kept.keys())


@pytest.mark.parametrize("ended", ["q", "signal"])
def test_neither_an_api_that_is_silent_nor_a_command_that_goes_on_keeps_it(ended, tmp_path):
    folder = tmp_path / ".config" / "oai-usage-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('on_threshold = ["sleep", "7"]\nthresholds = [1]\n[limits]\nlarge = 1\n')
    told = {"HOME": str(tmp_path), "OPENAI_ADMIN_KEY": KEY}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with Terminal([COMMAND, "--base-url", address], **told) as terminal:
            terminal.until("0 of 15 days")
            end(terminal, ended)
    with Served(datetime.now(UTC)) as api, Terminal([COMMAND, "--base-url", api.base_url], **told) as terminal:
        terminal.until(lambda text: READ in text and "spent" in text)
        child = child_of(terminal)
        assert child is not None
        end(terminal, ended)
        assert processes.eventually(lambda: not processes.is_running(child))


def end(terminal: Terminal, how: str) -> None:
    """End it, by a key or from outside, and see that it does."""
    if how == "q":
        terminal.press("q")
    else:
        terminal.kill(signal.SIGTERM)
    assert terminal.wait() == (0 if how == "q" else TOLD[signal.SIGTERM])
    assert terminal.kept == {}


def child_of(terminal: Terminal) -> int | None:
    """The shell's first child."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = processes.children(terminal.pid)
        if found:
            return found[0]
        time.sleep(0.01)
    return None
