"""Limits and settings on the screen: the month beside its spend limit, rate limits, proofs, and a missing scope."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.support.builders import KEY, NOW, QUICK, demo_client, loopback
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tui.bootstrap.sources import demo_client as live_client
from tui.domain.admin_settings import Answer, Question, RateLimit, Topic
from tui.domain.dimensions import Grouping
from tui.domain.view import View
from tui.sources.openai.admin_settings import AdminSettingsClient
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.costs import CostClient


def sources(client: Client, clock=lambda: NOW) -> dict[str, object]:
    return {"settings_source": AdminSettingsClient(client, clock), "cost_source": CostClient(client)}


async def test_the_month_stands_beside_the_spend_limit_unless_there_is_a_budget():
    async with demo_client() as client, dashboard(client, days=1, **sources(client)) as board:
        line = next(line for line in board.text().splitlines() if " $ month" in line)
        assert "/ $250.00 limit" in line
        assert "┊" in line, "where the owners are told next"
        await board.press("dollar_sign")
        assert "OpenAI's spend limit: $250.00 a month, " in board.text()
        assert "Owners are told at $100.00 (passed), $200.00." in board.text()
        assert "of $200.00" in board.screen.query_one("#money").text
    async with (
        demo_client() as client,
        dashboard(client, days=1, budget=Decimal(100), **sources(client)) as board,
    ):
        assert "/ $100.00" in board.text()
        assert "limit  est." not in board.text()


async def test_the_busiest_minute_stands_beside_the_rate_limit_of_what_is_highlighted():
    moment = NOW
    async with live_client(lambda: moment) as client:
        view = View(grouping=Grouping(("project", "model")))
        options = {"view": view, "clock": lambda: moment, **sources(client, lambda: moment)}
        async with dashboard(client, days=1, **options) as board:
            await board.press("j", "j", "j")
            assert board.screen.state.settings_wanted
            moment += timedelta(seconds=61)
            board.screen.engine.tick()
            await board.settle()
            assert "busiest min est. " in board.text()
            assert " of 1M, " in board.text()
            await board.press("k", "k", "k")
            assert "busiest min" not in board.text()


async def test_a_rate_limit_that_proves_the_larger_pools_ends_the_question_mark():
    class Grow:
        async def setting(self, question: Question) -> Answer:
            is_rates = question.topic is Topic.RATE_LIMITS
            return Answer({"gpt-6-sol": RateLimit(15_000, 40_000_000)} if is_rates else None, NOW)

        async def kept(self, _: Question) -> Answer | None:
            return None

    async with demo_client() as client, dashboard(client, days=1) as board:
        assert "250k?" in board.text()
    async with demo_client() as client, dashboard(client, days=1, settings_source=Grow()) as board:
        assert "/ 1,000,000 " in board.text()
        assert "assumed" not in board.text()
        assert {each.pool.limit.evidence for each in board.screen.state.snapshot.pools} == {"rate_limits"}


async def test_why_says_what_the_settings_prove_once_they_are_known():
    async with demo_client() as client, dashboard(client, days=1, **sources(client)) as board:
        await board.press("i")
        assert "The project has zero data retention" in board.text()


async def test_a_key_without_the_scope_is_told_so_once_and_all_else_goes_on():
    with Served() as api:
        api.refuses = dict.fromkeys(("spend_limit", "spend_alerts", "rate_limits"), 403)
        async with (
            Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client,
            dashboard(client, days=1, settings_source=AdminSettingsClient(client, lambda: NOW)) as board,
        ):
            assert board.text().count("Limits and settings are not known.") == 1
            assert board.table.lines[0].sums
            asked = [each.path.rpartition("/")[2] for each in api.asked]
            assert sum(name in api.refuses for name in asked) == 1, "the others need the same scope"


@pytest.mark.parametrize("view", [View(), View(grouping=Grouping(("project", "model")))])
async def test_a_live_minute_stays_two_requests(view):
    moment = NOW
    with Served() as api:
        async with (
            Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client,
            dashboard(client, days=1, view=view, clock=lambda: moment, **sources(client, lambda: moment)) as board,
        ):
            before = len(api.asked)
            for _ in range(3):
                moment = api.now = moment + timedelta(seconds=61)
                board.screen.engine.tick()
                await board.settle()
            assert len(api.asked) - before == 6
