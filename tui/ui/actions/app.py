"""The program itself: help, the palette, its colours, the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui import theme as themes

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen


def show_help(screen: DashboardScreen) -> None:
    """Show all keys."""
    from tui.ui.dialogs.help import HelpDialog

    screen.app.push_screen(HelpDialog(tuple(screen.actions.values())))


def theme(screen: DashboardScreen) -> None:
    """Choose a theme, which is remembered."""
    from tui.ui.dialogs.select import SelectDialog

    app, remember = screen.app, screen.session.remember
    if app.theme == themes.MONOCHROME.name:
        screen.notify("NO_COLOR is set: there are no colours to choose.", markup=False)
        return

    def chosen(name: str | None) -> None:
        if name is not None and name != app.theme:
            app.theme = name
            if remember is not None:
                remember("theme", name)

    app.push_screen(SelectDialog("Theme", [(name, name) for name in themes.NAMES], app.theme), chosen)


def repaint(screen: DashboardScreen) -> None:
    """Draw everything again."""
    screen.app.call_later(screen.app.run_action, "repaint")


def palette(screen: DashboardScreen) -> None:
    """Find a command by its name."""
    screen.app.action_command_palette()


def suspend(screen: DashboardScreen) -> None:
    """Stop the program for a while."""
    screen.app.action_suspend_process()


def leave(screen: DashboardScreen) -> None:
    """End the program."""
    screen.app.exit()
