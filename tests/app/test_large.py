"""Many rows: they are counted and written in threads, and keys are answered meanwhile."""

from __future__ import annotations

import threading

from tests.support.builders import CATALOGUE, Memory, day, row, source
from tests.support.dashboard import dashboard
from tui.domain.aggregate import Aggregate
from tui.domain.costs import Cost
from tui.domain.counted import Counted
from tui.domain.filter import Filter
from tui.domain.usage import Bucket
from tui.domain.view import View
from tui.output import groups
from tui.ui.counting import MANY_ROWS


async def test_counting_many_rows_writes_none_of_them_as_text(monkeypatch):
    def as_text(_: object) -> str:
        raise AssertionError("all rows would be written as text")

    monkeypatch.setattr(Bucket, "__repr__", as_text)
    many = Memory(day(0, *(row(f"model-{number}", 1) for number in range(MANY_ROWS + 1))))
    async with dashboard(many) as board:
        assert f"{MANY_ROWS + 1:,} models" in " ".join(board.text().split())


async def test_keys_are_answered_while_a_file_is_written():
    goes_on, written = threading.Event(), []

    def save(ending: str, content: str) -> str:
        assert goes_on.wait(20)
        written.append(content)
        return f"/tmp/usage{ending}"

    async with dashboard(source()) as board:
        board.app.save = save
        before = board.table.cursor_row
        await board.press_only("e", "j")
        assert board.table.cursor_row == before + 1
        assert not written
        goes_on.set()
        await board.settle()
        assert written[0].startswith("date")
        assert "Saved: /tmp/usage.csv" in board.text()


def test_costs_are_gone_through_once_for_all_filters(monkeypatch):
    asked = []
    names_of = Counted._names_of_cost
    monkeypatch.setattr(Counted, "_names_of_cost", lambda self, cost: asked.append(cost) or names_of(self, cost))
    costs = tuple(Cost(number, f"{model}, input") for number, model in enumerate(("o3", "gpt-6-sol", "gpt-5-nano")))
    whole = Aggregate(CATALOGUE)
    assert whole.costs(costs)[()] == 3
    found = whole.with_view(View().grouping.dimensions, Filter("gpt"), merged=False, directory=whole.directory)
    assert found.costs(costs) == {(): 3, ("gpt-6-sol",): 1, ("gpt-5-nano",): 2}
    assert len(asked) == len(costs)


async def test_what_is_saved_and_copied_is_made_apart_from_the_keys(monkeypatch):
    threads, lines = [], groups.lines

    def made(*given):
        threads.append(threading.current_thread())
        return lines(*given)

    monkeypatch.setattr(groups, "lines", made)
    async with dashboard(source()) as board:
        board.app.save = lambda ending, _: f"/tmp/usage{ending}"
        await board.press("e", "Y")
        assert "as a Markdown table" in board.text()
    assert len(threads) == 2
    assert threading.main_thread() not in threads
