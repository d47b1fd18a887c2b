"""Which commands ask the admin API for limits and settings, and which only use what was answered before."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.support.builders import CATALOGUE, NOW, TODAY, demo_client
from tui.commands import check, export, money, pools, why
from tui.commands.export_request import Export
from tui.domain.admin_settings import Answer, Question, RateLimit, Topic
from tui.domain.time import last_days
from tui.domain.view import View
from tui.engine.engine import Engine
from tui.engine.session import Session
from tui.errors import ServerFailed
from tui.sources.openai.admin_settings import AdminSettingsClient
from tui.sources.openai.costs import CostClient

GROW = {"gpt-6-sol": RateLimit(15_000, 40_000_000)}


class Settings:
    """Answers from one project on that its rate limits are those of Grow; `known` are answers of before."""

    def __init__(self, proof_at: int = 0, known: tuple[Question, ...] = (), fails: bool = False) -> None:
        self.proof_at, self.known, self.fails, self.asked = proof_at, known, fails, []

    async def setting(self, question: Question) -> Answer:
        self.asked.append(question)
        if self.fails:
            raise ServerFailed("It is in trouble.")
        is_proof = question.topic is Topic.RATE_LIMITS and len(self.asked) > self.proof_at
        return Answer(GROW if is_proof else None, NOW)

    async def kept(self, question: Question) -> Answer | None:
        return Answer(GROW, NOW, requests=0) if question in self.known else None


def engine_of(client, settings, **options) -> Engine:
    return Engine(
        Session(
            client, lambda: NOW, 2, CATALOGUE, settings_source=settings, cost_source=CostClient(client), **options
        )
    )


@pytest.mark.parametrize(("proof_at", "asked"), [(0, 1), (2, 3), (99, 5)])
async def test_pools_asks_for_rate_limits_until_one_is_a_proof_and_says_from_what_it_inferred(
    capsys, proof_at, asked
):
    settings = Settings(proof_at)
    async with demo_client() as client:
        assert await pools.pools(engine_of(client, settings), as_json=True) == 0
    large = json.loads(capsys.readouterr().out)["pools"][0]
    assert {each.topic for each in settings.asked} == {Topic.RATE_LIMITS}
    assert len(settings.asked) == asked
    expected = (250_000, "assumed", None) if proof_at == 99 else (1_000_000, "inferred", "rate_limits")
    assert (large["limit"], large["limit_source"], large["limit_inferred_from"]) == expected


async def test_pools_does_not_ask_where_the_size_is_set_and_stops_where_the_api_is_in_trouble(capsys):
    settings, trouble = Settings(), Settings(fails=True)
    known = replace(CATALOGUE, limits={"large": 1, "small": 2})
    async with demo_client() as client:
        await pools.pools(Engine(Session(client, lambda: NOW, 2, known, settings_source=settings)))
        await pools.pools(engine_of(client, trouble))
    assert settings.asked == []
    assert len(trouble.asked) == 1
    assert "assumed" in capsys.readouterr().out


async def test_commands_that_never_wait_use_what_was_answered_before_and_agree_with_pools(capsys):
    async with demo_client() as client:
        projects = {row.project_id for row in (await engine_of(client, None).read_pools()).pool_inputs.today.rows}
        settings = Settings(known=tuple(Question(Topic.RATE_LIMITS, name) for name in sorted(projects)[-1:]))
        brief = await pools.brief(engine_of(client, settings))
        assert brief.line.startswith("large 14%"), "142,254 of 1,000,000"
        bound = check.Bound("large", max_percent=50)
        assert await check.check(engine_of(client, settings), bound) == 0
        wanted = Export(View(), "csv")
        assert await export.table(engine_of(client, settings), lambda: last_days(NOW, 1), wanted) == 0
        assert settings.asked == []
        found = await engine_of(client, settings).diagnose()
        assert not found.spent
    assert "of 1,000,000 left (inferred limit)" in capsys.readouterr().err


async def test_why_and_money_ask_for_what_they_show_and_end_well_without_it(capsys):
    trouble = Settings(fails=True)
    async with demo_client() as client:
        assert await why.why(engine_of(client, trouble), as_json=True) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["zero_data_retention"] is None
        assert all(each["proofs"] == [] for each in told["reasons"])
        assert await money.money(engine_of(client, trouble), as_json=True) == 0
        assert json.loads(capsys.readouterr().out)["spend_limit"] is None
        assert len(trouble.asked) == 2
        known = AdminSettingsClient(client, lambda: NOW)
        assert await why.why(engine_of(client, known), as_json=True) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["zero_data_retention"] is False
        assert any(proof["proof"] == "zero_data_retention" for each in told["reasons"] for proof in each["proofs"])
        assert await why.why(engine_of(client, known)) == 0
        assert "is processed in EU only" in capsys.readouterr().out
        assert await money.money(engine_of(client, known), as_json=True) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["spend_limit"] == {"amount": 250.0, "enforced": False}
        assert {each["amount"] for each in told["project_limits"]} == {200.0, 150.0}


async def test_of_a_month_that_is_over_no_limit_is_asked_for():
    settings = Settings()
    async with demo_client() as client:
        await money.money(engine_of(client, settings), TODAY.replace(month=10, day=1), as_json=True)
    assert settings.asked == []
