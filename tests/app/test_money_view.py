"""Money: the month against its limit, the months before it, and what its free tokens are worth."""

from __future__ import annotations

from decimal import Decimal

from tests.support.builders import NOW, TODAY, demo_client, source
from tests.support.dashboard import dashboard
from tui.domain.costs import Cost, Costs
from tui.errors import ScopeMissing
from tui.facts.prices import prices
from tui.sources.openai.costs import CostClient
from tui.ui.views.money import MoneyView


async def test_money_begins_with_the_month_and_goes_to_others_and_back():
    class Paid:
        def __init__(self):
            self.asked = []

        async def costs(self, window, by=()):
            self.asked.append(window)
            return Costs({start: (Cost(Decimal(start.day), "gpt-6-sol, input", "p"),) for start in window.starts()})

    paid = Paid()
    async with dashboard(source(), cost_source=paid) as board:
        await board.press("2")
        assert "Money ─ November 2026" in board.text()
        assert "November 2026: $210.00 so far" in board.text()
        assert "Dollars by day" in board.text()
        assert "░" in board.screen.query_one("#money").text, "the days to come"
        await board.press("]")
        assert "Money ─ October 2026" in board.text()
        assert "October 2026: $496.00." in board.text()
        assert min(window.start for window in paid.asked) <= TODAY.replace(month=10, day=1)
        await board.press("[")
        assert "Money ─ November 2026" in board.text()
        await board.press("[")
        assert "This is the month that is not over." in board.text()
        await board.press("]", "1", "2")
        assert "Money ─ October 2026" in board.text(), "it stays where it was"


def test_small_line_items_are_folded_into_one_line_with_their_sum():
    from tui.output.money import items as listed

    items = [Cost(Decimal(100), "gpt-6-sol, input"), *(Cost(Decimal("0.1"), f"m{n}, input") for n in range(30))]
    found = listed(Costs({TODAY: tuple(items)}, NOW), NOW)
    assert len(found) == 6
    assert found[-1] == ("26 more", Decimal("2.6"))
    assert sum(amount for _, amount in found) == Decimal(103)


async def test_money_is_scrolled_and_taken_away_and_its_text_is_whole():
    saved = []
    async with (
        demo_client() as client,
        dashboard(
            client,
            cost_source=CostClient(client),
            save=lambda ending, content: saved.append((ending, content)) or "x.txt",
        ) as board,
    ):
        await board.press("2", "G")
        view = board.screen.query_one(MoneyView)
        assert view.scroll_y == view.max_scroll_y > 0
        await board.press("e")
        ((ending, content),) = saved
        assert ending == ".txt"
        assert content.startswith("Money ─ November 2026")
        assert "By project" in content


async def test_enter_in_money_enters_nothing():
    async with dashboard(source()) as board:
        await board.press("2", "enter")
        assert board.screen.view_shown == "money"
        assert len(board.screen.state.levels) == 1


async def test_money_ends_where_costs_do():
    class Kept:
        async def costs(self, window, by=()):
            return Costs(dict.fromkeys(window.starts(), ()))

    async with dashboard(source(), cost_source=Kept()) as board:
        await board.press("2", *["]"] * 14)
        assert "Costs of the month before are not kept." in board.text()
        assert "Money ─ November 2025" in board.text() or "Money ─ October 2025" in board.text()


async def test_money_still_says_what_free_tokens_are_worth_when_it_is_shown_again():
    async with (
        demo_client() as client,
        dashboard(client, cost_source=CostClient(client), prices=prices(None)) as board,
    ):
        await board.press("2")
        assert "Free tokens this month" in board.text()
        await board.press("1")
        board.screen._tick()
        await board.settle()
        await board.press("2")
        board.screen._tick()
        await board.settle()
        assert "Free tokens this month" in board.text()
        await board.press("right_square_bracket", "left_square_bracket")
        assert "Free tokens this month" in board.text()


class NoCosts:
    """A key that may not read costs."""

    async def costs(self, window, by=()):
        raise ScopeMissing("Costs cannot be read with this key.")


async def test_a_month_whose_costs_are_refused_is_not_said_to_be_unread():
    async with dashboard(source(), cost_source=NoCosts(), size=(80, 24)) as board:
        month = next(line for line in board.text().splitlines() if line.startswith(" $ month"))
        assert "costs cannot be read" in month


async def test_a_month_without_a_limit_tells_what_it_cost():
    class Known:
        async def costs(self, window, by=()):
            return Costs({TODAY: (Cost(Decimal(3), "x"),)}, NOW)

    async with dashboard(source(), cost_source=Known()) as board:
        month = next(line for line in board.text().splitlines() if line.startswith(" $ month"))
        assert "$3.00 so far" in month
        assert "no limit is known" in month
