"""`oai-usage-tui completion`: what a shell needs to know to complete the command line."""

from __future__ import annotations

import sys
from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator, Mapping, Sequence

from tui import PROGRAM
from tui.cli.values import DAYS_AGO
from tui.domain.dimensions import DIMENSIONS
from tui.domain.kinds import Kind
from tui.domain.metrics import metrics
from tui.domain.what import What
from tui.domain.windows import NAMED

_FILES, _NAMES = {"FILE", "PATH"}, "NAMES"
"""How help calls what a flag takes, where that is a file, or names with commas between."""


def run(parser: ArgumentParser, shell: str) -> int:
    """Print a script for the shell, made from the command line's own description, and return the exit status."""
    import shtab

    values = _values()
    for action in _actions(parser):
        if action.metavar in _FILES:
            vars(action)["complete"] = "file"  # where shtab looks for it
        elif action.metavar == _NAMES and action.dest in values:
            vars(action)["complete"] = _names(action.dest, values[action.dest])
        elif action.dest in values:
            action.choices = values[action.dest]
    sys.stdout.write(shtab.complete(parser, shell))
    return 0


def _values() -> Mapping[str, Sequence[str]]:
    """Return what flags take whose parser does not list it, by the name under which argparse keeps it."""
    from tui.ui import theme

    events = tuple(what.value for what in What)
    columns = dict.fromkeys(name for kind in Kind for name in metrics(kind))
    days = dict.fromkeys(("date", "since", "until"), tuple(DAYS_AGO))
    names = {"by": (*DIMENSIONS, "none"), "columns": tuple(columns), "events": events}
    return {"theme": theme.NAMES, "window": tuple(NAMED), **names, **days}


def _actions(parser: ArgumentParser) -> Iterator[Action]:
    """Yield the arguments of a parser and of its subcommands."""
    for action in parser._actions:  # noqa: SLF001  argparse has no other way to its own declaration
        yield action
        if isinstance(action, _SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)


def _names(flag: str, names: Sequence[str]) -> dict[str, str | dict[str, str]]:
    """Return for each shell how names with commas between are completed; tcsh completes the first one only."""
    words, function = " ".join(names), f"_{PROGRAM.replace('-', '_')}_{flag}"
    bash = f"""
# $1: the word so far; what stands before its last comma stays
{function}() {{
  local before="" name
  [[ "$1" == *,* ]] && before="${{1%,*}},"
  for name in {words}; do
    [[ ",$before" == *",$name,"* ]] || compgen -W "$before$name" -- "$1"
  done
}}"""
    return {
        "bash": function,
        "zsh": f"_values -s , {flag} {words}",
        "tcsh": f"({words})",
        "fish": f"(__fish_append , {words})",
        "preamble": {"bash": bash},
    }
