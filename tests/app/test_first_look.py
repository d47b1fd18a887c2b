"""What the archive knows is looked up while the screen loads, and is shown whenever it is there."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.archives import archive
from tests.support.builders import CATALOGUE, DAY, NOW, TODAY, Memory, row
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tests.support.live import served
from tui.domain.periods import Period
from tui.domain.time import Window, last_days
from tui.domain.usage import Bucket
from tui.engine.engine import Engine
from tui.engine.load_cached import load_cached
from tui.engine.state import State
from tui.sources.archive.offline import Offline
from tui.sources.base import CachedBucket


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


class Archived:
    """An archive of many days that notes which it was asked for."""

    organization = "org-test"

    def __init__(self) -> None:
        self.asked: list[Window] = []

    def cached(self, query):
        self.asked.append(query.window)
        bucket = {start: Bucket(start, (row(tokens=100),)) for start in query.window.starts()}
        return {start: CachedBucket(each, NOW) for start, each in bucket.items()}


async def test_of_a_long_window_the_newest_days_are_looked_up_first_and_then_the_rest():
    memory = Archived()
    async with dashboard(Memory(), memory=memory, offline=True, days=364, period=Period.DAY) as board:
        first, *others = memory.asked
        assert (first.end, (first.end - first.start).days) == (TODAY + DAY, 31), "a screenful"
        of_rest = [window for window in others if window.start < first.start]
        assert [window.end for window in of_rest[1:]] == [window.start for window in of_rest[:-1]], "newest first"
        assert (of_rest[0].end, of_rest[-1].start) == (first.start, TODAY - 364 * DAY)
        assert all(line.sums for line in board.table.lines if line.is_bucket)
        assert "365 days:" in board.text()
