"""`money`: what the key $ shows, for this month or one that is over, as text or as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.support.builders import CATALOGUE, DAY, FREE, NOW, TODAY, Memory, row
from tui.commands.money import money
from tui.domain.costs import Cost, Costs
from tui.domain.directory import Directory
from tui.domain.prices import Price, Prices
from tui.domain.usage import Bucket
from tui.engine.engine import Engine
from tui.engine.session import Session
from tui.errors import BadSettings, NotKept, ScopeMissing, ServerFailed

PRICES = Prices({"gpt-6-sol": (Price(Decimal(2), Decimal("0.2"), Decimal(10)),)}, date(2026, 11, 20), "test")
OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)


class Organization(Memory):
    """Costs a dollar a day, and $5 of credit on the 15th; its usage is free."""

    def __init__(self) -> None:
        super().__init__()
        self.costs_error: Exception | None = None
        self.kept_from: datetime | None = None

    async def costs(self, window, by=()):
        if self.costs_error is not None:
            raise self.costs_error
        if self.kept_from is not None and window.start < self.kept_from:
            error = NotKept("too early")
            error.earliest = self.kept_from
            raise error
        return Costs({start: self._lines(start) for start in window.starts()})

    def _lines(self, start):
        credit = (Cost(Decimal(-5), "Promotional credit", "proj_a"),) if start.day == 15 else ()
        return (Cost(Decimal(1), "gpt-6-sol, input", "proj_a"), *credit)

    async def pages(self, query):
        free = row("gpt-6-sol", 1_000_000, 0, service_tier=FREE)
        self.buckets = [Bucket(start, (free,)) for start in query.window.starts()]
        async for page in super().pages(query):
            yield page

    async def directory(self, dimensions):
        return Directory({"project": {"proj_a": "web"}})


def engine(source, **options) -> Engine:
    session = Session(source, lambda: NOW, 0, CATALOGUE, prices=PRICES, budget=Decimal(100))
    return Engine(replace(session, **{"cost_source": source, "directory_source": source, **options}))


async def test_this_month_is_told_as_on_the_screen(capsys):
    assert await money(engine(Organization())) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "November 2026: $15.00 so far ($20.00 charged, $5.00 credited), est. $25.00 at its end."
    assert lines[1].startswith("15% of the budget of $100.00, $85.00 left")
    assert lines[2] == "To the end of 18 November: $13.00, as much as October to its day 18 ($13.00)."
    assert lines[3].startswith("Free tokens this month: 20,000,000, worth est. $40.00")
    assert any(line.split() == ["web", "$20.00", "100.0%", "▇" * 24] for line in lines)


async def test_a_month_before_that_cannot_be_read_costs_only_what_stands_beside_it(capsys):
    class Half(Organization):
        async def costs(self, window, by=()):
            if window.end <= NOW.replace(day=1, hour=0, minute=0):
                raise ServerFailed("It broke.")
            return await super().costs(window, by)

    assert await money(engine(Half())) == 0
    printed = capsys.readouterr()
    assert "so far" in printed.out
    assert "to its day" not in printed.out
    assert "The month before, beside which this one would stand, was not read. It broke." in printed.err


async def test_a_month_that_is_over_is_told_whole_and_nothing_more_is_expected(capsys):
    assert await money(engine(Organization()), OCTOBER) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "October 2026: $26.00 ($31.00 charged, $5.00 credited)."
    assert lines[1] == "To the end of 30 October: $25.00, as much as September to its day 30 ($25.00)."
    assert lines[2].startswith("Free tokens in October 2026: 31,000,000, worth est. $62.00")
    assert "Charges by line item, October 2026" in lines
    assert "so far" not in "\n".join(lines)
    assert "budget" not in "\n".join(lines), "it is this month's"


@pytest.mark.parametrize(("first", "month", "so_far"), [(None, "2026-11", 15.0), (OCTOBER, "2026-10", 26.0)])
async def test_as_json_amounts_are_numbers_and_days_are_named(first, month, so_far, capsys):
    assert await money(engine(Organization()), first, as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["month"], found["so_far"], found["is_over"]) == (month, so_far, first is not None)
    assert sum(each["cost"] for each in found["days"]) == so_far
    assert {each["date"][:7] for each in found["days"]} == {month}
    assert (found["expected"] is None, found["budget"]) == (first is not None, None if first else 100)
    assert found["projects"][0] == {"project": "proj_a", "name": "web", "cost": found["charged"]}
    assert found["free_tokens"]["worth"] > 0


async def test_days_that_the_api_keeps_no_longer_are_named_and_not_free(capsys):
    source = Organization()
    source.kept_from = TODAY - 40 * DAY
    assert await money(engine(source), OCTOBER) == 0
    printed = capsys.readouterr().out
    assert "The API keeps costs from 2026-10-11 on." in printed
    assert "Not known yet" not in printed
    assert "Not known, and not counted: 2026-10-01 to 2026-10-10." in printed


async def test_usage_or_names_that_cannot_be_read_cost_only_themselves(capsys):
    source = Organization()
    source.error = ServerFailed("The API failed.", status=500)

    async def fails(_):
        raise ServerFailed("The API failed.", status=500)

    source.directory = fails
    assert await money(engine(source)) == 4
    printed = capsys.readouterr().out
    assert printed.startswith("November 2026: $15.00 so far")
    assert "What free tokens are worth is not known. The API failed." in printed
    assert "proj_a" in printed


async def test_costs_that_cannot_be_read_are_an_error():
    source = Organization()
    source.costs_error = ScopeMissing("The key may not read costs.", status=403)
    with pytest.raises(ScopeMissing):
        await money(engine(source))
    with pytest.raises(BadSettings, match="asked from the API"):
        await money(engine(source, cost_source=None))


@pytest.mark.parametrize("year_and_month", [(2026, 10), (2026, 2), (2024, 2), (2025, 12)])
async def test_the_last_moment_of_a_month_is_found_whatever_its_length(year_and_month, capsys):
    first = datetime(*year_and_month, 1, tzinfo=UTC)
    await money(engine(Organization()), first, as_json=True)
    days = json.loads(capsys.readouterr().out)["days"]
    last = (first + timedelta(days=31)).replace(day=1) - DAY
    assert (len(days), days[-1]["date"]) == (last.day, f"{last:%Y-%m-%d}")
