"""README, help and code agree."""

from __future__ import annotations

import re
import tomllib

from tests.support.paths import ROOT
from tui import __version__
from tui.config.schema import ALLOWED
from tui.ui import actions
from tui.ui.actions.keymap import remapped

README = (ROOT / "README.md").read_text(encoding="utf-8")


def table_after(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = section.partition("\n|")[2].partition("\n\n")[0]
    lines = [line for line in ("|" + table).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_setting_is_in_the_table_and_nothing_else_is():
    assert [cells[0].strip("`") for cells in table_after("Configuration")] == [
        name for name in ALLOWED if name not in {"limits", "pools"}
    ]


def test_every_key_is_in_the_table_with_what_it_does_and_the_name_of_its_action():
    told = {cells[1]: cells for cells in table_after("Keys")}
    assert set(told) == {action.help for action in actions.ACTIONS}
    for action in actions.ACTIONS:
        keys, _, name = told[action.help]
        assert re.findall(r"`([^`]+)`", keys) == action.all_keys
        assert name == f"`{action.name}`"


def test_the_example_of_keys_is_one():
    written = re.search(r"```toml\n(\[keys\].*?)```", README, re.DOTALL)
    assert written
    own = tomllib.loads(written[1])["keys"]
    changed = {action.name for action in remapped(own)} - {
        action.name for action in set(remapped(own)) & set(actions.ACTIONS)
    }
    assert changed == set(own)


def test_ci_runs_the_test_command_of_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"grep -m1 '([^']+)' README\.md", script)
    assert pattern
    commands = [line for line in README.splitlines() if re.match(pattern[1], line)]
    assert len(commands) == 1
    assert "[test]" in commands[0]
    assert "pytest" in commands[0]


def test_every_flag_that_readme_names_exists():
    from tui.cli import main as cli

    main, parsers = cli.parser()
    known = {name for each in (main, *parsers.values()) for action in each._actions for name in action.option_strings}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - {
        "--help",
        "--version",
        "--minutes",
        "--env-file",
    }  # the last is a container's
    assert named <= known


def test_the_changelog_begins_with_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[([^]]+)\]", changelog, re.MULTILINE)[0] in {__version__, "Unreleased"}
    assert f"\n## [{__version__}]" in changelog
