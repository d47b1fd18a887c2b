"""Keys of the user's own: what they do, where they are shown, and which are refused."""

from __future__ import annotations

import pytest

from tests.program import COMMAND
from tests.screen import dashboard
from tests.terminal import Terminal
from tests.world import source
from tui.config.load import load
from tui.config.paths import config_path
from tui.errors import BadSettings
from tui.ui import actions
from tui.ui.actions.keymap import key_of, remapped
from tui.ui.app import UsageApp
from tui.ui.dashboard import DashboardScreen
from tui.ui.dialogs.help import HelpDialog
from tui.ui.views.money import MoneyView
from tui.ui.views.why import WhyView


def keys_of(name: str, **own: str) -> tuple[str, ...]:
    return next(action.keys for action in remapped(own) if action.name == name)


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
        assert "R Refresh" in footer
        assert "n ] Day" in footer
        assert "Ctrl+G By" in footer
        assert footer.split()[:3] == ["q", "Quit", "F2"], "the order stays"
        found = {each.title: each.help for each in board.app.get_system_commands(board.screen)}
        assert found["Ask the API again"] == "Key: R"
        await board.press("?")
        assert isinstance(board.app.screen, DashboardScreen)
        await board.press("h")
        assert isinstance(board.app.screen, HelpDialog)
        assert "F2  h         Show all keys" in board.text()
        assert "R             Ask the API again" in board.text()
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


@pytest.mark.parametrize(("name", "key", "screen"), [("why", "f9", WhyView), ("money", "m", MoneyView)])
async def test_the_key_that_opens_an_answer_closes_it(name, key, screen):
    async with dashboard(source(), actions=remapped({name: key})) as board:
        await board.press(key)
        assert isinstance(board.app.screen, screen)
        await board.press(key)
        assert isinstance(board.app.screen, DashboardScreen)


async def test_tab_does_nothing_where_it_is_no_key():
    async with dashboard(source(), actions=remapped({"switch": "x"})) as board:
        await board.press("tab")
        assert board.screen.focused is board.table
        await board.press("x")
        assert board.screen.focused is not board.table


async def test_what_works_in_dialogs_works_there_by_its_new_key_and_is_typed_into_the_filter(monkeypatch):
    drawn = []
    monkeypatch.setattr(UsageApp, "action_repaint", lambda _: drawn.append("again"))
    async with dashboard(source(), actions=remapped({"repaint": "D", "palette": "f4"})) as board:
        await board.press("ctrl+l")
        assert drawn == []
        await board.press("s", "D")
        assert drawn == ["again"]
        await board.press("escape", "slash", "D")
        assert drawn == ["again"]
        assert board.screen.query_one("#filter").value == "D"
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


def test_without_keys_of_ones_own_all_is_as_declared():
    assert remapped({}) == actions.ACTIONS


def test_keys_are_written_as_people_write_them():
    for action in actions.ACTIONS:
        assert [key_of(shown) for shown in action.all_keys] == list(action.keys)
        assert [key_of(key) for key in action.keys] == list(action.keys)
    for written, key in {
        "R": "R",
        "$": "dollar_sign",
        ",": "comma",
        "é": "é",
        "F5": "f5",
        "pgdn": "pagedown",
        "Ctrl+R": "ctrl+r",
        "shift+ctrl+left": "ctrl+shift+left",
        "alt+x": "alt+x",
        "ctrl+i": "tab",
        "shift+tab": "shift+tab",
    }.items():
        assert key_of(written) == key


@pytest.mark.parametrize(
    "written",
    ["", " ", "rr", "f99", "ctrl+", "+r", "shift+r", "shift+$", "ctrl+ctrl+r", "hyper+r", "\x1b", "ctrl+space"],
)
def test_what_is_no_key_is_none(written):
    assert key_of(written) is None


def test_several_keys_are_given_with_commas_and_fixed_ones_are_kept():
    assert keys_of("up", up="x, X,x") == ("x", "X")
    assert keys_of("fold", fold=",") == ("comma",)
    assert keys_of("leave", leave="x") == ("x", "ctrl+c")
    assert keys_of("leave", leave="ctrl+c,x") == ("ctrl+c", "x")
    assert keys_of("back", back="h") == ("h", "escape")
    assert keys_of("open", open="o") == ("o", "enter")


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (
            {"refesh": "R"},
            "names `refesh`, and there is no such action. Did you mean `refresh`? There are: leave,",
        ),
        ({"\x1b[31m": "R"}, "names `�[31m`, and there is no such action. There are:"),
        ({"refresh": "R,hyper+x"}, "gives `refresh` the key `hyper+x`, and there is no such key. A key is one"),
        ({"refresh": ""}, "gives `refresh` the key ``, and there is no such key."),
        ({"refresh": "l"}, "leaves the key `l` to two actions, `refresh` and `live`."),
        ({"refresh": "R", "live": "R"}, "leaves the key `R` to two actions, `refresh` and `live`."),
        ({"up": "Ctrl+F"}, "leaves the key `Ctrl+F` to two actions, `up` and `page_down`."),
        ({"refresh": "ctrl+c"}, "gives `refresh` the key `ctrl+c`, which always stays with `leave`."),
        ({"refresh": "Esc"}, "gives `refresh` the key `Esc`, which always stays with `back`."),
        ({"refresh": "ctrl+m"}, "gives `refresh` the key `ctrl+m`, which always stays with `open`."),
    ],
)
def test_what_cannot_be_is_refused_by_name(own, words):
    with pytest.raises(BadSettings) as refused:
        remapped(own)
    assert words in refused.value.sentence
    assert "\x1b" not in refused.value.sentence


def test_the_config_holds_a_table_of_keys(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[keys]\nrefresh = "R"\n')
    assert load(path).keys == {"refresh": "R"}
    path.write_text("[keys]\nrefresh = 7\n")
    with pytest.raises(BadSettings, match="`keys` must be a table of actions and their keys"):
        load(path)


def test_the_command_takes_keys_from_the_config_and_refuses_before_it_takes_the_terminal():
    path = config_path()
    path.parent.mkdir(parents=True)
    path.write_text('[keys]\nleave = "x"\n')
    with Terminal([COMMAND]) as terminal:
        terminal.until("x Quit")
        terminal.press("qx")
        assert terminal.wait() == 3
    path.write_text('[keys]\nrefesh = "x"\n')
    with Terminal([COMMAND]) as terminal:
        assert terminal.wait() == 2
        assert "config.toml: [keys] names `refesh`" in terminal.text.replace("\n", "")
        assert b"\x1b[?1049h" not in terminal.received
