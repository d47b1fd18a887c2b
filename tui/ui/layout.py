"""Where the parts stand, as far as there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size, Spacing
from textual.screen import Screen
from textual.widgets import Static

from tui.ui.widgets.charts import ChartsPane

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen

WIDE = 100
SHORT, LOW, TALL = 20, 32, 50
"""Rows: below `SHORT` lines of frame are given up, below `LOW` charts shrink, from `TALL` on they grow."""

VAST = 160
"""Columns from which, where there are rows too, the pane stands under the table."""

LEAST_WIDTH, LEAST_HEIGHT = 60, 15
"""In less room than this, nothing can be read."""


def fit(screen: DashboardScreen, size: Size) -> None:
    """Arrange the parts for so much room."""
    width, height = size
    if screen.has_class("narrow") != (width < WIDE):
        screen.pane_wanted = None  # what was asked for at another width says nothing of this one
    screen.set_class(width < WIDE, "narrow")
    is_tiny = width < LEAST_WIDTH or height < LEAST_HEIGHT
    screen.set_class(is_tiny, "tiny")
    if is_tiny:
        words = f"The dashboard needs {LEAST_WIDTH} columns and {LEAST_HEIGHT} rows.\n"
        screen.query_one("#tiny", Static).update(f"{words}This terminal has {width} x {height}.")
    screen.set_class(height < SHORT, "short")
    screen.set_class(height < LOW, "low")
    screen.set_class(height >= TALL, "tall")
    screen.set_class(width >= VAST and height >= TALL, "vast")
    show_pane(screen)


def show_pane(screen: DashboardScreen, *, following: bool = False) -> None:
    """Show what the pane was asked for, or unasked the first of its views; or the view that follows."""
    views = ("none", "charts", "models") if screen.has_class("narrow") else ("all", "none")
    shown = screen.pane_wanted or views[0]
    if following:
        shown = screen.pane_wanted = views[(views.index(shown) + 1) % len(views)]
    pane = screen.query_one(ChartsPane)
    pane.display = shown != "none" and screen.view_shown == "usage"
    pane.show_parts(charts=shown in {"all", "charts"}, models=shown in {"all", "models"})


def place_note(screen: Screen[object]) -> None:
    """Let a note stand on the last line of the frames: what is under them may have become taller."""
    bodies = screen.query("#body")
    margin = Spacing(bottom=screen.size.height - bodies.first().region.bottom if bodies else 0)
    for rack in screen.query("ToastRack"):
        if rack.styles.margin != margin:
            rack.styles.margin = margin
