"""What is told of usage: nothing is free, a project is billed anew, an hour is unusual. Nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, DAY, TODAY, row
from tui.domain.alerts import Crossing, What
from tui.domain.forecast import Forecast
from tui.domain.pool_status import PoolStatus
from tui.domain.pools import Limit, PoolDay
from tui.domain.usage import Bucket
from tui.domain.usage_alerts import Seen, followed, usage_alerts

FREE = "incentivized-tier"
NOW = TODAY + timedelta(hours=14)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GIVING = PoolStatus(PoolDay("large", Limit(250_000, "config"), 1_000, 0), Forecast())
SPENT = replace(GIVING, pool=replace(GIVING.pool, free=250_000))
PLAIN = Seen(NOW, (GIVING,), CATALOGUE)


def told(seen: Seen, floor: int = 100_000, before=frozenset()):
    due, _ = usage_alerts(seen, floor, before)
    return [alert.what for alert in due]


def minutes(*rows_of, begin: int = 60):
    """Minutes from so many before now on, a list of rows for each."""
    return tuple(Bucket(NOW - (begin - place) * MINUTE, tuple(rows)) for place, rows in enumerate(rows_of))


BILLED, GRATIS = row(service_tier="default"), row(service_tier=FREE)


@pytest.mark.parametrize(
    ("rows_of", "is_told"),
    [
        ([[BILLED]] * 30, True),
        ([[BILLED]] * 29, False),
        ([[BILLED], *[[]] * 28, [BILLED]], True),
        ([[BILLED]] * 30 + [[GRATIS]], False),
        ([[row(service_tier="flex")]] * 40, False),
        ([[row(service_tier="default", batch=True)]] * 40, False),
        ([[row("text-embedding-3-small", service_tier="default")]] * 40, False),
        ([[row("gpt-6-mini", service_tier="default")]] * 40, False),
        ([[]] * 60, False),
    ],
)
def test_half_an_hour_of_use_without_free_tokens_is_told(rows_of, is_told):
    seen = replace(PLAIN, minutes=minutes(*rows_of))
    assert (told(seen) == [What.NOTHING_FREE]) is is_told
    assert told(replace(seen, statuses=(SPENT,))) == [], "then it is no wonder"


def test_it_is_told_once_a_day():
    seen = replace(PLAIN, minutes=minutes(*[[BILLED]] * 40))
    (alert,), known = usage_alerts(seen, 1, frozenset())
    assert (alert.crossing, alert.tokens, alert.left) == (Crossing(What.NOTHING_FREE, TODAY, "large"), 4_400, 249_000)
    assert told(seen, before=known) == []
    tomorrow = replace(seen, now=NOW + DAY)
    assert told(tomorrow, before=known) == [What.NOTHING_FREE]


def test_minutes_that_are_not_known_as_a_whole_tell_nothing():
    used = minutes(*[[BILLED]] * 40)
    assert told(PLAIN) == []
    assert told(replace(PLAIN, minutes=(*used[:-1], replace(used[-1], left_out=1)))) == []
    shares = replace(CATALOGUE, sharing_projects=frozenset({"proj_a"}))
    assert told(replace(PLAIN, minutes=used, catalogue=shares)) == [], "the minutes do not tell of which project"


def day_of(free: int, billed: int, project: str = "proj_a", start=TODAY) -> Bucket:
    rows = [row(tokens=free, output=0, service_tier=FREE, project_id=project)] if free else []
    rows += [row(tokens=billed, output=0, service_tier="default", project_id=project)] if billed else []
    return Bucket(start, tuple(rows))


def told_along(readings, *, every=10, earlier=(), statuses=(GIVING,)):
    """What is told at each reading of a day, so many minutes after each other, of amounts (free, billed)."""
    standings, known, found = {}, frozenset(), []
    for number, (free, billed) in enumerate(readings):
        now, today = TODAY + HOUR + number * every * MINUTE, day_of(free, billed)
        standings = followed(standings, today, CATALOGUE, now)
        days = {bucket.start: bucket for bucket in (*earlier, today)}
        seen = Seen(now, statuses, CATALOGUE, days=days, standings=standings)
        due, known = usage_alerts(seen, 1, known)
        found.append([alert.what for alert in due])
    return found


TOLD = [What.PROJECT_BILLED]


def test_a_project_that_had_free_tokens_and_is_billed_for_half_an_hour_is_told_once():
    readings = [
        (5_000, 0),
        (6_000, 0),
        (6_000, 5_000),
        (6_000, 10_000),
        (6_000, 15_000),
        (6_000, 20_000),
        (6_000, 25_000),
    ]
    assert told_along(readings) == [[], [], [], [], [], TOLD, []]


def test_it_is_told_of_a_project_that_was_free_the_day_before():
    earlier = (day_of(9_000, 0, start=TODAY - DAY),)
    readings = [(0, 0), (0, 1), (0, 9_000), (0, 20_000), (0, 30_000), (0, 40_000)]
    assert TOLD in told_along(readings, earlier=earlier)
    assert TOLD not in told_along(readings), "one that never shared is what it was"


@pytest.mark.parametrize(
    ("readings", "why"),
    [
        ([(1_000 * n, 9_000 * n) for n in range(1, 9)], "free tokens go on"),
        ([(5_000, 1_000 * n) for n in range(9)], "too few"),
        ([(5_000, 0)] * 9, "nothing is billed"),
        ([(5_000, 30_000)] * 9, "what was billed before it was watched"),
    ],
)
def test_what_is_no_such_project_is_not_told(readings, why):
    assert not any(told_along(readings)), why


def test_a_project_whose_pool_is_spent_is_not_told():
    assert not any(told_along([(5_000, 9_000 * n) for n in range(9)], statuses=(SPENT,)))


def test_where_nothing_at_all_is_free_the_projects_are_not_told_as_well():
    standings = {}
    for number in range(6):
        now = NOW + 10 * number * MINUTE
        standings = followed(standings, day_of(5_000, 9_000 * number), CATALOGUE, now)
    days = {TODAY: day_of(5_000, 45_000)}
    seen = Seen(now, (GIVING,), CATALOGUE, days=days, standings=standings)
    assert told(seen) == TOLD
    assert told(replace(seen, minutes=minutes(*[[BILLED]] * 40))) == [What.NOTHING_FREE]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=2, max_size=12))
def test_no_project_is_told_before_half_an_hour_without_growth_of_what_is_free(readings):
    found = told_along(readings, every=7)
    for place in (place for place, whats in enumerate(found) if whats):
        assert place * 7 >= 30
        assert all(one[0] == other[0] for one, other in pairwise(readings[place - 4 : place + 1]))
        assert readings[place][1] > readings[place - 4][1]


def week(tokens: int, *, missing: int = 0):
    hour = TODAY + timedelta(hours=13)
    starts = [hour - ago * DAY for ago in range(1, 8)][missing:]
    return {start: Bucket(start, (row(tokens=tokens, output=0),)) for start in starts}


def last_hour(tokens: int):
    return minutes(*[[row(tokens=tokens // 60, output=0, service_tier=FREE)]] * 60)


@pytest.mark.parametrize(
    ("tokens", "hours", "is_told"),
    [
        (360_000, week(100_000), True),
        (300_000, week(100_000), False),
        (90_000, week(1_000), False),
        (120_000, week(0), True),
        (360_000, week(100_000, missing=1), False),
        (360_000, None, False),
    ],
)
def test_an_hour_far_above_the_usual_is_told(tokens, hours, is_told):
    seen = replace(PLAIN, minutes=last_hour(tokens), through=NOW, hours=hours)
    assert (told(seen) == [What.SPIKE]) is is_told


def test_a_spike_is_told_once_an_hour_and_says_what_is_usual():
    seen = replace(PLAIN, minutes=last_hour(360_000), through=NOW, hours=week(100_000))
    (alert,), known = usage_alerts(seen, 100_000, frozenset())
    assert (alert.tokens, alert.usual) == (360_000, 100_000)
    assert alert.crossing.day == TODAY + timedelta(hours=13)
    assert told(seen, before=known) == []
    assert told(seen, floor=400_000) == []


def test_an_hour_of_before_midnight_is_not_told_again_after_it():
    end = TODAY + DAY
    shifted = tuple(replace(each, start=each.start + (end - NOW)) for each in last_hour(360_000))
    hour = end - HOUR
    hours = {hour - ago * DAY: Bucket(hour - ago * DAY) for ago in range(1, 8)}
    seen = replace(PLAIN, now=end - MINUTE, minutes=shifted, through=end, hours=hours)
    due, known = usage_alerts(seen, 100_000, frozenset())
    assert [alert.what for alert in due] == [What.SPIKE]
    assert told(replace(seen, now=end + 10 * MINUTE), before=known) == []
