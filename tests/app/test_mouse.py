"""The mouse, where it is on: lines, heads and keys can be clicked, and the wheel goes through many lines."""

from __future__ import annotations

from itertools import pairwise

import pytest
from textual import events
from textual.geometry import Offset

from tests.support.builders import TODAY, Memory, day, row, source
from tests.support.dashboard import Dashboard, dashboard
from tui.domain.periods import Period
from tui.domain.windows import LastDays
from tui.ui.dialogs.help import HelpDialog
from tui.ui.widgets.usage_table import NEAR


def place_of(board: Dashboard, words: str) -> Offset:
    """Where these words stand on the screen."""
    for y, line in enumerate(board.text().splitlines()):
        if words in line:
            return Offset(line.index(words), y)
    raise AssertionError(f"{words} is not there\n{board.text()}")


async def click(board: Dashboard, words: str, right: int = 0) -> None:
    await board.pilot.click(offset=place_of(board, words) + Offset(right, 0))
    await board.settle()


async def test_a_click_on_a_line_goes_there_and_the_pane_follows():
    async with dashboard(source()) as board:
        await click(board, "ft:gpt:acme")
        assert board.table.line.names == ("ft:gpt:acme:[prod]:x",)
        assert "─ ft:gpt:acme:[prod]:x ─" in board.text()
        await click(board, "· ft:gpt:acme", right=40)
        assert board.table.line.names == ("ft:gpt:acme:[prod]:x",), "a model has nothing to open"


async def test_a_click_on_the_day_under_the_cursor_opens_and_closes_it_in_any_column():
    async with dashboard(source()) as board:
        await click(board, "│Thu 19 Nov", right=1)
        assert "▸ 3 models" in board.text()
        await click(board, "▸ 3 models")
        assert "▾ 3 models" in board.text()
        await click(board, "30,521")
        assert "▸ 3 models" in board.text()


async def test_a_click_on_what_is_left_out_lists_it():
    memory = Memory(day(0, *(row(f"model-{number:03}", 1_000 - number) for number in range(150))))
    async with dashboard(memory) as board:
        await board.press("]", "k")
        assert board.table.line.rest
        await click(board, "more ⏎")
        assert len([line for line in board.table.lines if line.start == TODAY and line.names]) == 150


async def test_a_click_on_a_columns_head_orders_by_it_and_again_reverses():
    async with dashboard(source()) as board:
        await click(board, "Output")
        assert "s output↓" in board.text()
        await click(board, "Output")
        assert "s output↑" in board.text()


async def test_a_click_on_a_key_of_the_footer_presses_it():
    memory = source()
    async with dashboard(memory) as board:
        asked = len(memory.queries)
        await click(board, "r refresh")
        assert len(memory.queries) > asked
        await click(board, "? help")
        assert isinstance(board.app.screen, HelpDialog)


@pytest.mark.slow
@pytest.mark.parametrize(("turned", "first"), [(events.MouseScrollDown, "g"), (events.MouseScrollUp, "G")])
async def test_the_wheel_goes_through_more_lines_than_there_are_rows_without_a_jump(turned, first):
    async with dashboard(source(), days=365, period=Period.DAY) as board:
        await board.press(first)
        table = board.table
        table.app.animation_level = "none"
        seen, place = [], table.region.offset + Offset(10, 10)
        for _ in range(NEAR):
            table.post_message(turned(table, 10, 10, 0, 0, 0, False, False, False, *place))
            await board.pilot.pause()
            seen.append(table._first + int(table.scroll_y))
        assert abs(seen[-1] - seen[0]) > NEAR
        steps = {abs(after - before) for before, after in pairwise(seen)}
        assert max(steps) <= 4, "lines are gone through a few at a time"


async def test_what_stands_on_the_frame_of_the_table_does_at_a_click_what_its_key_does():
    async with dashboard(source(), size=(140, 40)) as board:
        await click(board, " 30d ", right=1)
        assert board.screen.state.window_wanted == LastDays(29)
        await click(board, "b model", right=2)
        assert "Break down by" in board.text()
        await board.press("escape")
        await click(board, "s total", right=2)
        assert "Order lines by" in board.text()
