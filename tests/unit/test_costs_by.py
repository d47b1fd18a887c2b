"""Costs of users, API keys and sources: asked for where a view needs them, told apart where the API tells them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.support.builders import CATALOGUE, NOW, QUICK, TODAY, loopback
from tests.support.loopback import Loopback, Reply, refusal
from tui.domain.aggregate import Aggregate
from tui.domain.costs import Cost, Costs
from tui.domain.dimensions import Grouping
from tui.domain.filter import Filter
from tui.domain.time import last_days
from tui.domain.view import View
from tui.engine.costs import EVERY, CostReader
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.costs import CostClient

LINES = (
    Cost(Decimal(2), "gpt-6-sol, input", "proj_a", user_id="user-1", api_key_id="key_1", api_source="unlabeled"),
    Cost(Decimal(3), "gpt-6-sol, input", "proj_a", user_id="user-2", api_key_id="key_1", api_source="agents_api"),
    Cost(Decimal(-1), "Promotional credit"),
)


def test_costs_are_told_apart_by_what_their_lines_tell_and_add_up_to_the_whole():
    by_user = Aggregate(CATALOGUE, ("user",))
    assert by_user.costs(LINES) == {(): 4}, "the lines were not asked for by user"
    assert Aggregate(CATALOGUE, ("user",)).costs(LINES, {"user_id"}) == {
        (): 4,
        ("user-1",): 2,
        ("user-2",): 3,
        ("(unknown user)",): -1,
    }
    both = Aggregate(CATALOGUE, ("key", "source")).costs(LINES, {"api_key_id", "api_source"})
    assert both["key_1", "agents_api"] == 3
    assert both["key_1",] == 5
    only = Aggregate(CATALOGUE, ("model",), Filter("user:user-2")).costs(LINES, {"user_id"})
    assert only == {(): 3, ("gpt-6-sol",): 3}


def test_a_view_needs_the_fields_of_its_lines_and_of_its_filter():
    assert View().costs_by == frozenset()
    assert View(grouping=Grouping(("key",)), row_filter=Filter("user:ada")).costs_by == {"api_key_id", "user_id"}


class _Source:
    """Costs of each day, by what is asked for; `refuses` is what it does not break them down by."""

    def __init__(self, refuses=()) -> None:
        self.asked, self.refuses = [], set(refuses)

    async def costs(self, window, by=()):
        self.asked.append((window.days_before_last, frozenset(by)))
        days = dict.fromkeys(window.starts(), LINES)
        return Costs(days, by=dict.fromkeys(days, frozenset(by) - self.refuses))


async def test_costs_are_read_once_more_where_a_view_needs_more_of_them_and_stay_so_fine():
    source = _Source()
    reader = CostReader(source)
    first = await reader.read(NOW, 14)
    assert (first.told(TODAY), reader.is_due(NOW, 14), reader.is_due(NOW, 14, frozenset({"user_id"}))) == (
        set(),
        False,
        True,
    )
    finer = await reader.read(NOW, 14, frozenset({"user_id"}))
    assert first.updated(finer).told(TODAY) == {"user_id"}
    assert not reader.is_due(NOW, 14), "what is known by user is known by model"
    later = await reader.read(NOW + EVERY, 14)
    assert later.told(TODAY) == {"user_id"}
    days = [days for days, _ in source.asked]
    assert days[1] == days[0] > days[2], "all of it, then only what may have been restated"


async def test_a_breakdown_that_is_refused_is_said_once_and_not_asked_for_again():
    source = _Source(refuses={"api_key_id"})
    reader = CostReader(source)
    found = await reader.read(NOW, 14, frozenset({"api_key_id"}))
    assert (found.problem, found.days[TODAY]) == ("The API does not tell what each API key cost.", LINES)
    assert not reader.is_due(NOW, 14, frozenset({"api_key_id"}))
    later = await reader.read(NOW + EVERY, 14, frozenset({"api_key_id"}))
    assert later.problem is None
    assert source.asked[-1][1] == frozenset()
    known = found.updated(replace(later, read_at=NOW + timedelta(hours=1)))
    assert known.of(TODAY) == LINES


async def test_what_is_known_by_user_stays_so_where_a_breakdown_by_key_is_refused():
    source = _Source(refuses={"api_key_id"})
    reader = CostReader(source)
    await reader.read(NOW, 14, frozenset({"user_id"}))
    found = await reader.read(NOW, 14, frozenset({"user_id", "api_key_id"}))
    assert (found.told(TODAY), found.problem) == ({"user_id"}, "The API does not tell what each API key cost.")
    assert not reader.is_due(NOW, 14, frozenset({"user_id", "api_key_id"}))


async def test_days_that_were_read_without_a_breakdown_are_the_whole_and_not_somebody_unknown():
    source = _Source()
    reader = CostReader(source)
    known = await reader.read(NOW, 60)
    known = known.updated(await reader.read(NOW, 14, frozenset({"user_id"})))
    old = TODAY - timedelta(days=50)
    by_user = Aggregate(CATALOGUE, ("user",))
    assert by_user.costs(known.of(old), known.told(old)) == {(): 4}
    assert ("user-1",) in by_user.costs(known.of(TODAY), known.told(TODAY))
    assert reader.is_due(NOW, 60, frozenset({"user_id"})), "those are read by user as soon as they are looked at"


async def test_the_client_asks_without_the_breakdown_where_it_is_refused():
    """Grouping by API key is documented and was refused with a 400."""

    def answer(asked):
        if "api_key_id" in asked.all("group_by"):
            return refusal(400, "group_by api_key_id is not supported")
        result = {"amount": {"value": "2.5", "currency": "usd"}, "line_item": "gpt-6-sol, input", "user_id": "user-1"}
        bucket = {"start_time": int(TODAY.timestamp()), "results": [result]}
        return Reply({"data": [bucket], "has_more": False})

    async with (
        Loopback(answer) as served,
        Client(Api(loopback(served.port), "sk-admin-x", retry_policy=QUICK)) as client,
    ):
        refused = await CostClient(client).costs(last_days(NOW, 0), ("api_key_id",))
        assert refused.told(TODAY) == frozenset()
        assert [cost.amount for cost in refused.of(TODAY)] == [Decimal("2.5")]
        told = await CostClient(client).costs(last_days(NOW, 0), ("user_id",))
        assert (told.told(TODAY), told.of(TODAY)[0].user_id) == ({"user_id"}, "user-1")
