"""Where the parts stand, as far as there is room, and the keys that change it."""

from __future__ import annotations

from textual import events
from textual.geometry import Size
from textual.widgets import Static

from tui.ui.actions.navigate import MovingScreen
from tui.ui.widgets.model_pane import ModelList, ModelPane

WIDE = 100
SHORT, LOW, TALL = 20, 32, 50
"""Rows: below `SHORT` lines of frame are given up, below `LOW` charts shrink, from `TALL` on they grow."""

LEAST_WIDTH, LEAST_HEIGHT = 60, 15
"""In less room than this, nothing can be read."""


class ArrangingScreen(MovingScreen):
    """A screen with the table and the pane, in the room that there is."""

    _pane_wanted: str | None = None

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the parts for the room that there is."""
        self.fit(event.size)

    def fit(self, size: Size) -> None:
        """Arrange the parts for so much room."""
        height, is_narrow = size.height, size.width < WIDE
        if self.has_class("narrow") != is_narrow:
            self._pane_wanted = None  # what was asked for at another width says nothing of this one
        self.set_class(is_narrow, "narrow")
        is_tiny = size.width < LEAST_WIDTH or height < LEAST_HEIGHT
        self.set_class(is_tiny, "tiny")
        if is_tiny:
            here = f"This terminal has {size.width} x {height}."
            words = f"The dashboard needs {LEAST_WIDTH} columns and {LEAST_HEIGHT} rows.\n{here}"
            self.query_one("#tiny", Static).update(words)
        self.set_class(height < SHORT, "short")
        self.set_class(height < LOW, "low")
        self.set_class(height >= TALL, "tall")
        self._arrange()

    @property
    def _pane_views(self) -> tuple[str, ...]:
        """What the pane can show, in the order of the key: the first is what it shows unasked."""
        return ("none", "charts", "models") if self.has_class("narrow") else ("all", "none")

    def _arrange(self) -> None:
        view = self._pane_wanted or self._pane_views[0]
        pane = self.query_one(ModelPane)
        pane.display = view != "none"
        pane.show_parts(charts=view in {"all", "charts"}, models=view in {"all", "models"})

    def action_switch(self) -> None:
        """Give the keys to the list of models, or back to the table."""
        models = self.query_one(ModelList)
        is_there = models.display and self.query_one(ModelPane).display
        if not is_there:
            key = self.commands["pane"].key
            self.notify(f"The list of models is not shown: {key} shows it.", markup=False)
        (models if is_there and self.focused is not models else self.table).focus()

    def action_pane(self) -> None:
        """Show the next of the pane's views."""
        views = self._pane_views
        shown = self._pane_wanted or views[0]
        self._pane_wanted = views[(views.index(shown) + 1) % len(views)]
        self._arrange()
