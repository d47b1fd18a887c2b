"""A command in our place, as its user sees it: its streams, its signals, its status, and what is told of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.support import processes
from tests.support.builders import KEY
from tests.support.cli import COMMAND, demo_server, run
from tests.support.demo_api import Served
from tests.support.known_api import Organization, say, used
from tests.support.loopback import refusal
from tests.support.terminal import Terminal

HERE = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
"""An address where nobody answers: what is read at the end fails, and that is all."""


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


@pytest.mark.parametrize("status", [0, 4, 125])
def test_its_status_is_ours_whatever_can_be_read_at_the_end(status):
    done = run("run", "--", *python(f"raise SystemExit({status})"), **HERE)
    assert done.returncode == status
    assert "No connection to 127.0.0.1:9" in done.stderr


def test_its_streams_are_its_own_and_ours_is_only_stderr():
    told = {**os.environ, **HERE}
    done = subprocess.run(
        [COMMAND, "run", "--", *python("print(input()[::-1])")],
        input="abc\n",
        capture_output=True,
        text=True,
        env=told,
        timeout=50,
        check=False,
    )
    assert done.stdout == "cba\n"
    assert "All of the organization" in done.stderr


def test_the_admin_key_is_not_in_its_environment_and_all_else_is():
    program = "import os; raise SystemExit(('OPENAI_ADMIN_KEY' in os.environ) * 2 + (os.environ.get('OTHER') != 'x'))"
    assert run("run", "--", *python(program), OTHER="x", **HERE).returncode == 0


def test_without_a_key_nothing_is_started(tmp_path):
    file = tmp_path / "started"
    done = run("run", "--", "touch", str(file), OPENAI_ADMIN_KEY="")
    assert done.returncode == 125
    assert "key" in done.stderr
    assert not file.exists()


def test_an_api_that_cannot_be_reached_keeps_no_command_of_a_project_from_starting():
    done = run("run", "--project", "Web", "--wait", "0", "--", *python("raise SystemExit(7)"), **HERE)
    assert done.returncode == 7
    before, _, after = done.stderr.partition("looked up at the end")
    assert "Whether there is a project called Web could not be read. No connection to 127.0.0.1:9" in before
    assert "Whether there is a project called Web could not be read." in after
    assert "no project" not in done.stderr


def test_a_name_that_the_api_does_not_know_starts_nothing(tmp_path):
    done = run("run", "--demo", "--project", "moon", "--", "touch", str(tmp_path / "started"))
    assert done.returncode == 125
    assert "There is no project called moon" in done.stderr
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize("arguments", [("run",), ("run", "--"), ("run", "--no-such", "--", "true")])
def test_what_cannot_be_understood_starts_nothing(arguments):
    done = run(*arguments, **HERE)
    assert done.returncode == 125
    assert "usage:" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("run", "echo", "hi"), "oai-usage-tui run -- echo …"),
        (("run", "--name", "x", "make"), "oai-usage-tui run -- make\n"),
        (("run", "./a job"), "oai-usage-tui run -- './a job'\n"),
    ],
)
def test_a_command_without_dashes_before_it_is_told_where_it_stands(arguments, hint):
    done = run(*arguments, **HERE)
    assert done.returncode == 125
    assert f"a command stands behind --, as in: {hint}" in done.stderr


def test_a_command_whose_name_is_empty_is_not_there():
    done = run("run", "--", "", **HERE)
    assert done.returncode == 127
    assert "The name of the command is empty" in done.stderr


def test_a_command_belongs_to_run_alone():
    assert run("pools", "--", "true", **HERE).returncode == 2


def test_what_is_not_there_and_what_cannot_be_run(tmp_path):
    assert run("run", "--", str(tmp_path / "none"), **HERE).returncode == 127
    (tmp_path / "text").write_text("no program")
    assert run("run", "--", str(tmp_path / "text"), **HERE).returncode == 126


def test_a_killed_command_is_told_by_its_signal():
    done = run("run", "--", *python("import os; os.kill(os.getpid(), 9)"), **HERE)
    assert done.returncode == 128 + signal.SIGKILL
    assert "status 137" in done.stderr


def test_flags_of_the_command_are_its_own():
    done = run("run", "--name", "x", "--", *python("import sys; print(sys.argv)"), "--name", "--", "--json", **HERE)
    assert "['-c', '--name', '--', '--json']" in done.stdout


def test_a_key_on_the_keyboard_reaches_it_once_and_only_it():
    program = """
import signal, sys, time
count = 0
def noted(*_):
    global count
    count += 1
signal.signal(signal.SIGINT, noted)
print("ready", flush=True)
deadline = time.monotonic() + 20
while not count and time.monotonic() < deadline:
    time.sleep(0.05)
time.sleep(0.5)
print("interrupts", count, flush=True)
raise SystemExit(7)
"""
    with Terminal([COMMAND, "run", "--wait", "0", "--", *python(program)], **HERE) as terminal:
        terminal.until("ready")
        terminal.press("\x03")
        terminal.until("interrupts 1")
        assert terminal.wait() == 7


def test_ctrl_c_ends_only_the_waiting():
    with demo_server() as base_url:
        told = {"OPENAI_ADMIN_KEY": "sk-admin-demo", "OPENAI_BASE_URL": base_url}
        with Terminal([COMMAND, "run", "--", *python("raise SystemExit(9)")], **told) as terminal:
            terminal.until("ends only the waiting")
            terminal.press("\x03")
            assert terminal.wait() == 9


async def test_what_was_used_is_told_by_model_and_kept_for_runs(tmp_path):
    done, asked = await say(
        Organization(used(1, 1_000)),
        "run", "--report", str(tmp_path / "used.json"), "--", *python("print('done')"),
    )  # fmt: skip
    assert done.stdout == "done\n"
    assert "so far" in done.stderr
    document = json.loads((tmp_path / "used.json").read_text())
    assert document["complete"] is False
    assert document["status"] == 0
    assert KEY not in json.dumps(document) + done.stderr
    assert len(asked) <= 6
    again, _ = await say(Organization(), "runs", "--json")
    assert again.returncode == 0, again.stderr


async def test_a_key_that_is_refused_at_the_end_changes_no_status():
    done, _ = await say(lambda _: refusal(401), "run", "--", *python("raise SystemExit(6)"))
    assert done.returncode == 6
    assert KEY not in done.stderr


def test_runs_need_an_archive():
    done = run("runs", "--no-archive", **HERE)
    assert done.returncode == 2
    assert "archive" in done.stderr


@pytest.mark.parametrize("report", ["-", "/dev/stdout", ".", "nowhere/used.json"])
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_started(report, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("run", "--report", report, "--", "touch", str(tmp_path / "started"), **HERE)
    assert done.returncode == 125
    assert "--report" in done.stderr
    assert not (tmp_path / "started").exists()


def test_descriptors_that_the_shell_opened_are_the_commands_too(tmp_path):
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("bash is not installed")
    line = f"{COMMAND} run --wait 0 -- diff <(echo one) <(echo one) 2>/dev/null"
    done = subprocess.run([shell, "-c", line], env={**os.environ, **HERE}, timeout=50, check=False)
    assert done.returncode == 0


STOPS = {
    "the command stops itself": ("kill -STOP $$; echo went on; exit 3", None),
    "the wrapper is told to stop": ("sleep 1; echo went on; exit 3", signal.SIGTSTP),
}


@pytest.mark.parametrize("how", STOPS)
def test_it_stops_as_a_job_of_the_shell_and_goes_on_with_its_command(how):
    script, number = STOPS[how]
    program = ["run", "--wait", "0", "--", "sh", "-c", script]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    # In a group of its own, as a shell has it: one whose shell is gone is not stopped by the system.
    started = subprocess.Popen([COMMAND, *program], env={**os.environ, **HERE}, process_group=0, **streams)
    with started:
        if number is not None:
            assert processes.eventually(lambda: processes.children(started.pid))
            os.kill(started.pid, number)
        assert processes.eventually(lambda: os.waitid(os.P_PID, started.pid, os.WSTOPPED | os.WNOHANG) is not None)
        os.kill(started.pid, signal.SIGCONT)
        assert started.stdout.read() == "went on\n"
        assert started.wait(timeout=30) == 3


def test_a_terminal_that_the_command_left_raw_is_as_it_was():
    raw = "import tty, sys; tty.setraw(2); print('left raw', flush=True)"
    with Terminal([COMMAND, "run", "--wait", "0", "--", *python(raw)], **HERE) as terminal:
        terminal.until("All of the organization")
        assert terminal.wait() == 0
        lines = [line for line in terminal.text.splitlines() if line.strip()]
        assert all(not line.startswith(" ") for line in lines[2:]), "each line of ours begins at the left"


def test_a_hangup_reaches_a_command_of_a_wrapper_that_leads_the_session(tmp_path):
    told = tmp_path / "told"
    script = f"trap 'echo hung up > {told}; exit 0' HUP; echo ready; while :; do sleep 0.05; done"
    with Terminal([COMMAND, "run", "--wait", "0", "--", "sh", "-c", script], **HERE) as terminal:
        terminal.until("ready")
        terminal.hang_up()
        assert processes.eventually(told.exists)


def listed() -> dict:
    (found,) = json.loads(run("runs", "--json", **HERE).stdout)["runs"]
    return found


def test_a_wrapper_that_was_killed_leaves_a_trace_of_its_command():
    started = subprocess.Popen(
        [COMMAND, "run", "--wait", "0", "--name", "night", "--", "sleep", "60"], env={**os.environ, **HERE}
    )
    with started:
        assert processes.eventually(lambda: processes.children(started.pid))
        (child,) = processes.children(started.pid)
        running = listed()
        assert (running["name"], running["ended"], running["last_seen"]) == ("night", None, None)
        assert "running" in run("runs", **HERE).stdout
        started.kill()
        started.wait(timeout=10)
        os.kill(child, signal.SIGKILL)
    lost = listed()
    assert lost["ended"] is None
    assert lost["status"] is None
    assert lost["last_seen"] >= lost["started"]
    assert "end unknown" in run("runs", **HERE).stdout


def test_a_model_that_no_list_has_is_said_and_measured_all_the_same():
    for model, is_said in (("nosuch", True), ("gpt-5.4-mini", False)):
        done = run("run", "--demo", "--model", model, "--", "sh", "-c", "exit 3")
        assert done.returncode == 3
        assert ("No list has a model called nosuch" in done.stderr) is is_said


def test_runs_are_listed_without_a_key_and_that_is_said():
    with Served(datetime.now(UTC)) as api:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": api.base_url}
        assert run("run", "--name", "mine", "--wait", "0", "--", "true", **told).returncode == 0
        assert run("runs", **told).returncode == 0
    done = run("runs", OPENAI_ADMIN_KEY="")
    assert "mine" in done.stdout
    assert "There is no admin key." in done.stderr
    assert done.returncode == 3
