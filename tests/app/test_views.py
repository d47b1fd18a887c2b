"""Views have names and numbers; each keeps its place, and the pools, the verdict and the state stay in sight."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from textual.geometry import Offset

from tests.support.builders import DAY, FREE, NOW, TODAY, Memory, day, demo_client, row, source
from tests.support.dashboard import dashboard
from tui.domain.costs import Cost, Costs
from tui.domain.time import Width
from tui.domain.usage import Bucket
from tui.errors import ServerFailed
from tui.sources.openai.costs import CostClient
from tui.ui.actions import footer

SIZES = [(60, 15), (80, 24), (120, 40)]

PLACES = {
    "days": (),
    "hours": ("enter",),
    "filter": ("slash",),
    "models": ("tab",),
    "money": ("2",),
    "why": ("3",),
    "text": ("3", "tab"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["2", "dollar_sign", "3", "i"])
async def test_a_view_is_shown_by_its_number_and_by_its_old_key_and_left_with_escape(key, size):
    async with demo_client() as client, dashboard(client, size=size, cost_source=CostClient(client)) as board:
        await board.press("j", key)
        shown = {"2": "money", "dollar_sign": "money", "3": "why", "i": "why"}[key]
        assert board.screen.view_shown == shown
        assert board.screen.query_one(f"#{shown}").display
        lines = board.text().splitlines()
        assert "14:03" in lines[0]
        assert "large" in lines[1], "the verdict stays"
        assert any("● large" in line for line in lines[-6:]), "the pools stay"
        assert "read 14:03:00 UTC" in board.text()
        await board.press("escape")
        assert board.screen.view_shown == "usage"
        assert board.table.place == 1, "the cursor is where it was"
        await board.press(key, "1")
        assert board.screen.view_shown == "usage"


async def test_the_mouse_reaches_the_views():
    async with dashboard(source()) as board:
        title = board.text().splitlines()[0]
        for name, shown in (("Money", "money"), ("Why", "why"), ("Usage", "usage")):
            await board.pilot.click(offset=Offset(title.index(name), 0))
            await board.settle()
            assert board.screen.view_shown == shown


async def test_why_follows_the_cursor_and_says_of_an_hour_what_was_in_it():
    async with demo_client() as client, dashboard(client, days=3) as board:
        await board.press("i")
        assert "Why ─ Fri 20 Nov ─ all models" in board.text()
        await board.press("j")
        assert "Why ─ Fri 20 Nov ─ gpt-5.4-mini-2026-03-17" in board.text()
        await board.press("]")
        assert "Why ─ Thu 19 Nov ─ all models" in board.text()
        await board.press("[", "enter")
        hour = board.table.line
        assert f"Why ─ Fri 20 Nov {hour.start:%H}:00-{hour.start.hour + 1}:00 ─ all models" in board.text()
        text = board.screen.query_one("#why").text
        assert f"2026-11-20 {hour.start:%H}:00-{hour.start.hour + 1}:00 (UTC): " in text
        assert f"{hour.sums.billed:,} billed" in text.splitlines()[2]


async def test_why_names_projects_and_says_one_reason_once():
    async with demo_client() as client:
        from tui.sources.openai.names import DirectoryClient

        async with dashboard(client, days=10, directory_source=DirectoryClient(client, lambda: NOW)) as board:
            await board.press("G", "i")
            assert board.table.line.start == TODAY - 10 * DAY, "sharing was off on that day"
            text = board.screen.query_one("#why").text
            assert text.count("Nothing at all was free on this day") == 1
            assert "proj_" not in text
            assert "Labelling" in text


@pytest.mark.parametrize("key", ["w", "b", "s", "c", "u", "slash", "v"])
async def test_what_is_about_the_table_is_done_where_it_is_seen(key):
    async with dashboard(source()) as board:
        await board.press("2", key)
        assert board.screen.view_shown == "usage"


@pytest.mark.parametrize("place", PLACES)
async def test_the_footer_names_at_most_eight_keys_that_work_here(place):
    async with dashboard(source()) as board:
        await board.press(*PLACES[place])
        board.screen._show_time()
        await board.settle()
        found = footer.entries(board.screen)
        assert 2 <= len(found) <= 8
        line = board.text().splitlines()[-1]
        for name, label in found:
            assert f"{board.screen.actions[name].key} {label}" in line
        assert ("? help" in line) == (place != "filter"), "in a filter, keys are letters"


async def test_enter_on_a_models_line_takes_the_model_along_and_back():
    async with demo_client() as client, dashboard(client, days=2) as board:
        await board.press("j", "j")
        model = board.table.line.names
        await board.press("enter")
        assert {line.names for line in board.table.lines if line.names} == {model}
        assert "hours of Fri 20 Nov" in board.frame()
        assert "gpt-" in board.frame()
        hours = sum(line.sums.total for line in board.table.lines if line.is_bucket and line.sums)
        await board.press("enter")
        assert {line.names for line in board.table.lines if line.names} <= {model}
        await board.press("escape", "escape")
        assert board.table.line.names == model
        assert board.table.line.sums.total == hours


async def test_a_level_opens_on_the_newest_bucket_that_is_counted():
    async with demo_client() as client, dashboard(client, days=2) as board:
        await board.press("enter")
        assert board.table.line.sums
        await board.press("enter")
        assert board.table.line.sums
        assert board.table.line.start < NOW


async def test_the_newest_hour_shows_the_last_60_minutes_across_the_hour_and_moves_on():
    minutes = [NOW.replace(second=0) - timedelta(minutes=ago) for ago in range(90)]
    memory = Memory(
        day(0, row("gpt-6-sol", 9_000, 0, service_tier=FREE)),
        *(Bucket(start, (row("gpt-6-sol", 100, 0),)) for start in minutes),
    )
    time = [NOW]
    async with dashboard(memory, clock=lambda: time[0]) as board:
        await board.press("enter", "g", "enter")
        starts = [line.start for line in board.table.lines if line.is_bucket]
        assert len(starts) == 60
        assert (starts[0], starts[-1]) == (NOW.replace(minute=3), NOW.replace(hour=13, minute=4))
        assert "the last 60 minutes" in board.frame()
        time[0] += timedelta(minutes=2)
        await board.press("r")
        starts = [line.start for line in board.table.lines if line.is_bucket]
        assert (len(starts), starts[0]) == (60, NOW.replace(minute=5))


async def test_what_was_chosen_and_has_no_room_says_so_in_its_list():
    async with dashboard(source(), size=(80, 24)) as board:
        await board.press("c")
        assert "(no room for it)" in board.text()
        await board.press("escape")
    async with dashboard(source(), size=(200, 60)) as board:
        await board.press("c")
        assert "(no room for it)" not in board.text()


async def test_a_key_of_the_users_own_that_a_new_action_had_is_told_of():
    from tui.ui.actions.keymap import remapped

    async with dashboard(source(), actions=remapped({"refresh": "v"})) as board:
        assert "is yours, for refresh: chart has no key" in board.text()


@pytest.mark.parametrize("width", [Width.DAY, Width.HOUR])
async def test_nothing_of_a_level_is_lost_by_a_look_at_another_view(width):
    async with demo_client() as client, dashboard(client, days=2, width=width) as board:
        await board.press("j", "j")
        before = board.table.line.key
        await board.press("2", "3", "1")
        assert board.table.line.key == before
        assert board.screen.state.seen.width is width


@pytest.mark.parametrize("is_static", [False, True])
async def test_the_footer_follows_the_focus_at_once(is_static):
    async with dashboard(source(), is_static=is_static) as board:
        await board.press("slash")
        assert "keep the filter" in board.text().splitlines()[-1]
        await board.press("escape")
        assert "Enter open" in board.text().splitlines()[-1]


async def test_merging_snapshots_inside_a_models_hours_loses_nothing():
    async with demo_client() as client, dashboard(client, days=2) as board:
        await board.press("j", "enter", "f")
        assert any(line.sums for line in board.table.lines)


async def test_why_is_read_again_when_it_is_shown_again_and_at_a_refresh():
    async with demo_client() as client, dashboard(client, days=2) as board:
        read = []
        diagnose = board.screen.engine.diagnose

        async def counted(*what):
            read.append(what)
            return await diagnose(*what)

        board.screen.engine.diagnose = counted
        await board.press("i", "escape", "i", "r")
        assert len(read) == 3


async def test_what_a_filter_does_not_find_has_no_cost():
    class Paid:
        async def costs(self, window, by=()):
            return Costs({start: (Cost(Decimal(1), "gpt-6-sol, input", "p"),) for start in window.starts()})

    async with dashboard(source(), cost_source=Paid()) as board:
        await board.press("slash", *"zzz", "enter")
        assert "nothing found" in board.text()
        assert "$0" not in "".join("".join(cells) for cells in board.rows())


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_wrong_is_never_pushed_out_of_the_state(size):
    api = Memory()
    api.error = ServerFailed("The API does not answer.")
    async with dashboard(api, size=size) as board:
        assert "7 days" in board.text()
