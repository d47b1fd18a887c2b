"""Write what the program says of itself into `keys.md`, `configuration.md` and `cli.md`.

    python docs/reference.py

replaces what stands between the marks there. A test compares what is committed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from tui import PROGRAM
from tui.cli import main as cli
from tui.cli.help import COMMANDS, ENVIRONMENT, FILES, MAIN
from tui.cli.help_text import HelpText
from tui.config.schema import ALLOWED, Config
from tui.ui.actions import ACTIONS

BEGIN, END = "<!-- generated: python docs/reference.py -->\n", "<!-- end -->\n"

SETTINGS = {
    "admin_key_command": "a command; the first line that it prints is the admin key",
    "base_url": "where to ask",
    "days": "whole UTC days before today",
    "window": "a [window](guide.md#windows) by its name, instead of `days`",
    "by": "what the lines are broken down by; `[]` is one line a day",
    "columns": "the columns of the dashboard",
    "kind": "what the dashboard begins with",
    "width": "whether it begins with days, today's hours, or this hour's minutes",
    "period": "what a line of the dashboard is",
    "compare": "what a day is compared with: the day before, or the same weekday of the week before",
    "live": "seconds between two refreshes of the dashboard; 0 is none",
    "archive": "where to keep what was read, or false to keep nothing",
    "mouse": "whether the dashboard listens to the mouse",
    "theme": "the colours: dark, light, ansi, or another that `T` lists",
    "ascii": "whether to draw without blocks, lines and signs",
    "excel": "whether the CSV that `e` writes is marked for Excel",
    "monthly_budget": "dollars a month",
    "usage_tier": "your organization's usage tier, which decides how large the pools are; 1 to 5, as they were called"
    " before October 2026, are still read",
    "limits.large": "[the size of the large pool](free-tokens.md#how-large-the-pools-are) a day, where you know it",
    "limits.small": "the size of the small pool a day",
    "pools.large": "models that are [in the large pool](free-tokens.md#what-counts-as-free), whatever the lists say",
    "pools.small": "models that are in the small pool",
    "pools.none": "models that are in no pool",
    "sharing_projects": "the projects that share their traffic, where not all do",
    "bell": "whether a bell rings at an [event](runs-and-alerts.md#told-in-time)",
    "notify": "how the terminal notifies you of an event; auto is as it says itself",
    "thresholds": "percent of a pool, or of the month's limit, at which to tell",
    "spike_floor": "tokens an hour up to which no hour is a spike",
    "on_threshold": "a command that is run once a threshold and day, without a shell",
    "on_event": "the same for every event",
    "keys": "[keys of your own](keys.md#keys-of-your-own)",
    "profiles": "[other organizations](guide.md#several-organizations)",
}
"""What each setting is; of a table, what is in it. What it takes and its default are the program's own words."""

DEFAULTS = {
    "base_url": "`https://api.openai.com/v1`",
    "columns": "those that fit",
    "period": "`day`, or `month` in a window of a year",
    "archive": "`archive.db` in its folder, above",
    "theme": "`dark`",
    "usage_tier": "inferred, else `build`",
    "limits.large": "from the usage tier",
    "limits.small": "from the usage tier",
    "keys": "those of [keys.md](keys.md)",
}
"""The defaults that are no plain values."""


def keys() -> str:
    """Return the table of all keys."""
    rows = [(" ".join(map(_code, action.all_keys)), action.help, _code(action.name)) for action in ACTIONS]
    return _table(("key", "what it does", "action"), rows)


def configuration() -> str:
    """Return the tables of settings, variables and files."""
    settings = [(_code(name), words, ALLOWED[name], _default(name)) for name, words in SETTINGS.items()]
    variables = [(", ".join(map(_code, names.split(", "))), words) for names, words in ENVIRONMENT.items()]
    files = [(_code(name), words) for name, words in FILES.items()]
    return "\n".join(
        (
            "## Settings\n",
            _table(("setting", "what it is", "it takes", "default"), settings),
            "## Environment\n",
            _table(("variable", "what it is"), variables),
            "## Files\n",
            _table(("file, on Linux", "what it is"), files),
        )
    )


def command_line() -> str:
    """Return what can be said, command by command."""
    main, commands = cli.parser()
    told = dict(_options(main))
    parts = [f"## {PROGRAM}\n\n{_prose(main.description)}\n", _table(("flag", "what it does"), told.items())]
    listed = [(f"[{name}](#{name})", texts.words) for name, texts in COMMANDS.items()]
    parts += [*_more(MAIN), _table(("command", "what it does"), listed)]
    for name, parser in commands.items():
        parts.append(f"## {name}\n\n{_prose(parser.description)}\n")
        options = dict(_options(parser))
        own = {flag: words for flag, words in options.items() if told.get(flag) != words}
        common = [flag for flag in options if flag not in own]
        if own:
            parts.append(_table(("flag", "what it does"), own.items()))
        if common:
            parts.append(f"As above: {', '.join(common)}.\n")
        parts += _more(COMMANDS[name])
    return "\n".join(parts)


PAGES: Mapping[str, Callable[[], str]] = {
    "keys.md": keys,
    "configuration.md": configuration,
    "cli.md": command_line,
}


def page(name: str, text: str) -> str:
    """Return a page's text with what is generated in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{PAGES[name]()}\n{END}{after}"


def _options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Each argument that help shows, and what it does."""
    for action in parser._actions:
        if action.help in (None, argparse.SUPPRESS) or isinstance(action, argparse._SubParsersAction):
            continue
        value = ""
        if action.nargs != 0:
            value = str(action.metavar or "|".join(map(str, action.choices or ())) or action.dest)
        title = f"{', '.join(action.option_strings)} {value}".strip()
        yield _code(title), str(action.help) % {"prog": parser.prog, **vars(action)}


def _more(texts: HelpText) -> Iterator[str]:
    """The notes, examples and exit statuses of a command."""
    if texts.notes:
        in_columns = any("  " in line for line in texts.notes.splitlines())
        yield f"```\n{texts.notes}\n```\n" if in_columns else f"{_prose(texts.notes)}\n"
    yield "```sh\n" + "".join(f"{line}\n" for line in texts.example_lines) + "```\n"
    yield f"Exit status: {', '.join(f'{status} {meaning}' for status, meaning in texts.statuses.items())}.\n"


def _prose(text: str | None) -> str:
    """Return words of the help as a paragraph."""
    found = (text or "").strip()
    return f"{found[:1].upper()}{found[1:]}"


def _default(name: str) -> str:
    if name in DEFAULTS:
        return DEFAULTS[name]
    value = getattr(Config(), name.partition(".")[0]) if "." not in name else None
    if value is None or value in ({}, ()):
        return "none"
    return _code(str(list(value)).replace("'", '"') if isinstance(value, tuple) else str(value).lower())


def _code(text: str) -> str:
    return f"`{text}`"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = tuple(heads)
    lines = (heads, ["---"] * len(heads), *rows)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def main() -> None:
    """Write the pages."""
    for name in PAGES:
        path = Path(__file__).with_name(name)
        path.write_text(page(name, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
