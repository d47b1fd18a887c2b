"""README is short, and says what it says in this order."""

from __future__ import annotations

import re

from tests.support.paths import ROOT
from tests.support.scripts import script
from tui import __version__
from tui.bootstrap import sources

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = README.splitlines()


def line(start: str) -> int:
    """The number of the first line that begins so."""
    return next(number for number, text in enumerate(LINES) if text.lstrip().startswith(start))


def test_it_is_short():
    assert len(LINES) <= 130


def test_what_a_visitor_needs_comes_in_the_order_in_which_it_is_needed():
    order = [
        *("**OpenAI", "<picture>", "![", "uvx --from . oai-usage-tui --demo", "python3 -m venv .venv", "To have the"),
        *("- **", "export OPENAI_ADMIN_KEY=", "| | usage page", "| [Guide]"),
    ]
    assert [line(each) for each in order] == sorted(map(line, order))


def test_the_picture_is_there_in_dark_and_light_and_moves_below():
    assert 'media="(prefers-color-scheme: light)" srcset="screenshots/light.svg"' in README
    assert 'src="screenshots/main.svg"' in README
    assert "](screenshots/film.svg)" in README


def test_it_says_what_time_it_is_in_the_pictures_and_when_the_demo_begins():
    pictures, film = script("make"), script("film")
    (words,) = re.findall(
        r"^This is the demo at (\d\d:\d\d) UTC; when you start it, it is (\d\d:\d\d) there\.", README, re.MULTILINE
    )
    assert pictures.PICTURES["main"][3] == pictures.PICTURES["light"][3] == film.NOW
    assert words == (f"{film.NOW:%H:%M}", f"{sources.demo_clock()():%H:%M}")


def test_there_are_six_bullets():
    assert sum(text.startswith("- **") for text in LINES) == 6


def test_the_two_commands_that_work_in_a_clone_stay():
    demo, tests = (text for text in LINES if text.startswith("python3 -m venv .venv"))
    assert demo == "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/oai-usage-tui --demo"
    assert tests == "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest"


def test_ci_runs_the_test_command_of_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"grep -m1 '([^']+)' README\.md", script)
    assert pattern
    commands = [text for text in LINES if re.match(pattern[1], text)]
    assert len(commands) == 1
    assert "[test]" in commands[0]
    assert "pytest" in commands[0]


def test_every_page_can_be_found_from_here():
    linked = set(re.findall(r"\]\((docs/[\w./-]+)\)", README))
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")} == linked


def test_the_changelog_begins_with_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[([^]]+)\]", changelog, re.MULTILINE)[0] in {__version__, "Unreleased"}
    assert f"\n## [{__version__}]" in changelog
