"""The program itself: help, the palette, its colours, the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui import theme as themes

if TYPE_CHECKING:
    from tui.ui.screens.main import MainScreen


def show_help(screen: MainScreen) -> None:
    """Show all keys."""
    from tui.ui.screens.help import HelpScreen

    screen.app.push_screen(HelpScreen(tuple(screen.actions.values())))


def theme(screen: MainScreen) -> None:
    """Choose a theme, which is remembered."""
    from tui.ui.screens.choose import ChooseScreen

    app, remember = screen.app, screen.run.remember
    if app.theme == themes.MONOCHROME.name:
        screen.notify("NO_COLOR is set: there are no colours to choose.", markup=False)
        return

    def chosen(name: str | None) -> None:
        if name is not None and name != app.theme:
            app.theme = name
            if remember is not None:
                remember("theme", name)

    app.push_screen(ChooseScreen("Theme", [(name, name) for name in themes.NAMES], app.theme), chosen)


def repaint(screen: MainScreen) -> None:
    """Draw everything again."""
    screen.app.call_later(screen.app.run_action, "repaint")


def palette(screen: MainScreen) -> None:
    """Find a command by its name."""
    screen.app.action_command_palette()


def suspend(screen: MainScreen) -> None:
    """Stop the program for a while."""
    screen.app.action_suspend_process()


def leave(screen: MainScreen) -> None:
    """End the program."""
    screen.app.exit()
