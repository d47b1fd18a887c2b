"""The pools and the money as gauges: what is known is printed in base units, what is not is absent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.support.builders import DAY, TODAY
from tui.domain.costs import Month
from tui.domain.forecast import Forecast
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus
from tui.domain.pools import Limit, PoolDay
from tui.output.gauges import Figures, gauges

OUT, THROUGH = TODAY.replace(hour=18), TODAY.replace(hour=14, minute=30)
LARGE = PoolStatus(PoolDay("large", Limit(1_000, "config"), 400, 0), Forecast(2, 120.0, OUT, None, THROUGH))
MONTH = Month(Decimal("12.3400000001"), None, Decimal(100), 3)


def values(lines):
    """Return the value of each series, as a program reads it."""
    families = text_string_to_metric_families("\n".join([*lines, "# EOF", ""]))
    return {
        (sample.name, sample.labels.get("pool")): sample.value for family in families for sample in family.samples
    }


def named(lines):
    return {name for name, _ in values(lines)}


def test_a_pool_says_what_is_used_left_and_when_it_runs_out():
    assert values(gauges(Figures(TODAY, [LARGE]))) == {
        ("openai_pool_limit_tokens", "large"): 1_000,
        ("openai_pool_used_tokens", "large"): 400,
        ("openai_pool_left_tokens", "large"): 600,
        ("openai_pool_spent", "large"): 0,
        ("openai_pool_runs_out_timestamp_seconds", "large"): OUT.timestamp(),
        ("openai_pool_data_through_timestamp_seconds", "large"): THROUGH.timestamp(),
    }


def test_a_pool_that_was_not_seen_has_a_limit_only():
    unseen = PoolStatus(replace(LARGE.pool, free=0, measured=False), Forecast())
    assert named(gauges(Figures(TODAY, [unseen]))) == {"openai_pool_limit_tokens"}


@pytest.mark.parametrize(("free", "spent"), [(400, set()), (1_000, {"openai_pool_spent"})])
def test_a_pool_known_in_part_has_no_rest_and_is_spent_only_where_that_is_sure(free, spent):
    part = PoolStatus(replace(LARGE.pool, free=free, partial=True), Forecast())
    assert named(gauges(Figures(TODAY, [part]))) == {"openai_pool_limit_tokens", "openai_pool_used_tokens"} | spent


def test_the_name_of_a_pool_is_escaped():
    hostile = replace(LARGE, pool=replace(LARGE.pool, name='a"b\\c\x1b[2J'))
    (name,) = {pool for _, pool in values(gauges(Figures(TODAY, [hostile])))}
    assert name.startswith('a"b\\c')
    assert "\x1b" not in name


def test_money_is_exact_dollars():
    lines = list(gauges(Figures(TODAY, cost=Decimal("1E-7"), month=MONTH, limit=Decimal(100))))
    assert "openai_costs_today_dollars 0.0000001" in lines
    assert "openai_costs_month_dollars 12.3400000001" in lines
    assert values(lines)["openai_costs_month_limit_dollars", None] == 100


def test_what_is_not_known_is_absent():
    assert list(gauges(Figures(TODAY))) == []


@pytest.mark.parametrize("gap", ["unnamed", "at_least"])
def test_the_month_waits_for_days_before_today_and_not_for_today(gap):
    def shown(*days, today=TODAY):
        month = replace(MONTH, **{gap: days})
        return named(gauges(Figures(today, month=month))) == {"openai_costs_month_dollars"}

    first = TODAY.replace(day=1)
    assert shown(TODAY)
    assert not shown(TODAY - DAY)
    assert not shown(TODAY - DAY, TODAY)
    # On the first nothing is known where the first is not named; that is not 0.
    assert shown(first, today=first) is (gap == "at_least")


def test_the_last_success_is_a_moment():
    assert values(gauges(Figures(TODAY, read_at=TODAY))) == {
        ("openai_last_success_timestamp_seconds", None): TODAY.timestamp()
    }


def test_up_is_1_or_0():
    assert [values(gauges(Figures(TODAY, is_up=is_up)))["openai_up", None] for is_up in (True, False)] == [1, 0]


def test_a_pool_that_lasts_does_not_run_out_even_where_it_would_at_the_fastest_pace(monkeypatch):
    status = PoolStatus(PoolDay("large", Limit(1_000, "config"), 10, 0), Forecast(earliest=TODAY))
    for outlook in Outlook:
        monkeypatch.setattr(PoolStatus, "outlook", outlook)
        says = any("runs_out" in line for line in gauges(Figures(TODAY, [status])))
        assert says is (outlook is Outlook.RUNS_OUT)
