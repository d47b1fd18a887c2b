"""Text from elsewhere, made inert: names and messages of the API are data, never instructions to a terminal."""

from __future__ import annotations

import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_JOINED = frozenset(map(chr, (*range(0x1160, 0x1200), *range(0xD7B0, 0xD800), 0x3164, *range(0x1F3FB, 0x1F400))))
"""Parts of Korean syllables and the colours of skins, which are drawn on what stands before them."""


def clean(text: str) -> str:
    """Return `text` on one line, without anything that a terminal would act upon.

    White space of any kind becomes a space. Control characters, lone surrogates and the invisible ones that
    reorder or hide text (bidi controls, zero width) become U+FFFD, so that tampering stays visible. Variation
    selectors go: terminals disagree about how wide what they select is.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_clean(char) for char in text)


def _clean(char: str) -> str:
    if char.isspace():
        return " "
    if char in _SELECTORS:
        return ""
    return REPLACEMENT if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} else char


def width(text: str) -> int:
    """Return how many terminal cells `text` takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if char in _JOINED or unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Mc"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def elide(text: str, cells: int) -> str:
    """Return `text` in at most `cells` terminal cells, cut in the middle: names differ in their ends."""
    if width(text) <= cells:
        return text
    tail, room = "", (cells - 1) // 2
    for char in reversed(text):
        room -= _cells(char)
        if room < 0:
            break
        tail = char + tail
    return truncate(text, cells - width(tail)) + tail


def truncate(text: str, cells: int) -> str:
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
