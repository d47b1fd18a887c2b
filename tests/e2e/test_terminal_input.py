"""What terminals and lines send: whole, cut, garbled, late, unasked. It never ends the program and types nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from tests.support.builders import source
from tests.support.cli import COMMAND
from tests.support.dashboard import dashboard
from tests.support.terminal import Terminal
from tui.ui.terminal.input import PAUSE, TerminalInput

KEYS = {
    "a": "a",
    "é": "é",
    "?": "question_mark",
    "\r": "enter",
    "\x7f": "backspace",
    "\x03": "ctrl+c",
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[1;5C": "ctrl+right",
    "\x1b[5~": "pageup",
    "\x1b[3;5~": "ctrl+delete",
    "\x1b[Z": "shift+tab",
    "\x1bOP": "f1",
    "\x1b[[A": "f1",
    "\x1b[15~": "f5",
    "\x1bx": "alt+x",
    "\x1b[97u": "a",
    "\x1b[97;;97u": "a",
    "\x1b[97;1:1;97u": "a",
    "\x1b[97;1:2;97u": "a",
    "\x1b[97:65;2;65u": "A",
    "\x1b[27u": "escape",
    "\x1b[99;5u": "ctrl+c",
    "\x1b[13u": "enter",
    "\x1b[57361u": "print_screen",
    "\x1b[1;1:1A": "up",
    "\x1b[0;;228u": "ä",
    "\x9b1;2A": "shift+up",
}
"""What keys send, with and without the protocol of the keyboard that the program asks for."""

NO_KEYS = [
    "\x1b[97;1:3u",  # released
    "\x1b[1;1:3A",
    "\x1b[1114112u",  # beyond Unicode
    "\x1b[55296u",  # half of a pair
    "\x1b[57990u",  # a key without a name
    "\x1b[" + "9" * 60 + "u",
    "\x1b[" + "9" * 5_000 + "u",
    "\x1b[97;" + "9" * 50 + "u",
    "\x1b[97;1;" + "9" * 20 + "u",
    "\x1b[999~",
    "\x1b[99~",
    "\x1b[?62;4;22c",  # device attributes
    "\x1b[>41;354;0c",
    "\x1bP>|XTerm(390)\x1b\\",
    "\x1bP1$r0m\x1b\\",  # DECRQSS
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",  # colours
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
    "\x1b]52;c;" + "QQ==" * 2_000 + "\x07",
    "\x1b_Gi=1;OK\x1b\\",
    "\x1b[4;720;1280t",  # sizes of the window
    "\x1b[8;40;120t",
    "\x1b[48;99999;99999;1;1t",
    "\x1b[48;40;120;0;0t",
    "\x1b[48;0;0;720;1280t",
    "\x1b[24;80R",  # the cursor's place
    "\x1b[?997;1n",
    "\x1b[<" + "9" * 400 + ";1;1M",
    "\x1b[1;2",
    "\x1b[",
    "\x1b]11;rgb:1e",
    "\x1bP1$",
    "\x1b[M",
    "\x1b[M!",
    "\x90abc\x9c",
    "\x1b[ 1A",
    "\x1b[1;\x1b[",
]
"""What is no key: nothing of it is typed, however it is cut."""


class Now:
    """The time of a test, and a terminal's input that goes by it."""

    def __init__(self) -> None:
        self.time = 0.0
        self.places: list[tuple[int, int]] = []
        self.names: list[str] = []
        self.input = TerminalInput(lambda row, column: self.places.append((row, column)), self.names.append)

    def send(self, *pieces: str) -> list[Message]:
        return [message for piece in pieces for message in self.input.feed(piece, self.time)]

    def wait(self, seconds: float = PAUSE) -> list[Message]:
        found = []
        for _ in range(int(seconds * 10) + 1):
            self.time += 0.1
            found += self.input.tick(self.time)
        return found


def keys(messages: list[Message]) -> list[str]:
    return [each.key for each in messages if isinstance(each, events.Key)]


def typed(messages: list[Message]) -> str:
    return "".join(each.character or "" for each in messages if isinstance(each, events.Key))


@pytest.mark.parametrize(("sent", "key"), KEYS.items(), ids=[repr(each) for each in KEYS])
def test_keys_are_keys_however_they_are_cut(sent, key):
    for pieces in ([sent], list(sent)):
        now = Now()
        assert keys(now.send(*pieces) + now.wait()) == [key]
        assert keys(now.send("q")) == ["q"]


@pytest.mark.parametrize("sent", NO_KEYS, ids=lambda each: repr(each)[:24])
def test_what_is_no_key_types_nothing(sent):
    for pieces in ([sent], list(sent)):
        now = Now()
        assert keys(now.send(*pieces) + now.wait()) == []
        assert keys(now.send("?")) == ["question_mark"]


def test_a_release_of_a_key_with_other_names_is_none_and_its_press_is_one():
    now = Now()
    assert keys(now.send("\x1b[101:69;2u")) == ["shift+e"]
    assert keys(now.send("\x1b[101:69;2:3u")) == []


def test_the_escape_key_is_told_after_a_moment_and_before_what_follows():
    now = Now()
    assert keys(now.send("\x1b")) == []
    assert keys(now.wait(0.1)) == ["escape"]
    assert keys(now.send("\x1b\x1b") + now.wait(0.1)) == ["escape", "escape"]
    assert keys(now.send("\x1b\x03")) == ["escape", "ctrl+c"]


def test_the_mouse_and_the_focus_are_told():
    now = Now()
    kinds = [type(each) for each in now.send("\x1b[<0;5;7M", "\x1b[<0;5;7m", "\x1b[I", "\x1b[O", "\x1b[M !!")]
    assert kinds == [events.MouseDown, events.MouseUp, events.AppFocus, events.AppBlur]
    assert now.send("\x1b[<0;-1;-1M") == []


def test_a_place_of_the_cursor_is_told_and_is_no_key():
    now = Now()
    assert now.send("\x1b[2;5R") == []
    assert now.places == [(2, 5)]
    assert now.send("\x1b[1;5R") == [], "or F3 with Control: nobody can tell"


def pasted(messages: list[Message]) -> list[str]:
    return [each.text for each in messages if isinstance(each, events.Paste)]


def test_a_paste_is_one_event_however_it_is_cut():
    for pieces in (["\x1b[200~two\nlines\x1b[31m\x1b[201~"], list("\x1b[200~two\nlines\x1b[31m\x1b[201~")):
        now = Now()
        found = now.send(*pieces)
        assert (pasted(found), keys(found)) == (["two\nlines\x1b[31m"], [])
        assert keys(now.send("q")) == ["q"]
    assert pasted(now.send("\x1b[200~" + "x" * 100_000 + "\x1b[201~")) == ["x" * 65_536]


@pytest.mark.parametrize("rest", ["", "\x1b", "\x1b[20", "\x1b[201"])
def test_a_paste_whose_end_is_lost_is_over_after_a_second_without_bytes(rest):
    now = Now()
    found = now.send("\x1b[200~abc") + now.wait(0.5) + now.send("q" + rest) + now.wait(0.8)
    assert (keys(found), pasted(found)) == ([], [])
    found = now.wait(0.5)
    assert (keys(found), pasted(found)) == ([], []), "where the paste ends and typing begins, nobody knows"
    assert keys(now.send("q")) == ["q"]


@pytest.mark.parametrize("interrupt", ["\x03", "\x1b[99;5u", "\x1b[99:67;5:1u", "\x1b[99;69u", "\x1b[27;5;99~"])
@pytest.mark.parametrize("before", ["\x1b[200~abc", "\x1b]11;rgb", "\x1bP1$r", "\x1b[1;", "\x1b[M", "\x1b"])
def test_ctrl_c_works_whatever_has_no_end(before, interrupt):
    now = Now()
    assert keys(now.send(before, interrupt))[-1:] == ["ctrl+c"]
    assert keys(now.send("q")) == ["q"]


SEQUENCES = st.one_of(
    st.sampled_from([*KEYS, *NO_KEYS]),
    st.text(max_size=6),
    st.builds(
        lambda numbers, between, end: f"\x1b[{numbers}{between}{end}",
        st.text("0123456789:;<=>?", max_size=12),
        st.text(" !\"#$%&'()*+,-./", max_size=1),
        st.characters(min_codepoint=0x40, max_codepoint=0x7E),
    ),
    st.builds(lambda kind, words: f"\x1b{kind}{words}\x1b\\", st.sampled_from("P]X^_"), st.text(max_size=20)),
    st.just("\x1b[200~"),
    st.just("\x1b[201~"),
)


@settings(max_examples=400)
@given(st.lists(SEQUENCES, max_size=8), st.data())
def test_after_whatever_came_however_it_was_cut_a_pause_and_a_key_are_that_key(sequences, data):
    now, text = Now(), "".join(sequences)
    while text:
        truncate = data.draw(st.integers(1, len(text)))
        list(now.send(text[:truncate]))
        text = text[truncate:]
        if data.draw(st.booleans()):
            now.wait(0.1)
    now.wait()
    assert keys(now.send("?")) == ["question_mark"]
    assert keys(now.send("\x03")) == ["ctrl+c"]


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(NO_KEYS), min_size=1, max_size=6))
async def test_the_dashboard_goes_on_and_opens_its_help(sequences):
    now = Now()
    async with dashboard(source()) as board:
        for message in now.send(*sequences) + now.wait():
            board.app.post_message(message)
        await board.settle()
        for message in now.send("?"):
            board.app.post_message(message)
        await board.settle()
        assert "Keys" in board.text() or "Help" in board.text()


def test_in_a_real_terminal_nothing_that_it_sends_unasked_ends_the_program():
    with Terminal([COMMAND, "--demo", "--no-live"]) as terminal:
        terminal.until("models")
        for sequence in [*NO_KEYS, "\x1b[200~lost"]:
            terminal.press(sequence)
        terminal.look(PAUSE + 0.5)
        terminal.press("?")
        terminal.until("Move")
        terminal.press("\x1b[200~lost again")
        terminal.press("\x03")
        assert terminal.wait() == 0


@pytest.mark.parametrize("end", ["\x1b\\", "\x07"])
def test_what_the_terminal_calls_itself_is_taken_however_it_is_cut_and_types_nothing(end):
    sent = f"\x1bP>|iTerm2 3.5.0{end}"
    for pieces in ([sent], list(sent), [sent[:9], sent[9:-1], sent[-1:]]):
        now = Now()
        assert keys(now.send(*pieces) + now.wait()) == []
        assert now.names == ["iTerm2 3.5.0"]
        assert keys(now.send("q")) == ["q"]


def test_other_strings_are_no_names_and_a_name_is_not_taken_without_bounds():
    now = Now()
    now.send("\x1bP1$r0m\x1b\\", "\x1b]11;rgb:0/0/0\x07", "\x1b]>|no\x07")
    assert now.names == []
    now.send("\x1bP>|" + "x" * 100_000 + "\x1b\\")
    assert len(now.names[0]) < 100
