"""The verdict: whether a pool lasts, in one sentence that fits and is never cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOW, TODAY
from tests.support.states import LOADED
from tui.domain.forecast import Forecast
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus, confirmed
from tui.domain.pools import Limit, PoolDay
from tui.domain.rows import Sums
from tui.domain.today import Today, by_end
from tui.engine.effects import PoolTurned
from tui.engine.following import _of_pools, running_out
from tui.output.verdict import verdict

LASTS = PoolStatus(PoolDay("small", Limit(2_500_000, "assumed"), 948_000, 0), Forecast(1_600, 75.0))
RUNS_OUT = PoolStatus(
    PoolDay("large", Limit(250_000, "assumed"), 139_000, 0),
    Forecast(396, 161.0, TODAY.replace(hour=18, minute=36), TODAY.replace(hour=18, minute=52)),
)
SPENT = PoolStatus(replace(RUNS_OUT.pool, free=250_000), Forecast())
UNKNOWN = PoolStatus(RUNS_OUT.pool, Forecast())
DAY_SO_FAR = Today(Sums(input=1_200_000, output=269_000, free=1_090_000), Decimal("4.31"), (RUNS_OUT, LASTS), NOW)


def said(today: Today, width: int = 118) -> str:
    return " · ".join(words for words, _ in verdict(today, width))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (LASTS, Outlook.LASTS),
        (RUNS_OUT, Outlook.RUNS_OUT),
        (SPENT, Outlook.SPENT),
        (UNKNOWN, Outlook.UNKNOWN),
        (replace(LASTS, pool=replace(LASTS.pool, measured=False)), Outlook.UNKNOWN),
        (replace(LASTS, forecast=Forecast(1_600, 99.9, TODAY, None)), Outlook.LASTS),
        (replace(LASTS, forecast=Forecast(1_600, 100.0, TODAY, None)), Outlook.RUNS_OUT),
    ],
)
def test_the_outlook_is_that_of_the_mean_rate_of_the_last_hour(status, expected):
    assert status.outlook is expected


def test_the_pool_that_ends_first_is_said_first():
    other = replace(RUNS_OUT, forecast=replace(RUNS_OUT.forecast, earliest=TODAY.replace(hour=17)))
    assert by_end((UNKNOWN, LASTS, SPENT, RUNS_OUT, other)) == [other, RUNS_OUT, SPENT, LASTS, UNKNOWN]


def test_with_room_it_says_tokens_dollars_and_each_pool():
    assert said(DAY_SO_FAR) == (
        "Today 1.1M free, 379k billed, $4.31 · large runs out in 4h33m (18:36-18:52), before the reset · small lasts"
    )
    assert [tone for _, tone in verdict(DAY_SO_FAR, 118)] == ["plain", "warning", "good"]


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (98, "1.1M free, 379k billed, $4.31 · large runs out in 4h33m (18:36-18:52) · small lasts"),
        (78, "1.1M free, 379k billed, $4.31 · large runs out est. 18:36 · small lasts"),
        (58, "1.1M free, 379k billed, $4.31 · large runs out est. 18:36"),
    ],
)
def test_with_less_room_it_is_shorter_and_leaves_out_the_least(width, words):
    assert said(replace(DAY_SO_FAR, nothing_free=(TODAY - timedelta(days=3),)), width) == words


def test_what_is_spent_or_not_known_is_said_and_what_costs_are_not_known_is_left_out():
    stuck = replace(SPENT, pool=replace(SPENT.pool, free=243_000, stuck_since=TODAY.replace(hour=13)))
    today = replace(DAY_SO_FAR, cost=None, pools=(stuck, replace(UNKNOWN, pool=replace(UNKNOWN.pool, name="small"))))
    assert (
        said(today) == "Today 1.1M free, 379k billed · large is spent (est.) since 13:00 · small: pace not known yet"
    )


def test_a_day_on_which_nothing_was_free_is_named_and_today_alone_says_so():
    days = (TODAY - timedelta(days=3), TODAY - timedelta(days=10))
    assert said(replace(DAY_SO_FAR, nothing_free=days), 200).endswith(
        "nothing was free on Tue 17 Nov and 1 day more: i says why"
    )
    billed = tuple(replace(each, pool=replace(each.pool, free=0, measured=False)) for each in DAY_SO_FAR.pools)
    today = replace(DAY_SO_FAR, sums=Sums(input=10), pools=billed)
    assert said(today) == "Today 0 free, 10 billed, $4.31 · nothing was free today: i says why"


def test_two_pools_in_trouble_are_both_said_before_what_was_billed():
    today = replace(DAY_SO_FAR, pools=(RUNS_OUT, SPENT))
    assert said(today, 78) == "1.1M free, 379k billed, $4.31 · large runs out est. 18:36 · large is spent"
    assert said(today, 58) == "1.1M free · large runs out est. 18:36 · large is spent"


def test_an_end_that_the_estimate_says_has_passed_is_about_now():
    late = replace(DAY_SO_FAR, now=RUNS_OUT.forecast.latest + timedelta(minutes=3), pools=(RUNS_OUT,))
    assert said(late).endswith("large runs out about now")


@given(st.integers(56, 200), st.integers(0, 10**13), st.integers(0, 10**13), st.booleans())
def test_it_fits_into_every_width_that_the_dashboard_has(width, free, billed, is_long):
    pools = (RUNS_OUT, SPENT, UNKNOWN) if is_long else (LASTS,)
    today = replace(DAY_SO_FAR, sums=Sums(input=free + billed, free=free), pools=pools, nothing_free=(TODAY,))
    assert len(said(today, width)) <= width


def reading(outlook: Outlook) -> PoolStatus:
    return {Outlook.LASTS: LASTS, Outlook.RUNS_OUT: RUNS_OUT, Outlook.SPENT: SPENT, Outlook.UNKNOWN: UNKNOWN}[outlook]


def outlooks(*said: Outlook) -> list[Outlook]:
    """What holds after each of these readings of one pool."""
    statuses: tuple[PoolStatus, ...] = ()
    found = []
    for each in said:
        one = replace(reading(each), pool=replace(reading(each).pool, name="large"))
        statuses = confirmed((one,), statuses)
        found.append(statuses[0].outlook)
    return found


L, R, S, U = Outlook.LASTS, Outlook.RUNS_OUT, Outlook.SPENT, Outlook.UNKNOWN


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((R, R), (R, R)),
        ((L, R, R), (L, L, R)),
        ((L, R, L, R, L), (L, L, L, L, L)),
        ((R, L, R, L, L), (R, R, R, R, L)),
        ((L, S, R), (L, S, R)),
        ((U, R, U, L), (U, U, U, L)),
        ((U, R, R), (U, U, R)),
        ((R, U, R, R), (R, U, U, R)),
    ],
)
def test_running_out_begins_and_ends_with_the_second_reading_that_says_so(said, expected):
    assert outlooks(*said) == list(expected)


@given(st.lists(st.sampled_from([L, R]), max_size=20))
def test_a_rate_that_swings_around_what_lasts_never_flashes(said):
    found = outlooks(*said)
    for place in range(1, len(found)):
        if found[place] is not found[place - 1]:
            assert said[place] is said[place - 1] is found[place]


def told(*said: Outlook) -> list[Outlook]:
    """What the user is told by these readings of one pool, the first of which is seen at the start."""
    state, found = LOADED, []
    for each in said:
        one = replace(reading(each), pool=replace(reading(each).pool, name="large"))
        before = replace(state, snapshot=replace(state.snapshot, pools_are_read=bool(found or state is not LOADED)))
        pools = confirmed((one,), before.snapshot.pools if before.snapshot.pools_are_read else ())
        state = replace(before, snapshot=replace(before.snapshot, pools=pools, pools_are_read=True))
        turned = _of_pools(before, state)
        found += [effect.status.outlook for effect in turned if isinstance(effect, PoolTurned)]
        state = replace(state, told_to_run_out=running_out(state))
    return found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((R, R, R), ()),
        ((L, R, R, R), (R,)),
        ((U, R, R), (R,)),
        ((L, R, R, U, R, R, U, R, R), (R,)),
        ((L, R, R, U, L), (R, L)),
        ((R, U, L, L), (L,)),
        ((L, R, L, R, L, R), ()),
        ((L, R, R, L, L, R, R), (R, L, R)),
    ],
)
def test_each_turn_is_told_once_and_what_was_on_the_screen_at_the_start_is_not(said, expected):
    assert tuple(told(*said)) == expected


def test_the_hint_names_the_users_own_key():
    day = replace(DAY_SO_FAR, nothing_free=(TODAY,))
    assert "f9 says why" in " ".join(words for words, _ in verdict(day, 300, "f9"))
