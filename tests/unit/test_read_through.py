"""The archive in front of the API: what is asked, and what is not."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.support.archives import KEY, archive, everything, through
from tests.support.builders import DAY, NOW, QUICK, TODAY, Memory, day, loopback, page, result, row
from tests.support.demo_api import Served
from tests.support.loopback import Loopback
from tui.domain.rows import regrouped
from tui.domain.time import Width, Window, inside, last_days
from tui.engine.fetch import read
from tui.errors import RequestRefused, Unreachable
from tui.sources.archive.buckets import Identity
from tui.sources.archive.offline import Offline
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import BY_MODEL, BY_PROJECT, Page, Query
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client


async def test_a_second_start_asks_for_three_days_and_finds_the_same(tmp_path):
    month = Query(last_days(NOW, 30))
    with Served() as api:
        async with through(api, tmp_path) as source:
            first = await everything(source, month)
        api.take()
        async with through(api, tmp_path) as source:
            second = await everything(source, month)
        assert [api.days_asked(one) for one in api.take()] == [3]
    assert second == first
    assert len(second) == 31


async def test_a_year_costs_its_pages_once(tmp_path):
    year = Query(last_days(NOW, 364))
    with Served() as api:
        async with through(api, tmp_path) as source:
            first = await everything(source, year)
        assert len(api.take()) == 12 + 1, "whose key it is, shows in the first answer"
        async with through(api, tmp_path) as source:
            assert await everything(source, year) == first
        assert [api.days_asked(one) for one in api.take()] == [3]


async def test_a_day_that_was_read_before_it_was_settled_is_asked_for_once_more(tmp_path):
    week = last_days(NOW, 6)
    with Served() as api:
        async with through(api, tmp_path) as source:
            await everything(source, Query(week))
            api.take()
            api.now = NOW + DAY
            await everything(source, Query(last_days(api.now, 6)))
            assert [api.days_asked(one) for one in api.take()] == [4]
            await everything(source, Query(last_days(api.now, 6)))
            assert [api.days_asked(one) for one in api.take()] == [3]


async def test_a_finer_grouping_answers_a_coarser_one(tmp_path):
    old = Window(TODAY - 9 * DAY, TODAY - 5 * DAY)
    with Served() as api:
        async with through(api, tmp_path) as source:
            fine = await everything(source, Query(old, BY_PROJECT))
            api.take()
            coarse = await everything(source, Query(old, BY_MODEL))
            assert api.take() == []
        async with Client(Api(loopback(api.port), KEY)) as client:
            asked = await everything(client, Query(old, BY_MODEL))
    for start, bucket in coarse.items():
        assert bucket.models == asked[start].models == fine[start].models
        assert len(bucket.rows) == len({row.group for row in bucket.rows}) == len(asked[start].rows)
        assert sorted(map(repr, regrouped(fine[start].rows, BY_MODEL))) == sorted(map(repr, bucket.rows))


async def test_hours_minutes_filters_and_groupings_are_kept_apart(tmp_path):
    past = TODAY - 5 * DAY
    queries = [
        Query(inside(past, Width.HOUR, NOW)),
        Query(inside(past, Width.MINUTE, NOW)),
        Query(Window(past, past + DAY)),
        Query(Window(past, past + DAY), filters=(("models", "gpt-6-sol"),)),
        Query(Window(past, past + DAY), ("user_id",)),
    ]
    with Served() as api:
        async with through(api, tmp_path) as source:
            first = [await everything(source, query) for query in queries]
            assert len(api.take()) == 5 + 1, "whose key it is, shows in the first answer"
            assert [await everything(source, query) for query in queries] == first
            assert api.take() == []
    assert len({str(each) for each in first}) == 5
    assert {row.model for row in first[3][past].rows} == {"gpt-6-sol"}


async def test_what_is_not_worth_keeping_is_not_kept(tmp_path):
    with Served() as api:
        async with through(api, tmp_path) as source:
            await everything(source, Query(last_days(NOW, 6), keep=False))
    assert not (tmp_path / "data").exists()


async def test_offline_asks_nobody_and_shows_what_there_is(tmp_path):
    with Served() as api:
        async with through(api, tmp_path) as source:
            first = await everything(source, Query(last_days(NOW, 6)))
        api.take()
        kept = archive(tmp_path)
        alone = Offline(kept, kept.last_owner())
        assert await everything(alone, Query(last_days(NOW, 6))) == first
        assert alone.organization == "org-acme"
        longer = await everything(alone, Query(last_days(NOW, 9)))
        assert longer == first
        assert api.take() == []


async def test_days_that_the_api_no_longer_offers_stay(tmp_path):
    late = NOW + 40 * DAY
    kept, window = archive(tmp_path), Query(Window(TODAY - DAY, TODAY))
    first = Memory(day(1, row(tokens=7)))
    await everything(ReadThrough(first, kept, Identity("u", KEY), lambda: NOW), window)
    for _ in range(2):
        empty, pages = Memory(), []
        await read(ReadThrough(empty, kept, Identity("u", KEY), lambda: late), window, pages.append)
        ((found,), note) = pages[0].buckets, pages[0].note
        assert found == first.buckets[0], "it is asked for, since it had not been settled, and comes empty"
        assert found.read_at == NOW, "and is not taken for settled"
        assert note == "Last read while it still grew, and without usage for the API now: 2026-11-19 00:00 UTC."
        assert len(empty.queries) == 1


async def test_a_refusal_of_old_days_leaves_what_was_read_of_them(tmp_path):
    kept, window = archive(tmp_path), Query(Window(TODAY - DAY, TODAY))
    await everything(ReadThrough(Memory(day(1, row(tokens=7))), kept, Identity("u", KEY), lambda: NOW), window)
    refusing, pages = Memory(), []
    refusing.error = RequestRefused("too old")
    with pytest.raises(RequestRefused):
        await read(ReadThrough(refusing, kept, Identity("u", KEY), lambda: NOW + 9 * DAY), window, pages.append)
    assert [bucket.rows[0].input_tokens for page in pages for bucket in page.buckets] == [7]


async def test_a_failure_half_way_leaves_what_has_just_come(tmp_path):
    class Halfway(Memory):
        async def pages(self, query):
            async for each in super().pages(query):
                yield Page(each.buckets[:1], None, "org-test")
                if self.warning:
                    raise RequestRefused(self.warning)
                yield each

    kept, two = archive(tmp_path), Query(Window(TODAY - 2 * DAY, TODAY))
    source = Halfway(day(1, row(tokens=1)), day(2, row(tokens=2)))
    await everything(ReadThrough(source, kept, Identity("u", KEY), lambda: NOW), two)
    source.buckets = [day(1, row(tokens=10)), day(2, row(tokens=20))]
    source.warning, pages = "no more", []
    with pytest.raises(RequestRefused):
        await read(ReadThrough(source, kept, Identity("u", KEY), lambda: NOW + 9 * DAY), two, pages.append)
    found = {bucket.start: bucket.rows[0].input_tokens for page in pages for bucket in page.buckets}
    assert found == {TODAY - 2 * DAY: 20, TODAY - DAY: 1}


async def test_days_kept_in_between_are_asked_for_again_rather_than_one_by_one(tmp_path):
    kept, month = archive(tmp_path), Query(last_days(NOW, 30))
    source = Memory(*(day(ago, row(tokens=ago)) for ago in range(31)))
    through = ReadThrough(source, kept, Identity("u", KEY), lambda: NOW)
    for ago in range(30, 4, -3):
        await everything(through, Query(Window(TODAY - ago * DAY, TODAY - (ago - 1) * DAY)))
    source.queries.clear()
    assert len(await everything(through, month)) == 31
    assert len(source.queries) == 1


async def test_a_network_that_is_down_is_tried_once_for_all(tmp_path):
    source = Memory()
    source.error = Unreachable("no connection")
    through = ReadThrough(source, archive(tmp_path), Identity("u", KEY), lambda: NOW)
    queries = [Query(last_days(NOW, 2)), Query(last_days(NOW, 6)), Query(last_days(NOW, 30))]
    source.open.clear()
    asking = [asyncio.create_task(everything(through, query)) for query in queries]
    await asyncio.sleep(0.1)
    source.open.set()
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert {type(each) for each in found} == {Unreachable}
    assert len(source.queries) == 1
    source.error = None
    assert len(await everything(through, queries[1])) == 7


async def test_a_broken_archive_costs_no_request(tmp_path):
    (tmp_path / "data" / "archive.db").mkdir(parents=True)
    source = Memory()
    through = ReadThrough(source, archive(tmp_path), Identity("u", KEY), lambda: NOW)
    await everything(through, Query(last_days(NOW, 364)))
    asked = len(source.queries)
    assert asked <= 12 + 1
    source.queries.clear()
    await everything(through, Query(last_days(NOW, 364)))
    assert len(source.queries) == 12


async def test_what_a_clock_of_the_future_called_settled_is_asked_for_again(tmp_path):
    kept, today = archive(tmp_path), Query(last_days(NOW, 0))
    source = Memory(day(0, row()))
    await everything(ReadThrough(source, kept, Identity("u", KEY), lambda: NOW + 30 * DAY), today)
    source.queries.clear()
    await everything(ReadThrough(source, kept, Identity("u", KEY), lambda: NOW), today)
    assert len(source.queries) == 1


@pytest.mark.parametrize("cancelled", [{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2}])
async def test_of_several_that_wait_for_the_first_answer_each_can_be_cancelled_alone(tmp_path, cancelled):
    source = Memory(day(0, row()))
    source.open.clear()
    through = ReadThrough(source, archive(tmp_path), Identity("u", KEY), lambda: NOW)
    asking = [asyncio.create_task(everything(through, Query(last_days(NOW, 6))))]
    while not source.queries:
        await asyncio.sleep(0.001)
    asking += [asyncio.create_task(everything(through, Query(last_days(NOW, days)))) for days in (9, 12)]
    await asyncio.sleep(0.05)  # the others wait for the same answer by now
    assert len(source.queries) == 1
    for place in cancelled:
        asking[place].cancel()
    await asyncio.wait({asking[place] for place in cancelled})
    assert all(asking[place].cancelled() for place in cancelled)
    source.open.set()
    left = [task for place, task in enumerate(asking) if place not in cancelled]
    lengths = [days for place, days in enumerate((7, 10, 13)) if place not in cancelled]
    assert [len(found) for found in await asyncio.wait_for(asyncio.gather(*left), 5)] == lengths
    assert len(await asyncio.wait_for(everything(through, Query(last_days(NOW, 14))), 5)) == 15


async def test_when_the_one_who_asks_is_cancelled_one_other_asks_for_all(tmp_path):
    source = Memory(day(0, row()))
    source.open.clear()
    through = ReadThrough(source, archive(tmp_path), Identity("u", KEY), lambda: NOW)
    first = asyncio.create_task(everything(through, Query(last_days(NOW, 6))))
    while not source.queries:
        await asyncio.sleep(0.001)
    others = [asyncio.create_task(everything(through, Query(last_days(NOW, 6)))) for _ in range(3)]
    await asyncio.sleep(0.05)
    first.cancel()
    while len(source.queries) < 2:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.05)
    assert len(source.queries) == 2, "whose key it is, is asked by one at a time"
    source.open.set()
    assert [len(found) for found in await asyncio.gather(*others)] == [7, 7, 7]


async def test_the_time_of_reading_is_kept(tmp_path):
    kept = archive(tmp_path)
    through = ReadThrough(Memory(day(0, row())), kept, Identity("u", KEY), lambda: NOW)
    await everything(through, Query(last_days(NOW, 0)))
    assert {each.read_at for each in through.cached(Query(last_days(NOW, 0))).values()} == {NOW - timedelta(0)}


async def test_days_that_an_answer_does_not_name_are_neither_shown_nor_kept(tmp_path):
    def answer(asked):
        start = int(asked.one("start_time"))
        return page({"start_time": start, "end_time": start + 86_400, "results": [result()]})

    async with Loopback(answer) as api, Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client:
        kept, old = archive(tmp_path), Query(Window(TODAY - 9 * DAY, TODAY - 5 * DAY))
        for asked, shown in ((2, 2), (3, 3)):
            through = ReadThrough(client, kept, Identity("u", KEY), lambda: NOW)
            assert len(await everything(through, old)) == shown
            assert len(api.asked) == asked
        assert sum(each.buckets for each in kept.contents()) == 3, "one an answer"
