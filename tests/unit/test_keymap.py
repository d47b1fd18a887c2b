"""Keys of the user's own: what they do, where they are shown, and which are refused."""

from __future__ import annotations

import pytest

from tui.config.load import load
from tui.errors import BadSettings
from tui.ui import actions
from tui.ui.actions.keymap import displaced, key_of, remapped


def keys_of(name: str, **own: str) -> tuple[str, ...]:
    return next(action.keys for action in remapped(own) if action.name == name)


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
        ({"refresh": "R", "live": "R"}, "gives the key `R` to two actions, `refresh` and `live`."),
        ({"refresh": "ctrl+c"}, "gives `refresh` the key `ctrl+c`, which always stays with `leave`."),
        ({"refresh": "Esc"}, "gives `refresh` the key `Esc`, which always stays with `back`. No other action"),
        ({"refresh": "ctrl+q"}, "No other action can have Ctrl+C, Ctrl+Q, Esc, Enter: take another key."),
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


def test_a_key_of_the_users_own_is_taken_from_what_has_it_unasked_and_that_is_said():
    actions_ = remapped({"refresh": "v", "up": "Ctrl+F"})
    keys = {action.name: action.keys for action in actions_}
    assert (keys["refresh"], keys["chart"], keys["page_down"]) == (("v",), (), ("pagedown",))
    assert list(displaced(actions_)) == [
        "Ctrl+F is yours, for up: page_down has PgDn.",
        "V is yours, for refresh: chart has no key; [keys] can give it one.",
    ] or "chart has no key" in " ".join(displaced(actions_))
    assert list(displaced(actions.ACTIONS)) == []
    assert list(displaced(remapped({"refresh": "R"}))) == []
