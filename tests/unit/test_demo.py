"""The demo organization is deterministic and adds up, and its API is what OpenAI's own client expects."""

import itertools
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, DAY, NOW, TODAY, demo_client, gathered
from tui.bootstrap import sources
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config
from tui.domain.outlook import Outlook
from tui.domain.rows import add_up, by_model
from tui.domain.time import Width, Window, last_days
from tui.engine.engine import Engine
from tui.engine.session import Session
from tui.sources.base import BY_PROJECT, Query
from tui.sources.demo import large_organization, server
from tui.sources.demo.organization import FOUNDED, INCENTIVIZED, Organization, Record
from tui.sources.demo.workloads import POOLS, STREAMS

ORGANIZATION = Organization(1)


def used(start: datetime, end: datetime, now: datetime, organization: Organization = ORGANIZATION) -> list:
    """Input, output, requests and cached of each stream and tier."""
    found: dict[tuple, list[int]] = {}
    for record in organization.records(start, end, now):
        sums = found.setdefault((record.stream, record.service_tier), [0, 0, 0, 0])
        for place, value in enumerate((record.input, record.output, record.requests, record.cached)):
            sums[place] += value
    return sorted(
        ((stream.model, stream.key, stream.batch, str(stream.tool), stream.odd, tier), sums)
        for (stream, tier), sums in found.items()
    )


def added(parts: list[list]) -> list:
    found: dict[tuple, list[int]] = {}
    for part in parts:
        for key, sums in part:
            found[key] = [a + b for a, b in zip(found.get(key, [0] * 4), sums, strict=True)]
    return sorted(found.items())


def test_the_same_seed_gives_the_same_usage_and_another_seed_another():
    first, again, other = (used(TODAY, NOW, NOW, Organization(seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.slow
@settings(max_examples=30)
@given(st.integers(0, 400), st.integers(1, 1440), st.sampled_from([60, 3_600, 7_000]))
def test_short_buckets_add_up_to_the_day_at_every_moment(ago, minutes, step):
    midnight = TODAY - ago * DAY
    now = midnight + timedelta(minutes=minutes)
    edges = [*range(0, 86_400, step), 86_400]
    parts = [
        used(midnight + timedelta(seconds=a), midnight + timedelta(seconds=b), now)
        for a, b in itertools.pairwise(edges)
    ]
    assert added(parts) == used(midnight, midnight + DAY, now)


@pytest.mark.parametrize(
    "organization",
    [ORGANIZATION, large_organization.organization(1, projects=20, models=8, keys=1)],
    ids=["usual", "large"],
)
@pytest.mark.parametrize("minute", [0, 59], ids=["first", "last"])
def test_no_minute_holds_what_was_left_of_the_others(organization, minute):
    there = among = 0
    for ago in range(1, 5):
        for hour in (0, 13, 23):
            start = TODAY - ago * DAY + timedelta(hours=hour)
            minutes = [start + timedelta(minutes=each) for each in range(60)]
            found = [
                sum(record.requests for record in organization.records(begin, begin + timedelta(minutes=1), NOW))
                for begin in minutes
            ]
            there, among = there + found[minute], among + sum(found)
    assert 0.5 < there * 60 / among < 2


def test_usage_only_grows_while_one_watches_and_something_grows_within_minutes():
    totals = [
        sum(sums[2] for _, sums in used(TODAY, TODAY + DAY, NOW + timedelta(minutes=m))) for m in range(0, 60, 5)
    ]
    assert totals == sorted(totals)
    assert len(set(totals)) > 8


def test_the_last_minutes_arrive_late():
    soon, later = (used(TODAY, NOW, NOW + timedelta(minutes=m)) for m in (0, 20))
    assert sum(sums[2] for _, sums in soon) < sum(sums[2] for _, sums in later)
    assert used(NOW - timedelta(minutes=5), NOW, NOW) == []


def test_traffic_is_free_until_the_pool_is_spent_and_billed_after_it():
    free = dict.fromkeys(POOLS, 0)
    billed = dict.fromkeys(POOLS, 0)
    for record in ORGANIZATION.records(TODAY - DAY, TODAY, NOW):
        stream = record.stream
        if record.service_tier == INCENTIVIZED:
            assert stream.may_be_free
            free[stream.pool] += record.input + record.output
        elif stream.may_be_free:
            billed[stream.pool] += record.input + record.output
    assert 0.9 * POOLS["large"] < free["large"] <= POOLS["large"]
    assert billed["large"] > 0
    assert 0 < free["small"] < POOLS["small"]
    assert billed["small"] == 0


def test_before_it_was_founded_there_was_no_usage():
    assert used(FOUNDED - DAY, FOUNDED, NOW) == []


def test_the_streams_know_their_pools_as_the_catalogue_does():
    catalogue = effective_catalogue(Config())
    tokens = [stream for stream in STREAMS if stream.kind == "completions"]
    assert [stream.pool for stream in tokens] == [catalogue.pool_of(stream.model) for stream in tokens]
    assert catalogue.lower == POOLS
    assert 8 <= len({stream.model for stream in tokens}) <= 12
    assert any(not stream.shared for stream in tokens)
    assert "ft:gpt-4.1-mini-2025-04-14:acme:[prod]:Ab12" in {stream.model for stream in tokens}


async def test_the_real_client_reads_the_demo_by_day_and_by_minute_alike():
    async with demo_client() as client:
        days, _ = await gathered(client.pages(Query(last_days(NOW, 0))))
        minutes, _ = await gathered(client.pages(Query(Window(TODAY, TODAY + DAY, Width.MINUTE, running=True))))
    assert len(minutes) == (NOW - TODAY) // Width.MINUTE.span, "those that have begun"
    day, fine = by_model(days[TODAY].rows), by_model(row for each in minutes.values() for row in each.rows)
    assert dict(sorted(fine.items())) == dict(sorted(day.items()))


async def test_filters_and_groupings_of_the_demo_agree():
    async with demo_client() as client:
        whole, _ = await gathered(client.pages(Query(last_days(NOW, 2), ())))
        split, _ = await gathered(client.pages(Query(last_days(NOW, 2), BY_PROJECT)))
    for start, each in whole.items():
        one, other = add_up(each.rows), add_up(split[start].rows)
        assert (one.input, one.output, one.requests) == (other.input, other.output, other.requests)
        assert len(each.rows) == 1


async def asked(path: str = "/v1/organization/usage/completions", key: str = server.KEY, **params) -> httpx.Response:
    api = httpx.ASGITransport(server.application(ORGANIZATION, lambda: NOW))
    async with httpx.AsyncClient(transport=api, base_url="http://demo") as http:
        return await http.get(path, params=params, headers={"Authorization": f"Bearer {key}"} if key else {})


START = int(TODAY.timestamp())


async def test_limits_are_the_documented_ones_and_so_are_their_defaults():
    for width, default, maximum in (("1d", 7, 31), ("1h", 24, 168), ("1m", 60, 1440)):
        start = START - 40 * 86_400
        plain = (await asked(start_time=start, bucket_width=width)).json()
        full = (await asked(start_time=start, bucket_width=width, limit=maximum)).json()
        assert (len(plain["data"]), len(full["data"])) == (default, maximum)
        assert (await asked(start_time=start, bucket_width=width, limit=maximum + 1)).status_code == 400
        assert (await asked(start_time=start, bucket_width=width, limit=0)).status_code == 400


async def test_arrays_are_taken_repeated_and_in_brackets():
    one = await asked(start_time=START, group_by=["model", "project_id"])
    other = await asked(**{"start_time": START, "group_by[]": ["model", "project_id"]})
    assert one.json() == other.json()
    assert one.json()["data"][0]["results"][0]["project_id"].startswith("proj_")
    assert one.json()["data"][0]["results"][0]["user_id"] is None


async def test_a_filter_keeps_what_it_names():
    found = await asked(start_time=START, group_by="model", models=["gpt-6-sol", "gpt-6-astra"])
    assert {each["model"] for each in found.json()["data"][0]["results"]} == {"gpt-6-sol", "gpt-6-astra"}
    batch = await asked(start_time=START, group_by="batch", batch="true")
    assert {each["batch"] for each in batch.json()["data"][0]["results"]} == {True}


async def test_a_cursor_goes_with_the_parameters_that_it_was_made_for():
    first = (await asked(start_time=START - 9 * 86_400, limit=5)).json()
    assert (first["has_more"], len(first["data"])) == (True, 5)
    second = (await asked(start_time=START - 9 * 86_400, limit=5, page=first["next_page"])).json()
    assert second["data"][0]["start_time"] == first["data"][-1]["end_time"]
    assert (second["has_more"], second["next_page"]) == (False, None)
    for changed in ({"limit": 4}, {"limit": 5, "group_by": "model"}):
        refused = await asked(start_time=START - 9 * 86_400, page=first["next_page"], **changed)
        assert refused.status_code == 400
        assert "page token is invalid" in refused.json()["error"]["message"]
    assert (await asked(start_time=START, page="page_nonsense")).status_code == 400


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"start_time": "noon"},
        {"start_time": 10**18},
        {"start_time": START, "end_time": START},
        {"start_time": START, "bucket_width": "1w"},
        {"start_time": START, "group_by": "colour"},
        {"start_time": START, "limit": "many"},
    ],
)
async def test_wrong_parameters_are_refused_in_the_apis_form(params):
    answer = await asked(**params)
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize("key", ["", "sk-proj-abcdefghijklmnop", "sk-short"])
async def test_other_keys_are_refused_and_not_repeated(key):
    answer = await asked(key=key, start_time=START)
    assert answer.status_code == 401
    assert not key or key not in answer.text


async def test_other_paths_are_not_there():
    answer = await asked("/v1/chat/completions")
    assert answer.status_code == 404
    assert "Invalid URL" in answer.json()["error"]["message"]


async def test_answers_carry_the_apis_headers():
    answer = await asked(start_time=START)
    assert answer.headers["openai-organization"] == "org-acme"
    assert answer.headers["x-request-id"].startswith("req_")
    assert answer.headers["date"] == "Fri, 20 Nov 2026 14:03:00 GMT"


def test_a_large_organization_is_the_same_for_the_same_seed_and_as_large_as_asked_for():
    now, start = NOW, TODAY - timedelta(days=1)

    def records(seed: int) -> list[Record]:
        return list(large_organization.organization(seed, projects=40, models=30, keys=5).records(start, TODAY, now))

    first = records(3)
    assert first == records(3) != records(4)
    own = [each.stream for each in first if each.stream.kind == "completions" and each.stream.tool is None]
    assert len({(each.project, each.key, each.model) for each in own}) == 40 * 5 * 5
    assert len({each.model for each in own}) == 30


@pytest.mark.parametrize(
    "today",
    [datetime(2026, 11, 10, 14, tzinfo=UTC), *(datetime(2026, 11, 20 + n, 14, tzinfo=UTC) for n in range(8)),
     datetime(2027, 6, 5, 14, tzinfo=UTC)],
)  # fmt: skip
async def test_on_whatever_day_the_demo_begins_the_large_pool_runs_out_before_the_reset(today):
    async with sources.demo_client(lambda: today) as client:
        watched = Engine(Session(client, lambda: today, 0, CATALOGUE))
        watched.begin()
        await watched.idle()
        large, small = watched.state.snapshot.pools
        await watched.close()
    assert (large.outlook, small.outlook) == (Outlook.RUNS_OUT, Outlook.LASTS)
    assert 40 < large.pool.percent < 70


def test_the_demo_begins_at_14_00_of_today_and_goes_on_from_there(monkeypatch):
    time = [datetime(2026, 11, 26, 3, 20, 7, tzinfo=UTC)]
    monkeypatch.setattr(sources, "utc_now", lambda: time[0])
    clock, real = sources.demo_clock(), sources.demo_clock(at_once=True)
    assert (clock(), real()) == (datetime(2026, 11, 26, 14, tzinfo=UTC), time[0])
    time[0] += timedelta(hours=10, minutes=1)
    assert (clock(), real()) == (datetime(2026, 11, 27, 0, 1, tzinfo=UTC), time[0])
