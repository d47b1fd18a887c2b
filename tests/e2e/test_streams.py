"""Whatever becomes of stdin, stdout and stderr, the exit status is the documented one and there is no traceback."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys

import pytest

from tests.support.builders import KEY
from tests.support.cli import COMMAND, demo_server
from tests.support.terminal import Terminal

PRINTING = {
    "export": "export --demo --days 1",
    "export in JSON": "export --demo --days 1 --format json",
    "export of the API's own": "export --raw --days 0 --base-url ADDRESS",
    "plain": "--demo --days 1",
    "pools": "pools --demo",
    "pools in JSON": "pools --demo --json",
    "pools in a line": "pools --demo --oneline",
    "why": "why --demo",
    "archive": "archive",
    "doctor": "doctor --demo",
    "doctor in JSON": "doctor --demo --json",
    "completion": "completion bash",
    "help": "--help",
    "help of a command": "export --help",
    "version": "--version",
    "demo server": "demo-server --port 0",
}
"""Commands whose output goes to stdout."""

SILENT = {
    "check below": ("check --demo --pool large --max-percent 1000", {0, 1}),
    "check without a key": ("check --pool large --max-percent 90", {3}),
    "check of nothing": ("check --pool large", {2}),
    "archive clear": ("archive clear --yes", {0}),
    "archive vacuum": ("archive vacuum", {0}),
    "wrong usage": ("export --moon", {2}),
    "no key": ("export", {3}),
}
"""Commands that only say something on stderr, and how they may end."""

CLOSED = ("2>/dev/full", "<&- 2>&-")

TOLD = {"OPENAI_ADMIN_KEY": ""}


def ended(command: str, redirection: str, **environment: str) -> tuple[int, str]:
    """The exit status of the program with its streams redirected by a shell, and what it said on stderr."""
    words = f"{shlex.quote(COMMAND)} {command} {redirection}"
    done = subprocess.run(
        ["bash", "-c", words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, timeout=50, check=False, env={**os.environ, **environment},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def address():
    with demo_server() as url:
        yield url


@pytest.mark.parametrize("name", PRINTING)
def test_an_output_that_is_full_or_closed_ends_with_2_and_a_sentence(name, address):
    command = PRINTING[name].replace("ADDRESS", address)
    told = {"OPENAI_ADMIN_KEY": KEY}
    for unbuffered in ("", "1"):
        status, said = ended(command, ">/dev/full", PYTHONUNBUFFERED=unbuffered, **told)
        assert (status, "cannot be written (No space left on device)" in said) == (2, True)
    assert ended(command, ">/dev/full 2>/dev/full", **told)[0] == 2
    if name not in {"help", "help of a command", "version", "demo server"}:
        status, said = ended(command, ">&-", **told)
        assert (status, "no output to write to" in said) == (2, True)


@pytest.mark.parametrize("name", [name for name in PRINTING if name != "demo server"])
def test_without_stderr_or_stdin_a_command_prints_all_the_same(name, address):
    command = PRINTING[name].replace("ADDRESS", address)
    for redirection in CLOSED:
        done = subprocess.run(
            ["bash", "-c", f"{shlex.quote(COMMAND)} {command} {redirection}"],
            capture_output=True, timeout=50, check=False, env={**os.environ, "OPENAI_ADMIN_KEY": KEY},
        )  # fmt: skip
        assert (done.returncode, bool(done.stdout)) == (0, True), redirection
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", PRINTING)
def test_a_reader_who_has_enough_is_no_error(name, address):
    """The pipe is closed before the program writes to it."""
    command = PRINTING[name].replace("ADDRESS", address)
    reader, end = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [COMMAND, *command.split()], stdin=subprocess.DEVNULL, stdout=end, stderr=subprocess.PIPE,
        timeout=50, check=False, env={**os.environ, "OPENAI_ADMIN_KEY": KEY},
    )  # fmt: skip
    os.close(end)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
@pytest.mark.parametrize("name", SILENT)
def test_a_command_that_says_nothing_on_stdout_ends_as_it_does_with_all_streams(name):
    command, statuses = SILENT[name]
    status, said = ended(command, "", **TOLD)
    assert status in statuses
    assert said or status == 0
    others = () if name == "no key" else (">&-", "<&- >&- 2>&-")
    for redirection in (*CLOSED, ">/dev/full", *others):
        assert ended(command, redirection, **TOLD)[0] == status, redirection


def test_what_goes_to_a_closed_stderr_ends_in_no_file(tmp_path):
    """The first file that is opened would have its number."""
    with demo_server() as address:
        told = {"OPENAI_ADMIN_KEY": KEY, "HOME": str(tmp_path)}
        assert ended(f"export --days 2 --base-url {address}", "<&- 2>&-", **told)[0] == 0
        status, said = ended("archive", "", **told)
    assert (status, said) == (0, "")
    assert list(tmp_path.rglob("*damaged*")) == []


@pytest.mark.parametrize("command", ["check --demo --pool large --max-percent 50", "pools --demo"])
def test_a_fault_of_our_own_is_a_sentence_and_never_taken_for_an_answer(command):
    code = (
        "import sys\n"
        f"sys.argv[1:] = {command.split()!r}\n"
        "from tui.config import catalogue\n"
        "def fails(*_): raise RuntimeError('a fault put in by \\x1b[2J a test')\n"
        "catalogue.effective_catalogue = fails\n"
        "from tui.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == (5 if "check" in command else 1)
    assert "A fault of oai-usage-tui, worth reporting: RuntimeError: a fault put in by" in done.stderr
    assert re.search(r"It happened at \w+\.py:\d+\.", done.stderr)
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    again = subprocess.run(
        [sys.executable, "-X", "dev", "-c", code], capture_output=True, text=True, timeout=50, check=False
    )
    assert "Traceback" in again.stderr, "for who works on the code"


def test_a_dashboard_whose_line_drops_ends_with_a_status_of_its_own():
    with Terminal([COMMAND, "--demo"]) as terminal:
        terminal.until("· read ")
        terminal.hang_up()
        assert terminal.wait() in {129, -1}, "not Python's 120 for a stderr that is gone"


def test_children_of_a_program_without_stderr_have_one(tmp_path):
    ask = tmp_path / "ask"
    ask.write_text(f"#!/bin/sh\necho words >&2 || exit 7\necho {KEY}\n")
    ask.chmod(0o700)
    folder = tmp_path / ".config" / "oai-usage-tui"
    folder.mkdir(parents=True)
    with demo_server() as address:
        (folder / "config.toml").write_text(f"admin_key_command = [{json.dumps(str(ask))}]\nbase_url = '{address}'\n")
        assert ended("export --days 0", "2>&-", HOME=str(tmp_path), OPENAI_ADMIN_KEY="")[0] == 0
