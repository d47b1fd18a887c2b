import tomllib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import FREE, TODAY, day, row
from tests.support.paths import PACKAGE
from tests.support.strategies import ROWS
from tui.config.catalogue import effective_catalogue, old_usage_tier
from tui.config.schema import Config, Limits, Pools
from tui.domain.pools import PoolDay, limits, needs_hours, pool_days
from tui.domain.rows import add_up, grouped
from tui.domain.usage import Bucket


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
    assert row(service_tier=tier).is_free


@pytest.mark.parametrize("tier", [None, "", "default", "flex", "priority"])
def test_other_tiers_are_billed(tier):
    assert not row(service_tier=tier).is_free


def days_of(rows, catalogue, hours=()) -> tuple[PoolDay, ...]:
    return pool_days(rows, catalogue, limits(catalogue, ()), hours)


def test_a_pool_counts_input_and_output_of_its_models_over_all_projects(catalogue):
    large, small = days_of(
        [
            row("gpt-6-sol", 1_000, 500, service_tier=FREE, project_id="a"),
            row("gpt-6-luna", 30, 3, service_tier=FREE, project_id="b"),
            row("gpt-6-sol", 70, 7, service_tier="default"),
            row("gpt-5-nano", 9, 1, service_tier=FREE),
        ],
        catalogue,
    )
    assert (large.free, large.eligible_billed, large.left) == (1_533, 77, 248_467)
    assert (small.free, small.measured, small.left_is_estimate) == (10, True, False)


def test_cached_tokens_are_inside_input_and_a_free_unlisted_model_is_named_and_in_no_pool(catalogue):
    large, small = days_of([row("gpt-6.1-luna", 999, 1, service_tier=FREE), row("gpt-6-sol", 5, 0)], catalogue)
    assert large.unlisted == small.unlisted == ("gpt-6.1-luna",)
    assert (large.free, small.free) == (0, 0)
    assert large.left_is_estimate
    assert small.left_is_estimate
    assert (large.at_least, small.at_least) == (True, True), "it took from one of them"


def test_without_any_free_row_all_day_nothing_was_free_and_all_was_billed(catalogue):
    large, small = days_of([row("gpt-6-sol", 400_000, 0), row("gpt-5-nano", 5, 0)], catalogue)
    assert not large.measured
    assert (large.free, large.eligible_billed, large.whole_percent, large.left_is_estimate) == (0, 400_000, 0, True)
    assert (small.free, small.eligible_billed, small.measured) == (0, 5, False)
    assert not days_of([row("gpt-6-sol", 5)], catalogue)[1].measured, "the day is unmeasured, so all pools are"


def test_a_day_without_eligible_usage_is_measured_and_empty(catalogue):
    large, _ = days_of([row("gpt-6.1-sol")], catalogue)
    assert (large.free, large.measured) == (0, True)


def test_percent_may_exceed_a_hundred_and_the_pool_is_spent_from_there_on(catalogue):
    nearly, over = (
        days_of([row("gpt-6-sol", tokens, 0, service_tier=FREE)], catalogue)[0] for tokens in (249_999, 300_000)
    )
    assert (int(nearly.percent), nearly.spent) == (99, False)
    assert (over.percent, over.spent, over.left) == (120, True, 0)


@pytest.mark.parametrize(
    ("model", "pool"),
    [("gpt-6.1-sol", "large"), ("gpt-6.2-astra", "large"), ("gpt-6.1-terra", "small"), ("gpt-6.1-luna", None)],
)
def test_of_a_free_model_that_no_list_knows_the_family_tells_the_pool_where_it_can(catalogue, model, pool):
    """gpt-6-luna is in the large pool, gpt-5.6-luna in the small one (help article, read 2026-09-28)."""
    found = days_of([row(model, 999, 1, service_tier=FREE)], catalogue)
    assert [each.name for each in found if each.unlisted] == ([pool] if pool else ["large", "small"])


@pytest.mark.parametrize(
    ("model", "is_newer"),
    [
        ("gpt-6.1-sol", True),
        ("gpt-6.2-astra", True),
        ("gpt-6.2-sol-2026-11-17", True),
        ("gpt-7", True),
        ("o5-mini", True),
        ("gpt-5.4-pro-2026-10-01", True),
        ("gpt-6-sol", False),
        ("gpt-6-sol-2026-10-20", False),
        ("gpt-6-pro", False),
        ("gpt-5.4-pro-2026-03-05", False),
        ("gpt-4o-mini-tts", False),
        ("ft:gpt-6.1-sol:acme::x", False),
        ("whisper-1", False),
        ("text-embedding-3-large", False),
        (None, False),
    ],
)
def test_models_newer_than_the_lists_are_told_from_those_that_are_in_no_pool(catalogue, model, is_newer):
    """The lists are of 2026-09-28; gpt-6.1-* came on 2026-10-26, gpt-6.2-* on 2026-11-17 (model pages)."""
    assert catalogue.is_newer(model) is is_newer
    if is_newer:
        assert catalogue.pool_name(model) == "unknown"


def test_what_the_user_said_of_a_model_makes_it_known():
    own = effective_catalogue(Config(pools=Pools(large=("gpt-6.1-sol",), none=("gpt-6.2-sol",))))
    assert not own.is_newer("gpt-6.1-sol")
    assert (own.pool_name("gpt-6.1-sol"), own.pool_name("gpt-6.2-sol")) == ("large", "none")


def hour(number: int, *rows) -> Bucket:
    return Bucket(TODAY + timedelta(hours=number), rows)


def stalled(*hours: Bucket, free: int = 242_000) -> PoolDay:
    rows = [row("gpt-6-sol", free, 0, service_tier=FREE), row("gpt-6-sol", 9_000, 0)]
    return days_of(rows, effective_catalogue(Config()), hours)[0]


FREE_AT_9 = hour(9, row("gpt-6-sol", 5, service_tier=FREE, project_id="a"))

BILLED_AT_11 = hour(11, row("gpt-6-sol", 5, service_tier="default", project_id="a"))


def test_a_pool_can_be_spent_below_its_limit_since_a_request_that_would_cross_it_is_billed_whole():
    pool = stalled(FREE_AT_9, BILLED_AT_11)
    assert pool.spent
    assert pool.stuck_since == TODAY + timedelta(hours=11)
    assert (pool.left, pool.left_is_estimate) == (8_000, True)


@pytest.mark.parametrize(
    ("hours", "why"),
    [
        ((BILLED_AT_11,), "the project never had free rows: it may not share"),
        ((FREE_AT_9, hour(11, row("gpt-6-sol", 5, project_id="b"))), "another project"),
        (
            (FREE_AT_9, BILLED_AT_11, hour(12, row("gpt-6-sol", 5, service_tier=FREE, project_id="b"))),
            "another project still gets free tokens later",
        ),
        ((FREE_AT_9, hour(9, row("gpt-6-sol", 5, project_id="a"))), "billed in the same hour, perhaps before"),
        ((BILLED_AT_11, hour(12, row("gpt-6-sol", 5, service_tier=FREE, project_id="a"))), "free again later"),
        ((FREE_AT_9, hour(11, row("gpt-6-sol", 5, service_tier="flex", project_id="a"))), "a tier of its own"),
        ((FREE_AT_9, hour(11, row("gpt-6-sol", 5, project_id="a", batch=True))), "a batch"),
        ((FREE_AT_9, hour(11, row("gpt-5-nano", 5, project_id="a"))), "the other pool"),
        ((FREE_AT_9, hour(11, row("gpt-6.1-sol", 5, project_id="a"))), "in no pool"),
    ],
)
def test_a_pool_is_not_called_spent_without_proof(hours, why):
    assert not stalled(*hours).spent, why


def test_below_85_percent_nothing_is_inferred_and_no_hours_are_needed():
    assert not stalled(FREE_AT_9, BILLED_AT_11, free=212_499).spent
    assert not needs_hours([stalled(free=212_499)])
    assert needs_hours([stalled(free=212_500)])


def test_limits_come_from_the_config_or_its_usage_tier_or_are_assumed():
    def limit(config: Config):
        found = limits(effective_catalogue(config), ())
        return [(found[pool].tokens, found[pool].source) for pool in ("large", "small")]

    assert limit(Config()) == [(250_000, "assumed"), (2_500_000, "assumed")]
    for usage_tier in ("build", 1, 2):
        assert limit(Config(usage_tier=usage_tier)) == [(250_000, "config"), (2_500_000, "config")]
    for usage_tier in ("launch", "grow", 3, 4, 5):
        assert limit(Config(usage_tier=usage_tier)) == [(1_000_000, "config"), (10_000_000, "config")]
    assert limit(Config(usage_tier="grow", limits=Limits(small=7))) == [(1_000_000, "config"), (7, "config")]


def test_a_usage_tier_by_its_old_name_is_read_and_said_to_have_another():
    """Usage tiers 1 to 5 became Build, Launch and Grow on 2026-10-06 (announcement of that day)."""
    assert "called build since 2026-10-06" in old_usage_tier(Config(usage_tier=2))
    assert "called launch or grow since 2026-10-06" in old_usage_tier(Config(usage_tier=5))
    assert old_usage_tier(Config(usage_tier="launch")) is None
    assert old_usage_tier(Config()) is None


@pytest.mark.parametrize(
    ("rows", "source"),
    [
        ([row("gpt-6-sol", 275_001, 0, service_tier=FREE)], "inferred"),
        ([row("gpt-6-sol", 275_000, 0, service_tier=FREE)], "assumed"),
        ([row("gpt-5-nano", 2_750_001, 0, service_tier=FREE)], "inferred"),
        ([row("gpt-6-sol", 900_000, 0)], "assumed"),
        ([row("gpt-6.1-sol", 900_000, 0, service_tier=FREE)], "assumed"),
    ],
)
def test_a_day_with_more_than_the_lower_limit_free_proves_the_higher_tier_of_both_pools(catalogue, rows, source):
    found = limits(catalogue, [day(9), day(3, *rows)])
    assert {limit.source for limit in found.values()} == {source}
    assert found["small"].tokens == (10_000_000 if source == "inferred" else 2_500_000)


@pytest.mark.parametrize(
    ("own", "used", "source"),
    [
        (Pools(large=("gpt-5-nano",)), "gpt-5-nano", "assumed"),
        (Pools(large=("gpt-5-nano",)), "gpt-5-nano-2025-08-07", "assumed"),
        (Pools(large=("gpt-6.1-sol",)), "gpt-6.1-sol", "assumed"),
        (Pools(small=("gpt-6-sol",)), "gpt-6-sol", "assumed"),
        (Pools(none=("gpt-6-sol",)), "gpt-6-sol", "assumed"),
        (Pools(large=("gpt-5-nano",)), "gpt-6-sol", "inferred"),
        (Pools(large=("gpt-6-sol",)), "gpt-6-sol", "inferred"),
    ],
)
def test_a_model_that_the_user_moved_proves_nothing_of_a_pool(own, used, source):
    moved = effective_catalogue(Config(pools=own))
    found = limits(moved, [day(3, row(used, 2_749_999, 0, service_tier=FREE))])
    assert {limit.source for limit in found.values()} == {source}


def test_the_users_lists_come_before_openais():
    own = effective_catalogue(
        Config(pools=Pools(large=("gpt-6.1-sol", "gpt-5-nano"), small=("o3",), none=("gpt-4o", "gpt-6-sol")))
    )
    assert own.pool_of("gpt-6.1-sol-2026-09-30") == "large"
    assert own.pool_of("gpt-5-nano-2025-08-07") == "large"
    assert own.pool_of("o3") == "small"
    assert own.pool_of("gpt-4o-2024-11-20") is None
    assert own.pool_of("gpt-6-sol") is None
    assert own.pool_of("gpt-6-luna") == "large"


def test_no_model_is_listed_in_two_pools():
    content = (PACKAGE / "facts" / "catalogue.toml").read_text()
    models = [model for models in tomllib.loads(content)["pools"].values() for model in models]
    assert len(models) == len(set(models))


@given(st.lists(ROWS))
def test_left_never_exceeds_the_limit_and_free_and_billed_are_all(rows):
    catalogue = effective_catalogue(Config())
    for pool in days_of(rows, catalogue):
        assert 0 <= pool.left <= pool.limit.tokens
        own = [each for each in rows if catalogue.pool_of(each.model) == pool.name]
        assert pool.free + pool.eligible_billed == add_up(own).total


@given(st.lists(ROWS), ROWS)
def test_percent_is_monotone(rows, more):
    catalogue = effective_catalogue(Config())
    before, after = days_of(rows, catalogue), days_of([*rows, more], catalogue)
    assert all(a.percent <= b.percent for a, b in zip(before, after, strict=True))


@given(st.lists(ROWS))
def test_moving_rows_between_projects_changes_no_pool(rows):
    catalogue = effective_catalogue(Config())
    moved = [row(each.model, each.input_tokens, each.output_tokens, service_tier=each.service_tier) for each in rows]
    assert days_of(rows, catalogue) == days_of(moved, catalogue)


@given(st.lists(ROWS), st.sampled_from(["model", "service_tier", "project_id"]))
def test_free_and_billed_are_the_total_for_every_grouping(rows, field):
    groups = grouped(rows, lambda each: str(getattr(each, field)))
    for sums in groups.values():
        assert sums.free + sums.billed == sums.total
    assert sum(sums.free for sums in groups.values()) == add_up(rows).free
