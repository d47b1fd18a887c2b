"""What the user chose is there at the next start; what a flag says is for its run only."""

from __future__ import annotations

from tests.support.builders import source
from tests.support.dashboard import dashboard


async def test_the_window_is_remembered_when_it_is_chosen_and_not_when_it_is_not():
    told = []
    async with dashboard(source(), days=6, remember=lambda *choice: told.append(choice)) as board:
        await board.press("w")
        assert told == [("days", 14), ("window", None)]
        await board.press("enter", "w")
        assert len(told) == 2, "inside a day there is no other window"
