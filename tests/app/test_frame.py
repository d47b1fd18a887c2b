"""What the table shows, and what can be changed of that, stands on its frame, as far as there is room."""

from __future__ import annotations

import pytest

from tests.support.builders import demo_client, source
from tests.support.dashboard import dashboard
from tui.domain.kinds import Kind
from tui.domain.view import View

TABS = ("w today 7d [15d] 30d 90d 1y D more", "w today 7d [15d] 30d 90d 1y")


async def test_the_windows_are_tabs_on_the_frame_and_w_goes_forward_and_back():
    async with dashboard(source(), days=14) as board:
        assert "w today 7d [15d] 30d 90d 1y" in board.frame()
        await board.press("w")
        assert "today 7d 15d [30d] 90d 1y" in board.frame()
        await board.press("W", "W")
        assert "today [7d] 15d 30d" in board.frame()
        await board.press("W", "W")
        assert "[1y]" in board.frame()
    async with dashboard(source(), days=13) as board:
        assert "w today 7d [14d] 30d 90d 1y" in board.frame(), "it takes the place of the nearest"


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (100, 30), (120, 40), (200, 60)])
async def test_the_frame_never_cuts_a_word(size):
    async with dashboard(source(), size=size, days=14) as board:
        known = {"Usage", *TABS, "w [15d]", "d day", "b model", "s total↓"}
        assert set(board.frame().split(" ─ ")) <= known


async def test_what_is_shown_and_how_it_is_ordered_stands_on_the_frame_and_at_the_column():
    async with dashboard(source()) as board:
        await board.press("s", "g", "j", "enter")
        name = board.screen.state.view.order.by
        assert f"s {name}↓" in board.frame()
        assert any(str(column.label).endswith("↓") for column in board.table.columns.values())
        await board.press("enter")
        assert "hours of Fri 20 Nov" in board.frame()
        assert "Esc back" in board.frame()


async def test_the_frame_is_fitted_to_another_width():
    async with dashboard(source(), days=14) as board:
        for size in ((60, 24), (120, 40), (80, 24)):
            await board.pilot.resize_terminal(*size)
            await board.settle()
            known = {"Usage", *TABS, "w [15d]", "d day", "b model", "s total↓"}
            assert set(board.frame().split(" ─ ")) <= known
            assert len(board.frame()) <= board.table.size.width - 4


async def test_a_kind_without_totals_is_ordered_by_its_first_number_and_says_so():
    async with demo_client() as client, dashboard(client, days=2, view=View(Kind.EMBEDDINGS)) as board:
        assert "s input↓" in board.frame()
        assert any(str(column.label) == "Input↓" for column in board.table.columns.values())
        assert "░" not in board.text(), "nothing of it is ever free, so nothing is told apart"
