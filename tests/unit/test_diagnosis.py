"""Why tokens were billed: each trap with its proof, and what cannot be known."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, DAY, FREE, TODAY, demo_client, engine, row
from tests.support.strategies import ROWS
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config
from tui.domain.diagnosis import Spent, Why, diagnose
from tui.domain.pools import limits, pool_days
from tui.domain.rows import add_up
from tui.domain.usage import Bucket
from tui.facts.prices import prices
from tui.output import reasons
from tui.output import why as report


def hour(number: int, *rows) -> Bucket:
    return Bucket(TODAY + timedelta(hours=number), rows)


def answer(*hours, tools=None, model=None, config=None):
    catalogue = effective_catalogue(config or Config())
    rows = tuple(each for one in hours for each in one.rows)
    pools = pool_days(rows, catalogue, limits(catalogue, ()), hours)
    return diagnose(hours, pools, catalogue, TODAY, model, tools)


def found(*hours, **options) -> list[tuple]:
    return [(reason.why, reason.tokens, reason.project_id) for reason in answer(*hours, **options).reasons]


def free(tokens=100, project="a", model="gpt-6-sol"):
    return row(model, tokens, 0, service_tier=FREE, project_id=project)


def billed(tokens=100, project="a", model="gpt-6-sol", tier="default", **fields):
    return row(model, tokens, 0, service_tier=tier, project_id=project, **fields)


def test_a_reason_has_an_estimate_of_what_its_tokens_cost_at_the_prices_of_their_tier_and_region():
    hours = [Bucket(TODAY, (billed(1_000_000, model="gpt-6-sol", tier="flex"), billed(10, model="o9", tier="flex")))]
    shipped = prices(None)
    found = diagnose(hours, (), CATALOGUE, TODAY, cost=lambda row: shipped.cost(row, TODAY.date(), regional=True))
    tier, unlisted = found.reasons
    assert (tier.cost, tier.unpriced) == (Decimal("1.1"), 0)
    assert (unlisted.cost, unlisted.unpriced) == (None, 10)
    assert (reasons.cost(tier), reasons.cost(unlisted)) == (", est. $1.10", "")
    assert reasons.cost(replace(tier, unpriced=1)) == ", est. at least $1.10"
    assert diagnose(hours, (), CATALOGUE, TODAY).reasons[0].cost is None


@pytest.mark.parametrize(
    "tier", ["default", "auto", "standard", None, "flex", "scale", "fast", "ultrafast", "tier-of-2028"]
)
def test_every_service_tier_but_the_usual_ones_is_a_reason_by_its_own_name(tier):
    """By rule and not by a list: tiers come and are renamed (`priority` is `fast` since autumn 2026)."""
    (reason,) = diagnose([Bucket(TODAY, (free(), billed(tier=tier, project="b")))], (), CATALOGUE, TODAY).reasons
    is_usual = tier in {"default", "auto", "standard", None}
    assert (reason.why is Why.SERVICE_TIER) is not is_usual
    assert is_usual or f"service tier {tier}," in reasons.words(reason)


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("ft:gpt-4.1-mini-2025-04-14:acme:[prod]:Ab12", Why.FINE_TUNED),
        ("gpt-6.1-sol", Why.NEWER),
        ("gpt-5.4-pro-2026-03-05", Why.UNLISTED),
        ("gpt-4o-mini-tts", Why.UNLISTED),
        (None, Why.UNKNOWN),
    ],
)
def test_a_model_in_no_list_is_why(model, why):
    assert found(hour(9, free(), billed(7, model=model))) == [(why, 7, "a")]


def test_a_model_newer_than_the_list_says_of_which_day_that_is():
    (reason,) = answer(hour(9, free(), billed(7, model="gpt-6.1-sol"))).reasons
    assert (reason.why, reason.detail) == (Why.NEWER, "2026-09-28")
    assert "newer than the list of 2026-09-28, so whether it can be free is not known" in reasons.words(reason)


def test_free_rows_of_a_model_prove_that_it_is_in_a_pool_whatever_the_list_says():
    hours = (hour(9, free(model="gpt-6.1-sol"), billed(7, model="gpt-6.1-sol")), hour(10, billed(5, model="o9")))
    assert found(*hours) == [(Why.UNKNOWN, 7, "a"), (Why.NEWER, 5, "a")]


@pytest.mark.parametrize("tier", ["flex", "priority", "scale"])
def test_a_service_tier_of_its_own_is_why(tier):
    (reason,) = answer(hour(9, free(), billed(7, tier=tier))).reasons
    assert (reason.why, reason.detail) == (Why.SERVICE_TIER, tier)


def test_a_batch_is_why():
    assert found(hour(9, free(), billed(7, batch=True))) == [(Why.BATCH, 7, "a")]


def test_a_day_without_any_free_row_is_not_enrolled_or_shared_nothing():
    assert found(hour(9, billed(7)), hour(10, billed(8, model="gpt-5-nano"))) == [
        (Why.NOT_ENROLLED, 15, "a"),
    ]


def test_a_project_without_free_usage_while_the_pool_still_gave_is_not_shared():
    (reason,) = answer(hour(9, free(project="a"), billed(7, project="b")), hour(12, billed(5, project="b"))).reasons
    assert (reason.why, reason.tokens, reason.project_id, reason.detail) == (Why.NOT_SHARED, 12, "b", "large")
    assert (reason.first_hour.hour, reason.last_hour.hour) == (9, 12)


def test_what_the_user_says_of_sharing_comes_first():
    said = Config(sharing_projects=("b",))
    (reason,) = answer(hour(9, free(project="b"), billed(7, project="a")), config=said).reasons
    assert (reason.why, reason.said) == (Why.NOT_SHARED, True)
    assert "sharing_projects" in reasons.words(reason)


def test_after_the_limit_was_reached_the_pool_was_spent():
    result = answer(hour(9, free(200_000)), hour(10, free(60_000)), hour(11, billed(7)), hour(12, billed(8, "late")))
    assert result.spent == (Spent("large", TODAY + timedelta(hours=10), is_estimate=False),)
    assert [(each.why, each.tokens) for each in result.reasons] == [(Why.POOL_SPENT, 8), (Why.POOL_SPENT, 7)]
    assert "large pool was spent between 10:00 and 11:00 UTC" in "\n".join(report.spent_pools(result))


def test_a_pool_that_is_stuck_below_its_limit_was_spent_in_its_last_free_hour():
    result = answer(hour(9, free(240_000)), hour(11, billed(7)))
    assert [each.why for each in result.reasons] == [Why.POOL_SPENT]
    assert result.spent == (Spent("large", TODAY + timedelta(hours=9), is_estimate=True),)
    assert "spent (est.) between 09:00 and 10:00" in "\n".join(report.spent_pools(result))


def test_a_project_that_never_shares_is_told_so_even_after_the_pool_was_spent():
    hours = (hour(8, billed(5, "b")), hour(9, free(250_000)), hour(11, billed(7, "b")))
    assert found(*hours) == [(Why.NOT_SHARED, 12, "b")]


def test_hosted_tools_of_the_same_project_and_day_are_why():
    calls = {"web search": {"a": 3, "b": 9}, "file search": {"a": 0}}
    (reason,) = answer(hour(9, free(), billed(7)), tools=calls).reasons
    assert (reason.why, reason.calls) == (Why.HOSTED_TOOLS, (("web search", 3),))
    assert "3 web search calls" in reasons.proof(reason)


def test_what_the_data_do_not_prove_is_unknown():
    result = answer(hour(9, free(), billed(7)), tools={"web search": {"b": 3}})
    assert [each.why for each in result.reasons] == [Why.UNKNOWN]
    assert "do not say" in reasons.words(result.reasons[0])


def test_a_project_whose_traffic_all_used_hosted_tools_is_not_only_told_that_it_does_not_share():
    (reason,) = answer(hour(9, free(project="b"), billed(7)), tools={"web search": {"a": 3}}).reasons
    assert (reason.why, reason.calls) == (Why.NOT_SHARED, (("web search", 3),))
    assert "or all of it used hosted tools" in reasons.words(reason)


def test_what_the_user_says_does_not_outrank_a_free_row():
    hours = (hour(9, free(), billed(7)),)
    assert found(*hours, config=Config(sharing_projects=("b",))) == [(Why.UNKNOWN, 7, "a")]


def test_tools_that_could_not_be_read_are_said_to_be_unknown():
    result = replace(answer(hour(9, free(), billed(7))), tools_known=False)
    assert "could not be read" in "\n".join(report.notes(result, effective_catalogue(Config())))


def test_a_question_about_one_model_uses_the_evidence_of_all():
    hours = (hour(9, free(250_000)), hour(11, billed(7), billed(9, model="gpt-6-astra")))
    assert found(*hours, model="gpt-6-astra") == [(Why.POOL_SPENT, 9, "a")]
    assert answer(*hours, model="gpt-6-astra").free == 0


@given(st.lists(st.tuples(st.integers(0, 23), st.lists(ROWS, max_size=4)), max_size=6))
def test_free_and_the_reasons_add_up_to_everything_used(hours):
    result = answer(*(hour(number, *rows) for number, rows in hours))
    sums = add_up(each for _, rows in hours for each in rows)
    assert (result.free, result.billed) == (sums.free, sums.billed)
    assert sum(reason.tokens for reason in result.reasons) == result.billed


async def test_the_demo_organization_contains_every_reason():
    catalogue = effective_catalogue(Config())
    async with demo_client() as client:
        days = [await engine(client, catalogue).diagnose(TODAY - ago * DAY) for ago in (1, 10)]
    assert {reason.why for day in days for reason in day.reasons} == set(Why)
    for day in days:
        for reason in day.reasons:
            assert reasons.words(reason)
            assert reasons.advice(reason).endswith(".")
            assert reason.project_id in reasons.proof(reason)


def test_every_reason_has_words_and_advice():
    assert set(reasons._WHAT) == set(reasons._DO) == set(Why)
