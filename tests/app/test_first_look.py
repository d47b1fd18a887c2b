"""What the archive knows is looked up while the screen loads, and is shown whenever it is there."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.support.archives import archive
from tests.support.builders import CATALOGUE, NOW
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tests.support.live import served
from tui.domain.time import last_days, midnight
from tui.engine import plan
from tui.engine.engine import Engine
from tui.engine.load_cached import load_cached
from tui.engine.state import State
from tui.sources.archive.offline import Offline


@pytest.mark.parametrize("when", ["before", "between", "after", "never"])
async def test_what_is_looked_up_while_the_screen_loads_is_shown_whenever_it_is_there(tmp_path, monkeypatch, when):
    with Served() as api:
        async with served(api, tmp_path) as (board, _):
            rows = board.rows()
    kept = archive(tmp_path)
    alone = Offline(kept, kept.last_owner())
    query = State.initial(last_days(NOW, 14), CATALOGUE).query(last_days(NOW, 14))
    found, first = load_cached(alone, query, NOW), asyncio.get_running_loop().create_future()
    if when == "before":
        first.set_result(found)
    if when == "after":
        asyncio.get_running_loop().call_later(0.3, first.set_result, found)
    begin = Engine.begin

    def then(self) -> None:
        begin(self)
        if when == "between":  # a moment after it was looked for
            first.set_result(found)

    monkeypatch.setattr(Engine, "begin", then)
    options = {} if when == "never" else {"first": first}
    async with dashboard(alone, memory=alone, offline=True, place="offline", days=14, **options) as board:
        assert board.rows() == rows


async def test_without_the_api_a_pool_is_spent_as_its_hours_say_that_were_read_before(tmp_path):
    evening = NOW.replace(hour=20)
    with Served(evening) as api:
        async with served(api, tmp_path) as (board, _):
            (said,) = re.findall(r"large is spent \(est\.\) since \d\d:00", board.text())
    kept = archive(tmp_path)
    alone = Offline(kept, kept.last_owner())
    async with dashboard(alone, memory=alone, offline=True, place="offline", days=14, clock=lambda: evening) as board:
        assert said in board.text()
        assert alone.cached(plan.hours(midnight(evening), evening))
