"""Keys of the user's own: what they do, where they are shown, and which are refused."""

from __future__ import annotations

import pytest

from tests.support.builders import source
from tests.support.dashboard import dashboard
from tui.ui.actions.keymap import remapped
from tui.ui.app import UsageApp
from tui.ui.dashboard import DashboardScreen
from tui.ui.dialogs.help import HelpDialog
from tui.ui.views.money import MoneyView
from tui.ui.views.why import WhyView


async def test_a_command_follows_its_new_key_in_effect_footer_help_palette_and_hints():
    memory = source()
    own = {"refresh": "R", "newer_day": "n", "help": "f2,h", "group": "ctrl+g"}
    async with dashboard(memory, size=(120, 72), actions=remapped(own)) as board:
        asked = len(memory.queries)
        await board.press("r", "f5")
        assert len(memory.queries) == asked, "the old keys do nothing"
        await board.press("R")
        assert len(memory.queries) > asked
        footer = board.text().splitlines()[-1]
        assert "R refresh" in footer
        assert "F2 help" in footer
        assert "Ctrl+G model" in board.text(), "on the frame of the table"
        found = {each.title for each in board.app.get_system_commands(board.screen)}
        assert "Refresh now  R" in found
        await board.press("?")
        assert isinstance(board.app.screen, DashboardScreen)
        await board.press("h")
        assert isinstance(board.app.screen, HelpDialog)
        assert "F2  h         Help: all keys" in board.text()
        assert "R             Refresh now" in board.text()
        await board.press("f2")
        assert isinstance(board.app.screen, DashboardScreen), "what opens it closes it"


async def test_two_commands_can_change_places():
    memory = source()
    async with dashboard(memory, actions=remapped({"refresh": "l", "live": "r"})) as board:
        await board.press("r")
        assert "‖ paused" in board.text()
        asked = len(memory.queries)
        await board.press("l")
        assert len(memory.queries) > asked


@pytest.mark.parametrize(("name", "key", "view"), [("why", "f9", WhyView), ("money", "m", MoneyView)])
async def test_the_key_that_opens_an_answer_closes_it(name, key, view):
    async with dashboard(source(), actions=remapped({name: key})) as board:
        await board.press(key)
        assert board.screen.query_one(view).display
        assert board.screen.view_shown == name
        await board.press(key)
        assert board.screen.view_shown == "usage"
        assert not board.screen.query_one(view).display


async def test_tab_does_nothing_where_it_is_no_key():
    async with dashboard(source(), actions=remapped({"switch": "x"})) as board:
        await board.press("tab")
        assert board.screen.focused is board.table
        await board.press("x")
        assert board.screen.focused is not board.table


async def test_what_works_in_dialogs_works_there_by_its_new_key_and_is_typed_into_the_filter(monkeypatch):
    drawn = []
    monkeypatch.setattr(UsageApp, "action_repaint", lambda _: drawn.append("again"))
    async with dashboard(source(), actions=remapped({"repaint": "R", "palette": "f4"})) as board:
        await board.press("ctrl+l")
        assert drawn == []
        await board.press("s", "R")
        assert drawn == ["again"]
        await board.press("escape", "slash", "R")
        assert drawn == ["again"]
        assert board.screen.query_one("#filter").value == "R"
        await board.press("escape", "ctrl+p")
        assert isinstance(board.app.screen, DashboardScreen)
        await board.press("f4")
        assert not isinstance(board.app.screen, DashboardScreen)


async def test_the_ways_out_stay_and_a_hint_names_the_new_key():
    async with dashboard(source(), actions=remapped({"leave": "Q", "refresh": "x", "kind": "K"})) as board:
        await board.press("q")
        assert board.app.return_code is None
        board.screen.engine._loader.stop(board.screen.session.width)
        await board.press("K", "down", "enter", "i")
        assert "K shows them" in board.text()
        await board.pilot.press("ctrl+c")
        await board.pilot.pause()
    assert board.app.return_code == 0


async def test_without_an_admin_key_the_program_is_left_by_the_key_that_was_set():
    app = UsageApp(None, "There is no admin key.", actions=remapped({"leave": "x"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert app.return_code is None
        await pilot.press("x")
        await pilot.pause()
    assert app.return_code == 0
