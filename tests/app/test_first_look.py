"""What the archive knows is looked up while the screen loads, and is shown whenever it is there."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.archives import KEY, archive
from tests.support.builders import CATALOGUE, DAY, NOW, TODAY, day, row
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tests.support.live import served
from tui.domain.time import Width, inside, last_days, midnight
from tui.engine import plan
from tui.engine.engine import Engine
from tui.engine.load_cached import AT_FIRST, left, load_cached
from tui.engine.state import State
from tui.sources.archive.offline import Offline
from tui.sources.archive.owners import Identity
from tui.sources.base import Query


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


@pytest.mark.parametrize("is_looked_up_before", [True, False])
async def test_of_a_year_the_newest_days_are_there_first_and_then_all(tmp_path, is_looked_up_before):
    kept, query = archive(tmp_path), Query(last_days(NOW, 364))
    kept.keep(Identity("u", KEY), "org-a", query, [day(ago, row(tokens=ago + 1)) for ago in range(365)], NOW)
    alone = Offline(kept, kept.last_owner())
    found, first = load_cached(alone, query, NOW), asyncio.get_running_loop().create_future()
    assert sorted(found.kept[query]) == [TODAY - ago * DAY for ago in reversed(range(AT_FIRST))]
    first.set_result(found)
    options = {"first": first} if is_looked_up_before else {}
    async with dashboard(alone, memory=alone, offline=True, place="offline", days=364, **options) as board:
        days = board.screen.state.days.report
        assert not days.unread()
        assert [days.buckets[TODAY - ago * DAY].sums.input for ago in range(365)] == list(range(1, 366))


@given(st.integers(0, 800))
def test_what_is_left_of_a_window_is_all_but_what_is_there_first(days_before):
    query = Query(last_days(NOW, days_before))
    rest = left(query)
    assert ([] if rest is None else list(rest.window.starts())) == list(query.window.starts())[:-AT_FIRST]
    assert left(Query(inside(TODAY, Width.HOUR, NOW))) is None
