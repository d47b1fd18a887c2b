"""Keys of the user's own: what they do, where they are shown, and which are refused."""

from __future__ import annotations

from tests.support.cli import COMMAND
from tests.support.terminal import Terminal
from tui.config.paths import config_path


def test_the_command_takes_keys_from_the_config_and_refuses_before_it_takes_the_terminal():
    path = config_path()
    path.parent.mkdir(parents=True)
    path.write_text('[keys]\nleave = "x"\n')
    with Terminal([COMMAND]) as terminal:
        terminal.until("x quit")
        terminal.press("qx")
        assert terminal.wait() == 3
    path.write_text('[keys]\nrefesh = "x"\n')
    with Terminal([COMMAND]) as terminal:
        assert terminal.wait() == 2
        assert "config.toml: [keys] names `refesh`" in terminal.text.replace("\n", "")
        assert b"\x1b[?1049h" not in terminal.received
