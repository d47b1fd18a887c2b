"""When to refresh next, and what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.builders import NOW
from tui.engine.clock import Clock
from tui.engine.timer import STEPS, RefreshTimer
from tui.errors import RateLimited, ServerFailed


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_nothing_is_due_before_the_first_refresh_has_ended():
    assert not RefreshTimer(60).is_due(NOW)


def test_it_beats_as_often_as_was_asked_for():
    timer = RefreshTimer(every=60).succeeded(NOW)
    assert not timer.is_due(after(59))
    assert timer.is_due(after(60))
    assert timer.until == after(60)


def test_errors_double_the_pause_up_to_ten_minutes_and_a_success_ends_that():
    timer, waits = RefreshTimer(every=60).succeeded(NOW), []
    for _ in range(6):
        timer = timer.failed(timer.until, ServerFailed("no"))
        waits.append(timer.wait.total_seconds())
    assert waits == [120, 240, 480, 600, 600, 600]
    assert timer.succeeded(NOW).wait == timedelta(seconds=60)


def test_a_try_of_the_users_own_that_fails_does_not_make_the_pause_longer():
    timer = RefreshTimer(every=15).succeeded(NOW).failed(NOW, ServerFailed("no"))
    assert timer.failed(after(3), ServerFailed("no")) == timer
    assert timer.failed(after(3), RateLimited("no", retry_after=300)).until == after(303)


@pytest.mark.parametrize(("asked", "wait"), [(None, 120), (30, 120), (300, 300), (1_800, 1_800), (86_400, 3_600)])
def test_the_api_is_left_alone_for_as_long_as_it_asks_up_to_an_hour(asked, wait):
    assert RefreshTimer(60).failed(NOW, RateLimited("no", retry_after=asked)).wait == timedelta(seconds=wait)


def test_switched_off_nothing_is_due_and_switched_on_everything_is():
    off = RefreshTimer(60).succeeded(NOW).toggled(after(10))
    assert not off.is_due(after(1_000))
    assert off.until is None
    assert off.toggled(after(20)).is_due(after(20))
    assert RefreshTimer(60, on=False).toggled(NOW).is_due(NOW)


def test_asleep_nothing_is_due_and_what_was_missed_is_due_at_once():
    asleep = RefreshTimer(60).succeeded(NOW).suspended()
    assert not asleep.is_due(after(1_000))
    assert asleep.resumed().is_due(after(1_000))
    assert not asleep.resumed().is_due(after(10))


def test_the_interval_has_steps_and_ends():
    timer, seen = RefreshTimer(every=60).succeeded(NOW), []
    for _ in range(5):
        timer = timer.stepped(1, after(1))
        seen.append(timer.every)
    assert seen == [120, 300, 600, 600, 600]
    for _ in range(9):
        timer = timer.stepped(-1, after(1))
    assert timer.every == STEPS[0]
    assert timer.is_due(after(15))
    assert RefreshTimer(every=45).stepped(1, NOW).every == 60
    assert RefreshTimer(every=7_200).stepped(1, NOW).every == 7_200


def test_a_step_while_backing_off_does_not_end_the_pause():
    timer = RefreshTimer(every=60).failed(NOW, ServerFailed("no")).stepped(-1, NOW)
    assert not timer.is_due(after(119))


def test_a_clock_that_is_set_back_makes_it_due_instead_of_late():
    assert RefreshTimer(60).succeeded(NOW).is_due(NOW - timedelta(hours=1))


def test_a_clock_is_put_right_by_the_api_and_little_is_no_difference():
    local = NOW
    clock = Clock(lambda: local)
    clock.on_date(NOW - timedelta(seconds=4))
    assert (clock(), clock.ahead) == (NOW, timedelta(0))
    clock.on_date(NOW - timedelta(minutes=10))
    assert (clock(), clock.ahead) == (NOW - timedelta(minutes=10), timedelta(minutes=10))
    clock.on_date(NOW - timedelta(minutes=10, seconds=3))
    assert clock() == NOW - timedelta(minutes=10), "it does not wander with each answer"
    local = NOW + timedelta(minutes=1)
    clock.on_date(local.astimezone(UTC))
    assert (clock(), clock.ahead) == (local, timedelta(0)), "the machine's clock was put right"
