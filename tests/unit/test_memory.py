"""What the user chose is there at the next start; what a flag says is for its run only."""

from __future__ import annotations

import pytest

from tui.config import preferences
from tui.config.load import load
from tui.config.schema import Preferences
from tui.errors import BadSettings


def test_choices_are_kept_one_by_one(tmp_path):
    path = tmp_path / "state" / "state.toml"
    assert preferences.load(path) == Preferences()
    preferences.remember(path, "by", ("project", "model"))
    preferences.remember(path, "columns", ("input", "cost"))
    preferences.remember(path, "merged", True)
    assert preferences.load(path) == Preferences(("project", "model"), ("input", "cost"), merged=True)
    preferences.remember(path, "columns", None)
    preferences.remember(path, "by", ())
    assert preferences.load(path) == Preferences((), None, merged=True)
    assert [each.name for each in path.parent.iterdir()] == ["state.toml"]


def test_days_and_the_theme_are_kept_as_well(tmp_path):
    path = tmp_path / "state.toml"
    preferences.remember(path, "days", 0)
    preferences.remember(path, "theme", "usage-dark")
    assert preferences.load(path) == Preferences(days=0, theme="usage-dark")
    path.write_text("days = 366\ntheme = 7\nmerged = true\n")
    assert preferences.load(path) == Preferences(merged=True)


def test_one_choice_that_is_not_understood_costs_only_itself(tmp_path):
    path = tmp_path / "state.toml"
    path.write_text('by = ["model", "model"]\ncolumns = ["images", "cost"]\nmerged = true\n')
    assert preferences.load(path) == Preferences(None, ("images", "cost"), merged=True)


@pytest.mark.parametrize("content", [b"by = 7", b"\xff", b'by = ["moon"]', b"by ="])
def test_a_file_that_is_not_understood_says_nothing_and_is_written_anew(tmp_path, content):
    path = tmp_path / "state.toml"
    path.write_bytes(content)
    assert preferences.load(path) == Preferences()
    preferences.remember(path, "merged", True)
    assert preferences.load(path).merged


def test_where_nothing_can_be_written_nothing_is_remembered_and_nothing_breaks(tmp_path):
    (tmp_path / "file").write_text("")
    preferences.remember(tmp_path / "file" / "state.toml", "merged", True)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('by = ["moon"]', "`by` must be a list of one or two of model"),
        ('by = ["model", "model"]', "`by` must be"),
        ('kind = "moons"', "`kind` must be one of completions, embeddings"),
        ('columns = ["moons"]', "`columns` must be a list of columns"),
        ("monthly_budget = 0", "`monthly_budget` must be an amount of dollars"),
        ("monthly_budget = inf", "`monthly_budget` must be an amount of dollars"),
        ('columns = ["input", "input"]', "`columns` must be a list of columns"),
        ('width = "2d"', '`width` must be "1d", "1h" or "1m"'),
    ],
)
def test_settings_that_cannot_be_are_named_with_what_can(tmp_path, line, words):
    path = tmp_path / "config.toml"
    path.write_text(line)
    with pytest.raises(BadSettings) as refused:
        load(path)
    assert words in str(refused.value)
