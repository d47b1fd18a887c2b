"""Through the lines of the table, and the list of models while it has the keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.ui.actions.views import ALONE
from tui.ui.views.cursor_view import CursorView
from tui.ui.views.text_view import TextView
from tui.ui.widgets.charts import ChartsPane
from tui.ui.widgets.model_list import ModelList
from tui.ui.widgets.usage_table import UsageTable

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen


def _moves(
    cursor: Callable[[CursorView], object],
    text: Callable[[ModelList | TextView], object],
    table: Callable[[UsageTable], object],
) -> Callable[[DashboardScreen], None]:
    """Return what moves through what has the keys: a list or calendar, the list of models, a text, or the table."""

    def move(screen: DashboardScreen) -> None:
        if isinstance(screen.focused, CursorView):
            cursor(screen.focused)
        elif isinstance(screen.focused, ModelList | TextView):
            text(screen.focused)
        else:
            table(screen.table)

    return move


up = _moves(lambda view: view.move(-1), lambda models: models.scroll_up(animate=False), UsageTable.action_cursor_up)
down = _moves(
    lambda view: view.move(1), lambda models: models.scroll_down(animate=False), UsageTable.action_cursor_down
)
page_up = _moves(
    lambda view: view.page(-1), lambda models: models.scroll_page_up(animate=False), UsageTable.action_page_up
)
page_down = _moves(
    lambda view: view.page(1), lambda models: models.scroll_page_down(animate=False), UsageTable.action_page_down
)
top = _moves(
    lambda view: view.to_end(newest=True),
    lambda models: models.scroll_home(animate=False),
    lambda table: table.go_to(0),
)
bottom = _moves(
    lambda view: view.to_end(newest=False),
    lambda models: models.scroll_end(animate=False),
    lambda table: table.go_to(len(table.lines) - 1),
)


def newer_day(screen: DashboardScreen) -> None:
    """Go up to the next line of a day, or hour, or minute; in Money, to the month after."""
    if screen.view_shown == "money":
        _turn_month(screen, later=True)
        return
    if isinstance(screen.focused, CursorView):
        screen.focused.leap(later=True)
        return
    _go_to_bucket(screen.table, range(screen.table.place - 1, -1, -1))


def older_day(screen: DashboardScreen) -> None:
    """Go down to the next line of a day, or hour, or minute; in Money, to the month before."""
    if screen.view_shown == "money":
        _turn_month(screen, later=False)
        return
    if isinstance(screen.focused, CursorView):
        screen.focused.leap(later=False)
        return
    _go_to_bucket(screen.table, range(screen.table.place + 1, len(screen.table.lines)))


def _turn_month(screen: DashboardScreen, *, later: bool) -> None:
    from tui.ui.views.money import MoneyView

    view = screen.query_one(MoneyView)
    if later and not view.later():
        screen.notify("This is the month that is not over.", markup=False)
    if not later and not view.earlier():
        screen.notify("Costs of the month before are not kept.", markup=False)


def _go_to_bucket(table: UsageTable, places: range) -> None:
    place = next((place for place in places if table.lines[place].is_bucket), None)
    if place is not None:
        table.go_to(place)


def switch(screen: DashboardScreen) -> None:
    """Give the keys to the list of models or the text under the table, or back to the table."""
    if screen.view_shown in ALONE:
        return
    if screen.view_shown == "why":
        (screen.query_one("#why") if screen.focused is screen.table else screen.table).focus()
        return
    models = screen.query_one(ModelList)
    is_there = models.display and screen.query_one(ChartsPane).display
    if not is_there:
        screen.notify(f"The list of models is not shown: {screen.actions['pane'].key} shows it.", markup=False)
    (models if is_there and screen.focused is not models else screen.table).focus()
