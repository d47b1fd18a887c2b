"""What shells complete, asked of the shells themselves where they are installed."""

from __future__ import annotations

import argparse
import os

import pytest

from tui.cli import main as cli

_FREE = {"HOST:PORT", "MONTH", "N", "SECONDS", "TOKENS", "P", "S", "URL", "MODEL", "NAME", "MIN"}
"""What help calls values that nobody can list: numbers, addresses, names of the organization's own things."""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_every_flag_that_takes_one_of_a_list_or_a_file_is_completed(shell, capsys):
    assert cli.run(["completion", shell], os.environ) == 0
    script = capsys.readouterr().out
    completes = {
        "bash": "{0}_choices=|{0}_COMPGEN=",
        "zsh": "{0}[",
        "fish": "-l {1} -xka",
        "tcsh": "n/{0}/",
    }[shell]
    main, parsers = cli.parser()
    for action in (action for parser in (main, *parsers.values()) for action in parser._actions):
        if not action.option_strings or action.nargs == 0 or action.help == argparse.SUPPRESS:
            continue
        flag = action.option_strings[-1]
        if action.metavar in _FREE - ({"NAME"} if flag == "--theme" else set()):
            continue
        name = flag.replace("-", "_") if shell == "bash" else flag
        forms = completes.format(name, flag.removeprefix("--"))
        assert any(form in script for form in forms.split("|")), flag


@pytest.mark.parametrize(
    ("shell", "part"),
    [
        ("zsh", ":FILE:_files"),
        ("zsh", "_values -s , by model"),
        ("tcsh", "'n/--output/f/'"),
        ("tcsh", "n/--by/(model"),
    ],
)
def test_shells_that_may_not_be_installed_get_their_own_words(shell, part, capsys):
    assert cli.run(["completion", shell], os.environ) == 0
    assert part in capsys.readouterr().out
