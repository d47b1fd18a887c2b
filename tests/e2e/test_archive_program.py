"""The archive as a user meets it: flags, commands, what is on disk."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.builders import DAY, KEY, NOW
from tests.support.cli import COMMAND, run
from tests.support.demo_api import Served
from tests.support.terminal import Terminal


def told(api: Served, **more: str) -> dict[str, str]:
    return {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": api.base_url, **more}


def kept_in() -> Path:
    return Path(os.environ["HOME"]) / ".local" / "share" / "oai-usage-tui" / "archive.db"


@pytest.mark.slow
def test_a_second_export_asks_for_three_days_and_prints_the_same():
    with Served() as api:
        first = run("export", "--days", "30", **told(api))
        api.take()
        second = run("export", "--days", "30", **told(api))
        assert {api.days_asked(one) for one in api.take()} == {3}
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout == first.stdout
    assert stat.S_IMODE(kept_in().stat().st_mode) == 0o600


@pytest.mark.slow
def test_offline_prints_what_there_is_without_a_key_and_says_what_is_missing():
    with Served() as api:
        run("export", "--days", "6", **told(api))
        api.take()
        done = run("export", "--days", "6", "--offline")
        pools = run("pools", "--offline", "--date", "2026-11-19")
        assert api.take() == []
    assert done.returncode == 4, "today is far from the days that are kept"
    assert "not read, and not printed" in done.stderr
    assert "Free tokens on 2026-11-19 (UTC)" in pools.stdout


def test_offline_without_an_archive_says_what_to_do():
    done = run("export", "--offline")
    assert done.returncode == 2
    assert "Start once without --offline" in done.stderr


@pytest.mark.slow
def test_no_archive_demo_and_raw_leave_nothing_on_disk():
    with Served(datetime.now(UTC)) as api:
        for arguments in (("export", "--no-archive"), ("export", "--raw"), ("export", "--demo"), ("pools", "--demo")):
            assert run(*arguments, **told(api)).returncode == 0
    assert not kept_in().exists()


def test_raw_asks_for_all_whatever_is_kept():
    with Served(datetime.now(UTC)) as api:
        run("export", "--days", "6", **told(api))
        api.take()
        assert run("export", "--raw", "--days", "6", **told(api)).returncode == 0
        assert sum(api.days_asked(one) for one in api.take()) >= 7


@pytest.mark.slow
def test_the_archive_can_be_anywhere_and_switched_off(tmp_path):
    config = Path(os.environ["HOME"]) / ".config" / "oai-usage-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    with Served() as api:
        run("export", "--days", "0", "--archive", str(tmp_path / "a.db"), **told(api))
        assert (tmp_path / "a.db").exists()
        config.write_text(f'archive = "{tmp_path}/b.db"\n')
        run("export", "--days", "0", **told(api))
        assert (tmp_path / "b.db").exists()
        config.write_text("archive = false\n")
        assert run("export", "--days", "0", **told(api)).returncode == 0
    assert not kept_in().exists()
    assert run("archive").returncode == 2


@pytest.mark.slow
def test_info_clear_and_vacuum(tmp_path):
    nothing = run("archive")
    assert nothing.returncode == 0
    assert "Nothing is kept yet." in nothing.stdout
    assert "does not exist" in run("archive", "vacuum").stderr
    with Served() as api:
        run("export", "--days", "6", **told(api))
    info = run("archive", "info")
    assert "org-acme" in info.stdout
    assert "completions 7 x 1d 2026-11-14 to 2026-11-20 by model, service_tier" in " ".join(info.stdout.split())
    assert run("archive", "vacuum").returncode == 0
    unsure = run("archive", "clear")
    assert unsure.returncode == 2
    assert "--yes" in unsure.stderr
    assert run("archive", "clear", "--yes").returncode == 0
    assert "Nothing is kept yet." in run("archive").stdout


@pytest.mark.parametrize(("answer", "status", "says"), [("n\r", 1, "nothing was forgotten"), ("y\r", 0, "is empty")])
def test_clear_asks_a_person(answer, status, says):
    with Served() as api:
        run("export", "--days", "0", **told(api))
    with Terminal([COMMAND, "archive", "clear"]) as terminal:
        terminal.until("[y/N]")
        terminal.press(answer)
        assert terminal.wait() == status
        assert says in terminal.text


@pytest.mark.slow
def test_a_damaged_archive_is_told_of_once_and_kept_under_another_name():
    with Served() as api:
        run("export", **told(api))
        kept_in().write_bytes(kept_in().read_bytes()[:9_000])
        done = run("export", **told(api))
        assert done.returncode == 0
        assert "The archive was damaged" in done.stderr
        assert len(done.stdout.splitlines()) > 100
        again = run("export", **told(api))
        assert again.stderr == ""
    assert len(list(kept_in().parent.glob("archive.db.damaged-*"))) == 1


def test_an_archive_of_a_later_version_is_left_alone_and_stops_nothing():
    with Served() as api:
        run("export", **told(api))
        with sqlite3.connect(kept_in()) as connection:
            connection.execute("PRAGMA user_version = 7")
        connection.close()
        before = kept_in().read_bytes()
        done = run("export", **told(api))
    assert done.returncode == 0
    assert "later version" in done.stderr
    assert kept_in().read_bytes() == before


@pytest.mark.slow
def test_the_dashboard_shows_the_last_run_while_the_api_is_silent():
    with Served() as api:
        with Terminal([COMMAND, "--days", "6"], **told(api)) as terminal:
            terminal.until("· read 14:03")
            terminal.press("q")
            assert terminal.wait() == 0
            assert "Fri 20 Nov" in terminal.text, "today is what the API says it is"
        api.fails = 503
        with Terminal([COMMAND, "--days", "9"], **told(api)) as terminal:
            terminal.until(lambda text: "as read 2026-11-20" in text and "Thu 19 Nov ▸" in text)
            terminal.press("q")
            assert terminal.wait() == 0
        with Terminal([COMMAND, "--days", "9", "--offline"], **told(api)) as terminal:
            terminal.until(lambda text: "⊘ offline" in text and "as read 2026-11-20" in text)
            terminal.press("q")
            assert terminal.wait() == 0


def test_a_wrong_clock_is_told_of_and_the_apis_day_is_shown():
    with Served(NOW + 400 * DAY + timedelta(hours=2)) as api, Terminal([COMMAND], **told(api)) as terminal:
        text = terminal.until(lambda text: "clock is" in text and "· read" in text and f"{api.now:%a %d %b}" in text)
        assert "behind the API's" in " ".join(text.split())
        terminal.press("q")
        assert terminal.wait() == 0


@pytest.mark.slow
def test_pools_and_why_are_of_the_apis_day():
    with Served() as api:
        assert "Free tokens on 2026-11-20 (UTC)" in run("pools", **told(api)).stdout
        assert "2026-11-20" in run("why", **told(api)).stdout
        assert "2026-11-20" in run("export", "--days", "0", **told(api)).stdout


def test_offline_with_a_key_that_is_not_known_shows_nobody_elses_days():
    with Served() as api:
        run("export", "--days", "6", **told(api))
        done = run("export", "--offline", OPENAI_ADMIN_KEY="sk-admin-another", OPENAI_BASE_URL=api.base_url)
        assert done.returncode == 2
        assert "nothing of this key's organization" in done.stderr
        assert run("export", "--offline", **told(api)).returncode in {0, 4}


def test_offline_figures_say_of_when_they_are_and_do_not_stay_in_the_way():
    with Served(datetime.now(UTC)) as api:
        run("pools", **told(api))
        offline = run("pools", "--offline", **told(api))
        found = re.search(r"Offline: the newest numbers are as of (.{16}) UTC\.", offline.stderr)
        read_at = datetime.strptime(found[1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        assert abs(read_at - api.now) < timedelta(minutes=5)
        api.take()
        run("pools", "--oneline", "--offline", **told(api))
        assert api.take() == []
        run("pools", "--oneline", **told(api))
        assert api.take() != []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--live", "30"), "● live, every 30 s"),
        (("--no-live",), "‖ paused"),
        (("--width", "1h"), "hours of Fri 20 Nov"),
        (("--width", "1m"), "minutes of 2026-11-20 14:00"),
    ],
)
def test_the_dashboard_begins_as_it_is_told_to(arguments, says):
    with Served() as api:
        run("pools", **told(api))
        with Terminal([COMMAND, *arguments, "--days", "6"], **told(api)) as terminal:
            terminal.until(says if "--width" not in arguments else lambda text: "· read" in text)
            terminal.press("q")
            assert terminal.wait() == 0
