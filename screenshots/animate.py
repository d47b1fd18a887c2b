"""Draw what a terminal shows as an SVG that moves: no script, nothing fetched, still for who wants less motion."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyte
    from film import Frame

FONTS = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
_WIDTH, _HEIGHT, _SIZE = 8.4, 17, 14
"""Of a cell, and of the letters in it."""

_DESCENT = 4
"""What of a cell is under the line that letters stand on."""

_BLOCKS = "▁▂▃▄▅▆▇█"
"""What is drawn and not written: letters of a font leave gaps between the lines."""

_EDGE, _TITLE = 10, 34
_GROUND, _INK, _FAINT = "#11151b", "#c9d3de", "#8794a3"


class _Drawing:
    """What frames have in common: each line that a screen shows is drawn once, and each colour is named once."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}
        self.looks: dict[str, str] = {}

    def row(self, screen: pyte.Screen, number: int) -> str:
        """Return the name of what is drawn for this line of the screen."""
        cells = [screen.buffer[number][column] for column in range(screen.columns)]
        drawn, at = [], 0
        for (look, block), group in groupby(cells, key=lambda cell: (_look(cell), _BLOCKS.find(cell.data))):
            text = "".join(cell.data for cell in group)
            drawn.append(self._run(text, at, block, *look))
            at += len(text)
        return self.rows.setdefault("".join(drawn), f"r{len(self.rows)}")

    def _run(self, text: str, at: int, block: int, ink: str, ground: str, style: str) -> str:
        """Return cells that look alike: their ground, and the blocks or letters on it. Letters stand on 0."""
        drawn = "" if ground == _GROUND else self._box(at, len(text), _HEIGHT, ground)
        if block >= 0:
            return drawn + self._box(at, len(text), _HEIGHT * (block + 1) / len(_BLOCKS), ink)
        letters = text.strip()
        if letters:
            x = round((at + len(text) - len(text.lstrip())) * _WIDTH, 1)
            width = round(len(letters) * _WIDTH, 1)
            classes = f"{self._named(ink)}{style}"
            drawn += f'<text class="{classes}" x="{x}" textLength="{width}">{escape(letters, quote=False)}</text>'
        return drawn

    def _box(self, at: int, cells: int, height: float, colour: str) -> str:
        x, y, width = round(at * _WIDTH, 1), round(_DESCENT - height, 1), round(cells * _WIDTH, 1)
        return f'<rect class="{self._named(colour)}" x="{x}" y="{y}" width="{width}" height="{round(height, 1)}"/>'

    def _named(self, colour: str) -> str:
        return self.looks.setdefault(colour, f"c{len(self.looks)}")


def _look(cell: pyte.screens.Char) -> tuple[str, str, str]:
    """Return the ink, the ground and the style of a cell."""
    ink, ground = _colour(cell.fg, _INK), _colour(cell.bg, _GROUND)
    if cell.reverse:
        ink, ground = ground, ink
    return ink, ground, f"{' b' if cell.bold else ''}{' u' if cell.underscore else ''}"


def _colour(name: str, usual: str) -> str:
    return usual if name == "default" else f"#{name}"


def animated(frames: Iterable[Frame], size: tuple[int, int]) -> str:
    """Return the frames as an SVG that begins anew when it has come to its end."""
    drawing, shown = _Drawing(), []
    for frame in frames:
        rows = tuple(drawing.row(frame.screen, number) for number in range(size[1]))
        shown.append((frame.at, frame.words, rows))
    *shown, (end, _, _) = shown  # the last one only says when the film is over
    width, height = round(size[0] * _WIDTH, 1), size[1] * _HEIGHT
    moves = "".join(
        f"{round(at / end * 100, 2)}%{{transform:translateY(-{number * height}px)}}"
        for number, (at, _, _) in enumerate(shown)
    )
    colours = "".join(f".{name}{{fill:{colour}}}" for colour, name in drawing.looks.items())
    lines = "\n".join(f'<g id="{name}">{drawn}</g>' for drawn, name in drawing.rows.items())
    pictures = "\n".join(
        f'<g transform="translate(0 {number * height})">'
        + "".join(f'<use href="#{name}" y="{(line + 1) * _HEIGHT - _DESCENT}"/>' for line, name in enumerate(rows))
        + "</g>"
        for number, (_, _, rows) in enumerate(shown)
    )
    words = "\n".join(
        f'<text x="{width}" y="{number * height + 20}" text-anchor="end">{escape(said, quote=False)}</text>'
        for number, (_, said, _) in enumerate(shown)
    )
    whole = f"{width + 2 * _EDGE:g} {height + _TITLE + _EDGE}"
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole}" role="img" aria-label="oai-usage-tui on its demo">
<style>
text{{font:{_SIZE}px {FONTS};white-space:pre}}
.b{{font-weight:bold}}.u{{text-decoration:underline}}{colours}
.film{{animation:film {end:g}s step-end infinite}}
@keyframes film{{{moves}}}
@media (prefers-reduced-motion:reduce){{.film{{animation:none}}}}
</style>
<defs>
{lines}
</defs>
<rect width="100%" height="100%" rx="8" fill="{_GROUND}"/>
<circle cx="20" cy="17" r="6" fill="#ff5f57"/><circle cx="40" cy="17" r="6" fill="#febc2e"/>
<circle cx="60" cy="17" r="6" fill="#28c840"/>
<svg x="{_EDGE}" width="{width}" height="{_TITLE}"><g class="film" fill="{_FAINT}">
{words}
</g></svg>
<svg x="{_EDGE}" y="{_TITLE}" width="{width}" height="{height}"><g class="film">
{pictures}
</g></svg>
</svg>
"""
