"""The installed command in a pseudo-terminal, from end to end."""

from __future__ import annotations

import os
import signal
import subprocess
from datetime import UTC, datetime

import pytest

from tests.support import processes
from tests.support.builders import KEY
from tests.support.cli import COMMAND, demo_server
from tests.support.demo_api import Served
from tests.support.terminal import Terminal

READ = "· read "


def test_it_starts_on_the_demo_obeys_keys_and_quits():
    with Terminal([COMMAND, "--demo"]) as terminal:
        text = terminal.until(lambda text: READ in text and "b model" in text and "▲" in text)
        today = f"{datetime.now(UTC):%a %d %b}"
        assert today in text
        assert "[15d]" in text
        assert "demo" in text.splitlines()[0]
        terminal.press("]")
        terminal.press(" ")
        terminal.until(lambda shown: shown.count("▾") == text.count("▾") + 1)
        terminal.press("[")
        terminal.press(" ")
        terminal.until(lambda shown: shown.count("▾") <= text.count("▾"))
        terminal.press("?")
        terminal.until("Go down a day")
        terminal.press("\x1b")
        terminal.until(lambda text: "Go down a day" not in text)
        terminal.resize(60, 15)
        terminal.until("UTC day")
        terminal.press("r")
        terminal.until(READ)
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.gives_back


def test_it_reads_a_real_server_and_shows_its_host_but_never_the_key():
    with (
        demo_server() as address,
        Terminal([COMMAND, "--days", "3"], OPENAI_ADMIN_KEY=KEY, OPENAI_BASE_URL=address) as terminal,
    ):
        text = terminal.until(lambda text: READ in text and "b model" in text)
        assert address.split("/")[2] in text
        assert "[4d]" in text
        arguments = processes.arguments(terminal.pid)
        assert b"oai-usage-tui" in arguments
        terminal.press("\x03")
        assert terminal.wait() == 0
        assert KEY.encode() not in terminal.received + arguments


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_told_to_end_it_gives_the_terminal_back(number, status):
    with Terminal([COMMAND, "--demo"]) as terminal:
        terminal.until(READ)
        terminal.kill(number)
        assert terminal.wait() == status
        assert terminal.gives_back


def test_without_a_mouse_it_leaves_the_mouse_alone():
    with Terminal([COMMAND, "--demo", "--no-mouse"]) as terminal:
        terminal.until(READ)
        terminal.press("q")
        assert terminal.wait() == 0
        assert b"\x1b[?1000h" not in terminal.received


def test_without_a_key_a_screen_says_how_to_make_one_and_the_status_is_3():
    with Terminal([COMMAND]) as terminal:
        terminal.until("An admin key is needed")
        terminal.press("q")
        assert terminal.wait() == 3


def test_a_key_command_may_use_the_terminal_before_the_dashboard_takes_it(tmp_path):
    ask = tmp_path / "ask"
    ask.write_text(f'#!/bin/sh\nprintf "Passphrase: " > /dev/tty\nread answer < /dev/tty\necho {KEY}\n')
    ask.chmod(0o700)
    folder = tmp_path / ".config" / "oai-usage-tui"
    folder.mkdir(parents=True)
    with demo_server() as address:
        (folder / "config.toml").write_text(f'admin_key_command = ["{ask}"]\nbase_url = "{address}"\n')
        with Terminal([COMMAND], HOME=str(tmp_path)) as terminal:
            terminal.until("Passphrase:")
            terminal.press("open\r")
            terminal.until(READ)
            terminal.press("q")
            assert terminal.wait() == 0


@pytest.mark.parametrize(
    ("redirection", "environment"), [("< /dev/null", {}), ("2> /dev/null", {}), ("", {"TERM": "dumb"})]
)
def test_without_a_whole_terminal_there_is_a_sentence_instead(redirection, environment):
    command = f"'{COMMAND}' --demo {redirection}; echo status $?"
    with Terminal(["/bin/sh", "-c", command], **environment) as terminal:
        terminal.until("status 2")
        assert b"\x1b[?1049h" not in terminal.received
        if "2>" not in redirection:
            assert "oai-usage-tui export" in terminal.text.replace("\n", "")


def test_settings_that_cannot_be_used_are_told_before_the_terminal_is_taken():
    with Terminal([COMMAND, "--base-url", "http://gateway.example/v1"], OPENAI_ADMIN_KEY=KEY) as terminal:
        assert terminal.wait() == 2
        assert "unencrypted" in terminal.text.replace("\n", "")
        assert b"\x1b[?1049h" not in terminal.received


def test_pages_are_replayed_in_the_dashboard(tmp_path):
    path = tmp_path / "pages.json"
    raw = subprocess.run([COMMAND, "export", "--demo", "--raw", "--days", "5"], capture_output=True, check=True)
    path.write_bytes(raw.stdout)
    with Terminal([COMMAND, "--replay", str(path)]) as terminal:
        text = terminal.until("✓ replayed, as of")
        assert "replay of pages.json" in text
        assert "[6d]" in text
        terminal.press("q")
        assert terminal.wait() == 0


def test_the_demo_leaves_nothing_on_disk():
    with Terminal([COMMAND, "--demo"]) as terminal:
        terminal.until(READ)
        terminal.press("q")
        terminal.wait()
    assert [name for _, _, names in os.walk(os.environ["HOME"]) for name in names] == []


def test_bytes_that_are_no_text_do_not_end_it():
    with Terminal([COMMAND, "--demo"]) as terminal:
        terminal.until(READ)
        os.write(terminal._master, b"\xff\xfe\xe4x")
        for _ in range(5):  # keys that arrive together with such bytes are lost with them
            terminal.press("?")
            if terminal.shows("Go down a day", seconds=5):
                break
        assert "Go down a day" in terminal.text
        terminal.press("\x03")
        assert terminal.wait() == 0, "ctrl+c quits wherever one is"


def test_it_stops_for_the_shell_and_draws_everything_again_when_it_returns():
    with Terminal(["/bin/bash", "--norc", "-i"], PS1="$ ") as terminal:
        terminal.until("$")
        terminal.press(f"'{COMMAND}' --demo\n")
        terminal.until(READ)
        terminal.press("?")
        terminal.until("Go down a day")
        terminal.press("\x1a")
        terminal.until("Stopped")
        terminal.press("fg\n")
        terminal.until("Go down a day")
        terminal.press("\x1b")
        text = terminal.until(lambda text: READ in text and "Enter open" in text)
        assert "[15d]" in text
        terminal.press("q")
        terminal.until("$")


@pytest.mark.slow
def test_a_threshold_of_the_config_rings_and_runs_the_users_command_unless_told_not_to(tmp_path):
    folder, said = tmp_path / ".config" / "oai-usage-tui", tmp_path / "said"
    folder.mkdir(parents=True)
    with Served() as api:
        (folder / "config.toml").write_text(
            f'base_url = "{api.base_url}"\nthresholds = [1]\non_threshold = ["sh", "-c", '
            f"'echo $OAI_USAGE_POOL $OAI_USAGE_THRESHOLD ${{OPENAI_ADMIN_KEY:-none}} >> {said}']\n"
            "[limits]\nlarge = 1\nsmall = 1000000000\n"
        )
        told = {"HOME": str(tmp_path), "OPENAI_ADMIN_KEY": KEY}
        with Terminal([COMMAND], **told) as terminal:
            terminal.until(lambda text: READ in text and "spent" in text and said.exists() and said.read_text() != "")
            terminal.press("q")
            assert terminal.wait() == 0
            assert terminal.bells in {1, 2}, "the month may be told of as well"
        assert said.read_text().split() == ["large", "1", "none"]
        with Terminal([COMMAND, "--no-bell"], **told) as terminal:
            terminal.until(lambda text: READ in text and "spent" in text)
            terminal.press("q")
            assert terminal.wait() == 0
            assert terminal.bells == 0


def test_what_is_typed_in_one_go_reaches_the_dialog_or_the_filter_and_ends_nothing():
    with Terminal([COMMAND, "--demo", "--days", "3", "--no-live"]) as terminal:
        terminal.until("small ━")
        terminal.until("all models")
        terminal.press("bjj kk\r\r\r")
        terminal.until("b model within project")
        terminal.press("/mini pie\r")
        terminal.until("filter: mini pie")
        terminal.press("\x1b")
        terminal.until(lambda text: "filter" not in text.splitlines()[0])
        terminal.press("q")
        assert terminal.wait() == 0
