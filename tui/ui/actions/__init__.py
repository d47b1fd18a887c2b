"""Every action of the dashboard, declared once; keys, footer, help, palette and the setting `[keys]` follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.binding import Binding, BindingType

from tui.ui.actions import app, drilldown, navigate, profiles, runs, view, views, windows, year
from tui.ui.actions import export as output
from tui.ui.actions import refresh as live
from tui.ui.actions.action import DATA, LOOK, MOVE, PROGRAM, TAKE, Action

ACTIONS = (
    Action("leave", ("q", "ctrl+c"), "Quit", PROGRAM, app.leave),
    Action("help", ("question_mark", "f1"), "Help: all keys", PROGRAM, app.show_help),
    Action("refresh", ("r", "f5"), "Refresh now", DATA, live.refresh),
    Action("live", ("l",), "Refresh by itself, or no longer", DATA, live.toggle),
    Action("slower", ("plus",), "Refresh less often", DATA, live.slower),
    Action("faster", ("minus",), "Refresh more often", DATA, live.faster),
    Action("back", ("escape",), "Go back, or stop loading", DATA, drilldown.back),
    Action("up", ("k", "up"), "Go one line up", MOVE, navigate.up),
    Action("down", ("j", "down"), "Go one line down", MOVE, navigate.down),
    Action("page_up", ("pageup", "ctrl+b"), "Go one page up", MOVE, navigate.page_up),
    Action("page_down", ("pagedown", "ctrl+f"), "Go one page down", MOVE, navigate.page_down),
    Action("top", ("g", "home"), "Go to the newest line", MOVE, navigate.top),
    Action("bottom", ("G", "end"), "Go to the oldest line", MOVE, navigate.bottom),
    Action(
        "newer_day",
        ("left_square_bracket",),
        "Go up a day, or on a month in Money and Year",
        MOVE,
        navigate.newer_day,
    ),
    Action(
        "older_day",
        ("right_square_bracket",),
        "Go down a day, or back a month in Money and Year",
        MOVE,
        navigate.older_day,
    ),
    Action("week_back", ("left",), "Go a week back in Year", MOVE, year.earlier),
    Action("week_on", ("right",), "Go a week on in Year", MOVE, year.later),
    Action("open", ("enter",), "Open a month, a week, a day, an hour", LOOK, drilldown.open_line),
    Action("usage", ("1",), "Show usage", LOOK, views.usage),
    Action("money", ("dollar_sign", "2"), "Show money", LOOK, views.money),
    Action("why", ("i", "3"), "Show why tokens of this line were billed", LOOK, views.why),
    Action("year", ("4",), "Show the days of a year, and what stands out", LOOK, year.year),
    Action("runs", ("5",), "Show runs", LOOK, runs.runs),
    Action("organizations", ("6",), "Show all organizations", LOOK, profiles.organizations),
    Action("profile", ("O",), "Go to another organization", PROGRAM, profiles.go),
    Action("mark", ("m",), "Measure a run from now on, or end it", LOOK, runs.mark),
    Action("forget", ("delete",), "Forget a run", LOOK, runs.forget),
    Action("window", ("w",), "Show more days, up to a year, then today alone", LOOK, windows.longer, of_table=True),
    Action("window_back", ("W",), "Show fewer days", LOOK, windows.shorter, of_table=True),
    Action(
        "windows",
        ("D",),
        "Choose a window: this week, last month, or another",
        LOOK,
        windows.choose,
        of_table=True,
    ),
    Action("period", ("d",), "Let a line be a day, a week, a month", LOOK, view.period, of_table=True),
    Action("fold", ("space",), "Fold the lines of a day, or unfold them", LOOK, drilldown.fold),
    Action(
        "group", ("b",), "Choose a breakdown by project, user, tier …, or by two", LOOK, view.group, of_table=True
    ),
    Action(
        "filter",
        ("slash",),
        "Filter lines, as by mini, project:web, !tier:flex",
        LOOK,
        view.type_filter,
        of_table=True,
    ),
    Action("sort", ("s",), "Choose the order of lines; again reverses it", LOOK, view.sort, of_table=True),
    Action("columns", ("c",), "Choose columns", LOOK, view.columns, of_table=True),
    Action("merge", ("f",), "Merge a model's snapshots, or part them", LOOK, view.merge, of_table=True),
    Action("kind", ("u",), "Choose embeddings, images, or another kind of usage", LOOK, view.kind, of_table=True),
    Action("fold_all", ("a",), "Fold all days, or unfold them", LOOK, drilldown.fold_all, of_table=True),
    Action("pane", ("p",), "Show the charts, or hide them", LOOK, view.pane, of_table=True),
    Action("chart", ("v",), "Show the next chart; in Year, the next measure", LOOK, view.chart),
    Action("theme", ("T",), "Choose colours", LOOK, app.theme),
    Action("export", ("e",), "Save what is shown as CSV, in this folder", TAKE, output.export),
    Action("picture", ("S",), "Save a picture of the screen, in this folder", TAKE, output.picture),
    Action("copy", ("y",), "Copy the line", TAKE, output.copy_line),
    Action("copy_all", ("Y",), "Copy all as a Markdown table", TAKE, output.copy_all),
    Action("switch", ("tab",), "Go to the list of models or the text, and back", MOVE, navigate.switch),
    Action("suspend", ("ctrl+z",), "Suspend: back to the shell; fg returns", PROGRAM, app.suspend),
    Action("repaint", ("ctrl+l",), "Draw again, after something else wrote here", PROGRAM, app.repaint),
    Action("palette", ("ctrl+p",), "Find a command", PROGRAM, app.palette),
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
