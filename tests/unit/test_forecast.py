"""Pace and outlook, reckoned from where the data end."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import DAY, FREE, NOW, TODAY, row
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config
from tui.domain.forecast import MINUTE, Forecast, data_through, forecast
from tui.domain.pools import Limit, PoolDay
from tui.domain.usage import Bucket

CATALOGUE = effective_catalogue(Config())

THROUGH = NOW - timedelta(minutes=9)


def pool(free: int = 195_310, *, billed: int = 0, measured: bool = True, stuck_since=None) -> PoolDay:
    return PoolDay("large", Limit(250_000, "assumed"), free, billed, measured=measured, stuck_since=stuck_since)


def minutes(tokens, through=THROUGH, tier=FREE, model="gpt-6-sol") -> list[Bucket]:
    """Minute buckets up to `through`, one for each count of tokens; the minutes after it have not arrived."""
    start = through - len(tokens) * MINUTE
    used = [
        Bucket(start + place * MINUTE, (row(model, count, 0, service_tier=tier),) if count else ())
        for place, count in enumerate(tokens)
    ]
    return [*used, *(Bucket(through + place * MINUTE) for place in range(9))]


def test_an_even_pace_runs_out_at_one_moment():
    found = forecast(pool(), minutes([500] * 70), CATALOGUE, NOW)
    out = THROUGH + timedelta(minutes=54_690 / 500)
    assert (found.pace, found.earliest, found.latest) == (500, out, out)


def test_an_uneven_pace_gives_a_range_from_its_fastest_to_its_slowest_stretch():
    found = forecast(pool(), minutes([100] * 45 + [700] * 15), CATALOGUE, NOW)
    assert found.pace == 250
    assert found.earliest == THROUGH + timedelta(minutes=54_690 / 700)
    assert found.latest == THROUGH + timedelta(minutes=54_690 / 250)


def test_the_pace_is_counted_to_where_the_data_end_and_not_to_now():
    assert data_through(minutes([5] * 20), NOW) == THROUGH
    assert forecast(pool(), minutes([600] * 60), CATALOGUE, NOW).pace == 600


def test_the_projection_reaches_the_reset():
    found = forecast(pool(100_000), minutes([100] * 60), CATALOGUE, NOW)
    left = (TODAY + DAY - THROUGH) / MINUTE
    assert found.projected_percent == pytest.approx((100_000 + 100 * left) / 2_500)


def test_a_slow_pool_lasts_until_the_reset_and_one_on_the_edge_may():
    assert forecast(pool(), minutes([1] * 60), CATALOGUE, NOW).earliest is None
    edge = forecast(pool(), minutes([10] * 45 + [200] * 15), CATALOGUE, NOW)
    assert edge.earliest is not None
    assert edge.latest is None


def test_too_little_to_go_by_is_no_pace():
    just_after_midnight = TODAY + timedelta(minutes=14)
    data = minutes([500] * 9, through=TODAY + timedelta(minutes=9))
    found = forecast(pool(4_500), data, CATALOGUE, just_after_midnight)
    assert (found.pace, found.projected_percent, found.earliest, found.latest) == (None, None, None, None)


def test_yesterdays_minutes_do_not_count():
    now = TODAY + timedelta(minutes=40)
    data = minutes([9_000] * 30 + [100] * 30, through=TODAY + timedelta(minutes=30))
    assert forecast(pool(3_000), data, CATALOGUE, now).pace == 100


def test_a_silence_longer_than_the_lag_is_idleness_and_not_lag():
    """500 a minute until half an hour ago, and nothing since."""
    idle = [*minutes([500] * 60, through=NOW - timedelta(minutes=30))[:-9]]
    silent = [Bucket(NOW - timedelta(minutes=30 - place)) for place in range(30)]
    assert data_through([*idle, *silent], NOW) == NOW - timedelta(minutes=15)
    found = forecast(pool(), [*idle, *silent], CATALOGUE, NOW)
    assert found.pace == 500 * 45 / 60
    assert found.earliest is None or found.earliest >= NOW
    assert found.latest is None, "at the pace of the last 15 minutes it lasts"


def test_what_would_have_run_out_before_now_runs_out_now():
    assert forecast(pool(249_000), minutes([500] * 60), CATALOGUE, NOW).earliest == NOW


def test_minutes_that_are_not_known_are_no_pace():
    assert forecast(pool(), [], CATALOGUE, NOW) == Forecast()


def test_no_use_in_the_last_hour_is_a_pace_of_nothing():
    silent = [Bucket(NOW - timedelta(minutes=76 - place)) for place in range(76)]
    found = forecast(pool(125_000), silent, CATALOGUE, NOW)
    assert (found.pace, found.projected_percent, found.earliest) == (0, 50, None)


def test_a_spent_pool_does_not_run_out_again():
    assert forecast(pool(250_000), minutes([500] * 60), CATALOGUE, NOW).earliest is None
    assert forecast(pool(stuck_since=TODAY), minutes([500] * 60), CATALOGUE, NOW).earliest is None


def test_other_pools_and_billed_tokens_are_not_this_pools_pace():
    assert forecast(pool(), minutes([500] * 60, model="gpt-5-nano"), CATALOGUE, NOW).pace == 0
    assert forecast(pool(), minutes([500] * 60, tier="default"), CATALOGUE, NOW).pace == 0


@given(st.lists(st.integers(0, 10_000), max_size=75), st.integers(0, 300_000))
def test_the_range_is_in_order_and_before_the_reset(tokens, free):
    found = forecast(pool(free), minutes(tokens), CATALOGUE, NOW)
    if found.earliest is not None:
        assert NOW <= found.earliest < TODAY + DAY
        assert found.latest is None or found.earliest <= found.latest < TODAY + DAY
