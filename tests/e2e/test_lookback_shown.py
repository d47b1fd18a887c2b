"""What the API keeps no longer, as it is met in the dashboard, the commands and the archive."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.support.archives import archive, everything, through
from tests.support.builders import DAY, KEY, NOW, TODAY, Memory, day, row
from tests.support.cli import run
from tests.support.demo_api import Served
from tests.support.live import served
from tui.domain.kinds import Kind
from tui.domain.time import Window, last_days
from tui.domain.usage import Report
from tui.engine.fetch import read
from tui.sources.archive.buckets import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Page, Query


def told(api: Served) -> dict[str, str]:
    return {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": api.base_url}


def names(board) -> list[str]:
    return [cells[1].strip() for cells in board.rows() if cells[0]]


async def test_the_dashboard_is_live_with_what_is_kept_and_names_what_is_not(tmp_path):
    with Served() as api:
        api.keeps = {"usage/completions": 4, "costs": 4}
        async with served(api, tmp_path, days=13) as (board, time):
            text = board.text()
            assert names(board)[-9:] == ["not kept by the API"] * 9
            assert "9 days not kept by the API" in text
            assert board.screen.state.days.report.unread() == ()
            for word in ("days not read", "failed", "backing off", "makers", "only a part"):
                assert word not in text
            assert "● live, every 60 s" in text
            api.take()
            api.refused.clear()
            api.now += timedelta(minutes=1)
            await time.goes(board, minutes=1)
            assert {api.days_asked(one) for one in api.take() if one.one("bucket_width") == "1d"} == {3}
            assert "read 14:04:00 UTC" in board.text()
            await board.press("r")
            assert api.refused == [], "the limit is not met again"


@pytest.mark.slow
@pytest.mark.parametrize("days", [89, 364])
async def test_the_long_windows_go_as_far_back_as_there_is_anything(tmp_path, days):
    with Served() as api:
        api.keeps = {"usage/completions": 60}
        async with served(api, tmp_path, days=days) as (board, _):
            report = board.screen.state.days.report
            assert len(report.buckets) == 61
            assert report.unread() == ()
            assert f"{days - 60} days not kept by the API" in board.text()
        assert len(api.refused) == 1


async def test_a_day_that_is_not_kept_can_be_entered_and_says_so(tmp_path):
    with Served() as api:
        api.keeps = {"1h /v1/organization/usage/completions": 2}
        async with served(api, tmp_path, days=6) as (board, _):
            await board.press("home", *(["space"] if board.table.lines[0].open else []), *["down"] * 5, "enter")
            assert names(board)[0] == "not kept by the API"
            assert "24 hours not kept by the API" in board.text()
            assert "input: not kept by the API" in board.text()
            assert "failed" not in board.text()


async def test_other_kinds_have_their_own_limit_and_pools_go_on(tmp_path):
    with Served() as api:
        api.keeps = {"usage/embeddings": 1}
        async with served(api, tmp_path, days=3) as (board, _):
            await board.press("u")
            await board.press("down", "enter")
            assert board.screen.state.view.kind is Kind.EMBEDDINGS
            assert names(board)[-2:] == ["not kept by the API"] * 2
            assert board.screen.state.snapshot.pool_inputs.complete
            assert "failed" not in board.text()


async def test_what_was_read_before_is_shown_though_the_api_does_not_keep_it_any_more(tmp_path):
    month = Query(last_days(NOW, 30))
    with Served() as api:
        async with through(api, tmp_path) as source:
            first = await everything(source, month)
        api.keeps = {"usage/completions": 1}
        api.now += 40 * DAY
        async with through(api, tmp_path) as source:
            later = last_days(api.now, 80)
            report = Report(later)
            pages = []
            await read(source, Query(later), pages.append)
            for page in pages:
                report = report.with_buckets(page.buckets, page.not_kept)
    settled = {start: each for start, each in first.items() if start in report.buckets}
    assert len(settled) == 31
    assert {start: report.buckets[start] for start in settled} == settled
    assert len(report.buckets) == 31 + 2
    assert len(report.not_kept) == 81 - 33
    assert report.unread() == ()
    notes = {page.note for page in pages if page.note}
    assert notes == {
        "Last read while it still grew, and not kept by the API any more: 2026-11-18 00:00 UTC and 2 more."
    }


async def test_a_window_that_lies_wholly_before_the_limit_comes_from_the_archive(tmp_path):
    old = Query(Window(TODAY - 20 * DAY, TODAY - 10 * DAY))
    with Served() as api:
        async with through(api, tmp_path) as source:
            first = await everything(source, Query(Window(TODAY - 20 * DAY, TODAY - 15 * DAY)))
        api.keeps = {"usage/completions": 3}
        async with through(api, tmp_path) as source:
            pages = []
            await read(source, old, pages.append)
            assert {bucket.start: bucket for page in pages for bucket in page.buckets} == first
            assert sorted(start for page in pages for start in page.not_kept) == [
                TODAY - n * DAY for n in range(15, 10, -1)
            ]
            assert len(api.refused) == 1


async def test_what_is_gone_is_never_kept_as_a_day_without_usage(tmp_path):
    with Served() as api:
        api.keeps = {"usage/completions": 3}
        async with through(api, tmp_path) as source:
            await everything(source, Query(last_days(NOW, 20)))
        kept = archive(tmp_path).cached(
            archive(tmp_path).owner(Identity(api.base_url, "sk-admin-one")), Query(last_days(NOW, 20))
        )
    assert sorted(kept) == [TODAY - n * DAY for n in range(3, -1, -1)]


@pytest.mark.parametrize("more", [(), ("--no-archive",), ("--format", "csv"), ("--kind", "embeddings")])
def test_export_prints_what_is_kept_and_says_what_is_not_in_one_note(more):
    with Served() as api:
        api.keeps = {"usage/completions": 4, "usage/embeddings": 4}
        done = run("export", "--days", "15", *more, **told(api))
        assert len(api.refused) == 1
    assert done.returncode == 0
    assert done.stderr == ("oai-usage-tui: 11 days not kept by the API, and not printed: 2026-11-05 to 2026-11-15.\n")
    assert "2026-11-16" in done.stdout
    assert "2026-11-15" not in done.stdout


@pytest.mark.slow
def test_export_of_raw_pages_and_since_a_day_long_ago():
    with Served() as api:
        api.keeps = {"usage/completions": 40}
        raw = run("export", "--raw", "--since", "2026-08-22", "--until", "2026-11-20", **told(api))
        since = run("export", "--since", "2026-09-01", "--until", "2026-09-03", "--format", "json", **told(api))
    assert (raw.returncode, raw.stdout.count("\n")) == (0, 2)
    assert "50 days not kept by the API" in raw.stderr
    assert (since.returncode, json.loads(since.stdout)) == (0, {"schema_version": 1, "rows": []})
    assert "3 days not kept by the API, and not printed: 2026-09-01 to 2026-09-03." in since.stderr


@pytest.mark.slow
def test_pools_and_why_say_in_a_note_what_is_gone():
    with Served() as api:
        api.keeps = {"usage/completions": 9, "usage/web_search_calls": 1}
        pools = run("pools", "--no-archive", **told(api))
        why = run("why", "--no-archive", "--date", "2026-11-15", **told(api))
        gone = run("pools", "--no-archive", "--date", "2026-11-01", **told(api))
    assert (pools.returncode, pools.stderr.count("\n")) == (0, 1)
    assert "not kept by the API" in pools.stderr
    assert why.returncode == 0
    assert "the API does not keep it any more" in why.stdout
    assert gone.returncode == 4
    assert "does not keep the usage of 2026-11-01 any more" in gone.stderr


async def test_another_organization_is_noticed_behind_days_that_are_gone(tmp_path):
    """What stands in the archive is of the organization before; none of it is shown under the new one's name."""
    mine = Memory(*(day(ago, row("mine")) for ago in range(7)))
    identity = Identity("https://a/v1", KEY)
    await everything(ReadThrough(mine, archive(tmp_path), identity, lambda: NOW), Query(last_days(NOW, 6)))

    class Gone(Memory):
        async def pages(self, query):
            starts = tuple(start for start in query.window.starts() if start < TODAY - DAY)
            if starts:
                yield Page(not_kept=starts)
            async for page in super().pages(query):
                yield page

    theirs = Gone(day(0, row("theirs")))
    theirs.organization = "org-other"
    pages = []
    await read(ReadThrough(theirs, archive(tmp_path), identity, lambda: NOW), Query(last_days(NOW, 6)), pages.append)
    last = [page.organization for page in pages if page.organization is not None][-1]
    assert last == "org-other"
