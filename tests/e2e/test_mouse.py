"""The mouse, where it is on: lines, heads and keys can be clicked, and the wheel goes through many lines."""

from __future__ import annotations

import pytest

from tests.support.cli import COMMAND
from tests.support.terminal import Terminal
from tui.config.paths import config_path

MODES = (b"?1000h", b"?1002h", b"?1003h", b"?1006h", b"?1015h", b"?1016h")


@pytest.mark.parametrize(("arguments", "config"), [(["--no-mouse"], ""), ([], "mouse = false\n"), ([], "")])
def test_the_terminal_is_asked_for_the_mouse_unless_that_is_off(arguments, config):
    path = config_path()
    path.parent.mkdir(parents=True)
    path.write_text(config)
    with Terminal([COMMAND, *arguments]) as terminal:
        terminal.until("An admin key is needed")
        terminal.press("q")
        assert terminal.wait() == 3
        asked = {mode for mode in MODES if mode in terminal.received}
        assert bool(asked) == (not arguments and not config)
        assert not asked or {b"?1000h", b"?1003h"} <= asked
