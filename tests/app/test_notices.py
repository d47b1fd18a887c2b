"""Notes: one at a time, where nothing is read, gone with Escape, and never over a dialog."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from tests.support.builders import source
from tests.support.dashboard import dashboard


def toasts(board) -> list[Static]:
    return list(board.app.screen.query("Toast"))


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])
async def test_a_note_stands_on_the_last_line_of_the_frames_and_says_what_was_copied(size):
    async with dashboard(source(), size=size) as board:
        for _ in range(3):
            await board.press("Y")
        (toast,) = toasts(board)
        assert "Copied 6 lines as a Markdown table" in " ".join(board.text().split()).replace("▌ ", "")
        assert toast.region.bottom == board.screen.query_one("#body").region.bottom
        await board.press("y")
        (toast,) = toasts(board)
        assert "Copied 1 line (OSC 52" in board.text()


async def test_a_note_stays_on_the_last_line_of_the_frames_where_that_moves():
    async with dashboard(source(), size=(120, 40)) as board:
        board.app.notify("x " * 90, markup=False)  # two lines
        for size in ((120, 40), (60, 15), (80, 24), (120, 40)):
            await board.pilot.resize_terminal(*size)
            await board.settle()
            (toast,) = toasts(board)
            assert toast.region.bottom == board.screen.query_one("#body").region.bottom
            assert toast.region.width == size[0], "what stands beside a note would be read as its end"


async def test_escape_takes_the_note_away_first_and_goes_back_only_then():
    async with dashboard(source()) as board:
        await board.press("enter", "y")
        assert len(board.screen.state.levels) == 2
        assert toasts(board)
        await board.press("escape")
        assert (toasts(board), len(board.screen.state.levels)) == ([], 2)
        await board.press("escape")
        assert len(board.screen.state.levels) == 1


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])
@pytest.mark.parametrize(("key", "box"), [("?", "TextBox"), ("u", "OptionList")])
async def test_a_note_never_covers_a_dialog(size, key, box):
    async with dashboard(source(), size=size) as board:
        await board.press(key)
        board.app.notify("x" * 100, markup=False)
        await board.settle()
        (toast,) = toasts(board)
        (covered,) = board.app.screen.query(box)
        assert not toast.region.overlaps(covered.region)
        assert board.app.screen.region.contains_region(toast.region)
        assert "xxx" in board.text()
