"""A name that nothing was used of is said so, wherever a flag takes one: it may be a typing error."""

from __future__ import annotations

import os

import pytest

from tui.cli import main as cli
from tui.domain.nearest import hint, nearest

MODELS = ["gpt-5.4-2026-03-05", "gpt-5.4-mini-2026-03-17", "gpt-6-sol", "o3"]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("gpt-5.4", MODELS[:2]),
        ("gpt-5.4*", MODELS[:2]),
        ("GPT-6-SOL", ["gpt-6-sol"]),
        ("gpt6sol", ["gpt-6-sol"]),
        ("nonsense", []),
        ("*", []),
    ],
)
def test_what_holds_the_word_is_near_else_what_is_spelled_alike(wanted, names):
    assert nearest(wanted, MODELS) == names


def test_where_nothing_is_near_all_are_listed_and_no_more_than_fit():
    assert hint("x", MODELS) == f"There are: {', '.join(MODELS)}."
    assert hint("x", map(str, range(100, 150))).endswith("111, ….")
    assert hint("x", []) == ""
    assert "\x1b" not in hint("evil", ["evil\x1b[2J"])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("why --date yesterday --model gpt-5.4", "model gpt-5.4 on 20"),
        ("why --date yesterday --model nonsense --json", "There are: gpt-5-nano"),
        ("export --days 2 --model gpt-5.4*", "Did you mean gpt-5.4-2026-03-05, "),
        ("export --days 2 --model gpt6sol --format csv", "Did you mean gpt-6-sol"),
        ("export --days 2 --model gpt6sol --raw", "Did you mean gpt-6-sol"),
        ("export --days 2 --model gpt-6-sol --model gpt-6-soul --by project", "model gpt-6-soul from 20"),
        ("export --days 2 --project proj_nowhere", "project proj_nowhere from 20"),
        ("export --days 2 --user user-ada", "Did you mean user-ada7Bq2"),
        ("export --days 2 --key key_web", "Did you mean key_web31"),
        ("export --days 2 --kind images --model gpt-image", "Did you mean gpt-image-1?"),
    ],
)
def test_commands_say_it_once_on_stderr_and_a_quiet_day_is_no_error(line, words, capsys):
    assert cli.run([*line.split(), "--demo"], os.environ) == 0
    told = capsys.readouterr().err
    assert words in told
    assert told.count("There is no usage of") == 1


@pytest.mark.parametrize(
    "line",
    [
        "why --date yesterday --model gpt-6-sol",
        "export --days 2 --model gpt-6-sol",
        "export --days 2 --model GPT-6-SOL --by none",
        "export --days 2 --model gpt-6-sol --model gpt-5.6-terra --by project",
        "export --days 2 --project assistant --user user-ada7Bq2",
    ],
)
def test_where_there_is_usage_nothing_is_said(line, capsys):
    assert cli.run([*line.split(), "--demo"], os.environ) == 0
    assert capsys.readouterr().err == ""


def told(board) -> str:
    return " ".join(each.message for each in board.app._notifications)
