"""What `serve` shows of a state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.support.builders import CATALOGUE, TODAY, day
from tui.commands.serve import exposition
from tui.domain.forecast import Forecast
from tui.domain.pool_status import PoolInputs, PoolStatus
from tui.domain.pools import Limit, PoolDay
from tui.domain.time import last_days
from tui.engine.state import Snapshot, State

NOW = TODAY + timedelta(hours=14)
NOTHING = State.initial(last_days(NOW, 1), CATALOGUE)
POOL = PoolStatus(PoolDay("large", Limit(1_000, "config"), 400, 0), Forecast())
READ = replace(
    NOTHING, snapshot=Snapshot(pool_inputs=PoolInputs(replace(day(0), start=TODAY, read_at=NOW)), pools=(POOL,))
)


def names(state, now):
    text = "\n".join([*exposition(state, now, None), ""])
    return {family.name for family in text_string_to_metric_families(text)}


def test_before_anything_is_read_there_is_nothing_but_the_end():
    assert list(exposition(NOTHING, NOW, None)) == ["# EOF"]


def test_pools_are_shown_though_no_costs_are_known():
    assert names(READ, NOW) == {
        "openai_pool_limit_tokens",
        "openai_pool_used_tokens",
        "openai_pool_left_tokens",
        "openai_pool_spent",
        "openai_last_success_timestamp_seconds",
    }


def test_the_limit_of_the_month_is_known_without_its_costs():
    assert "openai_costs_month_limit_dollars 100" in list(exposition(NOTHING, NOW, Decimal(100)))


def test_after_midnight_the_pools_of_yesterday_are_gone_and_the_last_success_stays():
    assert names(READ, NOW + timedelta(hours=11)) == {"openai_last_success_timestamp_seconds"}
