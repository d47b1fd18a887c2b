"""What is read beside the view: the hours of the pools' chart, the usage of the month that Money shows."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.support.builders import CATALOGUE, NOW, Memory, day, row
from tests.support.states import turned
from tui.domain.time import Width, midnight, recent
from tui.domain.usage import Bucket
from tui.domain.what import What
from tui.engine import plan
from tui.engine.effects import LoadExtras, Ring, Tell
from tui.engine.engine import Engine
from tui.engine.events import Arrived, BucketsRead, BucketsWanted, RefreshAsked, Ticked
from tui.engine.reduce import reduce
from tui.engine.session import Session
from tui.engine.timer import RefreshTimer
from tui.errors import ServerFailed
from tui.sources.base import Page, Query

HOURS = BucketsWanted(hours=True)


def asked(state, now=NOW):
    return plan.due_extras(state.buckets_wanted, state.buckets_read, now)


def test_hours_are_asked_for_once_and_again_when_another_has_been_counted():
    state, effects = reduce(turned(), HOURS)
    assert LoadExtras() in effects
    (query,) = asked(state)
    assert query.window.width is Width.HOUR
    assert query.window.start == midnight(NOW)
    state, _ = reduce(state, BucketsRead(query, NOW))
    assert asked(state) == ()
    (later,) = asked(state, NOW + timedelta(hours=1))
    assert later.window.end == query.window.end + timedelta(hours=1)


def test_what_failed_is_asked_for_again_after_a_minute_and_not_before():
    state, _ = reduce(turned(), HOURS)
    (query,) = asked(state)
    state, _ = reduce(state, BucketsRead(query, NOW, ServerFailed("no")))
    assert asked(state, NOW + timedelta(seconds=59)) == ()
    assert asked(state, NOW + timedelta(seconds=60)) == (query,)


def test_a_refresh_reads_it_anew_and_time_asks_only_where_something_is_wanted():
    state, _ = reduce(turned(), Ticked(NOW))
    assert LoadExtras() not in reduce(state, Ticked(NOW))[1]
    state, _ = reduce(state, HOURS)
    (query,) = asked(state)
    state, _ = reduce(state, BucketsRead(query, NOW))
    state, effects = reduce(state, RefreshAsked())
    assert LoadExtras() in effects
    assert asked(state) == (query,)
    live = replace(state, timer=RefreshTimer(every=60).succeeded(NOW))
    assert LoadExtras() not in reduce(live, Ticked(NOW))[1], "what is looked at comes first"
    live = live.changed(replace(live.days, fetched_at=NOW))
    assert LoadExtras() in reduce(live, Ticked(NOW))[1]
    paused = replace(state, timer=RefreshTimer(every=60, on=False))
    assert LoadExtras() not in reduce(paused, Ticked(NOW))[1]


def test_what_is_wanted_no_longer_is_forgotten():
    state, _ = reduce(turned(), HOURS)
    (hours,) = asked(state)
    state, _ = reduce(state, BucketsRead(hours, NOW))
    state, _ = reduce(state, BucketsWanted(month=datetime(2026, 1, 1, tzinfo=UTC)))
    (january,) = asked(state)
    assert (january.window.end - january.window.start).days == 31
    assert not january.window.running
    state, _ = reduce(state, BucketsRead(january, NOW))
    assert set(state.buckets_read) == {january}
    state, _ = reduce(state, BucketsWanted())
    state, _ = reduce(state, BucketsRead(hours, NOW))
    assert january in state.buckets_read, "a month that is over is not read twice"


def test_this_month_ends_with_today():
    first = midnight(NOW).replace(day=1)
    (month,) = plan.extras(BucketsWanted(month=first), NOW)
    assert month.window.running
    assert midnight(NOW) in month.window
    assert month.window.start == first


def watched(source) -> Engine:
    engine = Engine(Session(source, lambda: NOW, 1, CATALOGUE, live=60))
    engine._is_watching = True
    return engine


class Broken(Memory):
    async def pages(self, query):
        self.queries.append(query)
        raise ZeroDivisionError
        yield


async def test_a_fault_of_our_own_is_told_and_not_repeated_each_second():
    source = Broken()
    engine = watched(source)
    engine.dispatch(HOURS)
    for _ in range(5):
        await engine.idle()
        engine._loader.do(LoadExtras())
    assert len(source.queries) == 1
    assert engine.fault is not None


async def test_a_month_that_was_turned_away_from_is_not_waited_for():
    source = Memory()
    source.open.clear()
    engine = watched(source)
    engine.dispatch(BucketsWanted(month=datetime(2026, 1, 1, tzinfo=UTC)))
    await engine_turns()
    engine.dispatch(BucketsWanted(month=datetime(2026, 2, 1, tzinfo=UTC)))
    await engine_turns()
    source.open.set()
    await engine.idle()
    assert [query.window.start.month for query in source.queries] == [1, 2]
    assert [query.window.start.month for query in engine.state.buckets_read] == [2]


async def engine_turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Changing(Memory):
    """Another organization answers while the old one's month is still being read."""

    async def pages(self, query: Query):
        self.queries.append(query)
        first, *others = query.window.starts()
        yield Page((Bucket(first),), organization="org-a")
        await self.open.wait()
        yield Page(tuple(map(Bucket, others)), organization="org-a")


async def test_what_another_organization_was_asked_is_not_taken_in():
    source = Changing()
    source.open.clear()
    engine = watched(source)
    january = BucketsWanted(month=datetime(2026, 1, 1, tzinfo=UTC))
    engine.dispatch(january)
    await engine_turns()
    engine.dispatch(Arrived(Page(organization="org-b", is_another=True), Query(recent(NOW))))
    source.open.set()
    await engine_turns()
    await engine.idle()
    (query,) = plan.extras(january, NOW)
    assert not engine.state.store.get(query)
    assert query not in engine.state.buckets_read
    await engine.close()


async def test_the_hours_of_the_week_are_asked_for_once_a_day_whatever_is_looked_at():
    now = [NOW]
    source = Memory()
    engine = Engine(Session(source, lambda: now[0], 1, CATALOGUE, live=60, spike_floor=1))
    engine.begin()
    asked_on = []
    for minutes in range(0, 26 * 60, 30):
        now[0] = NOW + timedelta(minutes=minutes)
        engine.tick()
        await engine.idle()
        if minutes == 60:
            engine.dispatch(BucketsWanted(hours=True))
            await engine.idle()
        asked_on += [now[0].date() for query in source.queries if query.group_by == ()]
        source.queries.clear()
    await engine.close()
    assert asked_on == [NOW.date(), (NOW + timedelta(days=1)).date()]


async def test_an_unusual_hour_rings_and_is_told_by_the_engine():
    told = []
    hour = [
        Bucket(Width.HOUR.floor(NOW) + number * timedelta(minutes=1), (row(tokens=200_000),)) for number in range(3)
    ]
    engine = Engine(
        Session(Memory(*hour, day(0, row())), lambda: NOW, 1, CATALOGUE, live=60, spike_floor=1), told.append
    )
    engine.begin()
    await engine.idle()
    engine.tick()
    await engine.idle()
    engine.dispatch(RefreshAsked())
    await engine.idle()
    await engine.close()
    alerts = [each.alert for each in told if isinstance(each, Tell)]
    (spike,) = [each for each in alerts if each.what is What.SPIKE]
    assert spike.tokens > 500_000
    assert spike.usual == 0
    assert any(isinstance(each, Ring) for each in told)


async def test_where_the_hours_of_the_week_cannot_be_read_they_are_asked_for_once_an_hour():
    class NoHours(Memory):
        async def pages(self, query):
            if query.group_by == ():
                self.queries.append(query)
                raise ServerFailed("Not now.", 500)
            async for page in super().pages(query):
                yield page

    now, source = [NOW], NoHours()
    engine = Engine(Session(source, lambda: now[0], 1, CATALOGUE, live=60, spike_floor=1))
    engine.begin()
    for minutes in range(125):
        now[0] = NOW + timedelta(minutes=minutes)
        engine.tick()
        await engine.idle()
        if minutes % 10 == 0:
            engine.dispatch(RefreshAsked())
            await engine.idle()
    await engine.close()
    assert len([query for query in source.queries if query.group_by == ()]) == 3
    assert engine.state.days.failure is None
