"""A terminal, cell by cell, as a person sees it."""

from __future__ import annotations

import re

import pyte

from tui.domain import sanitize

WIDTH, HEIGHT = 24, 5


class Seen:
    """A terminal, and what a person sees of it. pyte knows no dim; blinking stands for it here."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self._screen)
        self._screen.reset_mode(pyte.modes.DECAWM)

    def feed(self, data: str) -> None:
        self._stream.feed(re.sub(r"\x1b\[([\d;]*)m", lambda found: f"\x1b[{_without_dim(found[1])}m", data))

    def cells(self) -> list[tuple[object, ...]]:
        return cells(self._screen)


def cells(screen: pyte.Screen) -> list[tuple[object, ...]]:
    """What is seen of each cell: of a blank one neither its colour nor its weight."""
    found = []
    for row in range(screen.lines):
        for column in range(screen.columns):
            cell = screen.buffer[row][column]
            lines = (cell.underscore, cell.strikethrough, cell.reverse)
            is_blank = not cell.data.strip()
            shown = () if is_blank and not any(lines) else (cell.fg,)
            weight = () if is_blank else (cell.bold, cell.italics, cell.blink)
            is_half = column > 0 and sanitize.width(screen.buffer[row][column - 1].data) == 2
            # Of a wide character that is gone pyte leaves an empty second half, which terminals show blank.
            data = cell.data if cell.data or is_half else " "
            found.append((data, cell.bg, *lines, *shown, *weight))
    return found


def _without_dim(codes: str) -> str:
    found, parts = [], iter(codes.split(";"))
    for part in parts:
        if part in {"38", "48"}:
            kind = next(parts)
            found += [part, kind, *(next(parts) for _ in range(3 if kind == "2" else 1))]
        else:
            found.append({"2": "5", "22": "22;25"}.get(part, part))
    return ";".join(found)
