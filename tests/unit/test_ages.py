"""An answer is as old as its request: one that is asked for earlier and comes later replaces nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tests.support.archives import KEY, archive, everything
from tests.support.builders import DAY, FREE, NOW, TODAY, Memory, day, row
from tests.support.states import LOADED, QUERY, WINDOW, turned
from tui.domain.dimensions import Grouping
from tui.domain.time import Window, last_days
from tui.domain.usage import Bucket, Report
from tui.domain.view import View
from tui.engine.events import Arrived, CacheLoaded, PoolsRead, Viewed
from tui.sources.archive.owners import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import CachedBucket, Page, Query

MINUTE = timedelta(minutes=1)


def read(ago: int, tokens: int, at: datetime | None) -> Bucket:
    return replace(day(ago, row(tokens=tokens, service_tier=FREE)), read_at=at)


def tokens(report: Report) -> int:
    return report.buckets[TODAY].rows[0].input_tokens


def test_of_two_answers_the_one_that_was_asked_for_later_stays():
    newer, older, undated = read(0, 2, NOW), read(0, 1, NOW - MINUTE), read(0, 3, None)
    for order in ((older, newer), (newer, older)):
        assert tokens(Report(WINDOW).with_buckets(order)) == 2
        report = Report(WINDOW)
        for bucket in order:
            report = report.with_buckets([bucket])
        assert tokens(report) == 2
    assert tokens(Report(WINDOW).with_buckets([newer, undated])) == 3
    assert tokens(Report(WINDOW).with_buckets([read(0, 4, NOW), read(0, 5, NOW)])) == 5


def test_a_late_answer_changes_neither_the_table_nor_the_pools():
    newer, older = (read(0, tokens, at) for tokens, at in ((9_000, NOW), (10, NOW - MINUTE)))
    state = turned(Arrived(Page((newer,)), QUERY), PoolsRead(NOW), state=LOADED)
    late = turned(
        Arrived(Page((older,)), QUERY),
        PoolsRead(NOW),
        CacheLoaded(QUERY, {QUERY: {TODAY: CachedBucket(older, NOW - MINUTE)}}, NOW),
        state=replace(state, levels=tuple(replace(each, fresh=False) for each in state.levels)),
    )
    assert tokens(late.days.report) == 9_000
    assert late.snapshot.pool_inputs == state.snapshot.pool_inputs


def test_an_older_answer_that_tells_what_is_looked_for_now_takes_the_place_of_one_that_does_not():
    by_user = View(grouping=Grouping(("user",)))
    state = turned(Arrived(Page((read(0, 7, NOW),)), QUERY), Viewed(by_user), state=LOADED)
    assert TODAY in state.days.coarse
    own = replace(day(0, row(tokens=6, user_id="user-a")), read_at=NOW - MINUTE)
    state = turned(Arrived(Page((own,)), Query(WINDOW, by_user.fields)), state=state)
    assert state.days.report.buckets[TODAY] is own
    assert TODAY not in state.days.coarse


async def test_in_the_archive_too(tmp_path):
    kept, today = archive(tmp_path), Query(last_days(NOW, 0))
    identity, now = Identity("u", KEY), NOW + 2 * MINUTE
    for bucket in (read(0, 2, NOW + MINUTE), read(0, 1, NOW)):
        kept.keep(identity, "org-a", today, [bucket], now)
    (found,) = kept.cached(kept.owner(identity), today).values()
    assert (found.bucket.rows[0].input_tokens, found.read_at, found.bucket.read_at) == (2, NOW + MINUTE, NOW + MINUTE)
    kept.keep(identity, "org-a", today, [read(0, 3, NOW + MINUTE)], now)
    (found,) = kept.cached(kept.owner(identity), today).values()
    assert found.bucket.rows[0].input_tokens == 3


async def test_what_is_kept_is_as_old_as_the_question(tmp_path):
    moment = NOW

    class Slow(Memory):
        async def pages(self, query):
            nonlocal moment
            moment += 5 * MINUTE
            async for each in super().pages(query):
                yield each

    kept, today = archive(tmp_path), Query(last_days(NOW, 0))
    through = ReadThrough(Slow(day(0, row())), kept, Identity("u", KEY), lambda: moment)
    (found,) = (await everything(through, today)).values()
    assert found.read_at == NOW
    assert [each.read_at for each in through.cached(today).values()] == [NOW]


async def test_a_bucket_that_was_asked_for_before_it_was_settled_is_not_settled(tmp_path):
    moment = TODAY + 2 * DAY - MINUTE

    class Slow(Memory):
        async def pages(self, query):
            nonlocal moment
            moment += 5 * MINUTE
            async for each in super().pages(query):
                yield each

    source = Slow(day(1, row()))
    yesterday = Query(Window(TODAY - DAY, TODAY))
    for asked in (1, 2, 2):
        await everything(ReadThrough(source, archive(tmp_path), Identity("u", KEY), lambda: moment), yesterday)
        assert len(source.queries) == asked


async def test_a_settled_day_that_the_api_revises_is_kept_as_it_is_now(tmp_path):
    kept = archive(tmp_path)
    source = Memory(day(9, row(tokens=1)), day(8, row(tokens=2)), day(7, row(tokens=3)))
    identity = Identity("u", KEY)
    await everything(
        ReadThrough(source, kept, identity, lambda: NOW), Query(Window(TODAY - 8 * DAY, TODAY - 7 * DAY))
    )
    source.buckets[1] = day(8, row(tokens=20))
    wider = Query(Window(TODAY - 9 * DAY, TODAY - 6 * DAY))
    for _ in range(2):
        found = await everything(ReadThrough(source, kept, identity, lambda: NOW + MINUTE), wider)
        assert found[TODAY - 8 * DAY].rows[0].input_tokens == 20
    assert len(source.queries) == 2
