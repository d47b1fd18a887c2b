"""What can be said on the command line."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tui import PROGRAM, __version__
from tui.cli_flags import APART, DASHBOARD, FLAGS
from tui.cli_texts import CHECK, COMMANDS, COMPLETION, EXPORT, MAIN
from tui.domain.vocabulary import MAX_DAYS
from tui.errors import TuiError


def parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return the whole command line, and the parser of each subcommand.

    Every flag is known before the subcommand as well, hidden where it does not belong to the dashboard. A flag that
    is not given leaves no trace, so the subcommand's parser does not undo what stood before it.
    """
    main = argparse.ArgumentParser(
        PROGRAM,
        description=MAIN.description,
        epilog=MAIN.epilog,
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
    for name, texts in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=texts.words,
            description=texts.description,
            epilog=texts.epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        parsers[name] = command
        command.add_argument("--version", action="version", version=version, help=argparse.SUPPRESS)
        for flag in FLAGS:
            if name in flag.commands:
                hidden = {"help": argparse.SUPPRESS} if name in flag.idle else {}
                command.add_argument(flag.name, **{"default": argparse.SUPPRESS, **flag.options, **hidden})
    return main, parsers


def parse(arguments: Sequence[str], *, piped: bool, now: datetime | None = None) -> dict[str, Any]:
    """Return what was said: `command` (None for the dashboard), and the flags that were given.

    `piped` says that stdout is no terminal: then the dashboard is an export. `now` is what today and yesterday are
    counted from, None for this machine's time.

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
    today = (now or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    said.update({name: today - value for name, value in said.items() if isinstance(value, timedelta)})
    _refuse_together(said, error)
    return said


def _refuse_together(said: dict[str, Any], error: Callable[[str], object]) -> None:
    """Refuse flags that exclude or need each other."""
    names = {flag.key: flag.name for flag in FLAGS}
    for one, other in APART:
        if one in said and other in said:
            error(f"{names[one]} and {names[other]} exclude each other")
    if said["command"] == CHECK and ("pool" not in said or not {"max_percent", "min_left"} & said.keys()):
        error("check needs --pool and one of --max-percent and --min-left")
    if "until" in said and "since" not in said:
        error("--until needs --since")
    if "since" in said and not said["since"] <= said.get("until", said["since"]) <= said["since"] + timedelta(
        days=MAX_DAYS
    ):
        error(f"--until must be a day from --since on, at most {MAX_DAYS} later")
    if "max_age" in said and "oneline" not in said:
        error("--max-age belongs to --oneline")


def _done(said: dict[str, Any]) -> int:
    if said["command"] == COMPLETION:
        from tui.wiring import completing

        return completing.run(parser()[0], said["shell"])
    from tui import wiring

    return wiring.run(said)


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
        status = _done(said)
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
