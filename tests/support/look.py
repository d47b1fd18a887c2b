"""What a screen looks like, as text that a person can compare: its characters, then its styles as runs of cells."""

from __future__ import annotations

from string import ascii_letters, digits

from rich.style import Style
from textual.app import App


def look(app: App[object]) -> str:
    """The lines of the screen between bars, the style of each run of cells as a letter, and the letters."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()[:height]
    names: dict[str, str] = {}
    texts, runs = [], []
    for strip in strips:
        cells = strip.crop(0, width)
        texts.append("|" + "".join(segment.text for segment in cells) + "|")
        row: list[tuple[int, str]] = []
        for segment in cells:
            letter = names.setdefault(_words(segment.style), (ascii_letters + digits)[len(names)])
            size = segment.cell_length
            if row and row[-1][1] == letter:
                row[-1] = (row[-1][0] + size, letter)
            elif size:
                row.append((size, letter))
        runs.append(" ".join(f"{size}{letter}" for size, letter in row))
    numbered = (f"{number:>2} {run}" for number, run in enumerate(runs, 1))
    legend = (f"{letter} = {words}" for words, letter in names.items())
    return "\n".join([*texts, "", *numbered, "", *legend]) + "\n"


def _words(style: Style | None) -> str:
    """The style without links and meta data, which nobody sees."""
    if style is None:
        return "none"
    return str(
        Style.chain(style.without_color, Style(color=style.color, bgcolor=style.bgcolor)).clear_meta_and_links()
    )
