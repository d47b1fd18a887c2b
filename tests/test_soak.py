"""The program over a longer time: a minute of `python -m tests.soak`, and what it held on to once."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.misbehaving import FAULTS
from tests.screen import dashboard
from tests.soak import soak
from tests.world import source
from tui.ui.widgets.footer import Key


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory and open files are read from /proc")
def test_a_minute_of_faults_keys_and_resizes_leaves_nothing_behind():
    outcome = soak(1.0, seed=6)
    assert outcome.problems == [], outcome.table()
    assert set(outcome.faults) == set(FAULTS)


async def test_dialogs_leave_nothing_behind():
    async with dashboard(source()) as board:
        for _ in range(5):
            await board.press("question_mark", "escape")
        gc.collect()
        keys = [each for each in gc.get_objects() if isinstance(each, Key)]
        assert len(keys) <= 2 * len(board.screen.query(Key)), "those that are shown, and those shown before"
