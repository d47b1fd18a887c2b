"""What a terminal sends, taken apart: keys, the mouse, pastes, and answers that nobody waits for.

Textual's parser takes what it does not know for typed keys, and some of it ends the program. So the stream is cut
into whole sequences here (ECMA-48, and for keys https://sw.kovidgoyal.net/kitty/keyboard-protocol), and only those
that are known go on to that parser. What a line cuts, garbles or delays is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.message import Message

PAUSE = 1.0
"""Seconds without bytes after which a paste or a sequence that has no end is over."""

_ESC, _CTRL_C = "\x1b", "\x03"
_PASTE_START, _PASTE_END = "\x1b[200~", "\x1b[201~"
_C_WITH_MODIFIERS = re.compile(r"\x1b\[(?:99(?::\d*)*;(\d{1,3})(?::[12])?(?:;[\d:]*)?u|27;(\d{1,3});99~)")
_CONTROL = 4
"""The bit of the Control key in a key's modifiers, which are counted from 1."""

_MOST_PASTED = 65_536
"""Characters of a paste that are taken: all goes into one line of text."""

_LONGEST = 16_384
"""Characters of a control sequence that has no end yet; what is longer is dropped."""

_EIGHT_BIT = {
    **{byte: f"\x1b{chr(byte - 0x40)}" for byte in range(0x80, 0xA0)},
    **{0xDC00 + byte: f"\x1b{chr(byte - 0x40)}" for byte in range(0x80, 0xA0)},
    **{0xDC00 + byte: None for byte in range(0xA0, 0x100)},
}
"""Control characters in one byte, as some terminals send them, and other bytes that are no text."""

_CSI = re.compile(r"\x1b\[([0-?]*)([ -/]*)([@-~])")
_NO_PARAMETER = re.compile(r"[^ -?]")
_CSI_BEGUN = re.compile(r"\x1b\[[ -?]*")
_STRING = re.compile(r"\x1b[P\]X^_]")
"""Begins a string of the terminal's (DCS, OSC, SOS, PM, APC), which ends with ST or a bell."""

_STRING_END = re.compile(r"\x1b\\|[\x07\x18\x1a]|(?=\x03)|(?=\x1b[^\\])", re.DOTALL)

_DCS, _NAME = "\x1bP", ">|"
"""Begin the answer to XTVERSION, what a terminal calls itself (xterm's ctlseqs)."""

_LONGEST_NAME = 64

_OLD_MOUSE = re.compile(r"\x1b\[M[ -\U0010ffff]{3}")
_MOUSE = re.compile(r"<\d{1,4};-?\d{1,5};-?\d{1,5}")
_SIZE = re.compile(r"48(?:;[1-9]\d{0,2}(?::\d{0,3})*){2}(?:;[1-9]\d{0,5}(?::\d{0,6})*){2}")
"""Rows and columns, and the same in pixels, by which the places of the mouse are divided: none of them is 0."""

_MODE = re.compile(r"\?\d{1,5};\d")
_PLACE = re.compile(r"\d{1,4};\d{1,4}")
_KEY = re.compile(r"(\d{0,7})(?::\d*)*(?:;(\d{0,3})(?::(\d*))?(?::\d*)*(?:;([\d:]*))?)?")
"""A key: its code (and others of the same key), modifiers (and what happened to it), the text that it types."""

_RELEASED = "3"
_PRIVATE = range(57_344, 63_744)
"""Codes that the protocol gives to keys without a character of their own."""


class TerminalInput:
    """Turns characters as they come into messages for the application.

    Times are monotonic, in seconds. `located` is told each answer to a question about the cursor's place, by row and
    column from 1, and `named` what the terminal calls itself.
    """

    def __init__(
        self,
        located: Callable[[int, int], None] | None = None,
        named: Callable[[str], None] | None = None,
    ) -> None:
        self._parser = XTermParser()
        self._located, self._named = located, named
        self._name: str | None = None
        self._waiting = ""
        self._since = 0.0
        self._pasted: list[str] | None = None
        self._is_in_string = False

    def feed(self, data: str, now: float) -> Iterator[Message]:
        """Yield what these characters complete."""
        self._waiting += data.translate(_EIGHT_BIT)
        self._since = now
        while self._waiting:
            if self._is_in_string:
                if not self._drop_string():
                    return
                continue
            length = _length_of_pasted(self._waiting) if self._pasted is not None else _length(self._waiting)
            if length is None:
                return
            piece, self._waiting = self._waiting[:length], self._waiting[length:]
            yield from self._messages(piece) if self._pasted is None else self._of_paste(piece, self._pasted)

    def tick(self, now: float) -> Iterator[Message]:
        """Yield what a pause completes: the Escape key. What else has no end is dropped, a paste too.

        What was typed behind a paste whose end is lost cannot be told from it.
        """
        waited = now - self._since
        is_key = self._waiting == _ESC and self._pasted is None and not self._is_in_string
        if is_key and waited >= constants.ESCAPE_DELAY:
            self._waiting = ""
            yield events.Key("escape", _ESC)
        elif waited >= PAUSE:
            self._waiting, self._is_in_string, self._pasted = "", False, None

    def _drop_string(self) -> bool:
        """Drop what has come of a string of the terminal's; return whether it is over. What breaks it off stays."""
        end = _STRING_END.search(self._waiting)
        dropped = self._waiting if end is None else self._waiting[: end.start()]
        if self._name is not None:
            self._name = (self._name + dropped.removesuffix(_ESC))[:_LONGEST_NAME]
        if end is None:
            self._waiting = _ESC if self._waiting.endswith(_ESC) else ""
            return False
        self._waiting = self._waiting[end.end() :]
        self._is_in_string = False
        if self._named is not None and self._name is not None and self._name.startswith(_NAME):
            self._named(self._name.removeprefix(_NAME))
        return True

    def _messages(self, piece: str) -> Iterator[Message]:
        if piece[0] != _ESC:
            yield from self._parser.feed(piece)
        elif piece == _ESC:
            yield events.Key("escape", _ESC)
        elif piece == _PASTE_START:
            self._pasted = []
        elif piece.startswith("\x1b["):
            yield from self._of_csi(piece)
        elif _STRING.match(piece):
            self._is_in_string = True
            self._name = "" if piece == _DCS else None
        elif not piece.startswith("\x1bO") or piece in ANSI_SEQUENCES_KEYS:
            yield from _whole(piece)  # Alt and a key, or a key of its own

    def _of_paste(self, piece: str, pasted: list[str]) -> Iterator[Message]:
        if piece == _PASTE_END:
            yield self._end_of_paste(pasted)
        elif _is_ctrl_c(piece):
            self._pasted = None
            yield from self._parser.feed(_CTRL_C)
        else:
            pasted.extend(piece[: _MOST_PASTED - len(pasted)])

    def _end_of_paste(self, pasted: list[str]) -> Message:
        self._pasted = None
        return events.Paste("".join(pasted).replace("\x00", ""))

    def _of_csi(self, piece: str) -> Iterator[Message]:
        match = _CSI.fullmatch(piece)
        if match is None:
            if piece in ANSI_SEQUENCES_KEYS:  # ESC [ [ A and others of the Linux console
                yield from _whole(piece)
            elif _OLD_MOUSE.fullmatch(piece):
                yield from self._parser.feed(piece)
            return
        parameters, between, end = match.groups()
        if end == "R" and _PLACE.fullmatch(parameters):  # or F3 with Shift, which looks the same in row 1
            if self._located is not None and piece not in ANSI_SEQUENCES_KEYS:
                row, column = map(int, parameters.split(";"))
                self._located(row, column)
        elif _is_understood(parameters, between, end):
            yield from self._parser.feed(piece)
        elif not between and (key := _plain_key(parameters, end)) is not None:
            yield from _whole(key)


def _is_ctrl_c(piece: str) -> bool:
    """Return whether it is Ctrl+C, as a character or as a key with whatever else is held or locked."""
    found = _C_WITH_MODIFIERS.fullmatch(piece)
    return piece == _CTRL_C or (found is not None and bool(int(found[1] or found[2]) - 1 & _CONTROL))


def _length(waiting: str) -> int | None:
    """Return how many characters make the next whole piece, or None while it is not whole."""
    if waiting[0] != _ESC:
        return 1
    if len(waiting) == 1:
        return None
    if waiting[1] in {_ESC, _CTRL_C}:
        return 1
    if waiting[1] == "O":
        return None if len(waiting) == len("\x1bO") else 2 if waiting[2] < " " else 3
    return _length_of_csi(waiting) if waiting[1] == "[" else 2


def _length_of_csi(waiting: str) -> int | None:
    """Return the length of a control sequence, None while it has no end; of a garbled one, up to what breaks it."""
    for begins, whole in (("\x1b[[", 4), ("\x1b[M", 6)):  # and one more, and three more
        if waiting.startswith(begins):
            broken = next((at for at in range(3, min(whole, len(waiting))) if waiting[at] < " "), None)
            return broken if broken is not None else whole if len(waiting) >= whole else None
    end = _NO_PARAMETER.search(waiting, len("\x1b["))
    if end is not None:
        return end.start() + ("@" <= end[0] <= "~")
    return None if len(waiting) < _LONGEST else len(waiting)


def _length_of_pasted(waiting: str) -> int | None:
    """Return how many characters of a paste, or what ends it, come next; None while that cannot be told."""
    place = min((at for at in (waiting.find(_ESC), waiting.find(_CTRL_C)) if at >= 0), default=len(waiting))
    if place:
        return place
    if waiting[0] == _CTRL_C:
        return 1
    if waiting.startswith(_PASTE_END):
        return len(_PASTE_END)
    key = _C_WITH_MODIFIERS.match(waiting)
    if key is not None:
        return key.end()
    is_begun = waiting == _ESC or _CSI_BEGUN.fullmatch(waiting)
    return None if is_begun and len(waiting) < _LONGEST else 1


def _is_understood(parameters: str, between: str, end: str) -> bool:
    """Return whether it is what Textual's parser knows beside keys: the mouse, the focus, modes, sizes."""
    if between:
        return between + end == "$y" and _MODE.fullmatch(parameters) is not None
    if end in "mM":
        return _MOUSE.fullmatch(parameters) is not None
    if end == "t":
        return _SIZE.fullmatch(parameters) is not None
    return end in "IO" and not parameters


def _plain_key(parameters: str, end: str) -> str | None:
    """Return the sequence of a key that was pressed, with what tells the key and what it types; None for no key."""
    match = _KEY.fullmatch(parameters)
    if match is None or end not in "u~ABCDEFHPQRSZ":
        return None
    code, modifiers, what, text = match.groups(default="")
    if what == _RELEASED:
        return None
    typed = ":".join(part for part in text.split(":") if part and _is_printable(part))
    if end == "u":
        is_named = f"{code}u" in FUNCTIONAL_KEYS
        if not is_named and not typed and not _is_character(code):
            return None
        if text and not typed and not is_named:
            return None
        return f"\x1b[{code};{modifiers or 1};{typed}u" if typed else f"\x1b[{code};{modifiers or 1}u"
    plain = f"\x1b[{code};{modifiers}{end}" if modifiers else f"\x1b[{code}{end}"
    if plain in ANSI_SEQUENCES_KEYS or f"{code or 1}{end}" in FUNCTIONAL_KEYS:
        return plain
    if (code, end) == ("27", "~") and typed:  # xterm's own: ESC [ 27 ; modifiers ; character ~
        return f"\x1b[27;{modifiers or 1};{typed}~"
    return None


def _is_character(code: str) -> bool:
    """Return whether a key's code is a character that a key can have."""
    number = int(code) if code else 0
    is_control = number < 0x20 and number not in {8, 9, 13, 27}
    is_none = number in range(0xD800, 0xE000) or number in _PRIVATE or number > 0x10FFFF
    return not (is_control or is_none or number in range(0x80, 0xA0))


def _is_printable(code: str) -> bool:
    return len(code) <= len(str(0x10FFFF)) and _is_character(code) and chr(int(code)).isprintable()


def _whole(sequence: str) -> Iterator[Message]:
    """Yield the keys of a sequence that ends here: a parser that waits for more would take it for its beginning."""
    parser = XTermParser()
    yield from parser.feed(sequence)
    yield from parser.feed("")
