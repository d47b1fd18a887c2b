"""Flags that several commands have: where the data come from, what is shown of them, and the screen's own."""

from __future__ import annotations

import argparse
from functools import cache
from typing import Any

from tui.cli import values
from tui.cli.parser import Parser
from tui.domain.bounds import DEFAULT_LIVE, LEAST_LIVE, MAX_DAYS, MOST_LIVE
from tui.domain.dimensions import DIMENSIONS
from tui.domain.kinds import Kind

PERIODS = ("day", "week", "month")
WINDOWS = ("today", "7d", "14d", "30d", "90d", "1y", "this-week", "last-week", "this-month", "last-month")
"""Names that `domain` has as well, which for --help takes as long to load as all else; a test compares them."""

YES: dict[str, Any] = {"action": "store_true"}
JSON: dict[str, Any] = {**YES, "help": "print JSON"}
_SOURCES: dict[str, dict[str, Any]] = {
    "--demo": {**YES, "help": "show a synthetic organization; needs no key"},
    "--replay": {"type": values.path, "metavar": "FILE", "help": "read what `export --raw` saved instead of asking"},
    "--offline": {**YES, "help": "show what is on disk, and ask nobody"},
}
PROFILE: dict[str, Any] = {
    "type": values.name,
    "metavar": "NAME",
    "help": "whose settings hold, of those in config.toml (default: default)",
}
BASE_URL: dict[str, Any] = {"metavar": "URL", "help": "where to ask (default: https://api.openai.com/v1)"}
KEPT_IN: dict[str, Any] = {
    "type": values.path,
    "metavar": "PATH",
    "help": "where to keep what was read (default: in the data folder)",
}
DATE: dict[str, Any] = {
    "type": values.day,
    "metavar": "DAY",
    "help": "the UTC day: a date like 2026-11-20, or yesterday (default: today)",
}
_SINCE: dict[str, Any] = {
    "type": values.day,
    "metavar": "DAY",
    "help": "the first UTC day: a date like 2026-11-20, today, yesterday",
}


def only(what: str, metavar: str = "NAME") -> dict[str, Any]:
    """Return what a flag takes that filters by its value."""
    return {"type": values.name, "action": "append", "metavar": metavar, "help": f"only this {what}; repeatable"}


@cache
def source(*names: str) -> Parser:
    """Return the flags for where the data come from: one of these, or the API."""
    parent = Parser(add_help=False)
    which = parent.add_mutually_exclusive_group()
    for name in names:
        which.add_argument(name, **_SOURCES[name])
    parent.add_argument("--now", **YES, help="with --demo: at the real time of day, and not from 14:00 UTC on")
    parent.add_argument("--profile", **PROFILE)
    parent.add_argument("--base-url", **BASE_URL)
    kept = parent.add_mutually_exclusive_group()
    kept.add_argument("--archive", **KEPT_IN)
    kept.add_argument("--no-archive", **YES, help="keep nothing, and use nothing that was kept")
    return parent


def screen(*, is_told: bool = True) -> Parser:
    """Return the flags of the screen; where they are of no use, they are taken and help does not tell of them."""
    often = {
        "type": values.whole(LEAST_LIVE, MOST_LIVE),
        "metavar": "SECONDS",
        "help": f"refresh so often, {LEAST_LIVE} or more (default: {DEFAULT_LIVE})",
    }
    theme = {"type": values.name, "metavar": "NAME", "help": "dark, light, ansi, or another: the key T lists them"}
    flags: dict[str, dict[str, Any]] = {
        "--live": often,
        "--no-live": {**YES, "help": "refresh only when asked"},
        "--pause-unfocused": {**YES, "help": "do not refresh while the terminal has no focus"},
        "--no-mouse": {**YES, "help": "leave the mouse to the terminal"},
        "--theme": theme,
        "--ascii": {**YES, "help": "draw without blocks, lines and signs"},
        "--plain-driver": {**YES, "help": "draw as Textual does, instead of sending only what differs"},
        "--no-bell": {**YES, "help": "no bell when something happens: see watch"},
    }
    parent = Parser(add_help=False)
    for name, options in flags.items():
        parent.add_argument(name, **{**options, **({} if is_told else {"help": argparse.SUPPRESS})})
    return parent


def shown() -> Parser:
    """Return the flags for what is shown, on the screen as in an export."""
    parent = Parser(add_help=False)
    parent.add_argument(
        "--days",
        type=values.whole(0, MAX_DAYS),
        metavar="N",
        help=f"whole UTC days before today, 0 to {MAX_DAYS} (default: 14)",
    )
    add_window(parent)
    kinds = [kind.value for kind in Kind]
    parent.add_argument(
        "--kind",
        choices=kinds,
        metavar="KIND",
        help=f"what is counted: {', '.join(kinds)} (default: completions)",
    )
    parent.add_argument(
        "--by",
        type=values.dimensions,
        metavar="NAMES",
        help=f"a line for each of these, at most two: {', '.join(DIMENSIONS)}; or none (default: model)",
    )
    parent.add_argument(
        "--period",
        choices=PERIODS,
        help="a line for each day, week (from Monday), or month",
    )
    parent.add_argument(
        "--columns", type=values.names, metavar="NAMES", help="which numbers, in which order, like total,free,share"
    )
    parent.add_argument("--model", **only("model", "MODEL"))
    parent.add_argument("--project", **only("project, by name or id"))
    parent.add_argument("--user", **only("user, by name or id"))
    parent.add_argument("--key", **only("API key, by name or id"))
    return parent


def add_window(parser: Parser) -> None:
    """Add what tells a window by its name or by dates."""
    words = f"a window by its name: {', '.join(WINDOWS)}; or so many days, 1d to {MAX_DAYS + 1}d"
    parser.add_argument("--window", type=values.window, metavar="NAME", help=words)
    parser.add_argument("--since", **_SINCE)
    parser.add_argument("--until", type=values.day, metavar="DAY", help="the last UTC day, likewise (default: today)")
