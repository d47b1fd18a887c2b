"""What the API keeps no longer: the rest is read, the limit is met once, and no day that is gone is shown as 0."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import DAY, KEY, NOW, QUICK, TODAY, bucket, engine, loopback, page, result
from tests.support.demo_api import Served
from tests.support.loopback import Asked, Reply
from tui.domain.kinds import Kind
from tui.domain.lookback import MOST_HALVINGS, Lookback, Search
from tui.domain.time import Width, Window, last_days
from tui.domain.usage import Report
from tui.engine.fetch import read
from tui.errors import NotKept, RequestRefused
from tui.sources.base import BY_PROJECT, Query
from tui.sources.openai import lookback as words
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.lookback import CODE


def searched(window: Window, kept_from: datetime, *, names: bool = True, memory: Lookback | None = None):
    """What a search finds where a start before `kept_from` is refused: buckets read, buckets gone, requests."""
    search, found, gone, asked = Search(window, memory or Lookback()), set(), [], []
    while (part := search.window) is not None:
        asked.append(part)
        if part.start < kept_from:
            search.refused(part, kept_from if names else None)
        else:
            assert not found & set(part.starts()), "nothing is read twice"
            found |= set(part.starts())
            search.answered(part)
        gone += search.not_kept()
    return found, gone + list(search.not_kept()), asked


@given(st.integers(0, 364), st.integers(0, 40), st.integers(0, 86_399), st.booleans(), st.booleans())
def test_a_page_is_divided_where_the_limit_lies_in_a_few_requests(days, ago, seconds, names, running):
    window = Window(TODAY - min(days, 30) * DAY, TODAY + DAY, running=running)
    kept_from = TODAY - ago * DAY - timedelta(seconds=seconds)
    found, gone, asked = searched(window, kept_from, names=names)
    assert found == {start for start in window.starts() if start >= kept_from}
    assert sorted([*found, *gone]) == list(window.starts()), "each bucket is one or the other"
    assert len(asked) <= 2 if names else len(asked) <= 2 + MOST_HALVINGS


def test_the_limit_of_one_window_is_that_of_all_that_follow():
    memory = Lookback()
    searched(last_days(NOW, 30), TODAY - 5 * DAY, memory=memory)
    older = Window(TODAY - 60 * DAY, TODAY - 30 * DAY)
    assert searched(older, TODAY - 5 * DAY, memory=memory) == (set(), list(older.starts()), [])


def test_without_a_day_in_the_words_fifteen_days_are_divided_in_five_requests():
    for ago in range(16):
        found, _, asked = searched(last_days(NOW, 15), TODAY - ago * DAY, names=False)
        assert len(found) == ago + 1
        assert len(asked) <= 5


def test_a_year_whose_oldest_page_is_refused_is_asked_newest_first_after_that():
    memory, kept_from, found, refused = Lookback(), TODAY - 100 * DAY, set(), 0
    newest, *older = last_days(NOW, 365).pieces()
    for piece in (newest, older[-1], *older[:-1]):
        read_now, _, asked = searched(piece, kept_from, names=False, memory=memory)
        found |= read_now
        refused += sum(1 for part in asked if part.start < kept_from)
    assert found == set(last_days(NOW, 100).starts())
    assert refused <= 3 + MOST_HALVINGS


@pytest.mark.parametrize("step", [0, 1])
def test_a_limit_that_moves_while_it_is_looked_for_costs_one_more_request(step):
    """The named day is itself refused, since midnight has passed, or because it is the last that is gone."""
    search, tries = Search(last_days(NOW, 30), Lookback()), 0
    while (part := search.window) is not None and part.start <= TODAY - 10 * DAY:
        search.refused(part, TODAY - 10 * DAY + min(tries, 1) * step * DAY)
        tries += 1
    assert part.start == TODAY - 9 * DAY
    assert tries == 2


def test_today_is_asked_for_whatever_was_learned_and_a_refusal_of_it_is_an_error():
    memory = Lookback(kept_from=TODAY + DAY)
    search = Search(last_days(NOW, 30), memory)
    assert search.window.start == TODAY
    search.refused(search.window, None)
    assert search.window is None
    assert search.has_failed


THERE = datetime(2025, 11, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (
            "Usage and cost data are available for the past year. Earliest supported start date: 2025-11-25 (UTC).",
            THERE,
        ),
        ("earliest supported start is 2025-11-25T00:00:00Z", THERE),
        ("Earliest: 2025-11-25 09:30:00+02:00", THERE.replace(hour=7, minute=30)),
        ("earliest available: 2025-11-25T08:15:30.123456Z", THERE.replace(hour=8, minute=15, second=30)),
        ("the earliest allowed start date is Nov 25, 2025", THERE),
        ("the earliest allowed start date is November 25th, 2025.", THERE),
        ("only available from 25 Nov 2025", THERE),
        ("only available since 25th of November, 2025", THERE),
        ("earliest: 2025/11/25", THERE),
        ("earliest: 25.11.2025", THERE),
        ("earliest: 11/25/2025", THERE),
        ("earliest: 20251125", THERE),
        ("earliest start_time is 1764028800", THERE),
        ("earliest start_time is 1764028800000 ms", THERE),
        ("start_time 2025-10-01 is too old; the earliest is 2025-11-25", THERE),
        ("2025-11-25 is the first day that can be had, 2025-10-01 is before it", THERE),
        ("earliest is 03/04/2026", datetime(2026, 3, 4, tzinfo=UTC)),
        ("Data are available for the past 90 days.", TODAY - 90 * DAY),
        ("start_time is older than the maximum of 12 weeks", TODAY - 84 * DAY),
        ("data are kept for a year", None),  # 366 days ago is no later than what was asked for
        ("too far back", None),
        ("earliest: 2025-13-45", None),
        ("earliest: 9999999999999999999999", None),
        ("start_time 2025-10-01 is too old", None),
        ("a new limit holds from 2027-01-01 on; look-back exceeded", None),
        ("past 99999999999999999999 years", None),
        ("", None),
        (None, None),
    ],
)
def test_the_first_day_that_is_kept_is_found_in_many_words(message, found):
    least = datetime(2025, 11, 19, 23, tzinfo=UTC) if message == "data are kept for a year" else THERE - 55 * DAY
    assert words.earliest(message, least, NOW) == found


@given(st.text())
def test_no_words_break_the_search_for_a_day(message):
    assert words.is_refusal(400, message, words.CODE), "the code decides"
    assert not words.is_refusal(503, message, None)
    words.is_refusal(400, message, None)
    found = words.earliest(message, None, NOW)
    assert found is None or found <= NOW


@pytest.mark.parametrize(
    ("status", "message", "code", "expected"),
    [
        (400, "anything", CODE, True),
        (422, None, CODE, True),
        (400, "Earliest supported start date: 2025-11-25 (UTC).", None, True),
        (400, "The lookback window is exceeded.", "invalid_request_error", True),
        (400, "start_time is too far in the past", None, True),
        (400, "Usage before this date is no longer available after 90 days.", None, True),
        (410, "Data are available for the past year.", None, True),
        (500, "Earliest supported start date: 2025-11-25", CODE, False),
        (429, "Earliest supported start date: 2025-11-25", None, False),
        (400, "Invalid 'end_time': must be after 'start_time'.", None, False),
        (400, "Invalid 'limit': must be between 1 and 31 for this bucket_width.", None, False),
        (400, "The page token is invalid, have you modified the query parameters?", None, False),
        (400, "Invalid value: 'api_key_id'. Supported values are: line_item, project_id.", None, False),
        (400, "The project is archived.", None, False),
        (404, "Invalid URL (GET /v1/organization/usage/decisions)", None, False),
        (400, None, None, False),
    ],
)
def test_the_code_decides_and_words_where_there_is_none(status, message, code, expected):
    assert words.is_refusal(status, message, code) is expected


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


ARCHIVED = Query(last_days(NOW, 2), ("model",), filters=(("project_ids", "proj_old"),))


def archived(status: int):
    """An API that refuses to be asked about a project by its id, as it does where that is archived."""

    def handler(asked):
        if asked.all("project_ids"):
            return Reply({"error": {"message": "The project is archived."}}, status)
        mine = result(tokens=5, project_id="proj_old"), result(tokens=7, project_id="proj_old")
        return page(*(bucket(ago, *mine, result(tokens=1_000, project_id="proj_new")) for ago in (2, 1, 0)))

    return handler


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_a_project_that_may_not_be_asked_about_is_read_out_of_the_whole(serve, status):
    async with serve(archived(status)) as (api, asked):
        report = await gathered(api, ARCHIVED)
        assert [each.sums.input for each in report.buckets.values()] == [12, 12, 12]
        assert {each.project_id for found in report.buckets.values() for each in found.rows} == {None}
        assert len(asked) == 2
        await gathered(api, ARCHIVED)
        assert len(asked) == 3, "it is refused once"


async def test_rows_that_are_left_out_of_the_whole_are_left_out_of_the_project(serve):
    whole = archived(400)

    def handler(asked):
        found = whole(asked)
        if isinstance(found, dict):
            found["data"][0]["results"][0]["input_tokens"] = -5
        return found

    async with serve(handler) as (api, _):
        report = await gathered(api, ARCHIVED)
    assert [each.left_out for each in report.buckets.values()] == [1, 1, 1]
    assert [each.sums.input for each in report.buckets.values()] == [7, 7, 7]


async def test_where_the_whole_is_refused_as_well_the_first_refusal_is_told(serve):
    def handler(asked):
        return Reply({"error": {"message": "scoped" if asked.all("project_ids") else "whole"}}, 400)

    async with serve(handler) as (api, _):
        with pytest.raises(RequestRefused, match="scoped"):
            await gathered(api, ARCHIVED)
