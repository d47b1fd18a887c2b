"""Every action of the dashboard, declared once; keys, footer, help, palette and the setting `[keys]` follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.binding import Binding, BindingType

from tui.ui.actions import answers, app, levels, live, navigate, output, view
from tui.ui.actions.action import DATA, LOOK, MOVE, PROGRAM, TAKE, Action

ACTIONS = (
    Action("leave", ("q", "ctrl+c"), "Quit", "Quit", PROGRAM, app.leave, in_footer=True),
    Action("help", ("question_mark", "f1"), "Help", "Show all keys", PROGRAM, app.show_help, in_footer=True),
    Action("refresh", ("r", "f5"), "Refresh", "Ask the API again", DATA, live.refresh, in_footer=True),
    Action("live", ("l",), "Live", "Refresh by itself, or stop that", DATA, live.toggle, in_footer=True),
    Action("slower", ("plus",), "Slower", "Refresh less often", DATA, live.slower),
    Action("faster", ("minus",), "Faster", "Refresh more often", DATA, live.faster),
    Action("back", ("escape",), "Back", "Stop loading, or go back to where this was opened", DATA, levels.back),
    Action("up", ("k", "up"), "Up", "One line up", MOVE, navigate.up),
    Action("down", ("j", "down"), "Down", "One line down", MOVE, navigate.down),
    Action("page_up", ("pageup", "ctrl+b"), "Page up", "One page up", MOVE, navigate.page_up),
    Action("page_down", ("pagedown", "ctrl+f"), "Page down", "One page down", MOVE, navigate.page_down),
    Action("top", ("g", "home"), "Top", "To the newest line", MOVE, navigate.top),
    Action("bottom", ("G", "end"), "Bottom", "To the oldest line", MOVE, navigate.bottom),
    Action(
        "newer_day",
        ("left_square_bracket",),
        "Day",
        "Up to the next day",
        MOVE,
        navigate.newer_day,
        in_footer=True,
        shown_with="older_day",
    ),
    Action("older_day", ("right_square_bracket",), "Older day", "Down to the previous day", MOVE, navigate.older_day),
    Action(
        "open",
        ("enter",),
        "Open",
        "Show the hours of a day, or the minutes of an hour",
        LOOK,
        levels.open_line,
        in_footer=True,
    ),
    Action("window", ("w",), "Window", "A longer window, up to a year, then today alone", LOOK, view.window),
    Action("fold", ("space",), "Fold", "Open or close the lines of a day", LOOK, levels.fold, in_footer=True),
    Action(
        "group",
        ("b",),
        "By",
        "Break down by project, user, tier …, or by two of them",
        LOOK,
        view.group,
        in_footer=True,
    ),
    Action(
        "filter",
        ("slash",),
        "Filter",
        "Show only what fits: mini, project:web, !tier:flex",
        LOOK,
        view.type_filter,
        in_footer=True,
    ),
    Action("sort", ("s",), "Sort", "Order the lines of a day by any column; again reverses", LOOK, view.sort),
    Action("columns", ("c",), "Columns", "Choose the columns", LOOK, view.columns),
    Action("merge", ("f",), "Merge", "Show a model's snapshots as one, or apart", LOOK, view.merge),
    Action("kind", ("u",), "Usage", "Show embeddings, images, or another kind of usage", LOOK, view.kind),
    Action(
        "money",
        ("dollar_sign",),
        "Money",
        "What it costs: this month, its end, by line item",
        LOOK,
        answers.money,
        in_footer=True,
    ),
    Action("fold_all", ("a",), "Fold all", "Open or close all days", LOOK, levels.fold_all),
    Action(
        "pane",
        ("p",),
        "Pane",
        "Show or hide the charts, or one part after the other",
        LOOK,
        view.pane,
        in_footer=True,
    ),
    Action("why", ("i",), "Why", "Why tokens of this line were billed", LOOK, answers.why, in_footer=True),
    Action("theme", ("T",), "Theme", "Choose the colours: dark, light, the terminal's own …", LOOK, app.theme),
    Action("export", ("e",), "Export", "Write what is shown as CSV, in this folder", TAKE, output.export),
    Action("picture", ("S",), "Picture", "Save the screen as an SVG picture, in this folder", TAKE, output.picture),
    Action("copy", ("y",), "Copy", "Copy the line to the terminal's clipboard", TAKE, output.copy_line),
    Action("copy_all", ("Y",), "Copy all", "Copy what is shown as a Markdown table", TAKE, output.copy_all),
    Action("switch", ("tab",), "Switch", "To the list of models, to scroll it, and back", MOVE, navigate.switch),
    Action("suspend", ("ctrl+z",), "Suspend", "Back to the shell; fg returns", PROGRAM, app.suspend),
    Action(
        "repaint",
        ("ctrl+l",),
        "Repaint",
        "Draw everything again, after something else wrote here",
        PROGRAM,
        app.repaint,
    ),
    Action("palette", ("ctrl+p",), "Commands", "Find a command by its name", PROGRAM, app.palette),
)


def bindings(here: Mapping[str, str]) -> list[BindingType]:
    """Return the keys of a screen: those of each action that it has, and what Textual is to do `here` at them.

    The application's keymap puts the user's own keys in their place, by the names of the actions.
    """
    return [
        Binding(",".join(action.keys), here[action.name], action.label, tooltip=action.help, id=action.name)
        for action in ACTIONS
        if action.name in here
    ]


def by_group(actions: Iterable[Action]) -> dict[str, list[Action]]:
    """Return the actions by what they are for."""
    groups: dict[str, list[Action]] = {group: [] for group in (MOVE, LOOK, DATA, TAKE, PROGRAM)}
    for action in actions:
        groups[action.group].append(action)
    return groups
