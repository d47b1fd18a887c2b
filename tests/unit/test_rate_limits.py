"""Rate limits: what they prove of the pools, and how near the busiest minute came to one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.admin_settings import RATES, known
from tests.support.builders import CATALOGUE, FREE, NOW, TODAY, row
from tui.domain.admin_settings import (
    NO_SETTINGS,
    AdminSettings,
    RateLimit,
    for_pools,
    headroom,
)
from tui.domain.pools import limits
from tui.domain.usage import Bucket


def rates(model: str, tokens: int) -> AdminSettings:
    return known({RATES: {model: RateLimit(5_000, tokens)}})


@pytest.mark.parametrize(
    ("model", "tokens", "is_proof"),
    [
        ("gpt-6-sol", 4_000_000, True),
        ("gpt-5.6-terra", 1_000_001, True),
        ("gpt-6.2-astra-2026-11-17", 40_000_000, True),
        ("gpt-6-sol", 1_000_000, False),
        ("gpt-6-sol", 10_000, False),
        ("gpt-5.4-pro", 30_000_000, False),
        ("gpt-6-sol-pro", 30_000_000, False),
        ("gpt-5-mini", 180_000_000, False),
    ],
)
def test_a_rate_limit_above_that_of_build_proves_the_larger_pools_and_a_smaller_one_nothing(model, tokens, is_proof):
    """Build 1,000,000 tokens a minute of Astra, Sol and Terra, Launch 4,000,000 (rate limits of 2026-11-25)."""
    assert rates(model, tokens).proves_larger_pools is is_proof


def test_the_size_of_a_pool_is_the_users_then_of_rate_limits_then_of_history_then_assumed():
    full = Bucket(TODAY, (row("gpt-6-sol", 900_000, service_tier=FREE),))
    proved = replace(CATALOGUE, has_larger_pools=True)
    found = [limits(each, days)["large"] for each in (CATALOGUE, proved) for days in ((), (full,))]
    assert [(each.tokens, each.source, each.evidence) for each in found] == [
        (250_000, "assumed", None),
        (1_000_000, "inferred", "history"),
        (1_000_000, "inferred", "rate_limits"),
        (1_000_000, "inferred", "rate_limits"),
    ]
    own = limits(replace(proved, limits={"large": 500}), (full,))
    assert (own["large"].tokens, own["large"].source, own["small"].source) == (500, "config", "inferred")


def test_rate_limits_are_asked_of_the_projects_that_were_used_most_until_one_is_a_proof():
    rows = [row("m", tokens, project_id=f"proj_{tokens:02d}") for tokens in range(1, 15)]
    asked = for_pools(NO_SETTINGS, Bucket(TODAY, tuple(rows)))
    assert [each.project_id for each in asked] == [f"proj_{tokens:02d}" for tokens in range(14, 4, -1)]
    assert for_pools(rates("gpt-6-sol", 4_000_000), Bucket(TODAY, tuple(rows))) == ()


def test_the_headroom_is_the_highest_minute_of_one_project_and_model_beside_its_limit():
    minutes = [
        Bucket(
            NOW - timedelta(minutes=ago),
            (
                row("gpt-6-sol", tokens, 0, project_id="proj_a", requests=ago),
                row("gpt-6-sol", tokens, 0, project_id="proj_a", requests=ago, service_tier=FREE),
                row("gpt-6-sol", 10**6, 0, project_id="proj_b"),
                row("gpt-5", 10**6, 0, project_id="proj_a"),
            ),
        )
        for ago, tokens in ((1, 100), (2, 700), (3, 200))
    ]
    found = headroom(rates("gpt-6-sol", 1_000_000), "proj_a", "gpt-6-sol", minutes)
    assert (found.tokens, found.requests, found.limit.tokens) == (1_400, 6, 1_000_000)
    assert headroom(rates("gpt-5", 1), "proj_a", "gpt-6-sol", minutes) is None
    dated = rates("gpt-5.4", 500)
    assert dated.rate_limit("proj_a", "gpt-5.4-2026-03-05").tokens == 500
