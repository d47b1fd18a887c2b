"""A piece of a window that cannot be had costs itself: all others are read, and it is asked for again."""

from __future__ import annotations

from tests.support.builders import DAY, NOW, TODAY, Memory, day, engine, row
from tests.support.dashboard import dashboard
from tui.domain.kinds import Kind
from tui.domain.time import last_days
from tui.engine.fetch import AT_ONCE, Failures
from tui.errors import RateLimited, RequestRefused, ServerFailed
from tui.sources.base import Page


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

    from tui.domain.view import View

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
