"""The user's own commands: what they may do to us, and that nothing of them is left."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.builders import KEY
from tests.support.cli import COMMAND, demo_server
from tests.support.demo_api import Served
from tests.support.processes import eventually, is_running
from tests.support.terminal import Terminal
from tui.system import user_command
from tui.system.user_command import Output, TooLongError, first_line, run_apart

READ = "· read "

LONG = 60.0


def sh(script: str) -> tuple[str, str, str]:
    return ("/bin/sh", "-c", script)


def noted(path: Path) -> list[int]:
    """The processes that a script has noted in a file."""
    return [int(number) for number in path.read_text().split()] if path.exists() else []


def all_gone(path: Path, count: int) -> bool:
    """Whether so many processes were noted, and none of them runs any more."""
    return len(noted(path)) == count and eventually(lambda: not any(map(is_running, noted(path))))


@pytest.mark.parametrize(
    "end", ["exec sleep 50", "trap '' TERM HUP INT; while :; do sleep 0.1; done", "kill -STOP $$"]
)
@pytest.mark.parametrize("begin", ["echo key", ":"])
def test_whatever_it_does_it_is_ended_with_all_that_it_started(begin, end, tmp_path):
    pids = tmp_path / "pids"
    words = sh(f"sleep 50 & echo $! $$ > {pids}; {begin}; {end}")
    if begin == ":":
        with pytest.raises(TooLongError):
            first_line(words, 0.3)
    else:
        assert first_line(words, LONG) == Output(b"key", None)
    assert all_gone(pids, 2)


def asks_for_a_key(home: Path, script: str, *settings: str) -> dict[str, str]:
    """The environment of a program whose config gets the key from a script."""
    folder = home / ".config" / "oai-usage-tui"
    folder.mkdir(parents=True)
    ask = home / "ask"
    ask.write_text(f"#!/bin/sh\n{script}\n")
    ask.chmod(0o700)
    lines = [f'admin_key_command = ["{ask}"]', *settings]
    (folder / "config.toml").write_text("".join(f"{line}\n" for line in lines))
    return {"HOME": str(home)}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_while_the_key_is_waited_for_ends_all(number, tmp_path):
    pids = tmp_path / "pids"
    told = asks_for_a_key(tmp_path, f"sleep 50 & echo $! $$ > {pids}; wait")
    process = subprocess.Popen(
        [COMMAND, "pools"], env={**os.environ, **told}, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    assert eventually(lambda: noted(pids))
    process.send_signal(number)
    assert b"Traceback" not in process.communicate(timeout=20)[1]
    assert process.returncode == (130 if number is signal.SIGINT else -number)
    assert all_gone(pids, 2)


def test_ctrl_c_at_the_question_of_the_command_ends_both_and_gives_the_echo_back(tmp_path):
    pids = tmp_path / "pids"
    told = asks_for_a_key(tmp_path, f"stty -echo < /dev/tty; echo $$ > {pids}; echo Passphrase: >&2; read answer")
    with Terminal([COMMAND], **told) as terminal:
        terminal.until("Passphrase:")
        terminal.press("\x03")
        assert terminal.wait() == 130
        assert terminal.kept == {}
        assert "Traceback" not in terminal.text
    assert all_gone(pids, 1)


@contextmanager
def shell_with_a_key_to_ask_for(home: Path) -> Iterator[Terminal]:
    """A shell with job control, in which the program's config asks for a passphrase."""
    ask = f'echo Passphrase: >&2; read answer; echo "{KEY}"'
    with demo_server() as address:
        told = asks_for_a_key(home, ask, f'base_url = "{address}"')
        with Terminal(["/bin/bash", "--norc", "-i"], PS1="$ ", **told) as terminal:
            terminal.until("$")
            yield terminal


def test_ctrl_z_at_the_question_of_the_command_stops_both_as_one_job(tmp_path):
    with shell_with_a_key_to_ask_for(tmp_path) as terminal:
        terminal.press(f"'{COMMAND}' pools --oneline | cat\n")
        terminal.until("Passphrase:")
        terminal.press("\x1a")
        assert "large" not in terminal.until("Stopped").replace("--oneline", "")
        terminal.press("fg\n")
        terminal.press("open\n")
        assert KEY not in terminal.until("large")


def test_in_the_background_it_waits_for_the_foreground_to_ask(tmp_path):
    with shell_with_a_key_to_ask_for(tmp_path) as terminal:
        terminal.press(f"'{COMMAND}' pools --oneline &\n")
        terminal.until("Passphrase:")
        terminal.press("\n")
        stopped = terminal.until(lambda text: bool(terminal.press("\n")) or "Stopped" in text)
        assert "large" not in stopped
        terminal.press("fg\n")
        terminal.press("open\n")
        assert KEY not in terminal.until(lambda text: "large" in text.replace("--oneline", ""))


@pytest.mark.parametrize(
    "end", ["exec sleep 50", "trap '' TERM HUP INT; while :; do sleep 0.1; done", "kill -STOP $$"]
)
async def test_a_command_apart_that_hangs_is_ended_with_all_that_it_started(end, tmp_path):
    pids = tmp_path / "pids"
    with pytest.raises(TooLongError):
        await run_apart(sh(f"sleep 50 & echo $! $$ > {pids}; {end}"), os.environ, 0.5)
    assert all_gone(pids, 2)


async def test_what_a_command_apart_leaves_behind_has_the_same_time_and_no_more(tmp_path):
    pids = tmp_path / "pids"
    assert await run_apart(sh(f"sleep 50 & echo $! > {pids}"), os.environ, 0.5) == 0
    assert all_gone(pids, 1)
    assert await run_apart(sh(f"(sleep 0.3; echo done > {tmp_path / 'done'}) &"), os.environ, LONG) == 0
    assert (tmp_path / "done").exists(), "it was given the time"


async def test_what_a_command_that_fails_leaves_behind_is_ended_at_once(tmp_path):
    pids = tmp_path / "pids"
    assert await run_apart(sh(f"sleep 50 & echo $! > {pids}; exit 3"), os.environ, LONG) == 3
    assert all_gone(pids, 1)


@pytest.mark.parametrize("how", ["cancelled", "by force"])
async def test_a_command_apart_ends_with_us(how, tmp_path):
    pids = tmp_path / "pids"
    running = asyncio.create_task(run_apart(sh(f"sleep 50 & echo $! $$ > {pids}; sleep 50"), os.environ, LONG))
    while not noted(pids):
        await asyncio.sleep(0.01)
    if how == "cancelled":
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
    else:
        user_command.end_all()
        assert await running == -signal.SIGKILL
    assert all_gone(pids, 2)


@pytest.mark.parametrize("ended", ["q", "ctrl+c", "SIGTERM", "the line drops", "the terminal is gone"])
def test_the_command_of_a_threshold_takes_no_keys_and_ends_with_the_dashboard(ended, tmp_path):
    pids, seen = tmp_path / "pids", tmp_path / "seen"
    script = f"sleep 50 & echo $! $$ > {pids}; read answer < /dev/tty; cat; echo [$answer] > {seen}; sleep 50"
    with Served(datetime.now(UTC)) as api:
        told = asks_for_a_key(
            tmp_path,
            f"echo {KEY}",
            f'base_url = "{api.base_url}"',
            f'on_threshold = ["sh", "-c", "{script}"]',
            "thresholds = [1]",
            "[limits]\nlarge = 1\nsmall = 1000000000",
        )
        with Terminal([COMMAND], controlling=ended != "the terminal is gone", **told) as terminal:
            terminal.until(lambda text: READ in text and "spent" in text and seen.exists())
            assert seen.read_text() == "[]\n"
            terminal.press("?")
            terminal.until("Go down a day")
            terminal.press("\x1b")
            terminal.until(lambda text: "Go down a day" not in text)
            match ended:
                case "q":
                    terminal.press("q")
                case "ctrl+c":
                    terminal.press("\x03")
                case "SIGTERM":
                    terminal.kill(signal.SIGTERM)
                case _:
                    terminal.hang_up()
            assert terminal.wait() == {"q": 0, "ctrl+c": 0, "SIGTERM": 143}.get(ended, 129)
    assert all_gone(pids, 2)
