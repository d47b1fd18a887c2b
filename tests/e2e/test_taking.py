"""What is taken away from the dashboard: files, pictures, the clipboard."""

from __future__ import annotations

import csv
import io
import resource
import time
from pathlib import Path

import pytest

from tests.support.builders import KEY, NOW, demo_client, source
from tests.support.cli import COMMAND
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tests.support.terminal import Terminal
from tui.bootstrap.saving import saved
from tui.errors import BadSettings


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_e_writes_what_is_shown_and_says_where(folder):
    async with demo_client() as client, dashboard(client, save=saved(lambda: NOW)) as board:
        await board.press("e")
        path = folder / "oai-usage-20261120T140300Z.csv"
        rows = list(csv.DictReader(io.StringIO(path.read_text())))
        assert {row["date"] for row in rows} == {f"2026-11-{day}" for day in range(14, 21)}
        assert sum(int(row["total"]) for row in rows) == sum(
            line.sums.total for line in board.table.lines if line.is_bucket
        )
        assert "Saved" in board.text()
        await board.press("e")
        assert len(list(folder.iterdir())) == 2, "never over another file"


@pytest.mark.parametrize(("setting", "begins"), [("", b"date,"), ("excel = true\n", b"\xef\xbb\xbfdate,")])
def test_e_marks_what_excel_is_to_open_where_the_setting_says_so(folder, setting, begins):
    config = Path.home() / ".config" / "oai-usage-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    with Served() as api:
        config.write_text(f'{setting}base_url = "{api.base_url}"\n')
        with Terminal([COMMAND, "--by", "project"], OPENAI_ADMIN_KEY=KEY) as terminal:
            terminal.until(lambda text: "· read " in text and "Research" in text)
            terminal.press("e")
            deadline = time.monotonic() + 20
            while not list(folder.glob("*.csv")) and time.monotonic() < deadline:
                terminal.look(0.1)
            terminal.press("q")
            assert terminal.wait() == 0
    (path,) = folder.glob("*.csv")
    assert path.read_bytes().startswith(begins)


def test_a_file_that_cannot_be_written_whole_is_not_there_at_all(folder):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        with pytest.raises(BadSettings, match="File too large"):
            saved(lambda: NOW)(".csv", "x" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(folder.iterdir()) == []


async def test_inside_a_day_it_is_the_hours(folder):
    async with demo_client() as client, dashboard(client, save=saved(lambda: NOW)) as board:
        await board.press("]", "enter", "e")
        (path,) = folder.iterdir()
        dates = {row["date"] for row in csv.DictReader(io.StringIO(path.read_text()))}
        assert dates <= {f"2026-11-19T{hour:02}:00Z" for hour in range(24)}
        assert len(dates) > 20


async def test_s_saves_a_picture(folder):
    async with dashboard(source(), save=saved(lambda: NOW)) as board:
        await board.press("S")
        (path,) = folder.iterdir()
        assert path.suffix == ".svg"
        assert "gpt-6-sol" in path.read_text()


async def test_y_copies_the_line_and_shift_y_the_view():
    async with dashboard(source()) as board:
        await board.press("j", "y")
        assert board.app.clipboard == "2026-11-20\tgpt-6-sol\t413759\t142723\t556482\t14"
        await board.press("Y")
        assert board.app.clipboard.startswith("| UTC Date   | Model ")
        assert "| 2026-11-20 | gpt-6-sol " in board.app.clipboard
        await board.press("G", "y")
        assert "There is nothing on this line to copy." in board.text()


def test_a_folder_that_cannot_be_written_is_a_sentence(monkeypatch):
    monkeypatch.setattr(Path, "cwd", lambda: Path("/proc"))
    with pytest.raises(BadSettings, match="cannot be written"):
        saved(lambda: NOW)(".csv", "x")
