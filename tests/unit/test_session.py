import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.builders import CATALOGUE, DAY, FREE, NOW, TODAY, Memory, day, engine, row
from tests.support.states import LOADED, QUERY, WINDOW, turned
from tui.domain.rows import add_up
from tui.domain.time import Width, Window, last_days
from tui.engine import plan
from tui.engine.engine import Engine
from tui.engine.events import Arrived, Cancelled, Failed, Finished, Folded, Started
from tui.engine.fetch import AT_ONCE, read
from tui.engine.reader import Reader
from tui.engine.session import Session
from tui.engine.state import State
from tui.errors import BucketMissing, KeyRefused, RequestRefused, ServerFailed
from tui.sources.base import BY_MODEL, BY_PROJECT, Page, Query


class Watched:
    """A reader and the state that its events make, with the events themselves."""

    def __init__(self, source, catalogue):
        self.state, self.events = State.initial(WINDOW, catalogue), []
        self.reader = Reader(Session(source, lambda: NOW, 6, catalogue), lambda: self.state)

    def emit(self, event):
        self.events.append(event)
        self.state = turned(event, state=self.state)

    async def refresh(self, query=QUERY):
        await self.reader.refresh(query, self.emit)


def test_at_first_nothing_is_known_and_today_is_open():
    state = State.initial(WINDOW, CATALOGUE)
    assert len(state.seen.report.unread()) == 7
    assert state.seen.opened == {TODAY}
    assert state.seen.progress is None


def test_while_loading_the_progress_counts_what_came_this_time():
    state = turned(Started(WINDOW, NOW), Arrived(Page((day(0), day(1))), QUERY), state=LOADED)
    assert state.seen.progress == (2, 7)
    assert state.seen.report.unread() == ()


def test_after_loading_the_time_and_the_organization_are_known():
    assert (LOADED.seen.loading, LOADED.seen.failure, LOADED.seen.fetched_at) == (None, None, NOW)
    assert LOADED.snapshot.organization == "org-test"


def test_a_failure_takes_nothing_away_and_the_next_success_clears_it():
    later = NOW + timedelta(minutes=1)
    failed = turned(Started(WINDOW, later), Failed(ServerFailed("broken"), later), state=LOADED)
    assert failed.seen.report == LOADED.seen.report
    assert failed.snapshot.pool_inputs == LOADED.snapshot.pool_inputs
    assert failed.seen.fetched_at == NOW
    assert (failed.seen.failure.sentence, failed.seen.loading) == ("broken", None)
    assert turned(Started(WINDOW, later), Finished(later), state=failed).seen.failure is None


def test_what_came_before_a_cancel_stays():
    state = turned(Started(WINDOW, NOW), Arrived(Page((day(0, row()),)), QUERY), Cancelled(NOW))
    assert state.seen.loading is None
    assert len(state.seen.report.unread()) == 6


def test_a_new_day_is_open_and_its_pools_are_unknown():
    tomorrow = last_days(NOW + DAY, 6)
    state = turned(Started(tomorrow, NOW + DAY), state=LOADED)
    assert state.snapshot.pool_inputs is None
    assert TODAY + DAY in state.seen.opened
    assert state.seen.report.unread() == (TODAY + DAY,)


def test_warnings_are_kept_once_and_forgotten_by_the_next_refresh():
    state = turned(Started(WINDOW, NOW), *(Arrived(Page(warning="half"), QUERY) for _ in range(2)), Finished(NOW))
    assert state.snapshot.notes.warnings == ("half",)
    assert turned(Started(WINDOW, NOW), state=state).snapshot.notes.warnings == ()


def test_days_open_and_close():
    opened = turned(Folded(frozenset({TODAY - DAY}), open=True), state=LOADED)
    assert opened.seen.opened == {TODAY, TODAY - DAY}
    assert turned(Folded(frozenset({TODAY}), open=False), state=opened).seen.opened == {TODAY - DAY}


async def test_a_refresh_reads_the_window_and_the_pools_which_no_view_changes(catalogue):
    source = Memory(day(0, row()))
    watched = Watched(source, catalogue)
    await watched.refresh()
    events = watched.events
    assert {type(event).__name__ for event in events[1:-1]} == {"PoolsRead", "Arrived"}
    assert (type(events[0]), type(events[-1])) == (Started, Finished)
    assert Query(last_days(NOW, 2), BY_PROJECT) in source.queries
    assert Query(Window(TODAY - 30 * DAY, TODAY - 2 * DAY), BY_MODEL) in source.queries, "for the pools and the view"
    assert len(source.queries) == 3, "the third are the last hour's minutes"
    assert watched.state.seen.report.unread() == ()


async def test_an_error_is_an_event_and_not_an_exception(catalogue):
    source = Memory()
    source.error = KeyRefused("no")
    watched = Watched(source, catalogue)
    await watched.refresh()
    assert isinstance(watched.events[-1], Failed)
    assert watched.events[-1].error is source.error


async def test_a_cancelled_refresh_says_so(catalogue):
    source = Memory()
    source.open.clear()
    watched = Watched(source, catalogue)
    work = asyncio.create_task(watched.refresh())
    while not source.queries:
        await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert isinstance(watched.events[-1], Cancelled)


async def test_long_windows_are_read_in_pieces_the_newest_the_oldest_then_the_rest_and_a_few_at_once():
    source, pages = Memory(*(day(ago, row(tokens=1, output=0)) for ago in range(366))), []
    source.open.clear()
    work = asyncio.create_task(read(source, Query(last_days(NOW, 365)), pages.append))
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(source.queries) == AT_ONCE
    source.open.set()
    await work
    starts = [query.window.start for query in source.queries]
    newest, *older = sorted(starts, reverse=True)
    assert starts == [newest, older[-1], *older[:-1]]
    assert sum(add_up(each.rows).input for page in pages for each in page.buckets) == 366


class Broken(Memory):
    """A source whose answer for one piece is an error, at once, while all others take their time."""

    def __init__(self, start, error):
        super().__init__()
        self.start, self.error_there = start, error

    async def pages(self, query):
        self.queries.append(query)
        if query.window.start == self.start:
            raise self.error_there
        await asyncio.sleep(0.01)
        yield Page(tuple(day((TODAY - start) // DAY) for start in query.window.starts()))


async def test_a_broken_old_piece_costs_its_own_days_only():
    year = last_days(NOW, 365)
    oldest, pages = list(year.pieces())[-1], []
    with pytest.raises(RequestRefused, match="no"):
        await read(Broken(oldest.start, RequestRefused("no")), Query(year), pages.append)
    read_days = {each.start for page in pages for each in page.buckets}
    assert read_days == set(year.starts()) - set(oldest.starts())


async def test_where_no_request_can_succeed_no_further_piece_is_begun():
    source, year = Broken(None, None), last_days(NOW, 365)
    source.start, source.error_there = next(year.pieces()).start, KeyRefused("no")
    with pytest.raises(KeyRefused):
        await read(source, Query(year), lambda _: None)
    assert len(source.queries) <= AT_ONCE


async def test_an_api_that_knows_no_projects_is_read_without_them(catalogue):
    class NoProjects(Memory):
        async def pages(self, query):
            if query.group_by == BY_PROJECT:
                raise RequestRefused("no such grouping")
            async for each in super().pages(query):
                yield each

    watched = Watched(NoProjects(day(0, row(service_tier=FREE))), catalogue)
    await watched.refresh()
    assert watched.state.seen.report.unread() == ()
    assert watched.state.snapshot.pool_inputs.pools(catalogue)[0].free == 110
    assert isinstance(watched.events[-1], Finished)


async def test_a_command_asks_its_own_questions_and_nothing_follows_from_the_answers(catalogue):
    class Another(Memory):
        async def pages(self, query):
            async for each in super().pages(query):
                yield replace(each, is_another=True, organization="org-other")

    source = Another(day(0, row()))
    asking = engine(source, catalogue)
    answer = await asking.read(QUERY)
    await asking.idle()
    assert len(source.queries) == 1
    assert answer.report.buckets[TODAY].rows


async def test_minutes_of_a_day_of_polls_are_not_kept_for_ever(catalogue):
    moment = NOW
    source = Memory(day(0, row(service_tier=FREE)))
    watching = Engine(Session(source, lambda: moment, 6, catalogue, live=60))
    watching.begin()
    await watching.idle()
    counts = []
    for _ in range(6):
        moment += timedelta(minutes=61)
        watching.tick()
        await watching.idle()
        query = plan.minutes(moment)
        wide = Query(Window(NOW - timedelta(hours=3), moment, Width.MINUTE), query.group_by)
        counts.append(len(watching.state.store.get(wide)))
    assert len(set(counts[1:])) == 1
    await watching.close()


async def test_an_answer_without_any_day_takes_nothing_away_from_the_pools(catalogue):
    class Empty(Memory):
        empty = False

        async def pages(self, query):
            async for each in super().pages(query):
                yield Page((), missing=tuple(query.window.starts())) if self.empty else each

    source = Empty(day(0, row("gpt-6-sol", 240_000, 0, service_tier=FREE)))
    asking = engine(source, catalogue)
    await asking.read_pools()
    source.empty = True
    found = (await asking.read_pools()).pool_inputs
    assert (found.pools(catalogue)[0].free, found.stale) == (240_000, True)
    nothing = Empty()
    nothing.empty = True
    with pytest.raises(BucketMissing, match="the answer does not hold it"):
        await engine(nothing, catalogue).read_pools()


async def test_days_of_which_rows_are_left_out_prove_no_size_of_a_pool(catalogue):
    spoiled = [replace(day(ago, row(service_tier=FREE)), left_out=1) for ago in range(1, 31)]
    source = Memory(day(0, row("gpt-6-sol", 230_000, 0, service_tier=FREE)), *spoiled)
    found = (await engine(source, catalogue).read_pools()).pool_inputs
    assert not found.knows_limits(catalogue)
