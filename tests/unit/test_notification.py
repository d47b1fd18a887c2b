"""Notifications of the terminal: in the way that it understands, harmless whatever the text is, and through tmux."""

from __future__ import annotations

import re

import pytest

from tui.ui.terminal.diff_driver import _HARMLESS
from tui.ui.terminal.notification import Notifications, protocol, sequence

KINDS = ("osc9", "osc777", "osc99")


@pytest.mark.parametrize(
    ("name", "environment", "understood"),
    [
        ("iTerm2 3.5.0", {}, "osc9"),
        ("kitty(0.36.1)", {}, "osc99"),
        ("ghostty 1.0.1", {}, "osc777"),
        ("WezTerm 20240203", {}, "osc777"),
        ("foot(1.19.0)", {}, "osc777"),
        ("XTerm(390)", {}, None),
        ("", {"TERM": "xterm-256color"}, None),
        ("", {"TERM": "xterm-kitty"}, "osc99"),
        ("", {"TERM": "foot-extra"}, "osc777"),
        ("", {"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "osc9"),
        ("", {"TERM_PROGRAM": "iTerm.app"}, "osc9"),
        ("", {"TERM_PROGRAM": "Apple_Terminal"}, None),
    ],
)
def test_a_terminal_is_told_as_it_understands(name, environment, understood):
    assert protocol(name, environment) == understood


def test_the_sequences_are_those_that_are_documented():
    assert sequence("osc9", "it is so") == "\x1b]9;oai-usage-tui: it is so\x07"
    assert sequence("osc777", "it is so") == "\x1b]777;notify;oai-usage-tui;it is so\x07"
    assert sequence("osc99", "it is so") == (
        "\x1b]99;d=0:i=oai-usage-tui;oai-usage-tui\x1b\\\x1b]99;d=1:i=oai-usage-tui:p=body;it is so\x1b\\"
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", ["\x1b]0;x\x07\x1b[2J\x9c", "a;b;c", "4;1;50", "x" * 10_000, "\x1b\\", ""])
@pytest.mark.parametrize("in_tmux", [False, True])
def test_no_text_breaks_out_of_a_sequence(kind, words, in_tmux):
    written = sequence(kind, words, in_tmux=in_tmux)
    assert _HARMLESS.fullmatch(written), "so the screen is not drawn anew for it"
    inner = written.removeprefix("\x1bPtmux;").replace("\x1b\x1b", "\x1b") if in_tmux else written
    assert len(re.findall(r"\x07|\x1b\\", inner.removesuffix("\x1b\\") if in_tmux else inner)) <= 2
    assert "\x1b[" not in inner
    assert "\x9c" not in inner
    assert len(written) < 400


def test_inside_tmux_each_escape_is_doubled():
    assert sequence("osc9", "x", in_tmux=True) == "\x1bPtmux;\x1b\x1b]9;oai-usage-tui: x\x07\x1b\\"


@pytest.mark.parametrize(
    ("wanted", "environment", "outer", "name", "told"),
    [
        ("off", {"TERM": "xterm-kitty"}, "kitty", "kitty", None),
        ("auto", {}, None, "", None),
        ("auto", {}, None, "ghostty 1.0", "\x1b]777;"),
        ("auto", {"TMUX": "x", "TERM_PROGRAM": "tmux"}, "iTerm2 3.5", "tmux 3.4", "\x1bPtmux;\x1b\x1b]9;"),
        ("auto", {"TMUX": "x", "LC_TERMINAL": "iTerm2"}, None, "tmux 3.4", None),
        ("auto", {"TMUX": "x"}, "xterm-256color", "tmux 3.4", None),
        ("osc9", {}, None, "", "\x1b]9;"),
        ("osc99", {"TMUX": "x"}, None, "tmux 3.4", "\x1bPtmux;\x1b\x1b]99;"),
    ],
)
async def test_the_setting_counts_first_then_what_the_terminal_says(wanted, environment, outer, name, told):
    found = await Notifications(wanted, environment, lambda: outer).sequence("words", name)
    assert found is None if told is None else found.startswith(told)
