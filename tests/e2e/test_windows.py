"""Windows by name and by dates, in the program: exports, the dashboard, a replay, and what is remembered."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.cli import COMMAND, run
from tests.support.demo_api import Served
from tests.support.terminal import Terminal
from tui.domain.time import DAY
from tui.domain.windows import said

PLAIN = ("--by", "none", "--format", "csv")


def days_of(name: str, now: datetime) -> list[str]:
    return [f"{start:%Y-%m-%d}" for start in said(name).window(now).starts()]


def dates(printed: str) -> list[str]:
    return [line["date"] for line in csv.DictReader(io.StringIO(printed))]


@pytest.mark.parametrize("name", ["14d", "15d", "1d", "this-week", "last-week", "this-month", "last-month"])
def test_an_export_is_of_the_days_that_the_name_says(name):
    before = datetime.now(UTC)
    result = run("export", "--demo", "--window", name, *PLAIN)
    assert (result.returncode, result.stderr) == (0, "")
    assert dates(result.stdout) in [days_of(name, now) for now in (before, datetime.now(UTC))]


def test_plain_output_in_a_pipe_takes_the_window_too():
    result = run("--demo", "--since", "2026-10-01", "--until", "2026-10-31", "--by", "none")
    assert result.returncode == 0
    assert result.stdout.count("| 2026-10-") == 31


def test_a_replay_says_what_it_holds_where_that_is_not_what_was_asked_for(tmp_path):
    path = tmp_path / "pages.json"
    path.write_text(run("export", "--demo", "--raw", "--days", "5").stdout)
    now = datetime.now(UTC)
    result = run("export", "--replay", str(path), "--since", "2025-01-01", "--until", "2025-01-05")
    assert result.returncode == 2
    assert "holds nothing of 2025-01-01 to 2025-01-05. It holds " in result.stderr
    with Terminal([COMMAND, "--replay", str(path), "--since", "2025-01-01", "--until", "2025-01-05"]) as terminal:
        assert terminal.wait() == 2
        assert "The replayed file holds nothing of" in terminal.text.replace("\n", "")
    yesterday = f"{now - DAY:%Y-%m-%d}"
    result = run("export", "--replay", str(path), "--since", yesterday, "--until", yesterday, *PLAIN)
    assert dates(result.stdout) == [yesterday]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--since", "2199-01-01"), "has not begun yet"),
        (("--since", "2024-01-01"), "more than 366 days: say --until"),
        (("--window", "last-week", "--days", "3"), "not allowed with argument --days"),
    ],
)
def test_the_dashboard_refuses_what_is_no_window_before_it_takes_the_terminal(arguments, says):
    with Terminal([COMMAND, "--demo", *arguments]) as terminal:
        assert terminal.wait() == 2
        assert says in " ".join(terminal.text.split())
        assert b"\x1b[?1049h" not in terminal.received


def test_the_dashboard_shows_a_window_that_is_over_beside_the_pools_of_today():
    with Terminal([COMMAND, "--demo", "--no-live", "--window", "last-week"]) as terminal:
        terminal.until("[last-week]")
        text = terminal.until("7 days: ")
        sunday = next(
            datetime.now(UTC) - timedelta(days=ago)
            for ago in range(1, 8)
            if (datetime.now(UTC) - timedelta(days=ago)).weekday() == 6
        )
        assert f"{sunday:%a %d %b}" in text
        terminal.until("● large ━")
        terminal.press("w")
        terminal.until("[15d]")
        terminal.press("q")
        assert terminal.wait() == 0


@pytest.mark.slow
def test_a_window_that_was_chosen_from_the_list_is_there_at_the_next_start_and_dates_are_not():
    with Served() as api:
        told = {"OPENAI_ADMIN_KEY": "sk-admin-x", "OPENAI_BASE_URL": api.base_url}
        with Terminal([COMMAND, "--since", "2026-11-10", "--until", "2026-11-12"], **told) as terminal:
            terminal.until("[2026-11-10 to 2026-11-12]")
            terminal.press("D")
            terminal.until("─ Window ─")
            terminal.press("Gkkk\r")
            terminal.until("[last-week]")
            terminal.press("q")
            assert terminal.wait() == 0
        with Terminal([COMMAND, "--days", "1"], **told) as terminal:
            terminal.until("[2d]")
            terminal.press("q")
            assert terminal.wait() == 0
        with Terminal([COMMAND], **told) as terminal:
            terminal.until("[last-week]")
            terminal.press("q")
            assert terminal.wait() == 0
