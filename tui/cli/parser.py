"""How a command line is parsed: what a flag that is not given leaves, and how what is wrong is said."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from tui.cli.help_text import HelpText
from tui.system import streams

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

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
