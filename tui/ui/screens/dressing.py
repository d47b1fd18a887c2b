"""The key that chooses the theme."""

from __future__ import annotations

from tui.session.run import Run
from tui.ui import theme
from tui.ui.layout import ArrangingScreen
from tui.ui.screens.choose import ChooseScreen


class DressingScreen(ArrangingScreen):
    """A screen whose colours can be chosen."""

    run: Run

    def action_theme(self) -> None:
        """Choose a theme, which is remembered."""
        if not getattr(self.app, "has_colours", True):
            self.notify("NO_COLOR is set: there are no colours to choose.", markup=False)
            return
        choices = [(name, name) for name in theme.NAMES]
        self.app.push_screen(ChooseScreen("Theme", choices, self.app.theme), self._dress)

    def _dress(self, chosen: str | None) -> None:
        if chosen is not None and chosen != self.app.theme:
            self.app.theme = chosen
            if self.run.remember is not None:
                self.run.remember("theme", chosen)
