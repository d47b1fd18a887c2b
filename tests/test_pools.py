import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_usage import ROWS
from tests.world import FREE, row
from tui.domain.pools import is_free, pool_days
from tui.settings import lists
from tui.settings.schema import Config, Limits


@pytest.mark.parametrize(
    ("model", "pool", "why"),
    [
        ("gpt-6-sol", "large", "listed"),
        ("gpt-6-luna", "large", "listed, though its older sister is in the small pool"),
        ("gpt-5.6-luna", "small", "listed, though its younger sister is in the large pool"),
        ("gpt-6-sol-2026-10-01", "large", "a listed name and a date"),
        ("gpt-5.4-2026-03-05", "large", "listed with its date"),
        ("gpt-5.4", "large", "the short name of the settings page"),
        ("gpt-4o-mini-2024-07-18", "small", "listed with its date"),
        ("gpt-5.4-pro", None, "a prefix says nothing"),
        ("gpt-5.4-pro-2026-03-05", None, "a prefix says nothing, with a date too"),
        ("o1-pro", None, "not listed"),
        ("gpt-4o-mini-tts", None, "another product"),
        ("gpt-4o-transcribe", None, "another product"),
        ("gpt-5-search-api", None, "another product"),
        ("gpt-5-chat-latest", "large", "the one chat model that is listed"),
        ("gpt-5.1-chat-latest", None, "other chat models are not"),
        ("gpt-6-sol-20261001", None, "a date has dashes"),
        ("gpt-6-sol-2026-10-01-preview", None, "something after the date"),
        ("ft:gpt-4.1-mini-2025-04-14:acme::Ab12", None, "fine-tuned"),
        ("gpt-6.1-sol", None, "newer than the list"),
        ("", None, "no name"),
        (None, None, "not grouped by model"),
    ],
)
def test_a_model_belongs_to_a_pool_by_its_name_alone(catalogue, model, pool, why):
    assert catalogue.pool_of(model) == pool, why


@pytest.mark.parametrize("tier", ["incentivized-tier", "INCENTIVIZED", "data sharing incentive tier - input tokens"])
def test_the_api_itself_marks_free_rows(tier):
    assert is_free(row(service_tier=tier))


@pytest.mark.parametrize("tier", [None, "", "default", "flex", "priority"])
def test_other_tiers_are_billed(tier):
    assert not is_free(row(service_tier=tier))


def test_a_pool_counts_input_and_output_of_its_models_over_all_projects(catalogue):
    large, small = pool_days(
        [
            row("gpt-6-sol", 1_000, 500, service_tier=FREE, project_id="a"),
            row("gpt-6-luna", 30, 3, service_tier=FREE, project_id="b"),
            row("gpt-6-sol", 70, 7, service_tier="default"),
            row("gpt-5-nano", 9, 1, service_tier=FREE),
            row("gpt-6.1-sol", 999, 9, service_tier=FREE),
        ],
        catalogue,
    )
    assert (large.free, large.eligible_billed, large.used, large.left) == (1_533, 77, 1_533, 248_467)
    assert (small.free, small.percent, small.measured) == (10, 0, True)


def test_without_any_free_row_all_day_the_use_is_an_estimate_up_to_the_limit(catalogue):
    large, small = pool_days([row("gpt-6-sol", 400_000), row("gpt-5-nano", 5, 0)], catalogue)
    assert not large.measured
    assert (large.used, large.left, large.percent) == (250_000, 0, 100)
    assert (small.used, small.measured) == (5, False)


def test_a_day_without_eligible_usage_is_measured_and_empty(catalogue):
    large, _ = pool_days([row("gpt-6.1-sol")], catalogue)
    assert (large.used, large.measured) == (0, True)


def test_percent_is_floored_and_may_exceed_a_hundred(catalogue):
    assert pool_days([row("gpt-6-sol", 249_999, 0, service_tier=FREE)], catalogue)[0].percent == 99
    assert pool_days([row("gpt-6-sol", 300_000, 0, service_tier=FREE)], catalogue)[0].percent == 120


def test_limits_come_from_the_config_or_its_usage_tier_or_are_assumed():
    assumed = lists.catalogue(Config()).limits["small"]
    tier = lists.catalogue(Config(usage_tier=4)).limits["small"]
    own = lists.catalogue(Config(usage_tier=4, limits=Limits(small=7))).limits
    assert (assumed.tokens, assumed.source) == (2_500_000, "assumed")
    assert (tier.tokens, tier.source) == (10_000_000, "config")
    assert (own["small"].tokens, own["large"].tokens) == (7, 1_000_000)


def test_no_model_is_listed_in_two_pools(catalogue):
    assert not catalogue.pools["large"] & catalogue.pools["small"]


@given(st.lists(ROWS))
def test_left_never_exceeds_the_limit_and_free_and_billed_stay_apart(rows):
    catalogue = lists.catalogue(Config())
    for pool in pool_days(rows, catalogue):
        assert 0 <= pool.left <= pool.limit.tokens
        own = [each for each in rows if catalogue.pool_of(each.model) == pool.name]
        assert pool.free + pool.eligible_billed == sum(each.input_tokens + each.output_tokens for each in own)


@given(st.lists(ROWS))
def test_moving_rows_between_projects_changes_no_pool(rows):
    catalogue = lists.catalogue(Config())
    moved = [row(each.model, each.input_tokens, each.output_tokens, service_tier=each.service_tier) for each in rows]
    assert pool_days(rows, catalogue) == pool_days(moved, catalogue)
