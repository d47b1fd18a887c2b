"""Where `run --report` cannot write is said before anything is started."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.nobody import as_nobody
from tui.cli import main as cli


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may come to: pytest's own are for one user."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o777)
        yield place


def parsed(report: Path | str) -> Path:
    args = cli.parse(["run", "--report", str(report), "--", "true"], piped=False)
    assert args.report is not None
    return args.report


def refused(report: Path | str, capsys) -> str:
    with pytest.raises(SystemExit) as end:
        parsed(report)
    assert end.value.code == 125
    return capsys.readouterr().err


def test_a_file_that_may_not_be_written_is_refused(folder, capsys):
    file = folder / "used.json"
    file.touch()
    file.chmod(0o444)
    with as_nobody():
        assert f"must be a file that can be written to: {file} cannot" in refused(file, capsys)
    file.chmod(0o666)
    with as_nobody():
        assert parsed(file) == file


def test_a_file_in_a_folder_that_may_not_be_written_is_refused_where_it_is_new(folder, capsys):
    file = folder / "used.json"
    file.touch()
    file.chmod(0o666)
    folder.chmod(0o555)
    with as_nobody():
        assert parsed(file) == file, "it is written in place"
        assert "must be in a folder that can be written to" in refused(folder / "new.json", capsys)


def test_stdout_is_the_commands_own_and_stderr_takes_a_report(capsys):
    assert "stdout is the command's own" in refused("/dev/stdout", capsys)
    assert parsed("/dev/stderr") == Path("/dev/stderr")
    assert parsed(os.devnull) == Path(os.devnull)
