"""The man page: what it tells, and that roff shows it as it is meant."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tui import PROGRAM
from tui.cli import main as cli
from tui.cli import man
from tui.cli.help import COMMANDS, FILES, MAIN
from tui.config import paths

PAGE = man.page(*cli.parser())


def shown(page: str) -> str:
    """The page as text, as far as this page's own requests go."""
    lines = [re.sub(r"^\.S[HS] ", "", line) for line in page.splitlines()]
    text = "\n".join(line for line in lines if not re.match(r"\.[A-Za-z]", line))
    text = re.sub(r"\\f[BIR]", "", text).replace(r"\-", "-").replace(r"\&", "")
    for name, char in {"(aq": "'", "(ga": "`", "(ha": "^", "(ti": "~", "(dq": '"', "(rs": "\\"}.items():
        text = text.replace("\\" + name, char)
    return text


def test_what_is_committed_is_what_the_command_line_says_of_itself():
    made = (ROOT / "docs" / f"{PROGRAM}.1").read_text(encoding="ascii")
    assert made == PAGE, f"make it anew: python -m tui.cli.man > docs/{PROGRAM}.1"


def test_the_sections_are_those_of_a_man_page_in_their_order():
    assert PAGE.startswith(r".TH OAI\-USAGE\-TUI 1 ")
    assert re.findall(r"^\.SH (.*)", PAGE, re.MULTILINE) == [
        *("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXAMPLES", "ENVIRONMENT", "FILES", "EXIT STATUS")
    ]
    name = PAGE.partition(".SH NAME\n")[2].splitlines()[0]
    assert re.fullmatch(r"oai\\-usage\\-tui \\- [a-z].*", name), "whatis and apropos read this line"


def test_every_request_is_one_of_man_and_every_block_is_closed():
    requests = re.findall(r"^[.'](\S*)", PAGE, re.MULTILINE)
    assert set(requests) == {"TH", "SH", "SS", "TP", "PP", "RS", "RE", "nf", "fi", "br", "nh"}
    assert requests.count("RS") == requests.count("RE")
    assert requests.count("nf") == requests.count("fi")
    assert PAGE.isascii()


def test_every_flag_that_help_shows_is_told_with_all_its_words():
    text = shown(PAGE)
    main, parsers = cli.parser()
    for parser in (main, *parsers.values()):
        section = text if parser is main else text.partition(f'\n"{parser.prog}"\n')[2]
        for action in parser._actions:
            if action.help != argparse.SUPPRESS and action.option_strings:
                assert action.option_strings[-1] in section
                assert action.help in text
    assert "--pause-unfocused" in text
    assert text.count("\n--max-age SECONDS\n") == 1


def test_every_example_and_status_is_told_as_help_tells_it():
    text = shown(PAGE)
    for texts in (MAIN, *COMMANDS.values()):
        for line, _ in texts.examples:
            assert f"\n{line}\n" in text
    assert [int(status) for status in re.findall(r"^\.TP\n\\fB(\d+)\\fR$", PAGE, re.MULTILINE)] == list(MAIN.statuses)


@pytest.mark.skipif(sys.platform != "linux", reason="the files are told for Linux")
def test_the_files_are_where_the_program_keeps_them():
    config = paths.config_path()
    kept = [config, config.with_name("prices.toml"), paths.state_path(), paths.archive_path(), paths.cache_path()]
    assert [Path(name).expanduser() for name in FILES] == kept


def test_what_roff_would_take_for_its_own_is_shown_as_it_is():
    hostile = "a\\fBb -x --long 'q' `c` ^ ~ \"d\"\n.SH no\n'br\nüber → 100%"
    roff = man.escaped(hostile)
    assert not re.search(r"^[.']", roff, re.MULTILINE)
    assert roff.isascii()
    assert r"\[u00FC]ber \[u2192]" in roff
    assert shown(roff).startswith(hostile.partition("ü")[0])


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff here")
def test_groff_has_nothing_to_warn_of_and_shows_flags_that_can_be_copied():
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", "-P-cbou"],
        input=PAGE,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stderr == ""
    assert "--max-model-length N" in done.stdout
    assert "set -g status-right '#(oai-usage-tui pools --oneline)'" in done.stdout
