"""Terminals that are not as usual: sizes that were exported, characters of two cells, lines that are slow."""

from __future__ import annotations

import pytest

from tests.support.cli import COMMAND
from tests.support.terminal import Terminal

READ = "data through"


def test_the_size_of_the_terminal_holds_and_not_the_one_that_was_exported():
    with Terminal([COMMAND, "--demo", "--no-live"], COLUMNS="70", LINES="20") as terminal:
        lines = terminal.until(READ).splitlines()
        assert (len(lines[0].rstrip()), lines[39][:11]) == (119, " Enter open")
        terminal.resize(90, 30)
        terminal.until(lambda text: text.splitlines()[29].startswith(" Enter open"))
        assert 80 < len(terminal.text.splitlines()[0].rstrip()) <= 90
        terminal.press("q")
        assert terminal.wait() == 0


def answering(terminal: Terminal, column: int) -> None:
    """Answer the question about the cursor's place as a terminal does."""
    while b"\x1b[6n" not in terminal.received:
        terminal.look(0.05)
    terminal.press(f"\x1b[2;{column}R")


@pytest.mark.parametrize("column", [4, 5])
def test_where_characters_take_two_cells_all_is_drawn_in_ascii_and_that_is_said(column):
    with Terminal([COMMAND, "--demo", "--no-live"]) as terminal:
        answering(terminal, column)
        terminal.until("This terminal draws")
        terminal.press("\x1b")
        text = terminal.until(lambda text: READ in text and "This terminal" not in text)
        assert text.isascii()
        terminal.press("q")
        assert terminal.wait() == 0


def test_where_they_take_one_nothing_changes_and_the_question_leaves_no_trace():
    with Terminal([COMMAND, "--demo", "--no-live"]) as terminal:
        answering(terminal, 3)
        text = terminal.until(READ)
        assert "●" in text
        assert "This terminal" not in text
        asked = bytes(terminal.received)
        assert asked.index(b"\x1b[8m") < asked.index(b"\x1b[6n") < asked.index(b"oai-usage-tui")
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.kept == {}


@pytest.mark.parametrize(("column", "state"), [(3, "ok"), (5, "warn")])
def test_doctor_tells_how_wide_the_terminal_draws(column, state):
    with Terminal([COMMAND, "doctor", "--demo"], size=(200, 40)) as terminal:
        answering(terminal, column)
        assert terminal.wait() in {0, 1, 3}
        (line,) = (line for line in terminal.text.splitlines() if "character widths" in line)
        assert line.split()[0] == state


@pytest.mark.parametrize(
    ("around", "knows_more"),
    [({"STY": "1.pts", "TERM": "screen-256color"}, False), ({"STY": "1.pts", "TERM": "xterm-256color"}, True)],
)
def test_in_screen_there_are_256_colours_and_no_mouse_that_would_keep_the_escape_key(around, knows_more):
    with Terminal([COMMAND, "--demo", "--no-live"], TMUX="", **around) as terminal:
        terminal.until(READ)
        sent = bytes(terminal.received)
        assert (b"8;2;" in sent, b"\x1b[?1000h" in sent) == (knows_more, knows_more)


def sent_by(terminal: Terminal, key: str) -> int:
    """Bytes that a key costs, until nothing more comes."""
    before = len(terminal.received)
    terminal.press(key)
    while True:
        at = len(terminal.received)
        terminal.look(0.4)
        if len(terminal.received) == at:
            return at - before


PAGE_DOWN = "\x1b[6~"


@pytest.mark.slow
@pytest.mark.parametrize("opens", ["?", "$"])
def test_a_page_of_a_dialog_costs_no_more_than_one_of_the_table(opens):
    with Terminal([COMMAND, "--demo", "--no-live", "--days", "89"], size=(100, 24)) as terminal:
        terminal.until(READ)
        terminal.look(0.8)
        of_the_table = sent_by(terminal, PAGE_DOWN)
        terminal.press(opens)
        terminal.look(1.0)
        of_the_dialog = sent_by(terminal, PAGE_DOWN)
        assert 0 < of_the_dialog <= of_the_table
