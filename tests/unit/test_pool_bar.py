"""What the pools' line says in how much room: words give way as a whole, and no time of day is cut."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tui.ui.widgets.pool_bar import _outlook

SINCE = datetime(2026, 11, 25, 16, tzinfo=UTC)
WHOLE, SHORT, LEAST = "spent (est.) since 16:00 UTC", "spent est. 16:00 UTC", "spent"


@pytest.mark.parametrize("room", range(40))
def test_since_when_a_pool_is_spent_is_said_whole_or_not_at_all(room):
    status = SimpleNamespace(pool=SimpleNamespace(spent=True, stuck_since=SINCE), forecast=None)
    fitting = next((words for words in (WHOLE, SHORT) if len(words) <= room), LEAST)
    assert _outlook(status, 80, room) == fitting


@pytest.mark.parametrize("room", [0, 5, 40])
def test_a_pool_of_which_no_hour_is_known_is_spent_and_nothing_more(room):
    status = SimpleNamespace(pool=SimpleNamespace(spent=True, stuck_since=None), forecast=None)
    assert _outlook(status, 80, room) == LEAST
