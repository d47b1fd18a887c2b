"""Where the parts stand, as far as there is room. Pure: a size in, the classes of the screen's style sheet out."""

from __future__ import annotations

from textual.geometry import Size

WIDE = 100
SHORT, LOW, TALL = 20, 32, 50
"""Rows: below `SHORT` lines of frame are given up, below `LOW` charts shrink, from `TALL` on they grow."""

LEAST_WIDTH, LEAST_HEIGHT = 60, 15
"""In less room than this, nothing can be read."""


def classes(size: Size) -> dict[str, bool]:
    """Return the classes that a screen of this size has, and those that it has not."""
    width, height = size
    return {
        "narrow": width < WIDE,
        "tiny": width < LEAST_WIDTH or height < LEAST_HEIGHT,
        "short": height < SHORT,
        "low": height < LOW,
        "tall": height >= TALL,
    }


def wish(size: Size) -> str:
    """Return what to say where there is too little room."""
    return (
        f"The dashboard needs {LEAST_WIDTH} columns and {LEAST_HEIGHT} rows.\n"
        f"This terminal has {size.width} x {size.height}."
    )


def pane_views(*, is_narrow: bool) -> tuple[str, ...]:
    """Return what the pane can show, in the order of the key: the first is what it shows unasked."""
    return ("none", "charts", "models") if is_narrow else ("all", "none")
