"""`doctor`: what it tells of the terminal, how it is printed, and what is never in it."""

from __future__ import annotations

import asyncio
import json
import signal
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.cli import COMMAND, run
from tests.support.doctor_api import KEY, MARK, PLAIN, Api, folder
from tests.support.loopback import Loopback, refusal
from tests.support.paths import ROOT
from tests.support.terminal import Terminal


@pytest.mark.parametrize(
    ("environment", "name", "state", "says"),
    [
        ({"TERM": "xterm", "COLORTERM": ""}, "colours", "warn", "16"),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, "colours", "ok", "256"),
        ({"COLORTERM": "truecolor"}, "colours", "ok", "16.7 million"),
        ({"COLORTERM": "truecolor", "STY": "1.pts", "TERM": "screen-256color"}, "colours", "ok", "256"),
        ({"NO_COLOR": "1"}, "colours", "ok", "NO_COLOR"),
        ({"PYTHONIOENCODING": "latin-1"}, "UTF-8", "fail", "8859"),
        ({}, "clipboard", "skip", "no terminal tells"),
        ({"TMUX": "/tmp/tmux-0/default,1,0"}, "clipboard", "skip", "tmux"),
        ({"STY": "1.pts"}, "clipboard", "warn", "screen"),
    ],
)
def test_what_the_environment_tells_of_the_terminal(environment, name, state, says):
    with Terminal([COMMAND, "doctor", "--demo"], size=(200, 40), **{**PLAIN, **environment}) as terminal:
        terminal.wait()
    (line,) = (line for line in terminal.text.splitlines() if line[6:].startswith(f"{name}  "))
    assert line.split()[0] == state
    assert says in line


@pytest.mark.parametrize(
    ("environment", "name", "says"),
    [
        ({"TERM": "xterm", "COLORTERM": ""}, "colours", "16"),
        ({"PYTHONIOENCODING": "latin-1"}, "UTF-8", "8859"),
        ({"STY": "1.pts"}, "clipboard", "not a terminal"),
        ({"TERM": "\x1b]0;mine\x07"}, "terminal", "not a terminal"),
        ({}, "terminal size", "not a terminal"),
        ({}, "synchronised output", "not a terminal"),
    ],
)
def test_where_there_is_no_terminal_nothing_of_it_is_a_warning(environment, name, says):
    done = run("doctor", "--demo", "--json", **{**PLAIN, **environment})
    found = {each["name"]: each for each in json.loads(done.stdout)["findings"]}
    assert (found[name]["state"], found[name]["advice"]) == ("skip", None)
    assert says in found[name]["words"]
    assert "\x1b" not in found[name]["words"]
    assert {each["state"] for each in found.values()} <= {"ok", "skip"}


@pytest.mark.parametrize(
    ("answer", "says"),
    [("2", "the terminal has it"), ("0", "does not have it"), ("", "did not say")],
)
def test_a_terminal_is_asked_for_synchronised_output_and_given_back(answer, says):
    with Terminal([COMMAND, "doctor", "--demo"], size=(120, 40), TMUX="") as terminal:
        deadline = datetime.now(UTC) + timedelta(seconds=20)
        while b"\x1b[?2026$p" not in terminal.received and datetime.now(UTC) < deadline:
            terminal.look(0.02)
        if answer:
            terminal.press(f"\x1b[?2026;{answer}$y")
        assert terminal.wait() == 0
        assert says in terminal.text
        assert "120 columns, 40 lines" in terminal.text
        assert terminal.gives_back


def test_told_to_end_while_the_terminal_is_asked_it_gives_the_line_back_first():
    with Terminal([COMMAND, "doctor", "--demo"], TMUX="") as terminal:
        deadline = datetime.now(UTC) + timedelta(seconds=20)
        while b"\x1b[?2026$p" not in terminal.received and datetime.now(UTC) < deadline:
            terminal.look(0.02)
        terminal.kill(signal.SIGTERM)
        assert terminal.wait() == -signal.SIGTERM
        assert terminal.gives_back


def test_a_terminal_that_is_small_or_can_do_nothing_is_told_of():
    with Terminal([COMMAND, "doctor", "--demo", "--json"], size=(50, 12), TERM="dumb") as terminal:
        assert terminal.wait() == 2
    received = bytes(terminal.received).partition(b"{")
    found = {each["name"]: each for each in json.loads(received[1] + received[2])["findings"]}
    assert (found["terminal"]["state"], found["terminal size"]["state"]) == ("fail", "warn")
    assert "60 columns and 15 lines" in found["terminal size"]["advice"]


def test_in_a_terminal_long_lines_are_folded_between_words():
    with Terminal([COMMAND, "doctor", "--base-url", "http://127.0.0.1:1/v1"], size=(80, 50)) as terminal:
        assert terminal.wait() == 4, "there is no key either, which is the lesser"
        lines = terminal.text.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("fail  key"))
    assert lines[start + 1].startswith(" " * 27 + "- An owner")
    assert lines[start + 2].startswith(" " * 27), "what goes on stands below"
    assert all(len(line.rstrip()) <= 80 for line in lines)


@pytest.mark.parametrize("shape", ["text", "json", "terminal"])
async def test_a_planted_key_and_the_user_are_nowhere_in_the_output(shape, monkeypatch):
    monkeypatch.setenv("LOGNAME", "plantedperson")
    home = folder("plantedperson")
    echo = Api(
        completions=refusal(403, f"{KEY} of org-Planted0123456789", **{"x-request-id": f"{KEY} {KEY[:22]}"}),
        projects=refusal(401, KEY),
    )
    async with Loopback(echo) as served:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{served.port}/v1", "HOME": str(home)}
        told["HTTPS_PROXY"] = "http://plantedperson:plantedword@127.0.0.1:1"
        if shape == "terminal":
            with Terminal([COMMAND, "doctor"], **told) as terminal:
                assert await asyncio.to_thread(terminal.wait) == 3
                said = terminal.text
        else:
            done = await asyncio.to_thread(run, "doctor", *(["--json"] if shape == "json" else []), **told)
            assert done.returncode == 3
            said = done.stdout + done.stderr
    assert "~/.config" in said
    assert not any(each.lower() in said.lower() for each in (MARK, "planted", str(home), KEY[9:15]))


async def test_what_troubleshooting_shows_of_it_is_what_it_prints():
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    shown = page.partition("```\n")[2].partition("```")[0].splitlines()
    async with Loopback(Api(projects=refusal(403))) as served:
        host = f"127.0.0.1:{served.port}"
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://{host}/v1"}
        done = await asyncio.to_thread(run, "doctor", **PLAIN, **told)
    assert done.returncode == 0
    assert done.stdout.replace(host, "api.openai.com").splitlines()[: len(shown)] == shown


def test_a_pipe_that_is_closed_and_help_are_as_with_every_command():
    done = run("doctor", "--help")
    assert done.returncode == 0
    assert "oai-usage-tui doctor --json > report.json" in done.stdout
    assert run("doctor", "--live", "30").returncode == 2
    assert "doctor" in run("completion", "bash").stdout
