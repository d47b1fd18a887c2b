"""What is read beside the view: the hours of the pools' chart, the usage of the month that Money shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.support.builders import NOW
from tests.support.states import turned
from tui.domain.time import Width, midnight
from tui.engine import plan
from tui.engine.effects import LoadBeside
from tui.engine.events import BucketsRead, BucketsWanted, RefreshAsked, Ticked
from tui.engine.reduce import reduce
from tui.errors import ServerFailed

HOURS = BucketsWanted(hours=True)


def asked(state, now=NOW):
    return plan.missing_beside(state.buckets_wanted, state.buckets_read, now)


def test_hours_are_asked_for_once_and_again_when_another_has_been_counted():
    state, effects = reduce(turned(), HOURS)
    assert LoadBeside() in effects
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
    assert LoadBeside() not in reduce(state, Ticked(NOW))[1]
    state, _ = reduce(state, HOURS)
    (query,) = asked(state)
    state, _ = reduce(state, BucketsRead(query, NOW))
    state, effects = reduce(state, RefreshAsked())
    assert LoadBeside() in effects
    assert asked(state) == (query,)
    assert LoadBeside() in reduce(state, Ticked(NOW))[1]


def test_what_is_wanted_no_longer_is_forgotten():
    state, _ = reduce(turned(), BucketsWanted(month=datetime(2026, 1, 1, tzinfo=UTC)))
    (january,) = asked(state)
    assert (january.window.end - january.window.start).days == 31
    assert not january.window.running
    state, _ = reduce(state, BucketsRead(january, NOW))
    state = replace(state, buckets_wanted=HOURS)
    (hours,) = asked(state)
    state, _ = reduce(state, BucketsRead(hours, NOW))
    assert set(state.buckets_read) == {hours}


def test_this_month_ends_with_today():
    first = midnight(NOW).replace(day=1)
    (month,) = plan.beside(BucketsWanted(month=first), NOW)
    assert month.window.running
    assert midnight(NOW) in month.window
    assert month.window.start == first
