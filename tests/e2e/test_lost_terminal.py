"""A terminal that goes without a word, and a program that was stopped without one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.cli import COMMAND
from tests.support.terminal import Terminal
from tui.ui.terminal.output import TerminalOutput

READ = "· read "

DRIVERS = pytest.mark.parametrize("driver", [[], ["--plain-driver"]], ids=["thrifty", "plain"])


@DRIVERS
@pytest.mark.parametrize("live", ["--live=15", "--no-live"])
def test_a_terminal_that_goes_without_a_signal_ends_it(driver, live):
    with Terminal([COMMAND, "--demo", live, *driver], controlling=False) as terminal:
        terminal.until(READ)
        terminal.hang_up()
        assert terminal.wait() == 129


@pytest.mark.parametrize("moment", [0.1, 0.25, 0.4, 0.55, 0.7, 1.0])
def test_a_terminal_that_goes_while_it_starts_ends_it_too(moment):
    with Terminal([COMMAND, "--demo"], controlling=False) as terminal:
        time.sleep(moment)
        terminal.hang_up()
        assert terminal.wait() in {129, 1, 2, 120}, "before the screen Python itself may end it"


def with_replaced(mark: Path, what: str) -> list[str]:
    """The program, one of whose descriptors is replaced as soon as a file is there."""
    code = (
        "import os, sys, threading, time\n"
        "def replace():\n"
        f"    while not os.path.exists({str(mark)!r}): time.sleep(0.02)\n"
        f"    {what}\n"
        "threading.Thread(target=replace, daemon=True).start()\n"
        "sys.argv[1:] = ['--demo', '--no-live']\n"
        "from tui.__main__ import main\n"
        "main()\n"
    )
    return [sys.executable, "-c", code]


@pytest.mark.parametrize(
    "what",
    {
        "nothing to read": "os.dup2(os.open('/dev/null', os.O_RDONLY), 0)",
        "a pipe whose other end is closed": "r, w = os.pipe(); os.close(w); os.dup2(r, 0)",
        "closed": "os.close(0)",
        "a terminal that cannot be written": "r, w = os.pipe(); os.close(r); os.dup2(w, 2)",
        "a full disk": "os.dup2(os.open('/dev/full', os.O_WRONLY), 2)",
    }.values(),
)
def test_whatever_takes_the_terminals_place_ends_it(what, tmp_path):
    if "/dev/full" in what and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with Terminal(with_replaced(tmp_path / "now", what), controlling=False) as terminal:
        terminal.until(READ)
        (tmp_path / "now").touch()
        if ", 2)" in what:
            terminal.press("?")  # something is drawn
        assert terminal.wait() == 129
        assert b"Traceback" not in terminal.received


@DRIVERS
@pytest.mark.parametrize("how", ["q", signal.SIGTERM])
def test_after_a_stop_from_outside_it_draws_anew_and_obeys_at_once(driver, how):
    with Terminal([COMMAND, "--demo", "--no-live", *driver]) as terminal:
        terminal.until(READ)
        for _ in range(3):
            terminal.kill(signal.SIGSTOP)
            os.waitpid(terminal.pid, os.WUNTRACED)
            terminal.overwrite("\x1b[2J\x1b[H")
            terminal.kill(signal.SIGCONT)
            terminal.until(lambda text: READ in text and "UTC day" in text and "large" in text)
        terminal.press("?")
        terminal.until("Go down a day")
        terminal.press("\x1b")
        terminal.until(lambda text: "Go down a day" not in text)
        if how == "q":
            terminal.press("q")
        else:
            terminal.kill(how)
        assert terminal.wait() == (0 if how == "q" else 143)
        assert terminal.kept == {}


@pytest.mark.parametrize("moment", [0.05, 0.2, 0.35, 0.5, 0.65, 0.8])
def test_going_on_without_a_stop_also_while_it_starts_changes_nothing(moment):
    with Terminal([COMMAND, "--demo", "--no-live"]) as terminal:
        time.sleep(moment)
        for _ in range(5):
            terminal.kill(signal.SIGCONT)
            time.sleep(0.02)
        terminal.until(READ)
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.kept == {}


def test_output_takes_its_time_where_another_program_made_the_terminal_non_blocking():
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    lost: list[bool] = []
    script = (
        f"import os, time; time.sleep(0.2); n = 0\nwhile n < 1_000_000: n += len(os.read({reading}, 65536))\nprint(n)"
    )
    with (
        os.fdopen(writing, "w", encoding="utf-8") as file,
        subprocess.Popen([sys.executable, "-c", script], pass_fds=[reading], stdout=subprocess.PIPE) as reader,
    ):
        TerminalOutput(file, lambda: lost.append(True)).write("é" * 500_000)
        assert reader.communicate(timeout=20)[0].strip() == b"1000000"
    os.close(reading)
    assert lost == []
