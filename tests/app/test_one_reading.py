"""Table and pools of one screen rest on the same reading: the newest that tells enough."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.archives import KEY, archive
from tests.support.builders import CATALOGUE, DAY, FREE, NOW, TODAY, Memory, day, engine, row
from tests.support.dashboard import dashboard
from tui.commands.export import table
from tui.commands.export_request import Export
from tui.domain.dimensions import Grouping
from tui.domain.time import Width, Window, inside, last_days
from tui.domain.usage import Bucket
from tui.domain.view import View
from tui.engine.load_cached import load_cached
from tui.engine.reduce import reduce
from tui.engine.state import State
from tui.sources.archive.offline import Offline
from tui.sources.archive.owners import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import BY_MODEL, BY_PROJECT, Query

EARLIER = TODAY + timedelta(hours=2, minutes=50)

BY_USER = View(grouping=Grouping(("user",)))

WEEK = last_days(NOW, 6)


def free(tokens: int, **fields):
    return day(0, row("gpt-6-sol", tokens, 0, service_tier=FREE, **fields))


def kept_with(tmp_path, *pool_statuses):
    """An archive with readings of today: the fields, the tokens, and when."""
    kept = archive(tmp_path)
    for fields, tokens, at in pool_statuses:
        known = {name: "x" for name in fields if name not in BY_MODEL}
        kept.keep(Identity("u", KEY), "org-a", Query(WEEK, fields), [free(tokens, **known)], at)
    return kept


@pytest.fixture(params=["offline", "first look"])
def memory_of(request):
    """What the dashboard knows before anybody is asked, of an archive."""

    def offline(kept):
        return Offline(kept, kept.last_owner())

    def first_look(kept):
        return ReadThrough(Memory(), kept, Identity("u", KEY), lambda: NOW)

    return offline if request.param == "offline" else first_look


FINE = ("model", "service_tier", "user_id")


@pytest.mark.parametrize(
    ("pool_statuses", "view", "tokens"),
    [
        (((BY_PROJECT, 1_000, EARLIER), (BY_MODEL, 240_000, NOW)), View(), 240_000),
        (((BY_MODEL, 1_000, EARLIER), (BY_PROJECT, 240_000, NOW)), View(), 240_000),
        (((BY_MODEL, 1_000, EARLIER), (FINE, 240_000, NOW)), View(), 240_000),
        (((FINE, 1_000, EARLIER), (BY_MODEL, 240_000, NOW)), View(grouping=Grouping(("user", "model"))), 240_000),
        (((("user_id", "service_tier"), 1_000, EARLIER), (BY_PROJECT, 240_000, NOW)), BY_USER, 240_000),
        (((FINE, 7_000, NOW), (BY_PROJECT, 7_100, NOW + timedelta(seconds=2))), View(
            grouping=Grouping(("user", "model"))), 7_000),
    ],
)  # fmt: skip
def test_the_table_and_the_pools_are_of_the_newest_reading_that_tells_enough(
    tmp_path, memory_of, pool_statuses, view, tokens
):
    memory = memory_of(kept_with(tmp_path, *pool_statuses))
    query = Query(WEEK, view.fields)
    found = load_cached(memory, query, NOW)
    state, _ = reduce(State.initial(WEEK, CATALOGUE, view=view), found)
    assert state.days.report.buckets[TODAY].sums.total == tokens
    assert state.snapshot.pools[0].pool.free == tokens


async def test_on_the_screen_offline(tmp_path):
    memory = memory_now(tmp_path, (BY_PROJECT, 1_000, EARLIER), (BY_MODEL, 240_000, NOW))
    async with dashboard(memory, memory=memory, offline=True) as board:
        assert "240,000" in board.rows()[0]
        assert "240,000 / 250,000" in board.text()
        assert "as read 2026-11-20 14:03:00" in " ".join(board.text().split())
        await board.press("b")
        assert "pools as read" not in board.text()


async def test_pools_that_no_newer_reading_tells_of_say_how_old_they_are(tmp_path):
    memory = memory_now(tmp_path, (BY_MODEL, 1_000, EARLIER), (("user_id", "service_tier"), 240_000, NOW))
    async with dashboard(memory, memory=memory, offline=True, view=BY_USER) as board:
        assert "240,000" in board.rows()[0]
        assert "pools as read 02:50:00 UTC" in " ".join(board.text().split())


def memory_now(tmp_path, *pool_statuses):
    kept = kept_with(tmp_path, *pool_statuses)
    return Offline(kept, kept.last_owner())


async def test_a_settled_day_keeps_its_breakdown(tmp_path):
    kept, old = archive(tmp_path), Query(Window(TODAY - 9 * DAY, TODAY - 8 * DAY), BY_PROJECT)
    one = [day(9, row(project_id="a"))]
    kept.keep(Identity("u", KEY), "org-a", old, one, NOW - 3 * DAY)
    kept.keep(Identity("u", KEY), "org-a", Query(old.window), one, NOW)
    found = Offline(kept, kept.last_owner()).cached(old)
    assert [(each.coarse, each.bucket.rows[0].project_id) for each in found.values()] == [(False, "a")]


@pytest.mark.parametrize(("fields", "spent"), [((*BY_PROJECT, "batch"), True), (BY_MODEL, False)])
async def test_offline_only_hours_by_project_say_that_a_pool_is_stuck(tmp_path, fields, spent):
    kept, identity = archive(tmp_path), Identity("u", KEY)
    known = {"project_id": "a", "batch": False} if spent else {}
    rows = [row("gpt-6-sol", 242_000, 0, service_tier=FREE), row("gpt-6-sol", 9_000, 0)]
    kept.keep(identity, "org-a", Query(last_days(NOW, 2)), [day(0, *rows)], NOW)
    by_hour = {9: rows[0]._replace(**known), 11: rows[1]._replace(**known)}
    hours = inside(TODAY, Width.HOUR, NOW)
    buckets = [Bucket(start, tuple(r for h, r in by_hour.items() if h == start.hour)) for start in hours.starts()]
    kept.keep(identity, "org-a", Query(hours, fields), buckets, NOW)
    pool_inputs = (await engine(Offline(kept, kept.last_owner())).read_pools()).pool_inputs
    assert pool_inputs.pools(CATALOGUE)[0].spent is spent


async def test_an_export_does_not_print_what_is_not_broken_down_as_asked(tmp_path, capsys):
    memory = memory_now(tmp_path, (BY_MODEL, 1_000, NOW))
    asked = Export(View(grouping=Grouping(("user",))), "csv")
    assert await table(engine(memory), lambda: last_days(NOW, 0), asked) == 4
    said = capsys.readouterr()
    assert "1000" not in said.out
    assert "1 day not read, and not printed: 2026-11-20." in said.err
