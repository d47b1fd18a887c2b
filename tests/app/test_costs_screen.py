"""Costs on the screen and in what is taken from it: days without tokens, other costs, sums that agree."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.builders import DAY, NOW, TODAY, Memory, day, row
from tests.support.dashboard import dashboard
from tui.domain.costs import Cost, Costs, month
from tui.domain.dimensions import Grouping
from tui.domain.line_items import OTHER
from tui.domain.view import View

WIDE, NARROW = (160, 40), (80, 24)

COSTS = {
    TODAY: (
        Cost(Decimal(3), "gpt-6-sol, input"), Cost(Decimal(-1), "Promotional credit"), Cost(Decimal(4), "o3, input"),
    ),
    TODAY - DAY: (Cost(Decimal(5), "vector store storage", "p"),),
}  # fmt: skip


class CostSource:
    def __init__(self, answer: Costs | None = None) -> None:
        self.answer = answer or Costs(COSTS)

    async def costs(self, window, by=()):
        return self.answer


def board(size=WIDE, **options):
    source = Memory(day(0, row("gpt-6-sol", project_id="p")))
    return dashboard(source, size=size, days=2, cost_source=CostSource(options.pop("answer", None)), **options)


def words(rows: list[list[str]]) -> list[str]:
    return [" ".join(filter(None, (cell.strip() for cell in cells))) for cells in rows]


async def test_a_day_with_costs_and_no_tokens_says_so_and_opens():
    async with board() as there:
        assert words(there.rows())[-2:] == ["Thu 19 Nov ▸ no tokens $5.00", "Wed 18 Nov no usage"]
        await there.press("right_square_bracket", "space")
        assert words(there.rows())[-3:-1] == ["Thu 19 Nov ▾ no tokens $5.00", f"· {OTHER} $5.00"]
        assert "Wed 18 Nov" in words(there.rows())[-1], "whose costs are not known: nothing is said of them"


async def test_what_only_costs_something_has_a_line_under_its_day():
    async with board() as there:
        assert words(there.rows())[1:4] == [
            "● gpt-6-sol 100 10 110 0 110 0% 1 $3.00 new", f"· {OTHER} -$1.00", "● o3 $4.00",
        ]  # fmt: skip


async def test_without_a_column_for_costs_there_are_no_lines_that_only_have_a_cost():
    many = ("input", "cached", "uncached", "output", "total", "free", "billed", "share", "requests", "cost")
    async with board(NARROW, view=View(columns=many)) as there:
        assert words(there.rows())[1:] == [
            "● gpt-6-sol 100 0 100 10 110 0%", "19 Nov no tokens, $5.00", "18 Nov no usage",
        ]  # fmt: skip
        await there.pilot.resize_terminal(*WIDE)
        await there.settle()
        assert len(there.table.lines) == 6
        await there.press("down", "down", "down")
        await there.pilot.resize_terminal(*NARROW)
        await there.settle()
        assert len(there.table.lines) == 4
        assert there.table.line.key == (TODAY, ()), "the cursor goes to the day of the line that went"


@pytest.mark.parametrize("by", ["model", "pool", "project"])
async def test_the_sums_of_table_export_and_money_view_agree(by):
    saved = {}
    view = View(columns=("total", "cost"), grouping=Grouping((by,)))
    async with board(view=view, save=lambda ending, content: saved.setdefault(ending, content)) as there:
        days = [line.cost for line in there.table.lines if line.is_bucket and line.cost is not None]
        assert sum(days) == month(there.screen.state.costs, NOW, None).so_far == 11
        await there.press("e")
        records = list(csv.DictReader(io.StringIO(saved[".csv"])))
        assert sum(Decimal(record["cost"] or 0) for record in records) == 11
        assert {record["date"]: record[by] for record in records}["2026-11-19"] == ("p" if by == "project" else OTHER)
        await there.press("Y")
        assert there.app.clipboard.count("| 2026-11-19 |") == 1
        await there.press("dollar_sign")
        assert "November 2026: $11.00 so far ($12.00 charged, $1.00" in there.text()


async def test_a_sum_that_is_not_whole_says_that_it_may_be_more():
    answer = Costs(COSTS, problem="Missing: 1 line.", incomplete=frozenset({TODAY}))
    async with board(answer=answer) as there:
        assert words(there.rows())[0].endswith("$6.00+ new")
        assert "Missing: 1 line." in there.text()
        await there.press("dollar_sign")
        assert "at least $11.00 so far" in there.text()


async def test_the_line_that_only_costs_something_can_be_copied_with_its_cost():
    async with board() as there:
        await there.press("down", "down", "down", "y")
        assert there.app.clipboard == "2026-11-20\to3\t0\t0\t0\t0\t4.00"
        await there.press("Y")
        assert "o3" not in there.app.clipboard, "a table without a column of costs"


async def test_costs_of_another_organization_that_come_late_are_not_shown():
    class Slow(CostSource):
        """The first answer waits until it is let go."""

        def __init__(self) -> None:
            super().__init__()
            self.waiting, self.asked = asyncio.Event(), 0

        async def costs(self, window, by=()):
            self.asked += 1
            if self.asked == 1:
                await self.waiting.wait()
                return Costs({TODAY: (Cost(Decimal(99), "gpt-6-sol, input"),)})
            return Costs({TODAY: (Cost(Decimal(2), "gpt-6-sol, input"),)})

    class OtherLater(Memory):
        """Tells with its first answer that another organization answers, as the archive in front of the API does."""

        before: str | None = None

        async def pages(self, query):
            async for page in super().pages(query):
                is_another, self.before = self.before not in {None, page.organization}, page.organization
                yield replace(page, is_another=is_another)

    source, slow = OtherLater(day(0, row("gpt-6-sol"))), Slow()
    async with dashboard(source, size=WIDE, days=2, cost_source=slow, settle=False) as there:
        while not slow.asked:
            await there.pilot.pause()
        source.organization = "org-other"
        await there.press_only("r")
        while there.screen.state.snapshot.organization != "org-other":
            await there.pilot.pause()
        slow.waiting.set()
        await there.settle()
        await there.press("r")
        await there.settle()
        assert there.screen.state.costs.days == {TODAY: (Cost(Decimal(2), "gpt-6-sol, input"),)}


async def test_what_is_written_before_costs_are_read_has_their_column_and_says_that_they_are_missing():
    saved, gate = {}, asyncio.Event()

    class Slow(CostSource):
        async def costs(self, window, by=()):
            await gate.wait()
            return await super().costs(window)

    def written(ending: str, content: str) -> str:
        saved[ending] = content
        return "/tmp/usage.csv"

    memory = Memory(day(0, row("gpt-6-sol", project_id="p")))
    async with dashboard(memory, size=WIDE, days=2, cost_source=Slow(), save=written, settle=False) as there:
        while not any(line.sums for line in there.table.lines):
            await there.pilot.pause()
        await there.press_only("e")
        before = saved[".csv"].splitlines()
        assert "without costs, which are not read yet" in there.text()
        gate.set()
        await there.settle()
        await there.press("e")
        after = saved[".csv"].splitlines()
    assert before[0] == after[0]
    assert before[0].endswith(",cost")
    assert before[1].endswith(",")
    assert not after[1].endswith(",")


@pytest.mark.parametrize("keys", [("enter",), ("b", "j", "j", "j", "j", "j", "enter")])
async def test_where_costs_cannot_be_known_there_is_no_column_of_them(keys):
    saved = {}
    view = View(columns=("total", "cost"))
    async with board(view=view, save=lambda ending, content: saved.setdefault(ending, content)) as there:
        await there.press(*keys, "e")
    assert "cost" not in saved[".csv"].splitlines()[0]
