"""Every command of the dashboard, declared once: its keys, its place in footer and help, its line in the palette."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding
from textual.keys import format_key

NAMES = {
    "escape": "Esc",
    "tab": "Tab",
    "space": "Space",
    "enter": "Enter",
    "backspace": "Backspace",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}
"""How keys are written for people whose names Textual writes otherwise."""


def key_name(key: str) -> str:
    """Return how a key is written for people: `PgUp`, `Ctrl+C`, `?`."""
    *modifiers, name = key.split("+")
    shown = NAMES.get(name) or format_key(name)
    if len(shown) > 1 or modifiers:
        shown = shown[0].upper() + shown[1:]
    return "+".join([*(each.capitalize() for each in modifiers), shown])


@dataclass(frozen=True, slots=True)
class Command:
    """A command. `name` is the action `action_<name>` of a screen; `keys` the first of which is shown.

    `label` is for the footer, where `in_footer` says so, and `words` for help and palette. In the footer the key of
    another command stands beside its own: `shown_with`.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    words: str
    task: str
    in_footer: bool = False
    shown_with: str | None = None

    @property
    def key(self) -> str:
        """How its first key is written."""
        return key_name(self.keys[0])

    @property
    def all_keys(self) -> list[str]:
        """How its keys are written."""
        return [key_name(key) for key in self.keys]


_MOVE, _LOOK, _DATA, _TAKE, _PROGRAM = "Move", "Look", "Data", "Take away", "Program"

COMMANDS = (
    Command("leave", ("q", "ctrl+c"), "Quit", "Quit", _PROGRAM, in_footer=True),
    Command("help", ("question_mark", "f1"), "Help", "Show all keys", _PROGRAM, in_footer=True),
    Command("refresh", ("r", "f5"), "Refresh", "Ask the API again", _DATA, in_footer=True),
    Command("live", ("l",), "Live", "Refresh by itself, or stop that", _DATA, in_footer=True),
    Command("slower", ("plus",), "Slower", "Refresh less often", _DATA),
    Command("faster", ("minus",), "Faster", "Refresh more often", _DATA),
    Command("back", ("escape",), "Back", "Stop loading, or go back to where this was opened", _DATA),
    Command("up", ("k", "up"), "Up", "One line up", _MOVE),
    Command("down", ("j", "down"), "Down", "One line down", _MOVE),
    Command("page_up", ("pageup", "ctrl+b"), "Page up", "One page up", _MOVE),
    Command("page_down", ("pagedown", "ctrl+f"), "Page down", "One page down", _MOVE),
    Command("top", ("g", "home"), "Top", "To the newest line", _MOVE),
    Command("bottom", ("G", "end"), "Bottom", "To the oldest line", _MOVE),
    Command(
        "newer_day",
        ("left_square_bracket",),
        "Day",
        "Up to the next day",
        _MOVE,
        in_footer=True,
        shown_with="older_day",
    ),
    Command("older_day", ("right_square_bracket",), "Older day", "Down to the previous day", _MOVE),
    Command("open", ("enter",), "Open", "Show the hours of a day, or the minutes of an hour", _LOOK, in_footer=True),
    Command("window", ("w",), "Window", "A longer window, up to a year, then today alone", _LOOK),
    Command("fold", ("space",), "Fold", "Open or close the lines of a day", _LOOK, in_footer=True),
    Command(
        "group",
        ("b",),
        "By",
        "Break down by project, user, tier …, or by two of them",
        _LOOK,
        in_footer=True,
    ),
    Command(
        "filter", ("slash",), "Filter", "Show only what fits: mini, project:web, !tier:flex", _LOOK, in_footer=True
    ),
    Command("sort", ("s",), "Sort", "Order the lines of a day by any column; again reverses", _LOOK),
    Command("columns", ("c",), "Columns", "Choose the columns", _LOOK),
    Command("merge", ("f",), "Merge", "Show a model's snapshots as one, or apart", _LOOK),
    Command("kind", ("u",), "Usage", "Show embeddings, images, or another kind of usage", _LOOK),
    Command(
        "money", ("dollar_sign",), "Money", "What it costs: this month, its end, by line item", _LOOK, in_footer=True
    ),
    Command("fold_all", ("a",), "Fold all", "Open or close all days", _LOOK),
    Command(
        "pane",
        ("p",),
        "Pane",
        "Show or hide the charts, or one part after the other",
        _LOOK,
        in_footer=True,
    ),
    Command("why", ("i",), "Why", "Why tokens of this line were billed", _LOOK, in_footer=True),
    Command("theme", ("T",), "Theme", "Choose the colours: dark, light, the terminal's own …", _LOOK),
    Command("export", ("e",), "Export", "Write what is shown as CSV, in this folder", _TAKE),
    Command("picture", ("S",), "Picture", "Save the screen as an SVG picture, in this folder", _TAKE),
    Command("copy", ("y",), "Copy", "Copy the line to the terminal's clipboard", _TAKE),
    Command("copy_all", ("Y",), "Copy all", "Copy what is shown as a Markdown table", _TAKE),
    Command("switch", ("tab",), "Switch", "To the list of models, to scroll it, and back", _MOVE),
    Command("suspend", ("ctrl+z",), "Suspend", "Back to the shell; fg returns", _PROGRAM),
    Command("repaint", ("ctrl+l",), "Repaint", "Draw everything again, after something else wrote here", _PROGRAM),
    Command("palette", ("ctrl+p",), "Commands", "Find a command by its name", _PROGRAM),
)


def bindings(commands: Iterable[Command]) -> list[Binding]:
    """Return the commands as Textual knows them."""
    known = {command.name: command for command in commands}
    return [
        Binding(
            ",".join(command.keys),
            command.name,
            command.label,
            show=command.in_footer,
            key_display=f"{command.key} {known[command.shown_with].key}" if command.shown_with else command.key,
            id=command.name,
            tooltip=command.words,
        )
        for command in known.values()
    ]


def by_task(commands: Iterable[Command]) -> dict[str, list[Command]]:
    """Return the commands under the tasks that they serve."""
    tasks: dict[str, list[Command]] = {task: [] for task in (_MOVE, _LOOK, _DATA, _TAKE, _PROGRAM)}
    for command in commands:
        tasks[command.task].append(command)
    return tasks
