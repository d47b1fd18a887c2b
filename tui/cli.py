"""What can be said on the command line."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tui import PROGRAM, __version__
from tui.cli_texts import ARCHIVE, CHECK, COMMANDS, DEMO_SERVER, DESCRIPTION, EPILOG, EXPORT, POOLS, WHY
from tui.domain.window import MAX_DAYS
from tui.errors import TuiError
from tui.settings.bounds import LEAST, MOST, USUAL

DASHBOARD = None
_ASKING = (DASHBOARD, EXPORT, POOLS, CHECK, WHY)
_SHOWING = (DASHBOARD, EXPORT)
"""Plain `oai-usage-tui` with its output in a pipe is an export, whatever else is said of the dashboard."""


def _whole(low: int, high: int) -> Callable[[str], int]:
    def whole(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 19 and low <= int(value) <= high):
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}")
        return int(value)

    return whole


def _percent(value: str) -> float:
    try:
        percent = float(value)
    except ValueError:
        percent = -1.0
    if not 0 < percent <= 1000:
        raise argparse.ArgumentTypeError("must be a number above 0, up to 1000")
    return percent


def _name(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("must be a name")
    return value


_YEARS = range(2020, 2200)
"""Before, there was no API."""


def _date(value: str) -> datetime:
    try:
        date = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a date like 2026-11-20") from None
    if date.year not in _YEARS:
        raise argparse.ArgumentTypeError(f"must be a date from {_YEARS[0]} on")
    return date


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag, the commands that it belongs to (None: the dashboard), and what argparse is told of it."""

    name: str
    commands: tuple[str | None, ...]
    options: dict[str, Any]

    @property
    def key(self) -> str:
        """Return the name under which argparse keeps the value."""
        return self.name.removeprefix("--").replace("-", "_")


def _flag(name: str, *commands: str | None, **options: Any) -> Flag:  # noqa: ANN401  argparse's own
    return Flag(name, commands, options)


_YES = {"action": "store_true"}

FLAGS = (
    _flag("--demo", *_ASKING, **_YES, help="show a synthetic organization; needs no key"),
    _flag("--replay", DASHBOARD, EXPORT, metavar="FILE", help="read what `export --raw` saved instead of asking"),
    _flag(
        "--days",
        DASHBOARD,
        EXPORT,
        type=_whole(0, MAX_DAYS),
        metavar="N",
        help=f"whole UTC days before today, 0 to {MAX_DAYS} (default: 14)",
    ),
    _flag("--base-url", *_ASKING, metavar="URL", help="where to ask (default: https://api.openai.com/v1)"),
    _flag("--offline", DASHBOARD, EXPORT, POOLS, WHY, **_YES, help="show what is on disk, and ask nobody"),
    _flag(
        "--archive",
        *_ASKING,
        ARCHIVE,
        type=_name,
        metavar="PATH",
        help="where to keep what was read (default: in the data folder)",
    ),
    _flag("--no-archive", *_ASKING, **_YES, help="keep nothing, and use nothing that was kept"),
    _flag(
        "action",
        ARCHIVE,
        nargs="?",
        default="info",
        choices=["info", "clear", "vacuum"],
        help="what to do (default: info)",
    ),
    _flag("--yes", ARCHIVE, **_YES, help="clear without being asked"),
    _flag(
        "--live",
        *_SHOWING,
        type=_whole(LEAST, MOST),
        metavar="SECONDS",
        help=f"refresh so often, {LEAST} or more (default: {USUAL})",
    ),
    _flag("--no-live", *_SHOWING, **_YES, help="refresh only when asked"),
    _flag("--pause-unfocused", *_SHOWING, **_YES, help="do not refresh while the terminal has no focus"),
    _flag(
        "--width",
        DASHBOARD,
        choices=["1d", "1h", "1m"],
        help="begin with days, today's hours, or this hour's minutes",
    ),
    _flag("--no-mouse", *_SHOWING, **_YES, help="leave the mouse to the terminal"),
    _flag("--no-bell", *_SHOWING, **_YES, help="no bell when a pool crosses a threshold"),
    _flag("--format", EXPORT, choices=["markdown"], help="how to print (default: markdown)"),
    _flag("--by", EXPORT, choices=["model", "pool", "none"], help="a line a model, pool or day (default: model)"),
    _flag(
        "--max-model-length",
        EXPORT,
        type=_whole(0, 10_000),
        metavar="N",
        help="cut model names at N, 0 for no cut (default: 30)",
    ),
    _flag("--raw", EXPORT, **_YES, help="print the API's own JSON pages, one a line"),
    _flag("--json", POOLS, WHY, **_YES, help="print JSON"),
    _flag("--oneline", POOLS, **_YES, help="print one short line for a prompt or a status line"),
    _flag(
        "--max-age",
        POOLS,
        type=_whole(0, 86_400),
        metavar="SECONDS",
        help="with --oneline: ask the API at most so often (default: 60)",
    ),
    _flag("--date", POOLS, WHY, type=_date, metavar="YYYY-MM-DD", help="the UTC day (default: today)"),
    _flag("--model", WHY, type=_name, metavar="MODEL", help="only this model"),
    _flag("--pool", CHECK, choices=["large", "small"], help="which pool"),
    _flag("--max-percent", CHECK, type=_percent, metavar="N", help="the bound: this much of the pool is used"),
    _flag("--min-left", CHECK, type=_whole(1, 10**15), metavar="TOKENS", help="the bound: less than this is left"),
    _flag("--wait", CHECK, **_YES, help="wait until the pool is below the bound, the reset included"),
    _flag(
        "--port",
        DEMO_SERVER,
        type=_whole(0, 65_535),
        metavar="P",
        help="port on 127.0.0.1, 0 for any that is free (default: 8765)",
    ),
    _flag("--seed", DEMO_SERVER, type=_whole(0, 10**9), metavar="S", help="which organization (default: 1)"),
)

_APART = (
    ("demo", "replay"),
    ("demo", "base_url"),
    ("replay", "base_url"),
    ("replay", "raw"),
    ("raw", "by_pool"),
    ("raw", "format"),
    ("raw", "max_model_length"),
    ("json", "oneline"),
    ("oneline", "date"),
    ("max_percent", "min_left"),
    ("live", "no_live"),
    ("archive", "no_archive"),
    ("demo", "archive"),
    ("replay", "archive"),
    ("offline", "no_archive"),
    ("offline", "demo"),
    ("offline", "replay"),
    ("offline", "raw"),
    ("offline", "live"),
    ("replay", "live"),
    ("replay", "width"),
)


def parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return the whole command line, and the parser of each subcommand.

    Every flag is known before the subcommand as well, hidden where it does not belong to the dashboard. A flag that
    is not given leaves no trace, so the subcommand's parser does not undo what stood before it.
    """
    main = argparse.ArgumentParser(
        PROGRAM,
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    version = f"{PROGRAM} {__version__}"
    main.add_argument("--version", action="version", version=version)
    parsers: dict[str, argparse.ArgumentParser] = {}
    for flag in FLAGS:
        hidden = {} if DASHBOARD in flag.commands else {"help": argparse.SUPPRESS}
        if flag.name.startswith("--"):
            main.add_argument(flag.name, default=argparse.SUPPRESS, **{**flag.options, **hidden})
    commands = main.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for name, (words, epilog) in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=words,
            description=f"{words[:1].upper()}{words[1:]}.",
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        parsers[name] = command
        command.add_argument("--version", action="version", version=version, help=argparse.SUPPRESS)
        for flag in FLAGS:
            if name in flag.commands:
                command.add_argument(flag.name, **{"default": argparse.SUPPRESS, **flag.options})
    return main, parsers


def parse(arguments: Sequence[str], *, piped: bool) -> dict[str, Any]:
    """Return what was said: `command` (None for the dashboard), and the flags that were given.

    `piped` says that stdout is no terminal: then the dashboard is an export.

    Raises:
        SystemExit: after a message, for `--help`, `--version` and what cannot be understood (status 2).
    """
    main, parsers = parser()
    found, unknown = main.parse_known_args(arguments)
    said = vars(found)
    if unknown:
        parsers.get(said["command"], main).error(f"unrecognized arguments: {' '.join(unknown)}")
    if said["command"] is DASHBOARD and piped:
        said["command"] = EXPORT
    command = said["command"]
    error = parsers.get(command, main).error
    for flag in FLAGS:
        if flag.key in said and command not in flag.commands:
            places = ", ".join(name or "the dashboard" for name in flag.commands)
            error(f"{flag.name} belongs to {places}")
    names = {flag.key: flag.name for flag in FLAGS} | {"by_pool": "--by pool"}
    given = said.keys() | ({"by_pool"} if said.get("by") == "pool" else set())
    for one, other in _APART:
        if one in given and other in given:
            error(f"{names[one]} and {names[other]} exclude each other")
    if command == CHECK and ("pool" not in said or not {"max_percent", "min_left"} & said.keys()):
        error("check needs --pool and one of --max-percent and --min-left")
    if "max_age" in said and "oneline" not in said:
        error("--max-age belongs to --oneline")
    return said


def run(arguments: Sequence[str]) -> int:
    """Do what was said and return the exit status."""
    # Either may have been closed by whoever started the program.
    sys.stderr = sys.stderr or io.StringIO()
    is_closed = sys.stdout is None
    sys.stdout = sys.stdout or io.StringIO()
    said = parse(arguments, piped=not sys.stdout.isatty())
    if is_closed and said["command"] != CHECK:  # whose answer is its status
        sys.stderr.write(f"{PROGRAM}: there is no output to write to.\n")
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a pipe that is not UTF-8 gets what it can take
    try:
        from tui import wiring

        status = wiring.run(said)
        sys.stdout.flush()
    except TuiError as error:
        sys.stderr.write(f"{PROGRAM}: {error.sentence}\n")
        status = error.exit_status
    except KeyboardInterrupt:
        status = 130
    except OSError as error:
        # What goes to stdout is written here and in the commands; every other file is read with care.
        status = 0 if isinstance(error, BrokenPipeError) else 2
        if status:
            sys.stderr.write(f"{PROGRAM}: the output cannot be written ({error.strerror or error}).\n")
        # Python flushes stdout once more on its way out, so it gets a place to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status
