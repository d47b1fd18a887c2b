"""The keys that change what the dashboard shows: breakdown, filter, columns, kind of usage."""

from __future__ import annotations

import pytest

from tests.support.builders import FREE, NOW, QUICK, TODAY, Memory, day, demo_client, loopback, row
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tui.domain.dimensions import Grouping
from tui.domain.kinds import Kind
from tui.domain.time import Width
from tui.domain.view import View
from tui.engine.effects import Load
from tui.engine.events import Viewed
from tui.sources.base import BY_PROJECT
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.names import DirectoryClient

BY_PROJECT_VIEW = View(grouping=Grouping(("project",)))


def two_projects() -> Memory:
    return Memory(
        day(
            0,
            row("gpt-5.4-2026-03-05", 90, project_id="proj_a", service_tier=FREE),
            row("gpt-5.4-2026-05-01", 40, project_id="proj_b", service_tier="flex"),
            row("gpt-5-nano", 7, project_id="proj_b", output=3),
        )
    )


def names(board) -> list[str]:
    return [line.names[-1] for line in board.table.lines if line.names]


async def test_b_breaks_down_by_one_thing_or_one_within_another_and_the_pools_stay():
    async with dashboard(two_projects(), days=0) as board:
        pools = board.text().splitlines()[-4:-2]
        await board.press("b", "j", "j", "enter")
        assert names(board) == ["proj_a", "proj_b"]
        assert "b project" in board.text().splitlines()[2]
        assert "2 projects" in board.text()
        await board.press("b", "space", "k", "k", "enter")
        assert names(board) == ["proj_a", "gpt-5.4-2026-03-05", "proj_b", "gpt-5.4-2026-05-01", "gpt-5-nano"]
        assert "b model within project" in board.text().splitlines()[2]
        await board.press("b", "G", "end", "enter")
        assert names(board) == []
        assert board.text().splitlines()[-4:-2] == pools


async def test_the_api_is_asked_for_what_the_view_needs_and_not_twice():
    memory = two_projects()
    async with dashboard(memory, days=2) as board:
        memory.queries.clear()
        await board.press("b", "j", "j", "j", "enter")
        asked = [query for query in memory.queries if query.window.width is Width.DAY and TODAY in query.window]
        own = [query for query in asked if "user_id" in query.group_by]
        assert [set(query.group_by) for query in own] == [{"user_id", "service_tier"}]
        memory.queries.clear()
        await board.press("b", "k", "enter")
        assert all(set(query.group_by) <= set(BY_PROJECT) for query in memory.queries), (
            "the pools' own question tells"
        )
        memory.queries.clear()
        await board.press("b", "space", "k", "k", "enter", "b", "enter", "f")
        await board.press("b", "j", "j", "space", "k", "enter")
        assert board.screen.state.view.grouping.dimensions == ("pool",)
        assert memory.queries == [], "the pools' days are known by model, tier and project, which tells all of these"


async def test_a_beat_of_another_view_takes_one_request_more():
    with Served() as api:
        async with Client(Api(loopback(api.port), "sk-admin-x", retry_policy=QUICK)) as client:
            for view, more in ((View(), 0), (BY_PROJECT_VIEW, 0), (View(grouping=Grouping(("user",))), 1)):
                async with dashboard(client, view=view, days=6) as board:
                    api.take()
                    board.screen.engine._do(Load(Width.DAY, poll=True))
                    await board.settle()
                    assert len(api.take()) == 2 + more
                    await board.settle()


async def test_a_view_that_cannot_be_read_keeps_the_sums_and_says_what_is_missing():
    memory = two_projects()
    async with dashboard(memory, days=0) as board:
        memory.open.clear()
        await board.press_only("b", "j", "j", "j", "enter")
        assert "not read by user yet" in board.text()
        assert board.table.lines[0].sums.input == 137
        memory.open.set()
        await board.settle()
        assert "1 user" in board.text()


async def test_f_merges_snapshots():
    async with dashboard(two_projects(), days=0) as board:
        await board.press("f")
        assert names(board) == ["gpt-5.4", "gpt-5-nano"]
        assert ", merged" in board.text().splitlines()[2]
        await board.press("f")
        assert len(names(board)) == 3


async def test_slash_filters_as_one_types_and_the_sums_follow():
    async with dashboard(two_projects(), days=0) as board:
        await board.press("slash", *"NANO")
        assert names(board) == ["gpt-5-nano"]
        assert board.table.lines[0].sums.input == 7
        assert "filter: NANO" in board.text().splitlines()[0]
        assert "1 day: 10 tokens" in board.text()
        await board.press("enter", "j")
        assert board.table.line.names == ("gpt-5-nano",)
        await board.press("escape")
        assert "filter" not in board.text().splitlines()[0]
        assert len(names(board)) == 3


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("project:b", ["gpt-5.4-2026-05-01", "gpt-5-nano"]),
        ("!project:b", ["gpt-5.4-2026-03-05"]),
        ("tier:flex", ["gpt-5.4-2026-05-01"]),
        ("pool:small", ["gpt-5-nano"]),
        ("5.4 !05-01", ["gpt-5.4-2026-03-05"]),
        ("nothing", []),
    ],
)
async def test_filters_by_prefix_and_negation(words, found):
    async with dashboard(two_projects(), days=0) as board:
        await board.press("slash")
        board.screen.query_one("#filter").value = words
        await board.settle()
        await board.settle()
        assert names(board) == found


@pytest.mark.slow
@pytest.mark.parametrize("size", [(120, 40), (60, 15)])
async def test_a_filter_that_can_find_nothing_says_so_under_it_until_it_can(size):
    async with dashboard(two_projects(), days=0, size=size) as board:
        await board.press("slash", *"projct:b")
        assert "There is no field projct:" in board.text()
        await board.press("enter")
        assert "There is no field projct:" in board.text(), "a filter that is kept keeps its hint"
        await board.press("slash", *(["backspace"] * 8), *"tier:flix")
        assert "Nothing has tier:flix." in board.text()
        await board.press("backspace", "backspace")
        assert "Nothing has" not in board.text()
        await board.press("x", "escape")
        assert "Nothing has" not in board.text()


async def test_a_filter_stays_inside_a_day_and_esc_drops_it_before_the_level():
    async with dashboard(two_projects(), days=0) as board:
        await board.press("slash", *"nano", "enter", "enter")
        assert "hours of" in board.text().splitlines()[2]
        assert "filter: nano" in board.text().splitlines()[0]
        await board.press("escape")
        assert "hours of" in board.text().splitlines()[2]
        assert "filter" not in board.text().splitlines()[0]
        await board.press("escape")
        assert "today" in board.text().splitlines()[2]


async def test_c_chooses_columns_and_x_goes_back_to_the_usual_ones():
    told = []
    async with dashboard(two_projects(), days=0, remember=lambda *words: told.append(words)) as board:
        await board.press("c", "j", "space", "enter")
        head = [str(column.label) for column in board.table.columns.values()]
        assert head[2:5] == ["Input", "Cached", "Output"]
        assert told[0][0] == "columns"
        assert told[0][1][:3] == ("input", "cached", "output")
        await board.press("c", "x")
        assert told[1] == ("columns", None)
        assert [str(column.label) for column in board.table.columns.values()][2:4] == ["Input", "Output"]
        await board.press("b", "j", "j", "enter", "f")
        assert told[2:] == [("by", ("project",)), ("merged", True)]


@pytest.mark.parametrize(
    "kind",
    [
        Kind.COMPLETIONS,
        Kind.IMAGES,
        *(pytest.param(kind, marks=pytest.mark.slow) for kind in list(Kind)[1:] if kind is not Kind.IMAGES),
    ],
)
async def test_u_shows_each_kind_with_its_units(kind):
    async with demo_client() as client, dashboard(client, days=2) as board:
        await board.press("u", *"j" * list(Kind).index(kind), "enter")
        assert board.screen.state.view.kind is kind
        assert board.table.lines[1].sums
        if kind is not Kind.COMPLETIONS:
            assert kind.description.words.capitalize() in board.text().splitlines()[2]
            assert kind.description.unit in board.text()
        await board.press("e", "y", "Y")
        assert "fault" not in board.text()


async def test_ids_are_shown_by_their_names():
    async with demo_client() as client:
        directory_source = DirectoryClient(client, lambda: NOW)
        async with dashboard(client, days=1, directory_source=directory_source, view=BY_PROJECT_VIEW) as board:
            assert "Reports (2024)" in board.text(), "archived projects too"
            await board.press("slash", *"research", "enter")
            assert "1 project" in board.text()
            await board.press("escape", "b", "j", "j", "enter")
            assert "notebook" in board.text(), "API keys"


async def test_without_the_scope_ids_stay_and_it_is_said_once_why():
    with Served() as api:
        api.refuses = {"projects": 403}
        async with Client(Api(loopback(api.port), "sk-admin-x", retry_policy=QUICK)) as client:
            directory_source = DirectoryClient(client, lambda: NOW)
            async with dashboard(client, days=1, directory_source=directory_source, view=BY_PROJECT_VIEW) as board:
                assert "api.management.read" in board.text()
                assert "proj_" in board.text()
                await board.press("b", "k", "enter", "b", "j", "enter")
                asked = [each.path for each in api.asked if each.path.endswith("/projects")]
                assert len(asked) == 1


@pytest.mark.parametrize("inside", [False, True], ids=["days", "hours"])
async def test_what_was_asked_for_in_another_breakdown_is_asked_for_again(inside):
    """The answer that is still under way does not tell what the lines are broken down by now."""
    memory = Memory(*(day(ago, row(user_id="u", project_id="p")) for ago in range(7)))
    memory.open.clear()
    async with dashboard(memory, days=6, live=60, settle=False) as board:
        if inside:
            await board.press_only("enter")
        board.screen.dispatch(Viewed(View(grouping=Grouping(("user",)))))
        memory.open.set()
        await board.settle()
        state = board.screen.state
        assert not any(level.coarse for level in state.levels)
        assert all("user_id" in query.group_by for query in memory.queries[-1:])
