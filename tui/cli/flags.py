"""The flags: which there are, which commands they belong to, and what they take."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from tui import PROGRAM, __version__
from tui.cli import values
from tui.cli.help import COMMANDS, MAIN, HelpText
from tui.config.subcommands import (
    ARCHIVE,
    CHECK,
    COMPLETION,
    DEMO_SERVER,
    DOCTOR,
    EXPORT,
    MONEY,
    POOLS,
    RUN,
    RUNS,
    SERVE,
    WATCH,
    WHY,
)
from tui.domain.bounds import DEFAULT_LIVE, LEAST_LIVE, MAX_DAYS, MOST_LIVE
from tui.domain.dimensions import DIMENSIONS
from tui.domain.kinds import Kind
from tui.domain.what import What
from tui.system import streams

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


PERIODS = ("day", "week", "month")
WINDOWS = ("today", "7d", "14d", "30d", "90d", "1y", "this-week", "last-week", "this-month", "last-month")
"""Names that `domain` has as well, which for --help takes as long to load as all else; a test compares them."""

_WIDTH = 78
"""Columns of the help, whatever the terminal's: to ask for them would take as long as all else."""

WRONG_USAGE, NOTHING_STARTED = 2, 125
"""The exit status for what cannot be understood; where a command was to be run, whose own status may be any other."""


class Parser(argparse.ArgumentParser):
    """A parser that does not keep it to itself where stdout cannot be written.

    A flag that is not given leaves no trace, and none can be shortened.
    """

    wrong_usage = WRONG_USAGE

    def __init__(self, texts: HelpText | None = None, **options: Any) -> None:  # noqa: ANN401  argparse's own
        options |= {"argument_default": argparse.SUPPRESS, "allow_abbrev": False}
        if texts is not None:
            options |= {"description": texts.description, "epilog": texts.epilog}
        super().__init__(formatter_class=_formatter, **options)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Leave with a status of this parser's own where what was said cannot be understood."""
        super().exit(self.wrong_usage if status == WRONG_USAGE else status, message)

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        is_output = file is sys.stdout
        if is_output:
            sys.stdout.write(message)
        else:
            streams.warn(message, end="")


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, width=_WIDTH)


_YES: dict[str, Any] = {"action": "store_true"}
_JSON: dict[str, Any] = {**_YES, "help": "print JSON"}
_SOURCES: dict[str, dict[str, Any]] = {
    "--demo": {**_YES, "help": "show a synthetic organization; needs no key"},
    "--replay": {"type": values.path, "metavar": "FILE", "help": "read what `export --raw` saved instead of asking"},
    "--offline": {**_YES, "help": "show what is on disk, and ask nobody"},
}
_PROFILE: dict[str, Any] = {
    "type": values.name,
    "metavar": "NAME",
    "help": "whose settings hold, of those in config.toml (default: default)",
}
_BASE_URL: dict[str, Any] = {"metavar": "URL", "help": "where to ask (default: https://api.openai.com/v1)"}
_KEPT_IN: dict[str, Any] = {
    "type": values.path,
    "metavar": "PATH",
    "help": "where to keep what was read (default: in the data folder)",
}
_DATE: dict[str, Any] = {
    "type": values.day,
    "metavar": "DAY",
    "help": "the UTC day: a date like 2026-11-20, or yesterday (default: today)",
}
_SINCE: dict[str, Any] = {
    "type": values.day,
    "metavar": "DAY",
    "help": "the first UTC day: a date like 2026-11-20, today, yesterday",
}


def _only(what: str, metavar: str = "NAME") -> dict[str, Any]:
    return {"type": values.name, "action": "append", "metavar": metavar, "help": f"only this {what}; repeatable"}


def parser() -> tuple[Parser, dict[str, Parser]]:
    """Return the whole command line, and the parser of each subcommand."""
    version: dict[str, Any] = {"action": "version", "version": f"{PROGRAM} {__version__}"}
    shown, source = _shown(), _source("--demo", "--replay", "--offline")
    main = Parser(MAIN, prog=PROGRAM, parents=[source, shown, _screen()])
    main.add_argument("--version", **version)
    main.add_argument(
        "--width", choices=["1d", "1h", "1m"], help="begin with days, today's hours, or this hour's minutes"
    )
    of: dict[str, tuple[Callable[[Parser], object], list[Parser]]] = {
        # Plain `oai-usage-tui` with its output in a pipe is an export, whatever else is said of the dashboard.
        EXPORT: (_export, [source, shown, _screen(is_told=False)]),
        POOLS: (_pools, [_source("--demo", "--offline")]),
        CHECK: (_check, [_source("--demo")]),
        WHY: (_why, [_source("--demo", "--offline")]),
        MONEY: (_money, [_source("--demo")]),
        RUN: (_run, [_source("--demo")]),
        RUNS: (lambda parser: parser.add_argument("--json", **_JSON), [_source("--demo", "--offline")]),
        WATCH: (_watch, [_source("--demo")]),
        SERVE: (_serve, [_source("--demo")]),
        ARCHIVE: (_archive, []),
        DOCTOR: (lambda parser: parser.add_argument("--json", **_JSON), [_source("--demo")]),
        COMPLETION: (_completion, []),
        DEMO_SERVER: (_demo_server, []),
    }
    commands = main.add_subparsers(title="commands", dest="command", metavar="COMMAND", parser_class=Parser)
    parsers = {}
    for name, texts in COMMANDS.items():
        add, parents = of[name]
        parsers[name] = commands.add_parser(name, help=texts.words, texts=texts, parents=parents)
        add(parsers[name])
        parsers[name].add_argument("--version", **version, help=argparse.SUPPRESS)
    return main, parsers


@cache
def _source(*names: str) -> Parser:
    """Return the flags for where the data come from: one of these, or the API."""
    parent = Parser(add_help=False)
    which = parent.add_mutually_exclusive_group()
    for name in names:
        which.add_argument(name, **_SOURCES[name])
    parent.add_argument("--now", **_YES, help="with --demo: at the real time of day, and not from 14:00 UTC on")
    parent.add_argument("--profile", **_PROFILE)
    parent.add_argument("--base-url", **_BASE_URL)
    kept = parent.add_mutually_exclusive_group()
    kept.add_argument("--archive", **_KEPT_IN)
    kept.add_argument("--no-archive", **_YES, help="keep nothing, and use nothing that was kept")
    return parent


def _screen(*, is_told: bool = True) -> Parser:
    """Return the flags of the screen; where they are of no use, they are taken and help does not tell of them."""
    often = {
        "type": values.whole(LEAST_LIVE, MOST_LIVE),
        "metavar": "SECONDS",
        "help": f"refresh so often, {LEAST_LIVE} or more (default: {DEFAULT_LIVE})",
    }
    theme = {"type": values.name, "metavar": "NAME", "help": "dark, light, ansi, or another: the key T lists them"}
    flags: dict[str, dict[str, Any]] = {
        "--live": often,
        "--no-live": {**_YES, "help": "refresh only when asked"},
        "--pause-unfocused": {**_YES, "help": "do not refresh while the terminal has no focus"},
        "--no-mouse": {**_YES, "help": "leave the mouse to the terminal"},
        "--theme": theme,
        "--ascii": {**_YES, "help": "draw without blocks, lines and signs"},
        "--plain-driver": {**_YES, "help": "draw as Textual does, instead of sending only what differs"},
        "--no-bell": {**_YES, "help": "no bell when something happens: see watch"},
    }
    parent = Parser(add_help=False)
    for name, options in flags.items():
        parent.add_argument(name, **{**options, **({} if is_told else {"help": argparse.SUPPRESS})})
    return parent


def _shown() -> Parser:
    """Return the flags for what is shown, on the screen as in an export."""
    parent = Parser(add_help=False)
    parent.add_argument(
        "--days",
        type=values.whole(0, MAX_DAYS),
        metavar="N",
        help=f"whole UTC days before today, 0 to {MAX_DAYS} (default: 14)",
    )
    _add_window(parent)
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
    parent.add_argument("--model", **_only("model", "MODEL"))
    parent.add_argument("--project", **_only("project, by name or id"))
    parent.add_argument("--user", **_only("user, by name or id"))
    parent.add_argument("--key", **_only("API key, by name or id"))
    return parent


def _add_window(parser: Parser) -> None:
    """Add what tells a window by its name or by dates."""
    words = f"a window by its name: {', '.join(WINDOWS)}; or so many days, 1d to {MAX_DAYS + 1}d"
    parser.add_argument("--window", type=values.window, metavar="NAME", help=words)
    parser.add_argument("--since", **_SINCE)
    parser.add_argument("--until", type=values.day, metavar="DAY", help="the last UTC day, likewise (default: today)")


def _export(parser: Parser) -> None:
    parser.add_argument(
        "--format",
        choices=["markdown", "csv", "json", "ndjson", "openmetrics"],
        help="how to print (default: markdown)",
    )
    parser.add_argument(
        "--output",
        type=values.output,
        metavar="FILE",
        help="write a file, whole or not at all, instead of stdout, which is -",
    )
    parser.add_argument(
        "--width",
        choices=["1d", "1h", "1m"],
        help="days, or hours of 31 days at most, or minutes of one (default: 1d)",
    )
    parser.add_argument("--names", **_YES, help="print projects, users and keys as they are called, instead of ids")
    parser.add_argument("--excel", **_YES, help="print CSV that Excel opens as the UTF-8 that it is")
    parser.add_argument(
        "--max-model-length",
        type=values.whole(0, 10_000),
        metavar="N",
        help="cut names at N, 0 for no cut (default: 30)",
    )
    parser.add_argument("--raw", **_YES, help="print the API's own JSON pages, one a line")


def _pools(parser: Parser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", **_JSON)
    form.add_argument("--oneline", **_YES, help="print one short line for a prompt or a status line")
    form.add_argument(
        "--format",
        dest="form",
        metavar="TEXT",
        help="print this, {large.percent} and others filled in",
    )
    parser.add_argument(
        "--max-age",
        type=values.whole(0, 86_400),
        metavar="SECONDS",
        help="with --oneline or --format: ask the API at most so often (default: 60)",
    )
    parser.add_argument("--date", **_DATE)


def _check(parser: Parser) -> None:
    parser.usage = (
        "%(prog)s --pool {large,small} BOUND [--wait] [flags]\n"
        "       %(prog)s --month [flags]\n\n"
        "BOUND is one of --max-percent N, --min-left TOKENS and --until-reset."
    )
    parser.add_argument("--pool", choices=["large", "small"], help="which pool of free tokens")
    bound = parser.add_mutually_exclusive_group(required=True)
    bound.add_argument(
        "--max-percent", type=values.percent, metavar="N", help="the bound: this much of the pool is used"
    )
    bound.add_argument(
        "--min-left", type=values.whole(1, 10**15), metavar="TOKENS", help="the bound: less than this is left"
    )
    bound.add_argument("--until-reset", **_YES, help="the bound: it does not last until the reset, at this rate")
    bound.add_argument(
        "--month", dest="check_month", **_YES, help="the month's costs instead, beside its budget or spend limit"
    )
    parser.add_argument("--wait", **_YES, help="wait until the pool is below the bound, the reset included")


def _why(parser: Parser) -> None:
    parser.add_argument("--json", **_JSON)
    parser.add_argument("--date", **_DATE)
    parser.add_argument("--model", **_only("model", "MODEL"))


def _money(parser: Parser) -> None:
    parser.add_argument("--json", **_JSON)
    parser.add_argument(
        "--month", type=values.month, metavar="MONTH", help="a month like 2026-10 (default: this month)"
    )


def _run(parser: Parser) -> None:
    parser.wrong_usage = NOTHING_STARTED
    parser.usage = "%(prog)s [flags] -- COMMAND [ARGUMENT ...]"
    parser.add_argument("--name", dest="run_name", metavar="NAME", help="what to call it (default: the command)")
    parser.add_argument("--model", **_only("model", "MODEL"))
    parser.add_argument("--project", **_only("project, by name or id"))
    parser.add_argument("--key", **_only("API key, by name or id"))
    parser.add_argument(
        "--wait",
        dest="wait_minutes",
        type=values.whole(0, 24 * 60),
        metavar="MIN",
        help="wait so many minutes for the rest to be counted (default: 20 on a terminal, else 0)",
    )
    parser.add_argument("--report", type=values.report, metavar="FILE", help="write the same as JSON")


def _watch(parser: Parser) -> None:
    parser.add_argument("--json", **_JSON)
    parser.add_argument(
        "--events",
        type=values.events,
        metavar="NAMES",
        help=f"only these: {', '.join(what.value for what in What)}",
    )


def _serve(parser: Parser) -> None:
    parser.add_argument(
        "--metrics",
        type=values.address,
        metavar="HOST:PORT",
        help="where to serve /metrics (default: 127.0.0.1:9464)",
    )


def _archive(parser: Parser) -> None:
    parser.add_argument("--profile", **_PROFILE)
    parser.add_argument("--base-url", **_BASE_URL)
    parser.add_argument("--archive", **_KEPT_IN)
    parser.add_argument(
        "action",
        nargs="?",
        default="info",
        choices=["info", "refresh", "clear", "vacuum"],
        help="what to do (default: info)",
    )
    parser.add_argument("--yes", **_YES, help="clear without being asked")
    _add_window(parser)


def _completion(parser: Parser) -> None:
    parser.add_argument("shell", choices=["bash", "zsh", "fish", "tcsh"], help="which shell")


def _demo_server(parser: Parser) -> None:
    for name, most, metavar, words in (
        ("--port", 65_535, "P", "port on 127.0.0.1, 0 for any that is free (default: 8765)"),
        ("--projects", 2_000, "N", "a larger organization: its projects"),
        ("--models", 100, "N", "a larger organization: its models"),
        ("--keys", 20, "N", "a larger organization: keys in each project"),
        ("--seed", 10**9, "S", "which organization (default: 1)"),
    ):
        least = 1 if metavar == "N" else 0
        parser.add_argument(name, type=values.whole(least, most), metavar=metavar, help=words)


EXCLUDING = {
    "--demo": ("--profile", "--base-url", "--archive"),
    "--profile": ("--base-url",),
    "--replay": ("--profile", "--base-url", "--archive", "--live", "--width", "--raw"),
    "--offline": ("--no-archive", "--live", "--raw"),
    "--raw": ("--period", "--format", "--columns", "--output", "--excel", "--names", "--max-model-length"),
    "--days": ("--window", "--since", "--until"),
    "--window": ("--since", "--until"),
    "--oneline": ("--date",),
    "--form": ("--date",),
    "--live": ("--no-live",),  # no group: argparse cannot show one of which nothing is told
}
"""Flags that exclude each other, where that is not all of a group."""
