"""What breaks inside the program reaches the screen: nothing is lost between a worker and the state line."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest

from tests.support.builders import Memory, source
from tests.support.dashboard import Dashboard, dashboard
from tui.engine.engine import Engine
from tui.engine.events import Arrived, Event, NamesWanted
from tui.sources.base import Page, Query


class BreaksAtOnce(Memory):
    """Raises before its first await: in Python 3.12 and later, before the worker's own `run_worker` returns."""

    def pages(self, query: Query) -> AsyncIterator[Page]:
        raise ZeroDivisionError("before any await")


async def test_a_source_that_raises_before_its_first_await_is_reported():
    async with dashboard(BreaksAtOnce()) as board:
        assert "A fault of oai-usage-tui" in board.text()
        assert "ZeroDivisionError" in board.text()


async def test_a_source_that_answers_without_an_await_fills_the_table():
    class AtOnce(Memory):
        async def pages(self, query: Query) -> AsyncIterator[Page]:
            known = {each.start: each for each in self.buckets}
            yield Page(tuple(known[start] for start in query.window.starts() if start in known))

    async with dashboard(AtOnce(*source().buckets)) as board:
        assert "413,759" in board.text()


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
async def test_an_event_handler_that_raises_is_reported(monkeypatch, for_good):
    handle = Engine.dispatch
    raised: list[Event] = []

    def broken(self: Engine, event: Event) -> None:
        if for_good or (isinstance(event, Arrived) and not raised):
            raised.append(event)
            raise ZeroDivisionError("in the handler")
        handle(self, event)

    monkeypatch.setattr(Engine, "dispatch", broken)
    async with dashboard(source()) as board:
        assert raised
        assert "A fault of oai-usage-tui" in board.text()
        assert "ZeroDivisionError: in the handler" in " ".join(board.text().split())


def break_counting(board: Dashboard) -> None:
    """Go through rows with what cannot do that."""
    board.screen._counting.begin(board.screen, None, (), ())


@pytest.mark.parametrize("method", ["draw", "count"])
async def test_a_fault_in_any_other_worker_is_reported_until_a_refresh(monkeypatch, method):
    from tui.ui.widgets.charts import ChartsPane

    async with dashboard(source()) as board:
        assert "A fault" not in board.text()
        monkeypatch.setattr("tui.ui.widgets.model_list.lines", None)
        monkeypatch.setattr(ChartsPane, "_put", None)
        if method == "draw":
            board.screen.query_one(ChartsPane)._draw()
        else:
            break_counting(board)
        await board.settle()
        assert "A fault of oai-usage-tui" in board.text()
        monkeypatch.undo()
        await board.press("r")
        assert "A fault" not in board.text()


class Lost(Memory):
    """Somebody cancels what it waits for, though nobody ended the reading."""

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        raise asyncio.CancelledError
        yield Page(())


async def test_a_cancellation_that_nobody_asked_for_is_a_fault_and_not_an_end():
    async with dashboard(Lost()) as board:
        assert "CancelledError" in board.text()
        assert board.screen.state.days.failure is not None


async def test_a_cancellation_inside_any_other_worker_is_reported():
    class LostNames:
        async def directory(self, dimensions):
            raise asyncio.CancelledError

    async with dashboard(source(), directory_source=LostNames()) as board:
        await board.press("b", "enter")
        board.screen.dispatch(NamesWanted(frozenset({"project"})))
        await board.settle()
        assert "CancelledError" in board.text()


async def test_what_breaks_in_a_callback_or_in_a_task_that_nobody_waits_for_is_reported():
    def breaks() -> None:
        raise ZeroDivisionError("in a callback")

    async def breaks_later() -> None:
        raise ZeroDivisionError("in a task")

    async with dashboard(source()) as board:
        asyncio.get_running_loop().call_soon(breaks)
        await board.settle()
        assert "ZeroDivisionError: in a callback" in " ".join(board.text().split())
        task = asyncio.create_task(breaks_later())
        await asyncio.wait([task])
        del task
        gc.collect()
        await board.settle()
        assert "ZeroDivisionError: in a task" in " ".join(board.text().split())


async def test_a_fault_that_the_screen_cannot_show_ends_the_program(monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("the screen itself")

    async def breaks() -> None:
        async with dashboard(source()) as board:
            monkeypatch.setattr(Engine, "report", broken)
            break_counting(board)
            await board.settle()

    with pytest.raises(AttributeError):
        await breaks()
