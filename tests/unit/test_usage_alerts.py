"""What is told of usage: nothing is free, a project is billed anew, an hour is unusual. Nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, DAY, TODAY, row
from tui.domain.alerts import Crossing
from tui.domain.forecast import Forecast
from tui.domain.pool_status import PoolStatus
from tui.domain.pools import Limit, PoolDay
from tui.domain.usage import Bucket
from tui.domain.usage_alerts import AlertInputs, billings_after, usage_alerts
from tui.domain.what import What

FREE = "incentivized-tier"
NOW = TODAY + timedelta(hours=14)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GIVING = PoolStatus(PoolDay("large", Limit(250_000, "config"), 1_000, 0), Forecast())
SPENT = replace(GIVING, pool=replace(GIVING.pool, free=250_000))
SHARED = Bucket(TODAY - DAY, (row(service_tier=FREE),))
PLAIN = AlertInputs(NOW, (GIVING,), CATALOGUE, history=(SHARED,))


def told(seen: AlertInputs, floor: int = 100_000, before=frozenset()):
    due, _ = usage_alerts(seen, floor, before)
    return [alert.what for alert in due]


def minutes(*rows_of, begin: int = 60):
    """Minutes from so many before now on, a list of rows for each."""
    return tuple(Bucket(NOW - (begin - place) * MINUTE, tuple(rows)) for place, rows in enumerate(rows_of))


BILLED, GRATIS = row(tokens=5_000, service_tier="default"), row(service_tier=FREE)


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
    assert (alert.crossing, alert.tokens, alert.left) == (
        Crossing(What.NOTHING_FREE, TODAY, "large"),
        200_400,
        249_000,
    )
    assert told(seen, before=known) == []


def test_minutes_of_yesterday_say_nothing_of_todays_pools():
    midnight = TODAY + DAY
    late = tuple(replace(each, start=each.start + (midnight - NOW)) for each in minutes(*[[BILLED]] * 60))
    spent = replace(PLAIN, now=midnight - MINUTE, minutes=late, statuses=(SPENT,))
    _, known = usage_alerts(spent, 1, frozenset())
    assert told(replace(PLAIN, now=midnight, minutes=late), before=known) == []
    later = minutes(*[[BILLED]] * 40)
    tomorrow = tuple(replace(each, start=each.start + DAY) for each in later)
    assert told(replace(PLAIN, now=NOW + DAY, minutes=tomorrow), before=known) == [What.NOTHING_FREE]


def test_of_whom_nothing_was_ever_free_and_of_a_few_tokens_nothing_is_told():
    used = minutes(*[[BILLED]] * 40)
    assert told(replace(PLAIN, minutes=used, history=())) == []
    assert told(replace(PLAIN, minutes=used, history=(), days={TODAY: Bucket(TODAY, (GRATIS,))})) == [
        What.NOTHING_FREE
    ]
    few = [[row(tokens=100, service_tier="default")], *[[]] * 38, [row(tokens=100, service_tier="default")]]
    assert told(replace(PLAIN, minutes=minutes(*few))) == []


@pytest.mark.parametrize(("free", "is_told"), [(200_000, True), (243_000, False), (250_000, False)])
def test_near_its_limit_a_pool_may_be_spent_and_nothing_is_told(free, is_told):
    near = replace(GIVING, pool=replace(GIVING.pool, free=free))
    assert bool(told(replace(PLAIN, statuses=(near,), minutes=minutes(*[[BILLED]] * 40)))) is is_told
    assert any(told_along([(5_000, 9_000 * n) for n in range(9)], statuses=(near,))) is is_told


def test_minutes_that_are_not_known_as_a_whole_tell_nothing():
    used = minutes(*[[BILLED]] * 40)
    assert told(PLAIN) == []
    shares = replace(CATALOGUE, sharing_projects=frozenset({"proj_a"}))
    assert told(replace(PLAIN, minutes=used, catalogue=shares)) == [], "the minutes do not tell of which project"


def day_of(free: int, billed: int, project: str = "proj_a", start=TODAY) -> Bucket:
    rows = [row(tokens=free, output=0, service_tier=FREE, project_id=project)] if free else []
    rows += [row(tokens=billed, output=0, service_tier="default", project_id=project)] if billed else []
    return Bucket(start, tuple(rows))


def told_along(readings, *, every=10, earlier=(), statuses=(GIVING,)):
    """What is told at each reading of a day, so many minutes after each other, of amounts (free, billed)."""
    billings, known, found = {}, frozenset(), []
    for number, (free, billed) in enumerate(readings):
        now, today = TODAY + HOUR + number * every * MINUTE, day_of(free, billed)
        billings = billings_after(billings, today, CATALOGUE, now)
        days = {bucket.start: bucket for bucket in (*earlier, today)}
        seen = AlertInputs(now, statuses, CATALOGUE, days=days, billings=billings)
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
    billings = {}
    for number in range(6):
        now = NOW + 10 * number * MINUTE
        billings = billings_after(billings, day_of(5_000, 9_000 * number), CATALOGUE, now)
    days = {TODAY: day_of(5_000, 45_000)}
    seen = AlertInputs(now, (GIVING,), CATALOGUE, days=days, billings=billings)
    assert told(seen) == TOLD
    assert told(replace(seen, minutes=minutes(*[[BILLED]] * 40))) == [What.NOTHING_FREE]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=2, max_size=12))
def test_no_project_is_told_before_half_an_hour_without_growth_of_what_is_free(readings):
    found = told_along(readings, every=7)
    for place in (place for place, whats in enumerate(found) if whats):
        assert place * 7 >= 30
        assert all(one[0] == other[0] for one, other in pairwise(readings[place - 4 : place + 1]))
        assert readings[place][1] > readings[place - 4][1]


HOUR_13 = TODAY + timedelta(hours=13)


def week(tokens: int, *, missing: int = 0):
    """The hours of the week before, of which one is left out."""
    starts = [TODAY - ago * DAY + hour * HOUR for ago in range(1, 8) for hour in range(24)]
    return {start: Bucket(start, (row(tokens=tokens, output=0),)) for start in starts[missing * 24 :]}


def minutes_of(uses, through):
    """The 76 minutes before a moment, where `uses` tells the tokens of each."""
    starts = [through - ago * MINUTE for ago in range(76, 0, -1)]
    return tuple(
        Bucket(start, (row(tokens=uses(start), output=0, service_tier=FREE),) if uses(start) else ())
        for start in starts
    )


def told_over(uses, hours, *, floor=100_000, begin=HOUR_13, length=150, every=1):
    """What is told along the way, with the hour that it is about, as the data reach further minute by minute."""
    known, found = frozenset(), []
    for minute in range(1, length, every):
        through = begin + minute * MINUTE
        seen = AlertInputs(
            through + 5 * MINUTE, (GIVING,), CATALOGUE, minutes_of(uses, through), through, hours=hours
        )
        due, known = usage_alerts(seen, floor, known)
        found += [
            (through, alert.crossing.day, alert.tokens, alert.usual) for alert in due if alert.what is What.SPIKE
        ]
    return found


def burst(tokens: int, at=HOUR_13 + 20 * MINUTE):
    return lambda start: tokens if start == at else 0


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
def test_an_hour_far_above_the_usual_is_told_once_and_under_its_own_time(tokens, hours, is_told):
    found = told_over(burst(tokens), hours)
    assert [hour for _, hour, _, _ in found] == [HOUR_13] * is_told
    if is_told:
        assert found[0][0] == HOUR_13 + 21 * MINUTE
        assert found[0][2] == tokens


def test_each_hour_that_is_far_above_is_told():
    found = told_over(lambda _: 10_000, week(100_000))
    assert [hour for _, hour, _, _ in found] == [HOUR_13 + number * HOUR for number in (-1, 0, 1, 2)][: len(found)]
    assert len(found) >= 3


def test_the_last_minutes_of_an_hour_count_where_they_come_with_those_of_the_next():
    late = burst(360_000, HOUR_13 + 58 * MINUTE)
    assert [hour for _, hour, _, _ in told_over(late, week(100_000), every=5)] == [HOUR_13]


def test_no_hour_below_the_floor_is_told():
    assert told_over(burst(360_000), week(1_000), floor=400_000) == []


def test_an_hour_before_midnight_is_told_once():
    end = TODAY + DAY
    hours = week(1_000) | {TODAY + hour * HOUR: Bucket(TODAY + hour * HOUR) for hour in range(24)}
    found = told_over(burst(360_000, end - 20 * MINUTE), hours, begin=end - 30 * MINUTE, length=90)
    assert [hour for _, hour, _, _ in found] == [end - HOUR]
