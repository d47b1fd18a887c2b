"""What can be said on the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from tui import __version__
from tui.errors import TuiError

PROGRAM = "oai-usage-tui"
MAX_DAYS = 365
EXPORT, DEMO_SERVER = "export", "demo-server"

_Add = Callable[..., object]

_DESCRIPTION = """\
A terminal dashboard for an OpenAI organization: tokens per UTC day and model,
charts of input and output, and how much of today's free pools is used. With
its output in a pipe it prints the same data as a Markdown table."""

_EPILOG = """\
the admin key comes from OPENAI_ADMIN_KEY, or from admin_key_command in
config.toml; never from a flag.

examples:
  oai-usage-tui --demo                     look around, without a key
  oai-usage-tui --days 30                  today and the 30 days before it
  oai-usage-tui export > usage.md          the same data as a Markdown table
  oai-usage-tui export --raw > pages.json  the API's own answers
  oai-usage-tui --replay pages.json        look at them again, offline

exit status: 0 done, 2 wrong usage, 3 key missing or refused, 4 API or network
failed, or only a part of the window could be read"""

_EXPORT_EPILOG = """\
data goes to stdout, everything else to stderr. Where only a part of the window
could be read, that part is printed, the missing days are named on stderr, and
the exit status is 4.

examples:
  oai-usage-tui export --days 6
  oai-usage-tui export --by none --max-model-length 0
  oai-usage-tui export --replay pages.json"""


def _common(add: _Add) -> None:
    """Add the flags that go before and after the subcommand alike."""
    add("--demo", action="store_true", help="show a synthetic organization; needs no key")
    add("--replay", metavar="FILE", help="read what `export --raw` saved instead of asking")
    add("--days", type=_days, metavar="N", help=f"whole UTC days before today, 0 to {MAX_DAYS} (default: 14)")
    add("--base-url", metavar="URL", help="where to ask (default: https://api.openai.com/v1)")
    add("--no-mouse", action="store_true", help="leave the mouse to the terminal")


def _export(add: _Add) -> None:
    add("--format", choices=["markdown"], help="how to print (default: markdown)")
    add("--by", choices=["model", "none"], help="one line a model, or one a day (default: model)")
    add("--max-model-length", type=_length, metavar="N", help="cut model names at N, 0 for no cut (default: 30)")
    add("--raw", action="store_true", help="print the API's own JSON pages, one a line")


def _demo_server(add: _Add) -> None:
    add("--port", type=_port, metavar="P", help="port on 127.0.0.1, 0 for any that is free (default: 8765)")
    add("--seed", type=int, metavar="S", help="which synthetic organization (default: 1)")


def _days(value: str) -> int:
    return _whole(value, 0, MAX_DAYS)


def _port(value: str) -> int:
    return _whole(value, 0, 65_535)


def _length(value: str) -> int:
    return _whole(value, 0, 10_000)


def _whole(value: str, low: int, high: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10 and low <= int(value) <= high):
        raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}")
    return int(value)


def _names(adder: Callable[[_Add], None]) -> dict[str, str]:
    """Return the flags that `adder` adds, by the name that they have once parsed."""
    found: dict[str, str] = {}
    adder(lambda flag, **_: found.setdefault(flag.removeprefix("--").replace("-", "_"), flag))
    return found


def _on(parser: argparse.ArgumentParser, *, hidden: bool = False) -> _Add:
    """Return how to add a flag that is absent from the result when it is not given.

    That is what lets the same flag stand before and after the subcommand: the second parser leaves alone what the
    first one found.
    """

    def add(*names: str, **options: Any) -> None:  # noqa: ANN401  argparse's own
        if hidden:
            options["help"] = argparse.SUPPRESS
        parser.add_argument(*names, default=argparse.SUPPRESS, **options)

    return add


def parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    main = argparse.ArgumentParser(
        PROGRAM,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    main.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    _common(_on(main))
    _export(_on(main, hidden=True))
    _demo_server(_on(main, hidden=True))
    commands = main.add_subparsers(title="commands", dest="command", metavar="COMMAND")

    def command(name: str, words: str, epilog: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=words,
            description=f"{words[:1].upper()}{words[1:]}.",
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    export = command(EXPORT, "print the window as a Markdown table", _EXPORT_EPILOG)
    _common(_on(export))
    _export(_on(export))
    server = command(
        DEMO_SERVER,
        "serve the demo organization's API on this machine",
        "It accepts any key that begins with sk-admin- and needs the extra: pip install 'oai-usage-tui[server]'",
    )
    _demo_server(_on(server))
    return main


def parse(arguments: Sequence[str], *, piped: bool) -> dict[str, Any]:
    """Return what was said: `command` (None for the dashboard), and the flags that were given.

    `piped` says that stdout is no terminal: then the dashboard is an export.

    Raises:
        SystemExit: after a message, for `--help`, `--version` and what cannot be understood (status 2).

    """
    main = parser()
    said = vars(main.parse_args(arguments))
    if said["command"] is None and piped:
        said["command"] = EXPORT
    flags = {None: {}, EXPORT: _names(_export), DEMO_SERVER: _names(_demo_server)}
    for command, own in flags.items():
        for name, flag in own.items():
            if name in said and said["command"] != command:
                main.error(f"{flag} belongs to: {PROGRAM} {command}")
    if said["command"] == DEMO_SERVER:
        for name, flag in _names(_common).items():
            if name in said:
                main.error(f"{flag} means nothing to {DEMO_SERVER}")
    for one, other in (("demo", "replay"), ("demo", "base_url"), ("replay", "base_url"), ("replay", "raw")):
        if one in said and other in said:
            flag, another = (f"--{name.replace('_', '-')}" for name in (one, other))
            main.error(f"{flag} and {another} exclude each other")
    return said


def run(arguments: Sequence[str]) -> int:
    """Do what was said and return the exit status."""
    said = parse(arguments, piped=not sys.stdout.isatty())
    from tui import wiring

    try:
        status = wiring.run(said)
        sys.stdout.flush()
    except TuiError as error:
        sys.stderr.write(f"{PROGRAM}: {error.sentence}\n")
        return error.exit_status
    except BrokenPipeError:
        # Whoever read has read enough. Python flushes stdout once more on its way out, so it gets a place to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return status
