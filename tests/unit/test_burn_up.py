"""How a pool fills over its day: never less from hour to hour, up to what is used now, and on at the present rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, FREE, NOW, TODAY, row
from tui.domain.burn_up import burn_up
from tui.domain.forecast import Forecast
from tui.domain.pool_status import PoolStatus
from tui.domain.pools import Limit, PoolDay
from tui.domain.usage import Bucket

HOUR = timedelta(hours=1)
THROUGH = NOW - timedelta(minutes=6)


def status(free: int, pace: float | None = None) -> PoolStatus:
    return PoolStatus(PoolDay("large", Limit(250_000, "config"), free, 0), Forecast(pace, through=THROUGH))


def hours(*tokens: int) -> dict:
    return {
        TODAY + n * HOUR: Bucket(
            TODAY + n * HOUR, (row("gpt-6-sol", used, 0, service_tier=FREE), row("gpt-6-sol", 7), row("o3", 5))
        )
        for n, used in enumerate(tokens)
    }


@given(st.lists(st.integers(0, 10_000), min_size=14, max_size=14))
def test_hours_add_up_and_the_last_one_is_what_is_used_now(tokens):
    found = burn_up(status(sum(tokens) + 5), hours(*tokens), CATALOGUE, NOW)
    assert len(found.used) == 15
    assert list(found.used) == sorted(found.used)
    assert (found.used[13], found.used[14]) == (sum(tokens), sum(tokens) + 5)
    assert found.projected == ()


def test_it_goes_on_at_the_present_rate_to_the_reset():
    found = burn_up(status(100_000, 300.0), hours(*[5_000] * 14), CATALOGUE, NOW)
    assert len(found.used) + len(found.projected) == 24
    to_the_reset = (TODAY + timedelta(days=1) - THROUGH) / timedelta(minutes=1)
    assert found.projected[-1] == 100_000 + 300 * to_the_reset


def test_an_hour_that_is_not_known_leaves_those_after_it_unknown_and_not_less():
    known = hours(*[1_000] * 14)
    del known[TODAY + 3 * HOUR]
    found = burn_up(status(14_000), known, CATALOGUE, NOW)
    assert found.used[:4] == (1_000, 2_000, 3_000, None)
    assert set(found.used[3:14]) == {None}
    assert found.used[14] == 14_000


def test_an_hour_that_was_read_before_the_api_had_counted_all_of_it_is_not_known():
    known = hours(*[1_000] * 14)
    last = TODAY + 13 * HOUR
    known[last] = replace(known[last], read_at=last + HOUR)
    found = burn_up(status(14_000), known, CATALOGUE, NOW)
    assert found.used[12:] == (13_000, None, 14_000)
    known[last] = replace(known[last], read_at=last + HOUR + timedelta(minutes=15))
    assert burn_up(status(14_000), known, CATALOGUE, NOW).used[13] == 14_000
