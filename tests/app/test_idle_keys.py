"""A key that can do nothing here says so, and why."""

from __future__ import annotations

import pytest

from tests.support.builders import NOW, TODAY, Memory, day, demo_client, row, source
from tests.support.dashboard import dashboard
from tui.domain.dimensions import Grouping
from tui.domain.kinds import Kind
from tui.domain.time import Width
from tui.domain.view import View
from tui.errors import ServerFailed
from tui.ui.app import Appearance


def told(board) -> str:
    return " ".join(each.message for each in board.app._notifications)


async def test_why_of_a_line_that_is_not_read_says_so_at_every_level():
    memory = source()
    async with dashboard(memory) as board:
        memory.error = ServerFailed("down")
        await board.press("]", "]", "]", "enter", "i")
        assert board.table.line.sums is None
        assert "This is not read" in board.text()
        assert "r asks again" in board.text()


async def test_why_of_a_line_without_usage_says_so_and_of_another_answers():
    async with dashboard(source()) as board:
        await board.press("]", "]", "i")
        assert board.table.line.start.day == 18
        assert "No tokens are counted on this line." in board.text()
        await board.press("g")
        assert "tokens free (99%)" in board.text(), "it follows the cursor"


@pytest.mark.parametrize(
    ("options", "words"), [({"offline": True}, "(--offline)"), ({"is_static": True}, "(--replay)")]
)
@pytest.mark.parametrize("key", ["r", "l", "+", "-"])
async def test_keys_that_ask_say_where_nobody_is_asked(options, words, key):
    async with dashboard(source(), **options) as board:
        await board.press(key)
        assert "Nobody is asked" in told(board)
        assert words in told(board)


async def test_where_somebody_is_asked_r_says_nothing():
    async with dashboard(source()) as board:
        await board.press("r")
        assert told(board) == ""


async def test_the_ends_of_how_often_are_said():
    async with dashboard(source(), live=30) as board:
        await board.press("-")
        assert told(board) == ""
        await board.press("-")
        assert "Every 15 s: it cannot be faster." in told(board)


@pytest.mark.parametrize("key", ["space", "a"])
@pytest.mark.parametrize(
    ("memory", "view"),
    [(Memory(day(0)), View()), (Memory(day(0, row())), View(grouping=Grouping(())))],
    ids=["nothing used", "not broken down"],
)
async def test_where_nothing_can_be_opened_it_is_said(memory, view, key):
    async with dashboard(memory, days=0, view=view) as board:
        await board.press(key)
        assert "nothing to open" in told(board)


async def test_there_is_nothing_finer_than_a_minute():
    async with demo_client() as client, dashboard(client, days=0, width=Width.MINUTE) as board:
        await board.press("enter")
        assert "nothing finer than a minute" in told(board)


async def test_merging_snapshots_says_where_it_is_seen_and_the_title_does_not_claim_it_elsewhere():
    async with dashboard(source(), view=View(grouping=Grouping(("project",)))) as board:
        await board.press("f")
        assert "wherever lines are models" in told(board)
        assert "merged" not in board.text().splitlines()[0]


async def test_the_window_of_the_start_is_among_those_of_w():
    async with dashboard(source(), days=14) as board:
        seen = []
        for _ in range(7):
            await board.press("w")
            seen.append(board.screen.state.window_wanted.days_before)
        assert seen == [29, 89, 364, 0, 6, 14, 29]


async def test_a_kind_without_models_does_not_change_the_breakdown_of_the_next():
    async with demo_client() as client, dashboard(client, days=1) as board:
        for kind, shown in ((Kind.VECTOR_STORES, "project"), (Kind.COMPLETIONS, "model")):
            await board.press("u")
            await board.press("g", *(["j"] * list(Kind).index(kind)), "enter")
            assert board.screen.state.view.kind is kind
            assert board.screen.state.view.grouping.dimensions == (shown,)


async def test_what_was_looked_for_at_the_start_is_looked_for_again_by_the_next_kind_that_has_it():
    async with demo_client() as client, dashboard(client, days=1, view=View(only=(("model", "gpt-6-sol"),))) as board:
        for kind, only in ((Kind.VECTOR_STORES, ()), (Kind.COMPLETIONS, (("model", "gpt-6-sol"),))):
            await board.press("u")
            await board.press("g", *(["j"] * list(Kind).index(kind)), "enter")
            assert board.screen.state.view.only == only


async def test_the_order_that_holds_is_marked_in_its_list():
    async with dashboard(source()) as board:
        await board.press("s")
        assert "total tokens · largest first" in board.text()
        await board.press("enter", "s")
        assert "total tokens · smallest first" in board.text()


async def test_what_is_not_counted_yet_is_not_shown_as_nothing():
    async with demo_client() as client, dashboard(client, days=0, width=Width.MINUTE) as board:
        assert board.table.line.start == NOW.replace(hour=13, minute=56, second=0), "the newest that is counted"
        await board.press("g")
        assert board.table.line.start == NOW.replace(second=0)
        assert "14:03 not counted yet" in board.text()
        await board.press("G")
        assert "13:04 " in board.text(), "the last 60 minutes, across the hour"
    async with dashboard(Memory(day(0)), days=1) as board:
        await board.press("j")
        assert board.table.line.start < TODAY
        assert "0 free" in board.text(), "a day that is over and had no usage had none"


async def test_the_palette_has_no_sign_that_ascii_has_not():
    async with dashboard(source(), appearance=Appearance(ascii=True)) as board:
        await board.press_only("ctrl+p")
        assert "Search for commands" in board.text()
        assert "\N{RIGHT-POINTING MAGNIFYING GLASS}" not in board.text()
