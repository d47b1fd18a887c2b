"""The order of models under their days."""

from __future__ import annotations

from tests.support.builders import FREE, Memory, day, row
from tests.support.dashboard import dashboard
from tui.ui.app import Appearance
from tui.ui.plot import BLOCKS, UPPER
from tui.ui.terminal.ascii import plain


async def test_s_chooses_the_order_and_the_same_again_reverses_it():
    memory = Memory(day(0, row("few", 900, 0, 1), row("many", 10, 0, 50, service_tier=FREE)))
    async with dashboard(memory) as board:

        def models() -> list[str]:
            return [name for line in board.table.lines for name in line.names]

        assert models() == ["few", "many"]
        await board.press("s")
        assert "share of free tokens" in board.text()
        await board.press(*"jjjjjjjj", "enter")
        assert models() == ["many", "few"]
        assert "s requests↓" in board.text()
        await board.press("j", "s", "enter")
        assert models() == ["few", "many"]
        assert board.table.line.names == ("many",), "the cursor stays on its line"
        assert "s requests↑" in board.text()
        await board.press("s", "escape")
        assert models() == ["few", "many"]
        await board.press("s", "end", "enter")
        assert "s name↑" in board.text()


async def test_in_ascii_a_blank_stands_before_the_arrow_which_is_a_letter_there():
    memory = Memory(day(0, row("few", 900, 0, 1), row("many", 10, 0, 50, service_tier=FREE)))
    async with dashboard(memory, appearance=Appearance(ascii=True)) as board:
        said = plain(board.text())
        assert "Total v" in said
        assert "s total v" in said
        assert "Totalv" not in said
        assert "totalv" not in said


def test_in_ascii_what_was_billed_is_drawn_with_a_sign_that_nothing_else_has():
    assert plain(UPPER) == "\\"
    assert plain(UPPER) not in plain("".join(BLOCKS))
