"""What the API keeps no longer: the rest is read, the limit is met once, and no day that is gone is shown as 0."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.builders import DAY, KEY, NOW, QUICK, TODAY, bucket, engine, loopback, page, result
from tests.support.demo_api import Served
from tests.support.loopback import Asked, Reply
from tui.domain.kinds import Kind
from tui.domain.time import Width, Window, last_days
from tui.domain.usage import Report
from tui.engine.fetch import read
from tui.errors import NotKept, RequestRefused
from tui.sources.base import BY_PROJECT, Query
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.lookback import CODE


def refusal(message: str = "too far back", code: str | None = CODE) -> Reply:
    return Reply({"error": {"message": message, "code": code, "type": "invalid_request_error"}}, 400)


async def gathered(source, query):
    pages = []
    await read(source, query, pages.append)
    report = Report(query.window)
    for each in pages:
        report = report.with_buckets(each.buckets, each.not_kept)
    return report


def days_from(start: datetime, asked: Asked) -> dict:
    """A page of every day from here on that is asked for."""
    end = asked.one("end_time")
    last = TODAY if end is None else datetime.fromtimestamp(int(end), UTC) - DAY
    return page(*(bucket((TODAY - start).days - n, result()) for n in range((last - start).days + 1)))


def kept_from(first: datetime, **refused):
    """A handler that answers from this moment on."""

    def handler(asked):
        start = datetime.fromtimestamp(int(asked.one("start_time")), UTC)
        return refusal(**refused) if start < first else days_from(start, asked)

    return handler


async def test_what_is_kept_is_read_and_the_days_before_are_neither_unread_nor_zero(serve):
    first = TODAY - 4 * DAY
    async with serve(kept_from(first, message=f"Earliest supported start date: {first:%Y-%m-%d} (UTC).")) as (
        api,
        asked,
    ):
        report = await gathered(api, Query(last_days(NOW, 15)))
        assert list(report.buckets) == [TODAY - ago * DAY for ago in (4, 3, 2, 1, 0)]
        assert report.not_kept == {TODAY - ago * DAY for ago in range(5, 16)}
        assert report.unread() == ()
        assert len(asked) == 2
        await gathered(api, Query(last_days(NOW, 40), BY_PROJECT))
        assert len(asked) == 3, "whatever is asked for next, the limit is known"


@pytest.mark.parametrize("refused", [{}, {"message": "Start is too far back: start_time is too old", "code": None}])
async def test_without_a_day_in_the_message_the_window_is_halved(serve, refused):
    async with serve(kept_from(TODAY - 4 * DAY, **refused)) as (api, asked):
        report = await gathered(api, Query(last_days(NOW, 15)))
        assert (len(report.buckets), len(report.not_kept), report.unread()) == (5, 11, ())
        assert len(asked) <= 5


async def test_a_bucket_that_is_kept_in_part_is_not_shown_as_a_whole_one(serve):
    first = TODAY - 4 * DAY + timedelta(hours=9)
    message = f"Earliest supported start: {first:%Y-%m-%dT%H:%M:%SZ}"
    async with serve(kept_from(first, message=message)) as (api, _):
        report = await gathered(api, Query(last_days(NOW, 15)))
    assert min(report.buckets) == TODAY - 3 * DAY
    assert TODAY - 4 * DAY in report.not_kept


async def test_a_limit_that_is_reached_between_two_pages_keeps_what_was_read(serve):
    """At midnight the limit moves on; the cursor of a chain that began before it is refused."""
    first = TODAY - 3 * DAY

    def handler(asked):
        start = datetime.fromtimestamp(int(asked.one("start_time")), UTC)
        if asked.one("page") is not None and start < first:
            return refusal(f"Earliest supported start date: {first:%Y-%m-%d} (UTC).")
        return page(bucket(4, result(tokens=4)), next_page="page_1") if start < first else days_from(start, asked)

    async with serve(handler) as (api, asked):
        report = await gathered(api, Query(last_days(NOW, 4)))
    assert len(report.buckets) == 5
    assert report.not_kept == frozenset()
    assert len(asked) == 3


async def test_an_api_that_refuses_even_today_has_failed(serve):
    async with serve(lambda _: refusal()) as (api, _):
        with pytest.raises(NotKept, match="too far back") as caught:
            await gathered(api, Query(last_days(NOW, 3)))
        assert caught.value.code == CODE
        assert "makers" not in caught.value.sentence


async def test_every_error_has_the_code_of_the_api(serve):
    async with serve(lambda _: Reply({"error": {"message": "no", "code": "unknown_parameter"}}, 400)) as (api, _):
        with pytest.raises(RequestRefused) as caught:
            await gathered(api, Query(last_days(NOW, 0)))
    assert caught.value.code == "unknown_parameter"


@contextlib.asynccontextmanager
async def client(api: Served) -> AsyncIterator[Client]:
    async with Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as made:
        yield made


@pytest.mark.parametrize("days", [5, 45, 100, 364])
async def test_a_year_meets_the_limit_once(days):
    with Served() as api:
        api.keeps = {"usage/completions": days}
        async with client(api) as source:
            report = await gathered(source, Query(last_days(NOW, 365)))
            assert sorted(report.buckets) == [TODAY - ago * DAY for ago in range(days, -1, -1)]
            assert report.unread() == ()
            assert len(api.refused) == 1
            await gathered(source, Query(last_days(NOW, 365)))
        assert len(api.refused) == 1


async def test_each_endpoint_and_width_has_a_limit_of_its_own():
    with Served() as api:
        api.keeps = {"1h /v1/organization/usage/completions": 2, "usage/completions": 20, "usage/embeddings": 9}
        async with client(api) as source:
            tokens = await gathered(source, Query(last_days(NOW, 30)))
            others = await gathered(source, Query(last_days(NOW, 30), kind=Kind.EMBEDDINGS, group_by=("model",)))
            hours = await gathered(source, Query(Window(TODAY - 3 * DAY, TODAY - 2 * DAY, Width.HOUR)))
    assert [len(each.not_kept) for each in (tokens, others, hours)] == [10, 21, 24]
    assert [len(each.buckets) for each in (tokens, others, hours)] == [21, 10, 0]


async def test_raw_pages_are_those_that_are_kept():
    with Served() as api:
        api.keeps = {"usage/completions": 3}
        async with client(api) as source:
            pages = [each async for each in source.raw_pages(Query(last_days(NOW, 10)))]
    assert sum(1 for each in pages if each.line is not None) == 1
    assert sum(len(each.page.not_kept) for each in pages) == 7


async def test_pools_are_known_where_only_a_part_of_their_history_is_kept(catalogue):
    with Served() as api:
        api.keeps = {"usage/completions": 1}
        async with client(api) as source:
            pool_inputs = (await engine(source, catalogue).read_pools()).pool_inputs
        assert pool_inputs.complete
        assert [each.start for each in pool_inputs.history] == [TODAY - DAY]
        assert pool_inputs.notes == (
            "29 days of the last 31 not kept by the API; the pools' sizes are judged by the others.",
        )
        days = [asked for asked in api.refused if asked.one("bucket_width") == "1d"]
        assert len(days) <= 2


async def test_a_day_whose_pools_are_gone_says_so(catalogue):
    with Served() as api:
        api.keeps = {"usage/completions": 10}
        async with client(api) as source:
            with pytest.raises(NotKept, match="does not keep the usage of 2026-11-01 any more"):
                await engine(source, catalogue).read_pools(TODAY - 19 * DAY)


async def test_why_says_what_is_gone(catalogue):
    with Served() as api:
        api.keeps = {"usage/file_search_calls": 3, "1h /v1/organization/usage/completions": 9.5}
        async with client(api) as source:
            told = await engine(source, catalogue).diagnose(TODAY - 5 * DAY)
            assert (told.complete, told.tools_known, told.tools_kept) == (True, True, False)
            part = await engine(source, catalogue).diagnose(TODAY - 10 * DAY)
            assert (part.complete, part.hours_not_kept) == (True, 12)
            with pytest.raises(NotKept, match="does not keep the hours of 2026-11-04 any more"):
                await engine(source, catalogue).diagnose(TODAY - 16 * DAY)
