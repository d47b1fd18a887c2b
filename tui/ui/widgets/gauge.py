"""A gauge of one line: what is used, where an even pace would be, and where it will end."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from tui.ui import theme

USED, HALF, LEFT = "━", "╸", "─"
PROJECTED, BEYOND = "╌", "»"
PACE, MARK = "│", "┊"
"""The tick of an even pace, and a mark that the user or the API set."""


def gauge(
    cells: int,
    used: float,
    colour: str,
    *,
    pace: float | None = None,
    projected: float | None = None,
    marks: Iterable[float] = (),
) -> Content:
    """Return a bar of so many cells; everything is a share of the whole, and more than 1 is beyond its end.

    A line between two others keeps its air, so that bars of neighbouring lines do not melt into one block.
    """
    halves = min(cells * 2, round(used * cells * 2))
    full, half = divmod(max(halves, 1 if used > 0 else 0), 2)
    signs = [USED] * full + [HALF] * half + [LEFT] * (cells - full - half)
    styles = [f"bold {colour}"] * (full + half) + [theme.TRACK] * (cells - full - half)
    if projected is not None:
        for place in range(full + half, min(cells, round(projected * cells))):
            signs[place], styles[place] = PROJECTED, colour
        if projected > 1:
            signs[-1], styles[-1] = BEYOND, f"bold {colour}"
    for share, sign in ((mark, MARK) for mark in marks if mark < 1):
        signs[min(cells - 1, int(share * cells))] = sign
    if pace is not None:
        place = min(cells - 1, int(pace * cells))
        signs[place], styles[place] = PACE, "bold"
    return Content.assemble(*zip(signs, styles, strict=True))
