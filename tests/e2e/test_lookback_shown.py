"""What the API keeps no longer, as it is met in the dashboard, the commands and the archive."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.support.archives import archive, everything, through
from tests.support.builders import DAY, KEY, NOW, QUICK, TODAY, Memory, day, engine, loopback, row
from tests.support.cli import run
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tests.support.live import served
from tui.domain.costs import Cost, Costs
from tui.domain.kinds import Kind
from tui.domain.time import Window, last_days
from tui.domain.usage import Report
from tui.engine.costs import CostReader
from tui.engine.fetch import AT_ONCE, Failures, read
from tui.errors import NotKept, RateLimited, RequestRefused, ServerFailed
from tui.sources.archive.buckets import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Page, Query
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.costs import CostClient


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


class CostSource:
    """Costs of a dollar a day, which are kept from one day on; the refusal names it or not."""

    def __init__(self, kept_from, *, names=True):
        self.kept_from, self.names, self.windows = kept_from, names, []

    async def costs(self, window, by=()):
        self.windows.append(window)
        if window.start < self.kept_from:
            error = NotKept("too far back")
            error.earliest = self.kept_from if self.names else None
            raise error
        return Costs({start: (Cost(Decimal(1), "x, input"),) for start in window.starts()})


@pytest.mark.parametrize("named", [True, False])
async def test_costs_are_read_as_far_back_as_they_are_kept(named):
    cost_source = CostSource(TODAY - 9 * DAY, names=named)
    reader = CostReader(cost_source)
    costs = await reader.read(NOW, 14)
    assert sorted(costs.days) == [TODAY - n * DAY for n in range(9, -1, -1)]
    assert (costs.problem, costs.kept_from) == (None, TODAY - 9 * DAY)
    before = len(cost_source.windows)
    assert before <= (2 if named else 6)
    costs = costs.updated(await reader.read(NOW, 60))
    assert len(cost_source.windows) == before + 1, "the limit is known"
    assert len(costs.days) == 10


async def test_a_failure_while_the_limit_of_costs_is_looked_for_takes_nothing_that_was_read():
    class Fails(CostSource):
        async def costs(self, window, by=()):
            if self.answered:
                raise ServerFailed("in trouble (500).")
            found = await super().costs(window)  # refuses what is not kept
            self.answered = True
            return found

    cost_source = Fails(TODAY - 9 * DAY, names=False)
    cost_source.answered = False
    costs = await CostReader(cost_source).read(NOW, 14)
    assert costs.days
    assert TODAY in costs.days
    assert "Costs could not be read further back. in trouble" in costs.problem


async def test_the_money_view_says_from_when_on_costs_are_kept():
    with Served() as api:
        api.keeps = {"costs": 9}
        async with (
            Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client,
            dashboard(client, days=20, cost_source=CostClient(client)) as board,
        ):
            await board.press("dollar_sign")
            assert "The API keeps costs from 2026-11-11 on." in board.text()
            assert "Costs are off" not in board.text()
            await board.press("escape")
            costs = {line.start: line.cost for line in board.table.lines if line.is_bucket}
            assert costs[TODAY - 9 * DAY] is not None
            assert costs[TODAY - 10 * DAY] is None


class Broken(Memory):
    """A source in which a piece that begins before a day cannot be had, as long as there is an error."""

    def __init__(self, before, *buckets):
        super().__init__(*buckets)
        self.before, self.error_there = before, ServerFailed("in trouble (500).")

    async def pages(self, query):
        if self.error_there is not None and query.window.start < self.before:
            self.queries.append(query)
            raise self.error_there
        async for page in super().pages(query):
            yield page


async def test_a_piece_that_cannot_be_had_leaves_the_dashboard_live_and_is_asked_for_again_by_itself():
    from tests.support.live import Time

    source, time = Broken(TODAY - 40 * DAY, day(0, row())), Time()
    async with dashboard(source, days=60, clock=time) as board:
        text = board.text()
        assert "● live, every 60 s" in text
        assert "30 days not read" in text
        assert "in trouble (500)." in text
        assert "Asked again at 14:05:00" in text
        assert "backing off" not in text
        source.queries.clear()
        await time.goes(board, seconds=61)
        assert "read 14:04:01 UTC" in board.text()
        assert all(query.window.start >= TODAY - 2 * DAY for query in source.queries), "only what still changes"
        await time.goes(board, seconds=61)
        assert "Asked again at 14:09" in board.text(), "it failed once more"
        source.error_there = None
        await time.goes(board, minutes=5)
        assert board.screen.state.days.report.unread() == ()
        assert "in trouble" not in board.text()


async def test_a_kind_that_cannot_be_had_does_not_keep_the_pools_from_being_read():
    from tests.support.live import Time

    class NoImages(Memory):
        async def pages(self, query):
            if query.kind is Kind.IMAGES:
                self.queries.append(query)
                raise ServerFailed("in trouble (500).")
            async for page in super().pages(query):
                yield page

    from tui.domain.table import View

    source, time = NoImages(day(0, row(service_tier="incentivized-tier"))), Time()
    async with dashboard(source, days=6, clock=time, view=View(Kind.IMAGES)) as board:
        assert "● live, every 60 s" in board.text()
        assert "7 days not read" in board.text()
        source.queries.clear()
        source.buckets = [day(0, row(tokens=240_000, service_tier="incentivized-tier"))]
        await time.goes(board, seconds=61)
        assert "96%" in board.text()
        assert not [query for query in source.queries if query.kind is Kind.IMAGES], "not before its time"


async def test_days_before_today_that_cannot_be_had_cost_the_limit_and_not_the_pools(catalogue):
    source = Broken(TODAY - 2 * DAY, day(0, row(service_tier="incentivized-tier")))
    answer = await engine(source, catalogue).read_pools()
    assert answer.pool_inputs.pools(catalogue)[0].free == 110
    assert answer.pool_inputs.complete
    assert not answer.pool_inputs.knows_limits(catalogue)
    assert answer.problem is source.error_there


async def test_an_api_that_asks_to_be_left_alone_is_left_alone():
    source = Broken(TODAY - 40 * DAY, day(0, row()))
    source.error_there = RateLimited("too many (429).")
    async with dashboard(source, days=60) as board:
        assert "backing off until" in board.text()


async def test_a_piece_of_raw_pages_that_is_refused_takes_no_other_with_it(capsys):
    from tui.commands.export import raw
    from tui.commands.export_request import Export
    from tui.sources.base import RawPage

    class Pieces:
        async def raw_pages(self, query):
            if query.window.start == TODAY - 61 * DAY:
                raise RequestRefused("no such page (400).")
            found = tuple(day((TODAY - start) // DAY) for start in query.window.starts())
            yield RawPage(f"{query.window.start:%F}", Page(found))

    assert await raw(Pieces(), last_days(NOW, 90), Export()) == 4
    out, err = capsys.readouterr()
    assert out == "2026-10-21\n2026-08-22\n"
    assert "no such page" in err
    assert "31 days not read, and not printed" in err


def test_a_few_silences_in_a_row_end_the_reading_and_one_does_not():
    from tui.errors import TimedOut

    chances = Failures()
    chances.answered()
    for _ in range(AT_ONCE):
        chances.failed(TimedOut("no answer"))
        assert not chances.are_gone
    chances.failed(TimedOut("no answer"))
    assert chances.are_gone
    at_first = Failures()
    at_first.failed(TimedOut("no answer"))
    assert at_first.are_gone


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
