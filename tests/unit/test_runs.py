"""What was used in a run, whatever its length, and when that is all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, DAY, FREE, NOW, row
from tests.support.states import turned
from tui.domain.runs import LATEST, Run, RunUsage, is_complete, spans, usage_of, whole_minutes
from tui.domain.time import Width, Window
from tui.domain.usage import Bucket
from tui.engine import plan
from tui.engine.events import RunsLoaded
from tui.engine.reduce import reduce

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 20), timezones=st.just(UTC))


def a_run(started, ended=None, **fields):
    return Run("r1", "a run", "command", started, ended, **fields)


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=9)))
def test_windows_of_a_span_are_all_of_it_once_and_few(start, length):
    whole = whole_minutes(start, start + length)
    assert whole.start <= start
    assert whole.end >= start + length
    parts = spans(whole)
    assert [part.start for part in parts] == [whole.start, *(part.end for part in parts[:-1])]
    assert parts[-1].end == whole.end
    assert len(parts) <= 5
    for part in parts:
        assert part.width.floor(part.start) == part.start
        assert part.width.floor(part.end) == part.end
    minutes = sum((part.end - part.start) // MINUTE for part in parts if part.width is Width.MINUTE)
    assert minutes < 120


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=9)), st.timedeltas(timedelta(), timedelta(days=2)))
def test_the_questions_hold_the_run_and_what_tells_that_it_is_whole(start, length, later):
    run, now = a_run(start, start + length), start + length + later
    asked = [query.window for query in plan.of_run(run, now)]
    held = {
        part for part in spans(run.minutes(now)) if any(part.start == w.start and part.end <= w.end for w in asked)
    }
    assert held == set(spans(run.minutes(now)))
    assert max(window.end for window in asked) >= min(Width.MINUTE.floor(now), run.minutes(now).end + LATEST)
    assert len(asked) <= 6


def test_a_run_of_one_project_asks_for_it_alone_and_for_all_only_after_its_end():
    run = a_run(NOW - 3 * MINUTE, NOW, only=(("project", "proj_a"),))
    *own, after = plan.of_run(run, NOW + 5 * MINUTE)
    assert {query.filters for query in own} == {(("project_ids", "proj_a"),)}
    assert after.filters == ()
    assert not after.keep


def _parts(window, *rows, gone=0):
    return [(window, {window.start: Bucket(window.start, rows)}, gone)]


def test_it_tells_free_and_billed_by_model_in_dollars_and_by_pool():
    window = Window(NOW, NOW + MINUTE, Width.MINUTE)
    found = usage_of(
        _parts(
            window,
            row("gpt-6-sol", 900, 100, 3, service_tier=FREE),
            row("gpt-6-sol", 90, 10, 1, service_tier="default"),
            row("gpt-5.4-mini", 50, 5, 1, service_tier=FREE),
            row("quiet", 0, 0, 0),
        ),
        CATALOGUE,
        lambda row, _: Decimal(row.tokens),
    )
    assert [each.model for each in found.models] == ["gpt-6-sol", "gpt-5.4-mini"]
    assert (found.sums.free, found.sums.billed, found.cost) == (1055, 100, 100)
    assert found.pools == {"large": 1000, "small": 55}


def test_a_model_without_a_price_is_named_and_nothing_is_made_up():
    window = Window(NOW, NOW + MINUTE, Width.MINUTE)
    rows = (row("new", 10, 1, service_tier="default"), row("gpt-6-sol", 10, 1, service_tier=FREE))
    found = usage_of(_parts(window, *rows), CATALOGUE, lambda *_: None)
    assert found.unpriced == ("new",)
    assert found.cost == 0


def test_what_was_not_read_is_told_and_never_nothing():
    window = Window(NOW, NOW + 3 * MINUTE, Width.MINUTE)
    found = usage_of(_parts(window, row(), gone=1), CATALOGUE)
    assert (found.unread, found.not_kept) == (2 * MINUTE, MINUTE)


@pytest.mark.parametrize(
    ("through", "read", "complete"),
    [
        (None, 1, False),
        (NOW, 1, False),
        (NOW + MINUTE, 1, True),
        (None, 29, False),
        (None, 30, True),
    ],
)
def test_it_is_whole_once_minutes_after_its_end_were_counted_or_nothing_more_comes(through, read, complete):
    assert is_complete(NOW, through, NOW + read * MINUTE) is complete


def test_less_than_was_known_takes_nothing_away():
    window = Window(NOW, NOW + MINUTE, Width.MINUTE)
    known = a_run(NOW).measured(usage_of(_parts(window, row()), CATALOGUE))
    assert known.measured(RunUsage(unread=MINUTE)) == known
    assert known.measured(RunUsage()).usage == RunUsage()


def test_a_run_that_goes_on_reaches_to_now():
    assert a_run(NOW - HOUR).minutes(NOW).end == NOW
    assert not a_run(NOW - DAY, usage=RunUsage(complete=True)).is_complete


FULL, LESS = RunUsage(complete=True, read_at=NOW), RunUsage(read_at=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("ours", "stored", "ended", "usage"),
    [
        ((None, None), (NOW, LESS), NOW, LESS),
        ((NOW, LESS), (None, None), NOW, LESS),
        ((NOW, LESS), (NOW, FULL), NOW, FULL),
        ((NOW, FULL), (NOW, LESS), NOW, FULL),
        ((None, None), (None, None), None, None),
    ],
)
def test_of_two_processes_each_knows_something_of_a_run(ours, stored, ended, usage):
    one, other = (Run("r", "x", "mark", NOW - timedelta(hours=1), end, usage=used) for end, used in (ours, stored))
    joined = one.joined(other)
    assert (joined.ended, joined.usage) == (ended, usage)


def test_a_run_that_was_forgotten_elsewhere_is_gone_and_one_that_was_just_begun_is_not():
    kept, begun = (Run(id_, id_, "mark", NOW) for id_ in ("kept", "begun"))
    state, _ = reduce(turned(), RunsLoaded((kept,)))
    state = replace(state, runs=(*state.runs, begun))
    state, _ = reduce(state, RunsLoaded(()))
    assert [run.id for run in state.runs] == ["begun"]
    state, _ = reduce(state, RunsLoaded((begun, kept)))
    assert {run.id for run in state.runs} == {"begun", "kept"}
