"""The fewest bytes that make the same screen: every frame, cell by cell, as a terminal shows it."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.cells import HEIGHT, WIDTH, Seen
from tui.ui.terminal.canvas import Canvas
from tui.ui.terminal.sgr import PLAIN, Style, blank, change, styled

TEXTS = st.text(st.sampled_from("ab   xyz─█●漢字e\u0301é☃…"), min_size=1, max_size=12).filter(
    lambda text: text[0] != "\u0301"
)

CODES = st.sampled_from(
    ["0", "1", "2", "3", "4", "7", "9", "22", "23", "24", "27", "29", "31", "42", "91", "103", "39", "49",
     "38;2;1;2;3", "48;2;9;8;7", "38;5;200", "48;5;17", "1;38;2;200;100;50;48;2;17;21;27", "0;2;3", "1;2"]
)  # fmt: skip


def width(text: str) -> int:
    return sum(0 if char == "\u0301" else 2 if char in "漢字" else 1 for char in text)


@st.composite
def frames(draw) -> str:
    """A frame as Textual writes it: strips of text at a place, none of them beyond the edge."""
    strips = []
    for row in draw(st.lists(st.integers(1, HEIGHT), min_size=1, max_size=HEIGHT, unique=True)):
        text = draw(TEXTS)
        column = draw(st.integers(1, WIDTH - width(text) + 1))
        strips.append(f"\x1b[{row};{column}H\x1b[{draw(CODES)}m{text}\x1b[0m")
    return "".join(strips) + "\x1b[1;1H"


def has_torn_wide(frame: str) -> bool:
    return "漢" in frame or "字" in frame


@given(st.lists(frames(), min_size=1, max_size=6))
@example(["\x1b[1;1H\x1b[1;31mab\x1b[0m\x1b[1;1H", "\x1b[1;1H\x1b[2;31mab\x1b[0m\x1b[1;1H"])
def test_every_frame_is_shown_as_it_was_drawn(drawn):
    plain, thrifty, canvas = Seen(), Seen(), Canvas(WIDTH, HEIGHT)
    # What one half of a wide character becomes, when the other is drawn over, each terminal decides for itself.
    clean = f"\x1b[0m\x1b[1;1H{''.join(f'{chr(27)}[{row};1H' + ' ' * WIDTH for row in range(1, HEIGHT + 1))}\x1b[1;1H"
    for frame in drawn:
        whole = clean + frame if any(map(has_torn_wide, drawn)) else frame
        plain.feed(whole)
        assert canvas.draw(whole) == (0, 0)
        thrifty.feed(canvas.difference())
        assert thrifty.cells() == plain.cells()
        assert canvas.difference() == ""


@given(st.lists(CODES, min_size=1, max_size=6), st.lists(CODES, min_size=1, max_size=6))
def test_a_change_of_style_ends_in_that_style(first, second):
    one = two = PLAIN
    for codes in first:
        one = styled(one, codes)
    for codes in second:
        two = styled(two, codes)
    assert two is not None
    codes = change(one, two)
    assert codes == "" or styled(one, codes[2:-1] or "0") == two
    assert styled(Style("1", "2", frozenset("1")), change(None, two)[2:-1] or "0") == two
    assert blank(blank(two)) == blank(two)


@pytest.mark.parametrize(
    "data",
    ["\x1b[2J", "a\x1b[Kb", "\x1b]0;title\x07", "\x1b[1;1H\x1b[999m", "\x1b[99;1Hx", "tab\tx", "\x1b[38;7m", "\x9b"],
)
def test_what_is_not_understood_is_not_taken(data):
    canvas = Canvas(WIDTH, HEIGHT)
    canvas.draw("\x1b[1;1Hab")
    canvas.difference()
    assert canvas.draw(data) is None
    assert canvas.difference() == ""


def test_what_was_forgotten_is_sent_again_and_only_what_was_drawn():
    canvas = Canvas(WIDTH, HEIGHT)
    canvas.draw("\x1b[2;3Hab")
    first = canvas.difference()
    canvas.forget()
    assert canvas.difference() == first == "\x1b[2;3H\x1b[mab"


def test_one_changed_digit_takes_a_few_bytes():
    canvas = Canvas(120, 40)
    for row in range(1, 41):
        canvas.draw(f"\x1b[{row};1H\x1b[38;2;1;2;3m{'some words 123 ' * 8}\x1b[0m")
    canvas.difference()
    canvas.draw(f"\x1b[7;1H\x1b[38;2;1;2;3m{'some words 123 ' * 7}some words 124 \x1b[0m")
    assert len(canvas.difference()) < 10


def test_a_character_that_is_drawn_too_wide_takes_nothing_of_what_follows(monkeypatch):
    usual = pyte.screens.wcwidth
    monkeypatch.setattr(pyte.screens, "wcwidth", lambda sign: 2 if sign == "☺" else usual(sign))
    first, second = "\x1b[38;2;1;2;3m", "\x1b[38;2;9;8;7m"
    canvas, seen = Canvas(WIDTH, HEIGHT), Seen()
    for frame in ("\x1b[1;1H" + " " * WIDTH, f"\x1b[1;1H{first}left {second}☺{first}1234 {second}☺{first}567\x1b[0m"):
        canvas.draw(frame)
        seen.feed(canvas.difference())
    shown = "".join(str(cell[0]) for cell in seen.cells()[:WIDTH])
    assert "1234" in shown
    assert "567" in shown


@given(st.lists(frames(), min_size=1, max_size=4), frames())
def test_a_canvas_goes_on_from_what_another_one_has_sent(drawn, after):
    """What was printed once is taken for what stands: it is not sent again, and the rest is."""
    clean = "".join(f"\x1b[{row};1H" + " " * WIDTH for row in range(1, HEIGHT + 1)) + "\x1b[1;1H"
    one, other, shown = Canvas(WIDTH, HEIGHT), Canvas(WIDTH, HEIGHT), Seen()
    for frame in (clean, *drawn):
        one.draw(frame)
    one.forget()
    printed = one.difference()
    shown.feed(printed)
    assert other.adopt(printed)
    assert other.difference() == ""
    for canvas in (one, other):
        assert canvas.draw(after) == (0, 0)
    again = Seen()
    again.feed(printed + one.difference())
    shown.feed(other.difference())
    assert shown.cells() == again.cells()


def test_what_is_not_known_of_every_cell_is_not_shown_and_not_adopted():
    canvas = Canvas(WIDTH, HEIGHT)
    assert not canvas.adopt("\x1b[1;1Hshort")
    assert not canvas.adopt("\x1b]0;a title\x07")
    assert canvas.shown() is None


def test_cells_that_are_in_doubt_are_sent_again_and_no_others():
    canvas = Canvas(WIDTH, 2)
    canvas.adopt("".join(f"\x1b[{row};1H" + "x" * WIDTH for row in (1, 2)))
    canvas.doubt(1, 3)
    assert canvas.difference() == "\x1b[2H\x1b[mxxx"
    assert canvas.difference() == ""
