"""What can be said on the command line."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from tui import PROGRAM, first_frame
from tui.cli.flags import EXCLUDING, parser
from tui.cli.help import COMMANDS
from tui.cli.parser import NOTHING_STARTED, Parser
from tui.config.subcommands import ARCHIVE, CHECK, COMPLETION, EXPORT, RUN, SERVE
from tui.domain.bounds import MAX_DAYS
from tui.errors import UNKNOWN, BadSettings, InternalError, TuiError
from tui.system import streams

if TYPE_CHECKING:
    from tui.config.args import Args


def parse(arguments: Sequence[str], *, piped: bool, now: datetime | None = None) -> Args:
    """Return what was said.

    `piped` says that stdout is no terminal: then the dashboard is an export. `now` is what today and yesterday are
    counted from, None for this machine's time.

    Raises:
        SystemExit: after a message, for `--help`, `--version` and what cannot be understood (status 2).
    """
    main, parsers = parser()
    every: dict[str | None, Parser] = {None: main}
    every.update(parsers)
    arguments, command_line = _apart(arguments)
    command, words = _parted(arguments, every.values())
    is_help = not {"-h", "--help", "--version"}.isdisjoint(arguments)
    is_said = command is not None
    command = EXPORT if command is None and piped and not is_help else command
    mine = every[command]
    found, unknown = mine.parse_known_args(words)
    if command == RUN and unknown and not unknown[0].startswith("-") and not command_line:
        mine.error(f"a command stands behind --, as in: {PROGRAM} run -- {_example(unknown)}")
    if not is_said and unknown and not unknown[0].startswith("-"):
        main.error(_no_command(unknown[0]))
    for flag in unknown:
        name = flag.partition("=")[0]
        places = [place or "the dashboard" for place, each in every.items() if name in _flags(each)]
        mine.error(f"{name} belongs to {', '.join(places)}" if places else f"unrecognized arguments: {flag}")
    today = (now or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    given_values: dict[str, Any] = {
        name: today - value if isinstance(value, timedelta) else value for name, value in vars(found).items()
    }
    from tui.config.args import Args  # late: `--help` has ended here

    if command == RUN and not command_line:
        mine.error(f"say what to run behind --, as in: {PROGRAM} run -- make test")
    if command != RUN and command_line:
        mine.error("-- and a command belong to run")
    args = Args(**{**given_values, "command": command, "command_line": command_line})
    _refuse_together(args, {f"--{name.replace('_', '-')}" for name in given_values}, mine.error)
    _refuse_window(args, mine.error)
    if command == CHECK:
        _refuse_bounds(args, mine.error)
    return args


def _no_command(word: str) -> str:
    """Return that there is no such subcommand, and which may be meant."""
    from difflib import get_close_matches  # late, as it is seldom needed

    near = get_close_matches(word, COMMANDS, 1)
    rest = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
    return f"there is no command {word!r}; {rest}"


def _example(words: Sequence[str]) -> str:
    """Return how a shell is told the first of these words; of others, flags may have been taken for ours."""
    from shlex import quote  # late, as it is seldom needed

    return quote(words[0]) + (" …" if len(words) > 1 else "")


def _apart(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return what is said to us, and the command that is to be run, which stands behind `--`."""
    if "--" not in arguments:
        return arguments, ()
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def _parted(arguments: Sequence[str], parsers: Iterable[Parser]) -> tuple[str | None, Sequence[str]]:
    """Return the subcommand, and the other words: flags may stand before it as well as behind it."""
    taking = {name for each in parsers for name, nargs in _flags(each).items() if nargs is None}
    for at, word in enumerate(arguments):
        if word in COMMANDS and (at == 0 or arguments[at - 1] not in taking):
            places = [*takewhile(lambda word: not word.startswith("-"), arguments[at + 1 :])]
            return word, [*places, *arguments[:at], *arguments[at + 1 + len(places) :]]
    return None, arguments


def _flags(parser: Parser) -> dict[str, int | str | None]:
    """Return the names of a parser's flags, and how many values each takes: None for one."""
    actions = parser._actions  # noqa: SLF001  argparse has no other way to its own declaration
    return {name: action.nargs for action in actions for name in action.option_strings}


def _refuse_together(args: Args, given: AbstractSet[str], error: Callable[[str], object]) -> None:
    """Refuse flags that exclude or need each other."""
    for one, others in EXCLUDING.items():
        for other in others if one in given else ():
            if other in given:
                error(f"argument {other}: not allowed with argument {one}")
    if args.excel and args.format not in {None, "csv"}:
        error("--excel belongs to --format csv")
    if args.now and not args.demo:
        error("--now belongs to --demo")
    if args.max_age is not None and not (args.oneline or args.form):
        error("--max-age belongs to --oneline and --format")


def _refuse_window(args: Args, error: Callable[[str], object]) -> None:
    """Refuse dates that are no window, and a window where none is asked for."""
    if args.until is not None and args.since is None:
        error("--until needs --since")
    most = timedelta(days=MAX_DAYS)
    if args.since is not None and not args.since <= (args.until or args.since) <= args.since + most:
        error(f"--until must be a day from --since on, at most {MAX_DAYS} later")
    for flag, value in (("--since", args.since), ("--window", args.window)):
        if args.command == ARCHIVE and value is not None and args.action != "refresh":
            error(f"{flag} belongs to archive refresh")


def _refuse_bounds(args: Args, error: Callable[[str], object]) -> None:
    """Refuse a bound of a pool without one, and one of the month with one."""
    if args.check_month == bool(args.pool):
        error("--month stands without --pool" if args.pool else "say which pool: --pool large or --pool small")
    if args.check_month and args.wait:
        error("--wait is about a pool")


def _done(args: Args, environment: Mapping[str, str]) -> int:
    if args.command == COMPLETION:
        from tui.cli import completion

        return completion.run(parser()[0], args.shell)
    from tui.bootstrap import commands

    try:
        return commands.run(args, environment)
    finally:
        first_frame.give_back()  # before it is said what went wrong


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Do what was said and return the exit status, whatever becomes of the streams."""
    closed = streams.open_closed()
    try:
        args = parse(arguments, piped=not sys.stdout.isatty())
        status = _status(args, environment, has_output="stdout" not in closed)
    except SystemExit as end:  # argparse, which has said why
        status = int(end.code or 0)
    except OSError as error:
        # What goes to stdout is written here and in the commands; every other file is read with care.
        status = _unwritable(error)
    problem = streams.finish()
    return status if problem is None else max(status, _unwritable(problem))


def _status(args: Args, environment: Mapping[str, str], *, has_output: bool) -> int:
    """Do what was said and return the exit status."""
    if not has_output and _prints(args):
        streams.warn(f"{PROGRAM}: there is no output to write to.")
        return BadSettings.exit_status
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a pipe that is not UTF-8 gets what it can take
    try:
        return _done(args, environment)
    except TuiError as error:
        streams.warn(f"{PROGRAM}: {error.sentence}")
        return NOTHING_STARTED if args.command == RUN else error.exit_status
    except KeyboardInterrupt:
        return 130
    except OSError:
        raise
    except Exception as error:  # a fault of our own: no traceback's status may be taken for an answer
        if sys.flags.dev_mode:
            raise
        from tui.domain import sanitize

        fault = sanitize.clean(InternalError.of(error).sentence)
        streams.warn(f"{PROGRAM}: {fault} It happened at {_place(error)}.")
        return {CHECK: UNKNOWN, RUN: NOTHING_STARTED}.get(args.command or "", InternalError.exit_status)


def _prints(args: Args) -> bool:
    """Return whether the command is of no use without stdout. `check` gives a status, and `serve` listens."""
    return args.command not in {CHECK, RUN, SERVE} and args.output is None and args.action == "info"


def _unwritable(error: OSError) -> int:
    """Say that stdout cannot be written and return the exit status; a reader who has enough is no error."""
    if isinstance(error, BrokenPipeError):
        return 0
    streams.warn(f"{PROGRAM}: the output cannot be written ({error.strerror or error}).")
    return BadSettings.exit_status


def _place(error: Exception) -> str:
    """Return the innermost line of this program that an error went through."""
    import traceback
    from pathlib import Path

    here = Path(__file__).parent.parent
    lines = traceback.extract_tb(error.__traceback__)
    inside = [line for line in lines if Path(line.filename).is_relative_to(here)] or lines
    return f"{Path(inside[-1].filename).name}:{inside[-1].lineno}"
