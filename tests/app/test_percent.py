"""Shares are rounded to the nearest, and 0 and 100 are only said where they are exact."""

from __future__ import annotations

from tests.support.builders import FREE, Memory, day, row
from tests.support.dashboard import dashboard


def two_thirds() -> Memory:
    return Memory(day(0, row("gpt-6-sol", 666, 0, service_tier=FREE), row("gpt-6-sol", 334, 0)))


async def test_the_dashboard_shows_them_rounded_everywhere():
    async with dashboard(two_thirds()) as board:
        assert "67%" in board.rows()[0]
        assert "666 free (67%)" in board.text()
        assert "66%" not in board.text()
        await board.press("i")
        assert "666 tokens free (67%), 334 billed" in board.text()


async def test_a_pool_is_still_rounded_down():
    memory = Memory(day(0, row("gpt-6-sol", 249_999, 0, service_tier=FREE)))
    async with dashboard(memory) as board:
        assert " 99% " in board.text().splitlines()[-4]
