"""Files are written whole or not at all, wherever they are, and nothing is lost that was there before."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys

import pytest

from tests.support.cli import COMMAND, run
from tests.support.mounts import ARGUMENTS, NEEDS_ROOT, mounted
from tui.system import files


def shell(command: str, **options) -> subprocess.CompletedProcess[bytes]:
    """Run a command of bash in which PROGRAM is the program as `export`."""
    program = shlex.join([COMMAND, *ARGUMENTS])
    return subprocess.run(
        ["bash", "-c", command.replace("PROGRAM", program)],
        capture_output=True, timeout=50, check=False, stdin=subprocess.DEVNULL, **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wanted() -> bytes:
    return shell("PROGRAM").stdout


@NEEDS_ROOT
def test_a_file_that_is_replaced_keeps_its_owner(tmp_path):
    path = tmp_path / "usage"
    path.write_bytes(b"old")
    os.chown(path, 1_234, 1_235)
    files.write(path, b"new")
    assert (path.stat().st_uid, path.stat().st_gid) == (1_234, 1_235)


@NEEDS_ROOT
@pytest.mark.parametrize("then", ["true", "mount -o remount,bind,ro ."])
def test_a_file_that_is_mounted_into_a_container_is_written_in_place_and_the_user_told(tmp_path, wanted, then):
    (tmp_path / "real.csv").write_text("a" * 10_000)
    (tmp_path / "usage.csv").write_text("")
    done = mounted(
        tmp_path,
        "PROGRAM --output usage.csv",
        "mount --bind . .",
        f"cd {shlex.quote(str(tmp_path))}",
        "mount --bind real.csv usage.csv",
        then,
    )
    assert done.returncode == 0, done.stderr
    assert b"usage.csv was written in place" in done.stderr
    assert (tmp_path / "real.csv").read_bytes() == wanted
    assert {each.name for each in tmp_path.iterdir()} == {"real.csv", "usage.csv"}


@NEEDS_ROOT
def test_on_a_full_disk_the_old_file_stays(tmp_path):
    (tmp_path / "disk").mkdir()
    done = mounted(
        tmp_path,
        "{ PROGRAM --output disk/usage.csv; echo status $?; cat disk/usage.csv; ls -A disk; }",
        "mount -t tmpfs -o size=64k none disk",
        "echo old > disk/usage.csv",
        "{ cat /dev/zero > disk/filler 2>/dev/null || true; }",
    )
    assert done.stdout.decode().split() == ["status", "2", "old", "filler", "usage.csv"]
    assert b"No space left on device" in done.stderr


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/fd/7", "link"])
def test_a_descriptor_is_written_to_and_the_file_that_it_leads_to_keeps_what_is_in_it(tmp_path, wanted, name):
    if name.startswith("/proc") and not os.path.exists(name):  # noqa: PTH110
        pytest.skip("there is no /proc")
    (tmp_path / "link").symlink_to("/dev/stdout")
    log = tmp_path / "log"
    number = 7 if name.endswith("7") else 1
    done = shell(
        f"{{ echo before >&{number}; PROGRAM --output {name}; echo after >&{number}; }} {number}> log", cwd=tmp_path
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    assert log.read_bytes() == b"before\n" + wanted + b"after\n"
    assert {each.name for each in tmp_path.iterdir()} == {"link", "log"}


def test_what_another_process_has_open_is_added_to(tmp_path, wanted):
    """As `/proc/1/fd/1`, the log of a container."""
    if not os.path.exists("/proc/self/fd"):  # noqa: PTH110
        pytest.skip("there is no /proc")
    done = shell("exec 7>>log; echo before >&7; PROGRAM --output /proc/$$/fd/7", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "log").read_bytes() == b"before\n" + wanted


def test_the_shells_own_pipes_are_written_to(tmp_path, wanted):
    done = shell("PROGRAM --output >(cat > copy); echo $?; wait $!; cat copy", cwd=tmp_path)
    assert done.stdout == b"0\n" + wanted
    done = shell("PROGRAM --output >(head -c1 > copy); echo $?", cwd=tmp_path)
    assert done.stdout == b"0\n", "a reader who has enough is no error"


@pytest.mark.parametrize(("name", "says"), [("/dev/full", "No space left"), ("/dev/fd/9", "Bad file descriptor")])
def test_a_descriptor_that_cannot_be_written_gets_a_sentence(name, says):
    done = run(*ARGUMENTS, "--output", name)
    assert done.returncode == 2
    assert says in done.stderr
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_stdout_by_another_name_is_missed_like_stdout(name):
    done = shell(f"PROGRAM --output {name} >&-")
    assert (done.returncode, b"no output to write to" in done.stderr) == (2, True)


def test_a_file_is_written_where_there_is_no_stdout(tmp_path, wanted):
    assert shell("PROGRAM --output usage.csv >&-", cwd=tmp_path).returncode == 0
    assert (tmp_path / "usage.csv").read_bytes() == wanted


def test_the_cache_of_oneline_and_the_choices_survive_containers_that_share_a_home(tmp_path):
    """The old names were made of the process id, and another's was deleted."""
    code = (
        "import os, sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "os.getpid = lambda: 1\n"
        "from tui.config import preferences\n"
        "from tui.commands import oneline\n"
        "folder = Path(sys.argv[1])\n"
        "for number in range(50):\n"
        "    preferences.remember(folder / 'state.toml', 'days', number)\n"
        "    oneline._keep(folder / 'pools.json', oneline.Entry(number, 0, ''))\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [each.wait(50) for each in processes] == [0, 0, 0]
    assert {each.name for each in tmp_path.iterdir()} == {"state.toml", "pools.json"}
    assert json.loads((tmp_path / "pools.json").read_text())["at"] == 49
