"""The program over a longer time: some of `python -m tests.slow.soak`, and what it held on to once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.slow.soak import soak
from tests.support.api_faults import FAULTS


@pytest.mark.endurance
@pytest.mark.timeout(0)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory and open files are read from /proc")
def test_faults_keys_and_resizes_leave_nothing_behind():
    outcome = soak(float(os.environ.get("ENDURANCE_MINUTES", "1.5")), seed=6)
    assert outcome.problems == [], outcome.table()
    assert set(outcome.faults) == set(FAULTS)
