"""Files are written whole or not at all, wherever they are, and nothing is lost that was there before."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program import COMMAND, run
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


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Be somebody who may not do everything, where this is root."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that nobody in particular owns, and can come to: pytest's own are for one user."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        if os.geteuid() == 0:
            os.chown(place, 65_534, 65_534)
        yield place


def test_a_new_file_has_the_mode_that_the_umask_allows_and_the_programs_own_are_private(tmp_path):
    before = os.umask(0o027)
    try:
        assert files.write(tmp_path / "usage", b"1")
        files.keep(tmp_path / "own" / "state", b"2")
    finally:
        os.umask(before)
    assert (tmp_path / "usage").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "own" / "state").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o666, 0o440])
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path, mode):
    path = tmp_path / "usage"
    path.write_bytes(b"old")
    path.chmod(mode)
    assert files.write(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", mode)


@NEEDS_ROOT
def test_a_file_that_is_replaced_keeps_its_owner(tmp_path):
    path = tmp_path / "usage"
    path.write_bytes(b"old")
    os.chown(path, 1_234, 1_235)
    files.write(path, b"new")
    assert (path.stat().st_uid, path.stat().st_gid) == (1_234, 1_235)


def test_links_are_followed_one_after_the_other_and_one_to_nowhere_makes_its_target(tmp_path):
    target = tmp_path / "there" / "target"
    target.parent.mkdir()
    (tmp_path / "second").symlink_to("there/target")
    (tmp_path / "first").symlink_to(tmp_path / "second")
    for content in (b"new", b"newer"):
        assert files.write(tmp_path / "first", content)
        assert target.read_bytes() == content
    assert (tmp_path / "first").is_symlink()
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(OSError, match="symbolic links"):
        files.write(tmp_path / "circle", b"x")


@pytest.mark.parametrize("name", [b"x" * 255, "ü".encode() * 127])
def test_the_longest_name_that_a_file_can_have_is_no_obstacle(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    assert files.write(path, b"1")
    assert files.write(path, b"2")
    assert path.read_bytes() == b"2"


def test_processes_that_are_all_number_1_do_not_meet(tmp_path, monkeypatch):
    """As in containers that share a folder; what another has begun stays as it is."""
    monkeypatch.setattr(os, "getpid", lambda: 1)
    path = tmp_path / "usage.csv"
    others = [tmp_path / ".oai-usage-tui.1", tmp_path / ".usage.csv.1", tmp_path / "usage.csv.1"]
    for each in others:
        each.write_text("another's")
    files.write(path, b"mine")
    files.keep(path, b"mine")
    files.create(tmp_path / "new", b"mine")
    assert {each.read_text() for each in others} == {"another's"}
    assert {each.name for each in tmp_path.iterdir()} == {path.name, "new", *(each.name for each in others)}


def test_a_file_that_is_there_is_never_written_over_by_one_that_must_be_new(tmp_path):
    path, nowhere = tmp_path / "usage.csv", tmp_path / "nowhere"
    path.write_text("old")
    nowhere.symlink_to("not/there")
    for each in (path, nowhere):
        with pytest.raises(FileExistsError):
            files.create(each, b"new")
    assert path.read_text() == "old"
    assert nowhere.is_symlink()


@pytest.mark.parametrize("work", [files.write, files.keep, files.create])
def test_what_does_not_fit_leaves_nothing_behind(tmp_path, work):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = tmp_path / "old"
    old.write_bytes(b"old")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        with pytest.raises(OSError, match=r"File too large|exists"):
            work(old, b"x" * 10_000)
        with pytest.raises(OSError, match="File too large"):
            work(tmp_path / "new", b"x" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"old": b"old"}


def test_a_file_that_may_be_written_in_a_folder_that_may_not_is_written_in_place(folder):
    path = folder / "usage.csv"
    path.write_bytes(b"a longer content than before")
    path.chmod(0o666)
    folder.chmod(0o555)
    with as_nobody():
        if os.access(folder, os.W_OK, effective_ids=True):
            pytest.skip("everything may be written here")
        assert not files.write(path, b"new")
        assert path.read_bytes() == b"new"
        assert not files.write(path, b"new and longer again")
        with pytest.raises(PermissionError):
            files.write(folder / "another.csv", b"new")
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limit[1]))
        try:
            with pytest.raises(OSError, match="File too large"):
                files.write(path, b"x" * 2_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert path.read_bytes() == b"new and longer again", "what does not fit is not begun"
    folder.chmod(0o755)


def test_a_file_that_may_not_be_written_says_so_and_stays(folder):
    path = folder / "usage.csv"
    path.write_bytes(b"old")
    path.chmod(0o444)
    folder.chmod(0o555)
    with as_nobody():
        if os.access(folder, os.W_OK, effective_ids=True):
            pytest.skip("everything may be written here")
        with pytest.raises(PermissionError):
            files.write(path, b"new")
    folder.chmod(0o755)
    assert path.read_bytes() == b"old"


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


def test_everything_that_is_written_whole_is_written_here():
    """No other module makes or renames files; the archive is SQLite's, and has rules of its own."""
    package = Path(files.__file__).parent.parent
    own = {
        "system/files.py",
        "system/streams.py",
        "system/foreground.py",
        "system/toml_file.py",
        "sources/archive/database.py",
        "commands/oneline.py",
    }
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        code = path.read_text(encoding="utf-8")
        if name not in own:
            assert not any(word in code for word in ("write_text(", "write_bytes(", "os.open(", ".rename(")), name
            assert '.open("w' not in code, name
            assert '.open("x' not in code, name


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
