"""What is drawn, in ASCII, for terminals and fonts without blocks, lines and signs: one character for each cell."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rich.cells import split_graphemes

_BEYOND = re.compile(r"[^\x00-\x7f]+")

_SIGNS = {
    sign: letter
    for signs, letters in (
        ("▁▂▃▄▅▆▇█", "_,:;=+*#"),
        ("▏▎▍▌▋▊▉▕▐▔▀░▒▓", "]---===[|^'\\=%"),
        ("●○·•▸▾▲▼◌‖✗✓⊘…⏎↑↓→←Δ", "@o.'>v^v~=x+/~<^v><d"),
        ("─━═╸╺╶╴╌»", "-===---:>"),
        ("│┃║╎┊╷╵", "|||!!||"),
        ("╭╮╰╯┌┐└┘├┤┬┴┼", "+++++++++++++"),
    )
    for sign, letter in zip(signs, letters, strict=True)
}
_OTHER_LINES_AND_BLOCKS = re.compile(r"[\u2500-\u259f\U0001fb00-\U0001fbff]")


def plain(text: str) -> str:
    """Return text for the terminal with nothing but ASCII in it, as many cells wide as before."""
    return text if text.isascii() else _BEYOND.sub(lambda found: _plain(found[0]), text)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return "".join(_sign(text[start:end], width) for start, end, width in split_graphemes(text)[0])


def _sign(character: str, width: int) -> str:
    known = _SIGNS.get(character)
    if known is not None and width == 1:
        return known
    if _OTHER_LINES_AND_BLOCKS.fullmatch(character) and width == 1:
        return "#"
    letters = "".join(
        each for each in unicodedata.normalize("NFKD", character) if each.isascii() and each.isprintable()
    )
    return letters if len(letters) == width else "?" * width
