"""What happened reaches the terminal, through SSH and tmux alike: it is in what the terminal receives."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid

import pytest

from tests.support.builders import KEY
from tests.support.cli import COMMAND
from tests.support.demo_api import Served, afternoon
from tests.support.doctor_api import config
from tests.support.terminal import Terminal

TOLD = b"oai-usage-tui: large is at "


@pytest.fixture
def api():
    with Served(afternoon()) as served:
        yield served


def environment(api) -> dict[str, str]:
    return {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": api.base_url, "TMUX": ""}


@pytest.mark.parametrize(
    ("setting", "term", "told"),
    [
        ("", {"LC_TERMINAL": "iTerm2"}, b"\x1b]9;" + TOLD),
        ("", {"LC_TERMINAL": ""}, None),
        ('notify = "osc777"', {}, b"\x1b]777;notify;oai-usage-tui;large is at "),
        ('notify = "off"', {"LC_TERMINAL": "iTerm2"}, None),
    ],
)
def test_a_terminal_is_told_of_what_happened_and_the_screen_stays_whole(api, setting, term, told):
    config(f"thresholds = [1]\n{setting}")
    with Terminal([COMMAND], **environment(api), **term) as terminal:
        terminal.until("· read ")
        if told is not None:
            terminal.until(lambda _: told in bytes(terminal.received))
        terminal.press("?")
        terminal.until("─ Keys")
        assert told is not None or TOLD.partition(b": ")[2] not in bytes(terminal.received)
        terminal.press("\x03")
        assert terminal.wait() == 0
        assert KEY.encode() not in bytes(terminal.received)


def test_what_a_terminal_answers_decides(api):
    config("thresholds = [1]")
    with Terminal([COMMAND], **environment(api), LC_TERMINAL="") as terminal:
        terminal.until(lambda _: b"\x1b[>q" in bytes(terminal.received))
        terminal.press("\x1bP>|ghostty 1.1.3\x1b\\")
        terminal.until(lambda _: b"\x1b]777;notify;oai-usage-tui;large is at " in bytes(terminal.received))
        terminal.press("q")
        assert terminal.wait() == 0


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")
@pytest.mark.parametrize("passes", [True, False])
def test_through_a_real_tmux_it_reaches_the_terminal_around_it_where_tmux_passes_it_on(api, passes, tmp_path):
    config('thresholds = [1]\nnotify = "osc9"')
    name = f"oai-usage-test-{uuid.uuid4().hex}"
    settings = tmp_path / "tmux.conf"
    settings.write_text(f"set -g allow-passthrough {'on' if passes else 'off'}\n")
    inside = {
        **{each: value for each, value in os.environ.items() if not each.startswith("TMUX")},
        **environment(api),
    }
    del inside["TMUX"]
    command = ["tmux", "-L", name, "-f", str(settings), "new-session", COMMAND]
    try:
        with Terminal(
            command, TERM="xterm-256color", **{each: inside[each] for each in environment(api) if each in inside}
        ) as terminal:
            terminal.until("· read ")
            if passes:
                terminal.until(lambda _: b"\x1b]9;" + TOLD in bytes(terminal.received))
            terminal.press("?")
            terminal.until("─ Keys")
            assert (b"\x1b]9;" + TOLD in bytes(terminal.received)) is passes
    finally:
        subprocess.run(["tmux", "-L", name, "kill-server"], check=False, capture_output=True)
