"""A name that nothing was used of is said so, wherever a flag takes one: it may be a typing error."""

from __future__ import annotations

from tests.support.builders import FREE, TODAY, Memory, day, demo_client, row
from tests.support.dashboard import dashboard
from tui.domain.view import View


async def test_the_dashboard_says_it_once_and_names_what_is_near():
    async with (
        demo_client() as client,
        dashboard(client, view=View(only=(("model", "gpt6sol"),))) as board,
    ):
        assert "There is no usage of the model gpt6sol from 2026-11-14 to 2026-11-20." in told(board)
        assert "gpt-6-sol" in told(board)
        await board.press("r")
        assert len(board.app._notifications) == 1


async def test_the_dashboard_says_nothing_of_what_it_found():
    source = Memory(day(0, row(service_tier=FREE)))
    async with dashboard(source, view=View(only=(("model", "gpt-6-sol"),))) as board:
        assert board.screen.state.days.report.buckets[TODAY].rows
        assert told(board) == ""


def told(board) -> str:
    return " ".join(each.message for each in board.app._notifications)
