"""The whole command line: each command, with the flags that it has of its own and those that it shares."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from tui import PROGRAM, __version__
from tui.cli import values
from tui.cli.help import COMMANDS, MAIN
from tui.cli.parser import NOTHING_STARTED, Parser
from tui.cli.shared_flags import BASE_URL, DATE, JSON, KEPT_IN, PROFILE, YES, add_window, only, screen, shown, source
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
from tui.domain.what import What


def parser() -> tuple[Parser, dict[str, Parser]]:
    """Return the whole command line, and the parser of each subcommand."""
    version: dict[str, Any] = {"action": "version", "version": f"{PROGRAM} {__version__}"}
    view, anywhere = shown(), source("--demo", "--replay", "--offline")
    main = Parser(MAIN, prog=PROGRAM, parents=[anywhere, view, screen()])
    main.add_argument("--version", **version)
    main.add_argument(
        "--width", choices=["1d", "1h", "1m"], help="begin with days, today's hours, or this hour's minutes"
    )
    of: dict[str, tuple[Callable[[Parser], object], list[Parser]]] = {
        # Plain `oai-usage-tui` with its output in a pipe is an export, whatever else is said of the dashboard.
        EXPORT: (_export, [anywhere, view, screen(is_told=False)]),
        POOLS: (_pools, [source("--demo", "--offline")]),
        CHECK: (_check, [source("--demo")]),
        WHY: (_why, [source("--demo", "--offline")]),
        MONEY: (_money, [source("--demo")]),
        RUN: (_run, [source("--demo")]),
        RUNS: (lambda parser: parser.add_argument("--json", **JSON), [source("--demo", "--offline")]),
        WATCH: (_watch, [source("--demo")]),
        SERVE: (_serve, [source("--demo")]),
        ARCHIVE: (_archive, []),
        DOCTOR: (lambda parser: parser.add_argument("--json", **JSON), [source("--demo")]),
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
    parser.add_argument("--names", **YES, help="print projects, users and keys as they are called, instead of ids")
    parser.add_argument("--excel", **YES, help="print CSV that Excel opens as the UTF-8 that it is")
    parser.add_argument(
        "--max-model-length",
        type=values.whole(0, 10_000),
        metavar="N",
        help="cut names at N, 0 for no cut (default: 30)",
    )
    parser.add_argument("--raw", **YES, help="print the API's own JSON pages, one a line")


def _pools(parser: Parser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", **JSON)
    form.add_argument("--oneline", **YES, help="print one short line for a prompt or a status line")
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
    parser.add_argument("--date", **DATE)


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
    bound.add_argument("--until-reset", **YES, help="the bound: it does not last until the reset, at this rate")
    bound.add_argument(
        "--month", dest="check_month", **YES, help="the month's costs instead, beside its budget or spend limit"
    )
    parser.add_argument("--wait", **YES, help="wait until the pool is below the bound, the reset included")


def _why(parser: Parser) -> None:
    parser.add_argument("--json", **JSON)
    parser.add_argument("--date", **DATE)
    parser.add_argument("--model", **only("model", "MODEL"))


def _money(parser: Parser) -> None:
    parser.add_argument("--json", **JSON)
    parser.add_argument(
        "--month", type=values.month, metavar="MONTH", help="a month like 2026-10 (default: this month)"
    )


def _run(parser: Parser) -> None:
    parser.wrong_usage = NOTHING_STARTED
    parser.usage = "%(prog)s [flags] -- COMMAND [ARGUMENT ...]"
    parser.add_argument("--name", dest="run_name", metavar="NAME", help="what to call it (default: the command)")
    parser.add_argument("--model", **only("model", "MODEL"))
    parser.add_argument("--project", **only("project, by name or id"))
    parser.add_argument("--key", **only("API key, by name or id"))
    parser.add_argument(
        "--wait",
        dest="wait_minutes",
        type=values.whole(0, 24 * 60),
        metavar="MIN",
        help="wait so many minutes for the rest to be counted (default: 20 on a terminal, else 0)",
    )
    parser.add_argument("--report", type=values.report, metavar="FILE", help="write the same as JSON")


def _watch(parser: Parser) -> None:
    parser.add_argument("--json", **JSON)
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
    parser.add_argument("--profile", **PROFILE)
    parser.add_argument("--base-url", **BASE_URL)
    parser.add_argument("--archive", **KEPT_IN)
    parser.add_argument(
        "action",
        nargs="?",
        default="info",
        choices=["info", "refresh", "clear", "vacuum"],
        help="what to do (default: info)",
    )
    parser.add_argument("--yes", **YES, help="clear without being asked")
    add_window(parser)


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
