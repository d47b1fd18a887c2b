"""What ids are called: read in pages, kept in the archive, said on the command line."""

from __future__ import annotations

import asyncio

from tests.support.builders import NOW, Memory, day, row
from tests.support.dashboard import dashboard
from tui.domain.dimensions import Grouping
from tui.domain.directory import Directory
from tui.domain.view import View


async def test_names_asked_for_while_others_are_read_are_read_next_and_a_failure_loses_none():
    class Slow:
        def __init__(self) -> None:
            self.asked, self.open, self.problem = [], asyncio.Event(), None

        async def directory(self, dimensions):
            self.asked.append(tuple(dimensions))
            await self.open.wait()
            if self.problem is not None:
                return Directory(problem=self.problem)
            return Directory({name: {"proj_a": "Web", "key_1": "ci"} for name in dimensions}, NOW)

    directory_source, view = Slow(), View(grouping=Grouping(("project",)))
    memory = Memory(day(0, row(project_id="proj_a", api_key_id="key_1")))
    async with dashboard(memory, view=view, directory_source=directory_source, settle=False, days=0) as board:
        await board.pilot.pause()
        await board.press_only("b", "j", "j", "enter")
        directory_source.open.set()
        await board.settle()
        await board.settle()
        assert directory_source.asked == [("project",), ("key",)]
        assert "ci" in board.text()
        directory_source.problem = "no (403)."
        await board.press("b", "k", "enter")
        assert "user" in directory_source.asked[-1]
        await board.press("b", "k", "enter")
        assert "Web" in board.text()
