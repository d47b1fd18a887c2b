"""Two dashboards, a watch and an export of each minute's crontab on one archive: nobody is in the way of another."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.cli import COMMAND, demo_server
from tests.support.terminal import Terminal
from tui.domain.bounds import LEAST_LIVE

SECONDS = 60 * float(os.environ.get("ENDURANCE_MINUTES", "1.5"))
KEYS = ("j", "k", "G", "g", " ", "a", "r", "m", "\r", "\x1b", "s", "\x1b", "w", "W", "i", "\x1b", "1")


def _exported(environment: dict[str, str], folder: Path) -> str:
    """Run an export as cron would, and return what it complained of."""
    done = subprocess.run(
        [COMMAND, "export", "--format", "csv", "--days", "6", "--output", str(folder / "usage.csv")],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.endurance
@pytest.mark.timeout(0)
def test_together_on_one_archive_all_of_them_go_on(tmp_path: Path):
    with demo_server() as base_url:
        environment = {"HOME": str(tmp_path), "OPENAI_ADMIN_KEY": "sk-admin-together", "OPENAI_BASE_URL": base_url}
        live = [COMMAND, "--days", "6", "--live", str(LEAST_LIVE)]
        complaints = _exported(environment, tmp_path)
        watched = (tmp_path / "watched").open("w")
        watch = subprocess.Popen(
            [COMMAND, "watch"], env={**os.environ, **environment},
            stdout=watched, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        chance = random.Random(random.SystemRandom().randrange(2**32))
        with Terminal(live, **environment) as one, Terminal(live, size=(80, 24), **environment) as other:
            for each in (one, other):
                each.until("read ")
            began = time.monotonic()
            while time.monotonic() - began < SECONDS:
                for each in (one, other):
                    each.press(chance.choice(KEYS))
                    each.look(0.2)
                    assert "A fault of" not in each.text, each.text
                    assert "cannot be used" not in each.text, each.text
                if chance.random() < 0.05:
                    complaints += _exported(environment, tmp_path)
                assert watch.poll() is None, (tmp_path / "watched").read_text()
            for each in (one, other):
                each.press("\x1b" * 3)
                each.look(1.0)
                each.press("q")
                assert each.wait() == 0
        watch.send_signal(signal.SIGTERM)
        watch.wait(20)
        watched.close()
    assert "archive" not in complaints, complaints
    assert "archive" not in (tmp_path / "watched").read_text()
    (archive,) = tmp_path.rglob("archive.db")
    connection = sqlite3.connect(archive)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT count(*) FROM bucket").fetchone()[0] > 6
    connection.close()
