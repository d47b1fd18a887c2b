"""A key that is planted is found nowhere: not in hooks, JSON, metrics, reports, messages or files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.support import processes
from tests.support.cli import COMMAND, run
from tests.support.demo_api import Served, afternoon
from tests.support.doctor_api import config

MARK = "PLANTED4d11c0ffee"
KEY = f"sk-admin-{MARK}"


@pytest.mark.timeout(120)
def test_the_key_is_nowhere_but_in_requests(tmp_path, monkeypatch):
    home, seen = tmp_path / "home", tmp_path / "seen"
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    hook = tmp_path / "hook.py"
    hook.write_text(
        f"import os, sys\nopen({str(seen)!r}, 'a').write(repr(sorted(os.environ.items())) + sys.stdin.read())\n"
    )
    config(f'on_event = ["{sys.executable}", "{hook}"]\nthresholds = [1]')
    with Served(afternoon()) as api:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": api.base_url}
        outputs = []
        for arguments in (
            ("pools", "--json"),
            ("pools", "--oneline"),
            ("why", "--json"),
            ("money", "--json"),
            ("export", "--format", "json", "--days", "1"),
            ("export", "--format", "openmetrics"),
            ("run", "--report", str(tmp_path / "report.json"), "--", "env"),
            ("run", "--", "echo", KEY),
            ("runs", "--json"),
            ("doctor", "--json"),
        ):
            done = run(*arguments, **told)
            assert arguments[0] == "doctor" or done.returncode == 0, done.stderr
            echoed = done.stdout.removesuffix(f"{KEY}\n") if arguments[-1] == KEY else done.stdout
            outputs.append(echoed + done.stderr)
        outputs += [scraped(told), watched(told, seen)]
        asked = {each.headers.get("authorization") for each in api.asked}
    assert asked <= {f"Bearer {KEY}", None}
    assert len(asked) >= 1
    assert "OAI_USAGE_EVENT" in seen.read_text()
    assert [output for output in outputs if MARK in output] == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "archive.db" for path in files)
    assert [path for path in files if MARK.encode() in path.read_bytes()] == []


def scraped(told: dict[str, str]) -> str:
    """What `serve` shows and says."""
    command = [COMMAND, "serve", "--metrics", "127.0.0.1:0"]
    with started(command, told) as served:
        address = served.stderr.readline().split()[-1]
        texts = [""]

        def is_known() -> bool:
            with urllib.request.urlopen(address, timeout=30) as answer:
                texts.append(answer.read().decode())
            return "openai_pool_used_tokens" in texts[-1]

        assert processes.eventually(is_known)
        served.send_signal(signal.SIGTERM)
        return texts[-1] + "".join(served.communicate(timeout=30))


def watched(told: dict[str, str], seen: Path) -> str:
    """What `watch` prints and says, until the hook was run."""
    with started([COMMAND, "watch", "--json"], told) as watching:
        assert processes.eventually(seen.exists)
        watching.send_signal(signal.SIGTERM)
        return "".join(watching.communicate(timeout=30))


def started(command: list[str], told: dict[str, str]) -> subprocess.Popen[str]:
    environment = {**os.environ, **told}
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
