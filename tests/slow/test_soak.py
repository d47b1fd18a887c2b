"""The program over a longer time: a minute of `python -m tests.slow.soak`, and what it held on to once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.slow.soak import soak
from tests.support.api_faults import FAULTS


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory and open files are read from /proc")
def test_a_minute_of_faults_keys_and_resizes_leaves_nothing_behind():
    outcome = soak(1.0, seed=6)
    assert outcome.problems == [], outcome.table()
    assert set(outcome.faults) == set(FAULTS)
