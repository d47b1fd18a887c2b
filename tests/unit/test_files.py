"""Files are written whole or not at all, wherever they are, and nothing is lost that was there before."""

from __future__ import annotations

import os
import resource
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.nobody import as_nobody
from tui.system import files


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


def test_everything_that_is_written_whole_is_written_here():
    """No other module makes or renames files; the archive is SQLite's, and has rules of its own."""
    package = Path(files.__file__).parent.parent
    own = {
        "system/files.py",
        "system/streams.py",
        "system/foreground.py",
        "system/toml_file.py",
        "sources/archive/database.py",
        "system/locks.py",
        "first_frame_file.py",  # which reads one before anything else is there
    }
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        code = path.read_text(encoding="utf-8")
        if name not in own:
            assert not any(word in code for word in ("write_text(", "write_bytes(", "os.open(", ".rename(")), name
            assert '.open("w' not in code, name
            assert '.open("x' not in code, name


def test_a_file_that_is_kept_anew_is_this_users_alone_whatever_was_in_its_place(tmp_path):
    path, target = tmp_path / "new" / "kept", tmp_path / "target"
    target.write_bytes(b"of another program")
    files.keep_anew(path, b"1")
    path.chmod(0o644)
    files.keep_anew(path, b"2")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"2", 0o600)
    path.unlink()
    path.symlink_to(target)
    files.keep_anew(path, b"3")
    assert (path.read_bytes(), path.is_symlink()) == (b"3", False)
    assert target.read_bytes() == b"of another program"


def test_what_was_killed_while_it_wrote_leaves_nothing_for_ever(tmp_path):
    old, new, foreign = (tmp_path / f".oai-usage-tui.{name}" for name in ("0" * 16, "1" * 16, "mine"))
    for path in (old, new, foreign):
        path.write_bytes(b"")
    for path in (old, foreign):
        os.utime(path, (1, 1))
    files.keep(tmp_path / "state.toml", b"kept")
    assert {each.name for each in tmp_path.iterdir()} == {new.name, foreign.name, "state.toml"}
