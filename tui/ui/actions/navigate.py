"""Through the lines of the table, and the list of models while it has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.widgets.model_pane import ModelList, ModelPane

if TYPE_CHECKING:
    from tui.ui.screens.main import MainScreen


def _models(screen: MainScreen) -> ModelList | None:
    """Return the list of models, while it has the keys."""
    return screen.focused if isinstance(screen.focused, ModelList) else None


def up(screen: MainScreen) -> None:
    """Go one line up."""
    if models := _models(screen):
        models.scroll_up(animate=False)
    else:
        screen.table.action_cursor_up()


def down(screen: MainScreen) -> None:
    """Go one line down."""
    if models := _models(screen):
        models.scroll_down(animate=False)
    else:
        screen.table.action_cursor_down()


def page_up(screen: MainScreen) -> None:
    """Go one page up."""
    if models := _models(screen):
        models.scroll_page_up(animate=False)
    else:
        screen.table.action_page_up()


def page_down(screen: MainScreen) -> None:
    """Go one page down."""
    if models := _models(screen):
        models.scroll_page_down(animate=False)
    else:
        screen.table.action_page_down()


def top(screen: MainScreen) -> None:
    """Go to the newest line, or in the list to the first."""
    if models := _models(screen):
        models.scroll_home(animate=False)
    else:
        screen.table.go_to(0)


def bottom(screen: MainScreen) -> None:
    """Go to the oldest line, or in the list to the last."""
    if models := _models(screen):
        models.scroll_end(animate=False)
    else:
        screen.table.go_to(len(screen.table.lines) - 1)


def newer_day(screen: MainScreen) -> None:
    """Go up to the next line of a day, or hour, or minute."""
    lines, here = screen.table.lines, screen.table.place
    above = next((place for place in range(here - 1, -1, -1) if lines[place].is_bucket), None)
    if above is not None:
        screen.table.go_to(above)


def older_day(screen: MainScreen) -> None:
    """Go down to the next line of a day, or hour, or minute."""
    lines, here = screen.table.lines, screen.table.place
    below = next((place for place in range(here + 1, len(lines)) if lines[place].is_bucket), None)
    if below is not None:
        screen.table.go_to(below)


def switch(screen: MainScreen) -> None:
    """Give the keys to the list of models, or back to the table."""
    models = screen.query_one(ModelList)
    is_there = models.display and screen.query_one(ModelPane).display
    if not is_there:
        screen.notify(f"The list of models is not shown: {screen.actions['pane'].key} shows it.", markup=False)
    (models if is_there and screen.focused is not models else screen.table).focus()
