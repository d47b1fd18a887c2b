"""The program over a longer time: a minute of `python -m tests.slow.soak`, and what it held on to once."""

from __future__ import annotations

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
