"""Machines that are not as the program would like them: no home, no user, no room, an archive that is locked."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.cli import COMMAND, demo_server
from tests.support.doctor_api import KEY
from tests.support.mounts import NEEDS_ROOT, mounted
from tests.support.terminal import Terminal

COMMANDS = {
    "export": ({0}, "| 20"),
    "export --format csv": ({0}, "date,model"),
    "pools": ({0}, "Free tokens on"),
    "pools --oneline": ({0}, "large "),
    "check --pool large --max-percent 1000": ({0, 1}, ""),
    "why": ({0}, "billed"),
}
"""What asks, how it may end, and what it prints."""

TWO = ("export", "pools --oneline")
"""Enough where what is meant is the archive's own."""

HOMELESS = (
    "import os, pwd, sys\n"
    "os.environ.pop('HOME', None)\n"
    "def unknown(*_): raise KeyError('uid not found')\n"
    "pwd.getpwuid = unknown\n"
    "from tui.__main__ import main\n"
    "main()\n"
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with demo_server() as url:
        yield url


def done(words: list[str], address: str, **options) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": address, **options.pop("told", {})}
    return subprocess.run(
        words, capture_output=True, text=True, timeout=50, check=False, stdin=subprocess.DEVNULL,
        env={name: value for name, value in environment.items() if value is not None}, **options,
    )  # fmt: skip


def judged(found: subprocess.CompletedProcess[str], command: str, says: str) -> None:
    """It printed what it prints, ended as it ends, and said one thing once."""
    statuses, prints = COMMANDS[command]
    assert found.returncode in statuses, found.stderr
    assert prints in found.stdout
    assert "Traceback" not in found.stderr
    notes = [line for line in found.stderr.splitlines() if "archive" in line]
    assert len(notes) == 1, found.stderr
    assert says in notes[0]
    assert "What is read now is shown and not kept." in notes[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_home_a_command_runs_and_says_so_once(command, address, tmp_path):
    found = done([sys.executable, "-c", HOMELESS, *command.split()], address, cwd=tmp_path)
    judged(found, command, "There is no home folder: HOME is not set, and the system does not know this user.")
    assert list(tmp_path.iterdir()) == [], "no folder that is called ~"


@pytest.mark.parametrize("home", ["/dev/null", "/proc/self"])
@pytest.mark.parametrize("command", TWO)
def test_with_a_home_that_takes_no_files_a_command_runs_and_says_so_once(command, home, address):
    judged(done([COMMAND, *command.split()], address, told={"HOME": home}), command, "cannot be used now")


@pytest.mark.parametrize("command", [["--demo"], ["doctor", "--demo"], ["completion", "bash"], ["--help"]])
def test_without_a_home_what_keeps_nothing_says_nothing(command, tmp_path):
    found = done([sys.executable, "-c", HOMELESS, *command], "", cwd=tmp_path, told={"OPENAI_BASE_URL": None})
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.parametrize("flags", [["--no-archive"], ["--archive", "here.db"]])
def test_without_a_home_an_archive_can_be_named_or_done_without(flags, address, tmp_path):
    found = done([sys.executable, "-c", HOMELESS, "pools", *flags], address, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert {each.name for each in tmp_path.iterdir()} == ({"here.db"} if "here.db" in flags else set())


def test_without_a_home_the_folders_that_are_named_are_used(address, tmp_path):
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    found = done([sys.executable, "-c", HOMELESS, "pools", "--oneline"], address, told=folders)
    assert (found.returncode, found.stderr) == (0, "")
    assert (tmp_path / "data" / "oai-usage-tui" / "archive.db").exists()


def test_without_a_home_the_dashboard_is_shown_and_its_keys_work(address, tmp_path):
    environment = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": address, "XDG_RUNTIME_DIR": str(tmp_path)}
    with Terminal([sys.executable, "-c", HOMELESS], (160, 40), **environment) as terminal:
        terminal.until(lambda text: "· read " in text and "There is no home folder" in text)
        terminal.press("f")
        terminal.until(", merged")
        terminal.press("q")
        assert terminal.wait() == 0


def test_without_a_home_or_a_key_the_screen_says_where_the_key_goes():
    with Terminal([sys.executable, "-c", HOMELESS], OPENAI_ADMIN_KEY="") as terminal:
        terminal.until("An admin key is needed")
        terminal.press("q")
        assert terminal.wait() == 3


@pytest.mark.slow
@NEEDS_ROOT
@pytest.mark.parametrize("home", [None, "/root", "/nonexistent"])
def test_a_user_whom_the_system_does_not_know_is_served(home, address):
    """As in a container that is started with a number: the folders of others are closed to it."""
    for program in (shutil.which("python3", path="/usr/bin:/usr/local/bin"), sys.executable):
        words = [str(program), "-c", "import tui.bootstrap.commands"]
        told = {"HOME": home, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        with contextlib.suppress(PermissionError):  # an environment in a folder that is closed to others
            if program and not done(words, address, user=54_321, group=54_321, extra_groups=[], told=told).returncode:
                break
    else:
        pytest.skip("the interpreter is not there for other users")
    as_other = {"user": 54_321, "group": 54_321, "extra_groups": [], "told": told, "cwd": "/"}
    for command in ("export", "check --pool large --max-percent 1000"):
        judged(done([program, "-m", "tui", *command.split()], address, **as_other), command, "")
    found = done([program, "-m", "tui", "doctor", "--json"], address, **as_other)
    findings = {each["name"]: each["state"] for each in json.loads(found.stdout)["findings"]}
    assert (found.returncode, findings["archive"], findings["folders"]) == (0, "warn", "warn")


def test_the_doctor_tells_that_there_is_no_home(address):
    found = done([sys.executable, "-c", HOMELESS, "doctor", "--json"], address)
    findings = {each["name"]: each for each in json.loads(found.stdout)["findings"]}
    assert found.returncode == 0
    for name in ("config", "archive", "folders"):
        assert findings[name]["state"] == "warn"
        assert "There is no home folder" in findings[name]["words"]


def cached(tmp_path: Path, address: str) -> Path:
    """An archive with the days of before, but not today's."""
    path = tmp_path / "archive.db"
    assert done([COMMAND, "export", "--days", "3", "--archive", str(path)], address).returncode == 0
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "mode"),
    [
        ("export", "IMMEDIATE"),
        ("pools --oneline", "IMMEDIATE"),
        ("pools --oneline", "EXCLUSIVE"),
        ("why", "EXCLUSIVE"),
    ],
)
def test_an_archive_that_another_writes_for_long_costs_two_seconds_in_all(command, mode, address, tmp_path):
    path = cached(tmp_path, address)
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute(f"BEGIN {mode}")
        began = time.monotonic()
        found = done([COMMAND, *command.split(), "--archive", str(path)], address)
        took = time.monotonic() - began
    judged(found, command, "database is locked")
    assert took < 2 + 6, "two seconds, and what the command takes on a busy machine; it was ten and more"


@pytest.mark.parametrize("command", TWO)
def test_an_archive_that_is_a_link_to_nowhere_is_said_once(command, address, tmp_path):
    link = tmp_path / "archive.db"
    link.symlink_to("disk/that/is/away.db")
    judged(done([COMMAND, *command.split(), "--archive", str(link)], address), command, f"is a link to {tmp_path}")
    assert link.is_symlink()
    assert not (tmp_path / "disk").exists(), "where the disk is mounted when it is there"


def test_a_link_to_a_file_that_is_not_there_yet_is_followed(address, tmp_path):
    (tmp_path / "disk").mkdir()
    link = tmp_path / "archive.db"
    link.symlink_to("disk/usage.db")
    found = done([COMMAND, "export", "--archive", str(link)], address)
    assert (found.returncode, found.stderr) == (0, "")
    assert link.is_symlink()
    assert (tmp_path / "disk" / "usage.db").stat().st_mode & 0o777 == 0o600


def on_disk(tmp_path: Path, address: str, command: str, *mounts: str) -> subprocess.CompletedProcess[str]:
    """Run a command with its archive on a disk of its own."""
    (tmp_path / "disk").mkdir(exist_ok=True)
    told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": address}
    exports = [f"export {name}={shlex.quote(value)}" for name, value in told.items()]
    words = f"{shlex.quote(COMMAND)} {command} --archive disk/archive.db"
    found = mounted(tmp_path, words, *mounts, *exports)
    return subprocess.CompletedProcess(found.args, found.returncode, found.stdout.decode(), found.stderr.decode())


FULL = ("mount -t tmpfs -o size=256k none disk", "{ cat /dev/zero > disk/filler 2>/dev/null || true; }")

READ_ONLY = ("cp archive.db disk", "mount --bind disk disk", "mount -o remount,bind,ro disk")


@NEEDS_ROOT
@pytest.mark.parametrize("command", TWO)
def test_an_archive_on_a_full_disk_is_said_once(command, address, tmp_path):
    judged(on_disk(tmp_path, address, command, *FULL), command, "full")


@pytest.mark.slow
@NEEDS_ROOT
@pytest.mark.parametrize("command", TWO)
def test_an_archive_that_is_read_only_is_used_and_said_once(command, address, tmp_path):
    cached(tmp_path, address)
    judged(on_disk(tmp_path, address, command, *READ_ONLY), command, "readonly")


@NEEDS_ROOT
@pytest.mark.parametrize(
    ("mounts", "says"), [(FULL, "No space left"), (READ_ONLY, "Read-only")], ids=["full", "read-only"]
)
def test_the_doctor_warns_of_a_disk_that_takes_no_more(mounts, says, address, tmp_path):
    cached(tmp_path, address)
    found = on_disk(tmp_path, address, "doctor --json", *mounts)
    findings = {each["name"]: each for each in json.loads(found.stdout)["findings"]}
    assert (found.returncode, findings["archive"]["state"]) == (0, "warn")
    assert says in findings["archive"]["words"]
