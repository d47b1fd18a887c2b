"""Text from elsewhere, made inert: names and messages of the API are data, never instructions to a terminal."""

from __future__ import annotations

import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def inert(text: str) -> str:
    """Return `text` on one line, without anything that a terminal would act upon.

    White space of any kind becomes a space. Control characters, lone surrogates and the invisible ones that
    reorder or hide text (bidi controls, zero width) become U+FFFD, so that tampering stays visible.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_inert(char) for char in text)


def _inert(char: str) -> str:
    if char.isspace():
        return " "
    return REPLACEMENT if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} else char


def width(text: str) -> int:
    """Return how many terminal cells `text` takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut_middle(text: str, cells: int) -> str:
    """Return `text` in at most `cells` terminal cells, cut in the middle: names differ in their ends."""
    if width(text) <= cells:
        return text
    tail, room = "", (cells - 1) // 2
    for char in reversed(text):
        room -= _cells(char)
        if room < 0:
            break
        tail = char + tail
    return cut(text, cells - width(tail)) + tail


def cut(text: str, cells: int) -> str:
    """Return `text` in at most `cells` terminal cells, with an ellipsis where something was cut off."""
    if width(text) <= cells:
        return text
    kept, room = [], max(cells, 1) - 1
    for char in text:
        room -= _cells(char)
        if room < 0:
            break
        kept.append(char)
    return "".join(kept) + "…"
