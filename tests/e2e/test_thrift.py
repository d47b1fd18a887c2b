"""The thrifty driver in the real application: every settled frame is the plain driver's, cell by cell."""

from __future__ import annotations

import re
import time

import pytest

from tests.support.cli import COMMAND
from tests.support.terminal import Terminal


def test_what_is_sent_in_more_than_one_piece_is_shown_at_once():
    with Terminal([COMMAND, "--demo", "--no-live"]) as terminal:
        terminal.until("small ━")
        terminal.until("all models")
        terminal.press("\x1b[?2026;2$y")  # what a terminal answers that can hold back what is half drawn
        terminal.shows("a moment passes", 0.5)
        terminal.received.clear()
        terminal.press("?")
        terminal.until("─ Keys ─")
        pieces = re.split(rb"\x1b\[\?2026[hl]", bytes(terminal.received))
        between, inside = pieces[::2], pieces[1::2]
        assert max(map(len, inside)) > 200
        assert all(len(piece.decode()) <= 200 for piece in between)


@pytest.mark.slow
def test_a_terminal_that_stops_reading_gets_one_current_frame_when_it_reads_again():
    with Terminal([COMMAND, "--demo", "--no-live"]) as terminal:
        terminal.until("all models")
        terminal.until("small ━")
        before = len(terminal.received)
        for _ in range(60):
            terminal.press("p")
            time.sleep(0.03)
        terminal.press("?")
        time.sleep(1.0)
        terminal.until("─ Keys ─")
        assert len(terminal.received) - before < 120_000, "sixty frames would be half a million"
        terminal.press("q")
        terminal.press("q")
        assert terminal.wait() == 0


def test_what_something_else_wrote_is_drawn_over_at_ctrl_l():
    with Terminal([COMMAND, "--demo", "--no-live"]) as terminal:
        terminal.until("small ━")
        terminal.until("all models")
        terminal.overwrite("\x1b[5;5HWRITTEN BY SOMEBODY ELSE")
        assert "SOMEBODY ELSE" in terminal.text
        terminal.press("\x0c")
        terminal.until(lambda text: "SOMEBODY ELSE" not in text)
        terminal.press("q")
        assert terminal.wait() == 0
