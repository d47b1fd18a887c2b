"""The program over a longer time: a minute of `python -m tests.slow.soak`, and what it held on to once."""

from __future__ import annotations

import asyncio
import gc

import pytest

from tests.support.builders import source
from tests.support.dashboard import dashboard
from tui.ui.widgets.footer import Key


@pytest.mark.slow
async def test_dialogs_leave_nothing_behind():
    async with dashboard(source()) as board:
        for _ in range(5):
            await board.press("question_mark", "escape")
        gc.collect()
        keys = [each for each in gc.get_objects() if isinstance(each, Key)]
        assert len(keys) <= 2 * len(board.screen.query(Key)), "those that are shown, and those shown before"


@pytest.mark.slow
async def test_dialogs_views_filters_and_readings_leave_no_task_behind():
    async with dashboard(source()) as board:
        keys = ("question_mark", "escape", "r", "2", "1", "i", "1", "slash", "m", "escape", "e", "enter", "escape")
        await board.press(*keys)
        before = _tasks()
        for _ in range(4):
            await board.press(*keys)
        assert len(_tasks()) <= len(before) + 1, (before, _tasks())


def _tasks() -> list[str]:
    """Tasks but for those of widgets, which go with them."""
    names = sorted(task.get_name() for task in asyncio.all_tasks())
    return [name for name in names if not name.startswith("message pump")]
