"""The gauges: over the whole width, in the colour and the word of the outlook, and no figure is ever cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOW, TODAY
from tui.domain.admin_settings import NO_SETTINGS
from tui.domain.costs import Cost, Costs, month
from tui.domain.forecast import Forecast
from tui.domain.pool_status import PoolStatus
from tui.domain.pools import Limit, PoolDay
from tui.ui import theme
from tui.ui.widgets.gauge import gauge
from tui.ui.widgets.pool_bar import _brief, _lines, _of_month, _of_pool

THROUGH = NOW - timedelta(minutes=6)
LARGE = PoolStatus(
    PoolDay("large", Limit(250_000, "assumed"), 138_964, 0),
    Forecast(396, 161.0, TODAY.replace(hour=18), TODAY.replace(hour=19), THROUGH, 184),
)
SMALL = PoolStatus(
    PoolDay("small", Limit(2_500_000, "config"), 948_000, 0), Forecast(1_600, 75.0, None, None, THROUGH, 2_573)
)


def rows(*statuses: PoolStatus):
    return [_of_pool(f"● {each.pool.name}", each, NOW, stands_still=False) for each in statuses]


def said(width: int, *statuses: PoolStatus) -> list[str]:
    return _lines(rows(*statuses), width).plain.splitlines()


def test_with_room_a_line_says_the_outlook_what_is_used_what_is_left_and_the_rate_that_would_last():
    large, small = said(140, LARGE, SMALL)
    assert large.endswith("  55%  runs out  138,964 / 250,000?   111k left  est. 396/min, may use 184/min")
    assert small.endswith("  37%  lasts     948,000 / 2,500,000  1.6M left  est. 1.6k/min, may use 2.6k/min")


@pytest.mark.parametrize(
    ("is_partial", "words"),
    [(False, "118k left est.  since 15:00 UTC"), (True, "118k left at most  est. since 15:00 UTC")],
)
def test_a_pool_that_is_spent_by_an_estimate_is_marked_as_one_once(is_partial, words):
    pool = PoolDay(
        "large", Limit(250_000, "config"), 132_000, 0, stuck_since=TODAY.replace(hour=15), partial=is_partial
    )
    (line,) = said(140, PoolStatus(pool, Forecast()))
    assert line.endswith(words)
    assert line.count("est.") == 1


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (120, "  55%  runs out  139k / 250k?  111k left  est. 396/min, may use 184/min"),
        (80, "  55%  runs out  139k / 250k?  111k left  est. 396/min"),
        (60, "  55%  runs out  111k left"),
    ],
)
def test_what_does_not_fit_is_left_out_whole(width, words):
    assert said(width, LARGE, SMALL)[0].strip(" ●large").lstrip("━╸─│╌»") == words


@given(
    st.integers(60, 240),
    st.integers(0, 400_000),
    st.none() | st.floats(0, 5_000),
    st.booleans(),
    st.sampled_from(["assumed", "config"]),
)
def test_no_line_is_longer_than_its_room_and_every_gauge_as_long_as_the_others(width, free, rate, measured, source):
    pool = PoolDay("large", Limit(250_000, source), free, 1_234_567, measured=measured)
    projected = None if rate is None else rate / 10
    status = PoolStatus(pool, Forecast(rate, projected, None, None, THROUGH, 184))
    lines = said(width, status, SMALL)
    assert all(len(line) <= width for line in lines)
    bars = [sum(line.count(sign) for sign in "━╸─│╌»") for line in lines]
    assert bars[0] == bars[1] >= 12


def test_the_longer_the_line_the_longer_the_gauge():
    bars = [said(width, LARGE, SMALL)[0].count("━") for width in (120, 160, 200, 240)]
    assert bars == sorted(bars)
    assert bars[-1] > 2 * bars[0]


@pytest.mark.parametrize(
    ("status", "colour", "word"),
    [
        (LARGE, theme.WARNING, "runs out"),
        (SMALL, theme.GOOD, "lasts"),
        (replace(LARGE, forecast=replace(LARGE.forecast, projected_percent=99.0)), theme.GOOD, "lasts"),
        (replace(LARGE, pool=replace(LARGE.pool, free=250_000)), theme.ERROR, "spent"),
        (replace(LARGE, forecast=Forecast()), theme.MUTED, ""),
        (replace(SMALL, pool=replace(SMALL.pool, free=2_400_000)), theme.GOOD, "lasts"),
    ],
)
def test_colour_and_word_are_those_of_the_outlook_and_not_of_the_percentage(status, colour, word):
    (row,) = rows(status)
    assert (row.colour, row.parts[1]) == (colour, (word,))


def test_the_tick_is_the_share_of_the_day_as_far_as_the_api_has_counted():
    (row,) = rows(LARGE)
    assert row.pace == pytest.approx((THROUGH - TODAY) / timedelta(days=1))


@given(st.integers(1, 200), st.floats(0, 1.5), st.floats(0, 1), st.floats(0, 9))
def test_a_gauge_has_its_length_its_tick_and_an_arrow_where_it_goes_beyond(cells, used, pace, projected):
    drawn = gauge(cells, used, "", pace=pace, projected=projected).plain
    assert len(drawn) == cells
    place = min(cells - 1, int(pace * cells))
    assert drawn[place] == "│"
    assert (drawn[-1] == "»") == (projected > 1 and place != cells - 1)


def test_a_little_use_is_seen_and_the_projection_begins_where_the_use_ends():
    assert gauge(10, 0.001, "").plain == "╸─────────"
    assert gauge(10, 0, "").plain == "──────────"
    assert gauge(10, 0.5, "", projected=0.8).plain == "━━━━━╌╌╌──"


@pytest.mark.parametrize(
    ("amount", "budget", "word", "colour"),
    [
        ("10", "1000", "lasts", theme.GOOD),
        ("10", "250", "will be over", theme.WARNING),
        ("10", "9", "over", theme.ERROR),
    ],
)
def test_the_month_is_a_gauge_of_its_own(amount, budget, word, colour):
    now = NOW.replace(day=25, hour=12)
    days = {now.replace(day=n, hour=0, minute=0): (Cost(Decimal(amount), "gpt-6-sol, input"),) for n in range(1, 26)}
    row = _of_month(month(Costs(days, now), now, Decimal(budget)), now, NO_SETTINGS, is_limit=False)
    assert (row.parts[1], row.colour) == ((word,), colour)
    assert row.pace == pytest.approx(24.5 / 30, abs=1e-3)


def test_the_tick_begins_at_the_left_at_midnight_though_the_data_reach_into_yesterday():
    just_after = TODAY + timedelta(minutes=5)
    status = replace(SMALL, forecast=Forecast(through=TODAY - timedelta(minutes=10)))
    assert _of_pool("small", status, just_after, stands_still=False).pace == 0


def test_where_all_pools_share_a_line_that_one_runs_out_rests_on_no_colour():
    assert _brief(LARGE, with_left=True).plain == "55%» 111k left "
    assert _brief(SMALL, with_left=True).plain == "37% 1.6M left "
