"""A run of a project that was told by its name: when that is looked up, and what if it cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support.builders import NOW
from tests.support.runs import MINUTE, Kept, opened, over, sleeping
from tui.commands import run as command
from tui.commands import runs as listed
from tui.commands.run import Report
from tui.domain.directory import Directory


class Names:
    """What projects are called, once it can be read."""

    def __init__(self, problem: str | None = None) -> None:
        self.problem = problem

    async def directory(self, dimensions):
        return Directory({} if self.problem else {"project": {"proj_a": "web"}}, problem=self.problem)


async def test_a_name_is_looked_up_at_the_end_and_the_run_is_kept_with_its_id(capsys):
    clock, source, engine = opened(late=0, directory_source=Names())
    store = Kept()
    await command.tell_of(engine, over(only=(("project", "web"),)), store, Report(timedelta()), sleeping(clock))
    assert any(query.filters == (("project_ids", "proj_a"),) for query in source.queries)
    assert "Only project proj_a" in capsys.readouterr().err
    assert store.kept[-1].only == (("project", "proj_a"),)


async def test_a_name_that_nobody_has_is_said_at_the_end_and_nothing_is_asked_or_waited_for(capsys):
    clock, source, engine = opened(late=0, directory_source=Names())
    store = Kept()
    await command.tell_of(engine, over(only=(("project", "moon"),)), store, Report(20 * MINUTE), sleeping(clock))
    said = capsys.readouterr().err
    assert "There is no project called moon. There are: web." in said
    assert "nothing was used" not in said
    assert not source.queries
    assert clock() == NOW
    assert store.kept[-1].only == (("project", "moon"),)


async def test_a_name_that_nobody_has_keeps_no_other_run_from_being_completed(capsys):
    clock, _, engine = opened(late=0, directory_source=Names())
    clock.now += 40 * MINUTE
    misspelt, good = over(only=(("project", "moon"),)), replace(over(), id="r2", name="good")
    store = Kept()
    store.runs = lambda: (misspelt, good)
    found, problem = await listed.completed(engine, store)
    assert "There is no project called moon" in problem
    assert [run.is_complete for run in found] == [False, True]


async def test_a_name_that_cannot_be_looked_up_at_the_end_is_looked_up_by_runs(capsys):
    names = Names(problem="No connection.")
    clock, source, engine = opened(late=0, directory_source=names)
    store = Kept()
    await command.tell_of(engine, over(only=(("project", "web"),)), store, Report(timedelta()), sleeping(clock))
    assert "project called web could not be read. No connection." in capsys.readouterr().err
    assert not source.queries
    names.problem = None
    clock.now += 5 * MINUTE
    assert await listed.runs(engine, store) == 0
    assert store.kept[-1].is_complete
    assert store.kept[-1].only == (("project", "proj_a"),)
