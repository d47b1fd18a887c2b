"""What earlier versions left behind is read by this one; what a later one left is refused, and not touched.

The files in `data/a14da2d` were made by that version: its archive, state, configuration, and an export of them."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.support.cli import COMMAND, run
from tests.support.paths import DATA
from tests.support.terminal import Terminal

MADE = DATA / "a14da2d"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="that version was of Linux, and its folders are")

WINDOW = ("--since", "2026-11-19", "--until", "2026-11-25")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder as that version left it."""
    for name, folder in (
        ("archive.db", ".local/share"),
        ("state.toml", ".local/state"),
        ("config.toml", ".config"),
    ):
        place = tmp_path / folder / "oai-usage-tui"
        place.mkdir(parents=True)
        shutil.copy(MADE / name, place / name)
    return tmp_path


def archive(home: Path) -> Path:
    return home / ".local/share/oai-usage-tui/archive.db"


def rows(text: str) -> list[list[str]]:
    return sorted(csv.reader(io.StringIO(text)))


def test_the_archive_tells_the_same_numbers(home):
    done = run(
        "export", "--offline", *WINDOW, "--format", "csv", "--by", "model",
        "--columns", "input,output,requests,free", HOME=str(home),
    )  # fmt: skip
    assert rows(done.stdout) == rows((MADE / "export.csv").read_text())
    listed = run("archive", HOME=str(home)).stdout
    assert "14 x 1h  2026-11-25" in listed
    assert "by model, project_id, service_tier" in listed


def test_what_was_chosen_and_what_was_set_hold_in_the_dashboard(home):
    with Terminal([COMMAND, "--offline"], HOME=str(home)) as terminal:
        terminal.until("[7d] 15d 30d 90d 1y")  # chosen with w, and with b
        assert "─ b pool" in terminal.text
        terminal.press("r")
        terminal.look(0.5)
        assert "Nobody is asked" not in terminal.text, "[keys] says R"
        terminal.press("R")
        terminal.until("Nobody is asked")
        terminal.press("q")
        assert terminal.wait() == 0


def test_the_configuration_is_accepted_as_it_is(home):
    done = run("doctor", "--json", HOME=str(home))
    assert '"name": "config", "state": "ok"' in done.stdout


def test_an_archive_of_a_later_version_is_refused_and_not_touched(home):
    with sqlite3.connect(archive(home)) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = archive(home).read_bytes()
    done = run("export", "--offline", *WINDOW, HOME=str(home))
    assert done.returncode == 2
    assert "is of a later version of oai-usage-tui, and is left alone" in done.stderr
    assert archive(home).read_bytes() == before
    assert [each.name for each in archive(home).parent.iterdir()] == ["archive.db"]
