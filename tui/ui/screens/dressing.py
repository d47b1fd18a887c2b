"""The key that chooses the theme, and drawing everything again in it."""

from __future__ import annotations

from tui.session.run import Run
from tui.ui import theme
from tui.ui.screens.arranging import ArrangingScreen
from tui.ui.screens.choose import ChooseScreen
from tui.ui.widgets.model_pane import ModelPane
from tui.ui.widgets.pool_bar import PoolBar
from tui.ui.widgets.state_line import StateLine
from tui.ui.widgets.title_line import TitleLine


class DressingScreen(ArrangingScreen):
    """A screen whose colours can be chosen."""

    run: Run

    def on_mount(self) -> None:
        """Follow the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.call_after_refresh(self._draw_anew))

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

    def _draw_anew(self) -> None:
        self.query_one(TitleLine).forget()
        self.query_one(ModelPane).forget()
        self.query_one(PoolBar).forget()
        self.query_one(StateLine).forget()
        self.show_all()

    def show_all(self) -> None:
        """Show what there is to show."""
        raise NotImplementedError
