"""What `--help` shows is true: its examples work as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.builders import NOW, TODAY
from tui import PROGRAM
from tui.cli import main as cli
from tui.cli.help import COMMANDS, MAIN
from tui.cli.shared_flags import PERIODS, WINDOWS
from tui.domain.periods import Period
from tui.domain.windows import NAMED

MAIN_PARSER, PARSERS = cli.parser()

EXAMPLES = [line for texts in (MAIN, *COMMANDS.values()) for line, _ in texts.examples]


def arguments(line: str) -> list[str]:
    """What the program is given by a line of the shell."""
    said = re.search(rf"{PROGRAM}(?= |$)([^|>;&)]*)", line)
    assert said
    return shlex.split(said[1])


def test_each_command_has_a_description_and_examples_of_its_own():
    for name, parser in PARSERS.items():
        assert parser.description.endswith((".", "]'"))
        examples = COMMANDS[name].examples
        assert 2 <= len(examples) <= 5
        assert all(arguments(line)[0] == name for line, _ in examples)


@pytest.mark.parametrize("parser", [MAIN_PARSER, *PARSERS.values()], ids=["", *PARSERS])
def test_what_help_says_of_an_example_is_a_comment_for_the_shell(parser):
    shown = parser.format_help().partition("examples:\n")[2].partition("\n\n")[0].splitlines()
    examples = (MAIN if parser is MAIN_PARSER else COMMANDS[parser.prog.split()[-1]]).examples
    assert [tuple(re.split(r" +# ", line.strip())) for line in shown] == [
        tuple(filter(None, each)) for each in examples
    ]


@pytest.mark.parametrize("line", EXAMPLES)
def test_each_example_is_understood(line):
    assert cli.parse(arguments(line), piped=False)


@pytest.mark.parametrize("parser", [MAIN_PARSER, *PARSERS.values()], ids=["", *PARSERS])
def test_help_fits_a_terminal_of_80_columns(parser, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    wide = [line for line in parser.format_help().splitlines() if len(line) > 79]
    assert [line for line in wide if "/completion" not in line] == [], "only a path that cannot be broken is longer"


def test_flags_of_the_screen_are_taken_by_an_export_and_not_told_there(capsys):
    assert cli.parse(["export", "--no-mouse", "--live", "30"], piped=False).command == "export"
    with pytest.raises(SystemExit):
        cli.parse(["export", "--help"], piped=False)
    told = capsys.readouterr().out
    assert "--no-mouse" not in told
    assert "--live" not in told
    assert "--no-mouse" in MAIN_PARSER.format_help()


ENDLESS = ("demo-server", "oai-usage-tui watch", "oai-usage-tui serve")


@pytest.mark.parametrize(
    "line", [line for line in EXAMPLES if "--offline" not in line and not any(each in line for each in ENDLESS)]
)
def test_each_example_does_what_it_says_on_the_demo(line, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    said = arguments(line)
    if said[0] == "check":
        said = [word for word in said if word != "--wait"]
    if "--replay" in said:
        assert cli.run(["export", "--demo", "--raw", "--days", "2"], os.environ) == 0
        (tmp_path / "pages.json").write_text(capsys.readouterr().out)
    elif said[0] not in {"archive", "completion", "--demo"}:
        said = ["--demo", *said]
    if "--" in said:
        said = [*said[: said.index("--") + 1], "true"]
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"  # an example's own day grows old
    said = [yesterday if re.fullmatch(r"\d{4}-\d\d-\d\d", word) else word for word in said]
    asked = {0, 1, 5} if "check" in said else {0}  # 5: just after midnight
    assert cli.run(said, os.environ) in asked, capsys.readouterr().err
    if "--output" in said:
        assert (tmp_path / said[said.index("--output") + 1]).read_text()
    else:
        says_all_on_stderr = not {"archive", "check", "run"}.isdisjoint(said)
        assert capsys.readouterr().out or says_all_on_stderr


@pytest.mark.parametrize(
    "line", ["pools --date {}", "why --date {}", "export --since {}", "export --since {} --until {}"]
)
@pytest.mark.parametrize(("word", "day"), [("today", 20), ("yesterday", 19), ("Yesterday", 19), ("2026-11-18", 18)])
def test_a_day_is_a_date_or_today_or_yesterday_wherever_a_flag_takes_one(line, word, day):
    said = cli.parse(line.replace("{}", word).split(), piped=False, now=NOW)
    assert {day for day in (said.date, said.since, said.until) if day is not None} == {TODAY.replace(day=day)}


def test_names_that_flags_take_are_those_that_there_are():
    assert list(PERIODS) == [period.value for period in Period]
    assert list(WINDOWS) == list(NAMED)


def test_help_does_not_wait_for_what_it_does_not_need():
    code = "import sys; from tui.cli.main import parse; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"dataclasses", "decimal", "msgspec", "platformdirs", "asyncio"}.isdisjoint(loaded)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("exprot", "no command 'exprot'; did you mean export?"),
        ("--days 3 pool --json", "no command 'pool'; did you mean pools?"),
        ("zzz", "no command 'zzz'; there are export, pools,"),
        ("--nonsense zzz", "unrecognized arguments: --nonsense"),
        ("export zzz", "unrecognized arguments: zzz"),
    ],
)
def test_in_a_pipe_a_word_that_is_no_command_is_told_as_one(line, says, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.parse(line.split(), piped=True)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
