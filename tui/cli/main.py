"""What can be said on the command line."""

from __future__ import annotations

import argparse
import io
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui import PROGRAM, __version__, streams
from tui.cli.flags import APART, DASHBOARD, FLAGS, STDOUT
from tui.cli.help import CHECK, COMMANDS, COMPLETION, EXPORT, MAIN
from tui.domain import text
from tui.domain.window import MAX_DAYS
from tui.errors import UNKNOWN, BadSettings, InternalError, TuiError

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


class Parser(argparse.ArgumentParser):
    """A parser that does not keep it to itself where stdout cannot be written."""

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        is_output = file is sys.stdout
        if is_output:
            sys.stdout.write(message)
        else:
            streams.warn(message, end="")


def parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return the whole command line, and the parser of each subcommand.

    Every flag is known before the subcommand as well, hidden where it does not belong to the dashboard. A flag that
    is not given leaves no trace, so the subcommand's parser does not undo what stood before it.
    """
    main = Parser(
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
    if "excel" in said and said.setdefault("format", "csv") != "csv":
        error("--excel belongs to --format csv")
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
    """Do what was said and return the exit status, whatever becomes of the streams."""
    closed = streams.open_closed()
    try:
        said = parse(arguments, piped=not sys.stdout.isatty())
        status = _status(said, has_output="stdout" not in closed)
    except SystemExit as end:  # argparse, which has said why
        status = int(end.code or 0)
    except OSError as error:
        # What goes to stdout is written here and in the commands; every other file is read with care.
        status = _unwritable(error)
    problem = streams.finish()
    return status if problem is None else max(status, _unwritable(problem))


def _status(said: dict[str, Any], *, has_output: bool) -> int:
    """Do what was said and return the exit status."""
    if not has_output and _prints(said):
        streams.warn(f"{PROGRAM}: there is no output to write to.")
        return BadSettings.exit_status
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a pipe that is not UTF-8 gets what it can take
    try:
        return _done(said)
    except TuiError as error:
        streams.warn(f"{PROGRAM}: {error.sentence}")
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    except OSError:
        raise
    except Exception as error:  # a fault of our own: no traceback's status may be taken for an answer
        if sys.flags.dev_mode:
            raise
        fault = text.inert(InternalError.of(error).sentence)
        streams.warn(f"{PROGRAM}: {fault} It happened at {_place(error)}.")
        return UNKNOWN if said["command"] == CHECK else InternalError.exit_status


def _prints(said: dict[str, Any]) -> bool:
    """Return whether the command is of no use without stdout. That of `check` is its status."""
    is_file = said.get("output", STDOUT[0]) not in STDOUT
    return not (said["command"] == CHECK or is_file or said.get("action", "info") != "info")


def _unwritable(error: OSError) -> int:
    """Say that stdout cannot be written and return the exit status; a reader who has enough is no error."""
    if isinstance(error, BrokenPipeError):
        return 0
    streams.warn(f"{PROGRAM}: the output cannot be written ({error.strerror or error}).")
    return BadSettings.exit_status


def _place(error: Exception) -> str:
    """Return the innermost line of this program that an error went through."""
    here = Path(__file__).parent.parent
    lines = traceback.extract_tb(error.__traceback__)
    inside = [line for line in lines if Path(line.filename).is_relative_to(here)] or lines
    return f"{Path(inside[-1].filename).name}:{inside[-1].lineno}"
