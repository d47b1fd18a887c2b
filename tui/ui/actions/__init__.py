"""Every action of the dashboard, declared once; keys, footer, help, palette and the setting `[keys]` follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.binding import Binding, BindingType

from tui.ui.actions import app, drilldown, navigate, view, views
from tui.ui.actions import export as output
from tui.ui.actions import refresh as live
from tui.ui.actions.action import DATA, LOOK, MOVE, PROGRAM, TAKE, Action

ACTIONS = (
    Action("leave", ("q", "ctrl+c"), "Quit", PROGRAM, app.leave),
    Action("help", ("question_mark", "f1"), "Show all keys", PROGRAM, app.show_help),
    Action("refresh", ("r", "f5"), "Ask the API again", DATA, live.refresh),
    Action("live", ("l",), "Refresh by itself, or stop that", DATA, live.toggle),
    Action("slower", ("plus",), "Refresh less often", DATA, live.slower),
    Action("faster", ("minus",), "Refresh more often", DATA, live.faster),
    Action("back", ("escape",), "Stop loading, or go back to where this was opened", DATA, drilldown.back),
    Action("up", ("k", "up"), "One line up", MOVE, navigate.up),
    Action("down", ("j", "down"), "One line down", MOVE, navigate.down),
    Action("page_up", ("pageup", "ctrl+b"), "One page up", MOVE, navigate.page_up),
    Action("page_down", ("pagedown", "ctrl+f"), "One page down", MOVE, navigate.page_down),
    Action("top", ("g", "home"), "To the newest line", MOVE, navigate.top),
    Action("bottom", ("G", "end"), "To the oldest line", MOVE, navigate.bottom),
    Action("newer_day", ("left_square_bracket",), "Up to the next day", MOVE, navigate.newer_day),
    Action("older_day", ("right_square_bracket",), "Down to the previous day", MOVE, navigate.older_day),
    Action("open", ("enter",), "Show the hours of a day, or the minutes of an hour", LOOK, drilldown.open_line),
    Action("usage", ("1",), "View: usage, the table and its charts", LOOK, views.usage),
    Action("money", ("dollar_sign", "2"), "View: money, the month and its end, by line item", LOOK, views.money),
    Action("why", ("i", "3"), "View: why tokens of this line were billed", LOOK, views.why),
    Action("window", ("w",), "Window: longer, up to a year, then today alone", LOOK, view.window),
    Action("window_back", ("W",), "Window: shorter", LOOK, view.window_back),
    Action("fold", ("space",), "Day: open or close its lines", LOOK, drilldown.fold),
    Action("group", ("b",), "Break down by project, user, tier …, or by two of them", LOOK, view.group),
    Action("filter", ("slash",), "Show only what fits: mini, project:web, !tier:flex", LOOK, view.type_filter),
    Action("sort", ("s",), "Order the lines of a day by any column; again reverses", LOOK, view.sort),
    Action("columns", ("c",), "Choose the columns", LOOK, view.columns),
    Action("merge", ("f",), "Show a model's snapshots as one, or apart", LOOK, view.merge),
    Action("kind", ("u",), "Show embeddings, images, or another kind of usage", LOOK, view.kind),
    Action("fold_all", ("a",), "Open or close all days", LOOK, drilldown.fold_all),
    Action("pane", ("p",), "Show or hide the charts, or one part after the other", LOOK, view.pane),
    Action("chart", ("v",), "Chart free and billed, cost, pools, or input and output", LOOK, view.chart),
    Action("theme", ("T",), "Choose the colours: dark, light, the terminal's own …", LOOK, app.theme),
    Action("export", ("e",), "Write what is shown as CSV, in this folder", TAKE, output.export),
    Action("picture", ("S",), "Save the screen as an SVG picture, in this folder", TAKE, output.picture),
    Action("copy", ("y",), "Copy the line to the terminal's clipboard", TAKE, output.copy_line),
    Action("copy_all", ("Y",), "Copy what is shown as a Markdown table", TAKE, output.copy_all),
    Action("switch", ("tab",), "To the list of models, to scroll it, and back", MOVE, navigate.switch),
    Action("suspend", ("ctrl+z",), "Back to the shell; fg returns", PROGRAM, app.suspend),
    Action("repaint", ("ctrl+l",), "Draw everything again, after something else wrote here", PROGRAM, app.repaint),
    Action("palette", ("ctrl+p",), "Find a command by its name", PROGRAM, app.palette),
)


def bindings(here: Mapping[str, str]) -> list[BindingType]:
    """Return the keys of a screen: those of each action that it has, and what Textual is to do `here` at them.

    The application's keymap puts the user's own keys in their place, by the names of the actions.
    """
    return [
        Binding(",".join(action.keys), here[action.name], id=action.name) for action in ACTIONS if action.name in here
    ]


def by_group(actions: Iterable[Action]) -> dict[str, list[Action]]:
    """Return the actions by what they are for."""
    groups: dict[str, list[Action]] = {group: [] for group in (MOVE, LOOK, DATA, TAKE, PROGRAM)}
    for action in actions:
        groups[action.group].append(action)
    return groups
