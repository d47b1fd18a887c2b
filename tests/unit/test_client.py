"""The client, over a fake transport and over a real loopback port alike."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.support.builders import DAY, KEY, NOW, QUICK, TODAY, bucket, gathered, loopback, page, result
from tests.support.loopback import Asked, Loopback, Reply
from tui.domain.rows import add_up
from tui.domain.time import Width, Window, last_days
from tui.engine.clock import Clock
from tui.sources.base import BY_PROJECT, Query
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client

TWO_WEEKS = Query(last_days(NOW, 13))


def paged(*days: dict, size: int):
    """A server that hands out these buckets, so many on a page, with cursors."""

    def handler(asked: Asked) -> dict:
        at = int((asked.one("page") or "page_0").removeprefix("page_"))
        more = at + size < len(days)
        return page(*days[at : at + size], next_page=f"page_{at + size}" if more else None)

    return handler


async def test_it_asks_as_the_api_documents(serve):
    async with serve(lambda _: page()) as (client, asked):
        await gathered(client.pages(TWO_WEEKS))
    (one,) = asked
    assert one.path == "/v1/organization/usage/completions"
    assert one.params == [
        ("start_time", str(int((TODAY - 13 * DAY).timestamp()))),
        ("bucket_width", "1d"),
        ("group_by", "model"),
        ("group_by", "service_tier"),
        ("limit", "31"),
    ]
    assert one.headers["authorization"] == f"Bearer {KEY}"
    assert one.headers["user-agent"].startswith("oai-usage-tui/")


async def test_only_a_window_that_ends_in_the_past_has_an_end(serve):
    past = Window(TODAY - 3 * DAY, TODAY - DAY)
    async with serve(lambda _: page()) as (client, asked):
        await gathered(client.pages(Query(past, BY_PROJECT)))
        await gathered(client.pages(Query(past, ())))
    assert asked[0].one("end_time") == str(int((TODAY - DAY).timestamp()))
    assert asked[0].all("group_by") == ["model", "service_tier", "project_id"]
    assert asked[1].all("group_by") == []


@pytest.mark.parametrize(("width", "limit"), [(Width.DAY, "31"), (Width.HOUR, "168"), (Width.MINUTE, "1440")])
async def test_the_limit_is_the_maximum_of_the_width(serve, width, limit):
    async with serve(lambda _: page()) as (client, asked):
        await gathered(client.pages(Query(Window(TODAY, TODAY + DAY, width, running=True))))
    assert asked[0].one("limit") == limit


async def test_pages_are_followed_with_the_same_parameters_and_put_together(serve):
    days = [bucket(ago, result(tokens=10 + ago)) for ago in range(13, -1, -1)]
    async with serve(paged(*days, size=4)) as (client, asked):
        found, warnings = await gathered(client.pages(TWO_WEEKS))
    assert {start: add_up(each.rows).input for start, each in found.items()} == {
        TODAY - ago * DAY: 10 + ago for ago in range(14)
    }
    assert warnings == []
    assert [one.one("page") for one in asked] == [None, "page_4", "page_8", "page_12"]
    assert all(one.params[: len(asked[0].params)] == asked[0].params for one in asked)


async def test_days_that_a_complete_answer_leaves_out_are_not_known_and_are_named(serve):
    async with serve(lambda _: page(bucket(2, result()), bucket(1))) as (client, _):
        (found,) = [each async for each in client.pages(TWO_WEEKS)]
    assert {each.start: len(each.rows) for each in found.buckets} == {TODAY - 2 * DAY: 1, TODAY - DAY: 0}
    assert set(found.missing) == set(TWO_WEEKS.window.starts()) - {TODAY - 2 * DAY, TODAY - DAY}
    assert "The API left out 2026-11-07 to 2026-11-17, 2026-11-20." in found.warning


async def test_minutes_that_the_api_has_not_come_to_are_not_left_out(serve):
    hour = NOW.replace(minute=0)
    named = [
        {"start_time": int((hour + timedelta(minutes=n)).timestamp()), "end_time": None, "results": []}
        for n in (0, 1, 3, 4)
    ]
    minutes = Window(hour, hour + timedelta(minutes=9), Width.MINUTE, running=True)
    async with serve(lambda _: page(*named)) as (client, _):
        (found,) = [each async for each in client.pages(Query(minutes))]
        (closed,) = [each async for each in client.pages(Query(replace(minutes, running=False)))]
    assert found.missing == (hour + timedelta(minutes=2),)
    assert "The API left out 2026-11-20 14:02." in found.warning
    assert len(closed.missing) == 5
    assert "14:02, 2026-11-20 14:05, 2026-11-20 14:06, …" in closed.warning


async def test_an_answer_is_as_old_as_its_request_also_where_it_puts_the_clock_right():
    time = [NOW + timedelta(days=400)]
    clock = Clock(lambda: time[0])

    def slow(asked: Asked) -> Reply:
        time[0] += timedelta(seconds=20)
        return Reply(page(bucket(0)), headers={"date": format_datetime(NOW + timedelta(seconds=20), usegmt=True)})

    async with Loopback(slow) as api:
        client = Client(Api(loopback(api.port), KEY, retry_policy=QUICK, on_date=clock.on_date), asked=clock.later)
        async with client:
            (found,) = [each async for each in client.pages(Query(last_days(NOW, 0)))]
    assert found.buckets[0].read_at == NOW


def again(asked: Asked) -> dict:
    return page(bucket(13 if asked.one("page") is None else 12, result()), next_page="page_same")


def endless(asked: Asked) -> dict:
    at = int((asked.one("page") or "page_0").removeprefix("page_"))
    return page(bucket(13, result()), next_page=f"page_{at + 1}")


def nowhere(_: Asked) -> dict:
    return page(bucket(13, result()), has_more=True)


def refused(asked: Asked) -> object:
    if asked.one("page") is None:
        return page(bucket(13, result()), next_page="page_2")
    message = "The page token is invalid, have you modified the query parameters?"
    return Reply({"error": {"message": message, "type": "invalid_request_error"}}, 400)


@pytest.mark.parametrize(
    ("handler", "words", "read"),
    [
        (again, "again and again", 2),
        (endless, "nothing new", 1),
        (nowhere, "did not say where", 1),
        (refused, "page token is invalid", 1),
    ],
)
async def test_a_broken_chain_ends_with_a_warning_and_what_was_read(serve, handler, words, read):
    async with serve(handler) as (client, asked):
        found, warnings = await gathered(client.pages(TWO_WEEKS))
    assert len(found) == read
    assert len(warnings) == 1
    assert words in warnings[0]
    assert len(asked) <= 4


async def test_an_empty_page_with_more_to_come_does_not_loop(serve):
    async with serve(lambda _: page(next_page="page_x")) as (client, asked):
        found, warnings = await gathered(client.pages(TWO_WEEKS))
    assert (found, len(warnings), len(asked)) == ({}, 1, 2)
