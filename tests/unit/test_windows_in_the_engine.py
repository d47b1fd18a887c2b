"""What a window other than the last days does to a session: how it turns, and that today stays today."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.builders import CATALOGUE, DAY, NOW, TODAY, Memory, row
from tui.domain.costs import Costs as Found
from tui.domain.time import Window, last_days, midnight
from tui.domain.usage import Bucket
from tui.domain.windows import CalendarWindow, Dates, LastDays
from tui.engine import plan, select
from tui.engine.effects import Remember
from tui.engine.engine import Engine
from tui.engine.events import Paced, WindowChosen
from tui.engine.following import effects_of
from tui.engine.session import Session
from tui.errors import ServerFailed
from tui.sources.base import BY_MODEL, Page, Query

SUNDAY = datetime(2026, 11, 22, 23, 59, 30, tzinfo=UTC)
LAST_DAY = datetime(2026, 11, 30, 23, 59, 30, tzinfo=UTC)


class Time:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Endless(Memory):
    """A model of a pool was used in every bucket that is asked for."""

    def __init__(self, clock) -> None:
        super().__init__()
        self.clock = clock

    async def pages(self, query):
        self.queries.append(query)
        yield Page(
            tuple(Bucket(start, (row(),), read_at=self.clock()) for start in query.window.starts()), None, "org-test"
        )


async def begun(spec, time: Time, **options) -> Engine:
    engine = Engine(Session(Endless(time), time, 14, CATALOGUE, window_wanted=spec, live=60, **options))
    engine.begin()
    await engine.idle()
    return engine


async def goes(engine: Engine, time: Time, **span: float) -> None:
    time.now += timedelta(**span)
    engine.tick()
    await engine.idle()


@pytest.mark.parametrize(
    ("spec", "evening", "days"),
    [
        (LastDays(6), SUNDAY, 7),
        (CalendarWindow.THIS_WEEK, SUNDAY, 1),
        (CalendarWindow.LAST_WEEK, SUNDAY, 7),
        (CalendarWindow.THIS_MONTH, SUNDAY, 23),
        (CalendarWindow.LAST_MONTH, SUNDAY, 31),
        (CalendarWindow.THIS_WEEK, LAST_DAY, 2),
        (CalendarWindow.THIS_MONTH, LAST_DAY, 1),
        (CalendarWindow.LAST_MONTH, LAST_DAY, 30),
        (Dates(datetime(2026, 11, 1, tzinfo=UTC)), SUNDAY, 23),
        (Dates(datetime(2026, 11, 1, tzinfo=UTC), midnight(SUNDAY)), SUNDAY, 22),
        (Dates(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)), SUNDAY, 31),
    ],
    ids=lambda value: getattr(value, "label", None),
)
async def test_at_midnight_the_window_is_what_its_name_says_and_the_pools_are_those_of_the_new_day(
    spec, evening, days
):
    time = Time(evening)
    engine = await begun(spec, time)
    assert engine.state.days.report.window == spec.window(evening)
    assert engine.state.snapshot.pool_inputs.today.start == midnight(evening)
    await goes(engine, time, minutes=1)
    state = engine.state
    assert state.day == midnight(evening) + DAY
    assert state.days.report.window == spec.window(time.now)
    assert len(state.days.report.buckets) == days
    assert state.days.report.unread() == ()
    assert state.snapshot.pool_inputs.today.start == state.day
    assert select.today(state, time.now) is not None
    await engine.close()


@pytest.mark.parametrize("spec", [CalendarWindow.LAST_WEEK, CalendarWindow.THIS_WEEK], ids=lambda spec: spec.label)
async def test_where_nobody_may_ask_the_window_turns_all_the_same_and_no_pools_are_shown(spec):
    time = Time(SUNDAY)
    engine = await begun(spec, time)
    asked = len(engine.session.source.queries)
    engine.dispatch(Paced("toggled", time.now))
    await goes(engine, time, minutes=1)
    assert len(engine.session.source.queries) == asked
    assert engine.state.day == midnight(time.now)
    assert engine.state.days.report.window == spec.window(time.now)
    assert engine.state.snapshot.pools == ()
    await engine.close()


async def test_a_window_that_is_over_is_not_asked_for_again_and_the_pools_are():
    time = Time(NOW)
    engine = await begun(CalendarWindow.LAST_MONTH, time)
    source, before = engine.session.source, engine.state.snapshot.pool_inputs.today
    known, asked = engine.state.days.report, len(source.queries)
    await goes(engine, time, minutes=2)
    polled = source.queries[asked:]
    assert polled
    assert all(query.window.start >= TODAY - 2 * DAY for query in polled)
    assert engine.state.snapshot.pool_inputs.today is not before
    assert engine.state.days.report == known
    assert engine.state.days.fetched_at == time.now
    await engine.close()


async def test_days_before_today_on_which_nothing_was_free_are_found_in_a_window_that_is_over():
    engine = await begun(CalendarWindow.LAST_WEEK, Time(NOW))
    window = engine.state.days.report.window
    assert select.nothing_free(engine.state) == tuple(window.starts())
    await engine.close()


async def test_pools_that_could_not_be_read_beside_a_window_that_is_over_say_how_old_they_are():
    time = Time(NOW)
    engine = await begun(CalendarWindow.LAST_MONTH, time)
    assert engine.state.pools_read_at is None
    source, later = engine.session.source, NOW + timedelta(minutes=5)

    async def without_today(query):
        if query.window.running:
            raise ServerFailed("in trouble (503).")
        async for page in Endless.pages(source, query):
            yield page

    source.pages, time.now = without_today, later
    engine.dispatch(WindowChosen(CalendarWindow.LAST_WEEK))
    await engine.idle()
    assert engine.state.days.fetched_at == later
    assert engine.state.pools_read_at == NOW
    assert "in trouble" in engine.state.days.missing.sentence
    await engine.close()


@pytest.mark.parametrize("group_by", [BY_MODEL, ("project_id",)])
@pytest.mark.parametrize("ended", range(40))
def test_what_is_asked_covers_a_window_that_is_over_and_polls_ask_for_what_can_change(ended, group_by):
    window = Window(TODAY - (ended + 7) * DAY, TODAY - ended * DAY)
    query = Query(window, group_by)
    requests = plan.pools(Engine(Session(Memory(), lambda: NOW, 6, CATALOGUE)).state.store, CATALOGUE, NOW)
    asked = [each.query for each in (*requests, *plan.beside_pools(query, requests))]
    told = {start for each in asked if each.tells(query) for start in each.window.starts()}
    assert told >= set(window.starts())
    polled = [each.query for each in (*requests, *plan.poll(query, NOW, requests))]
    told = {start for each in polled if each.tells(query) for start in each.window.starts()}
    assert told >= {start for start in window.starts() if start in last_days(NOW, 2)}
    beside = [each.query.window for each in plan.poll(query, NOW, requests)]
    assert all(part.start >= TODAY - 2 * DAY for part in beside)


@pytest.mark.parametrize(
    ("spec", "remembered"),
    [
        (LastDays(29), [Remember("days", 29), Remember("window", None)]),
        (CalendarWindow.THIS_WEEK, [Remember("window", "this-week")]),
        (Dates(TODAY), []),
    ],
)
def test_a_window_that_was_chosen_is_remembered_and_dates_are_not(spec, remembered):
    state = Session(Memory(), lambda: NOW, 6, CATALOGUE).initial()
    effects = effects_of(state, WindowChosen(spec), replace(state, window_wanted=spec))
    assert [each for each in effects if isinstance(each, Remember)] == remembered


async def test_costs_are_asked_for_from_where_the_window_begins():
    asked = []

    class Costs:
        async def costs(self, window, by=()):
            asked.append(window)
            return Found()

    spec = Dates(TODAY - 100 * DAY, TODAY - 90 * DAY)
    engine = await begun(spec, Time(NOW), cost_source=Costs())
    assert min(window.start for window in asked) <= TODAY - 100 * DAY
    await engine.close()


async def test_another_window_opens_its_last_day():
    engine = await begun(None, Time(NOW))
    assert engine.state.days.opened == {TODAY}
    engine.dispatch(WindowChosen(CalendarWindow.LAST_MONTH))
    await engine.idle()
    assert datetime(2026, 10, 31, tzinfo=UTC) in engine.state.days.opened
    await engine.close()
