"""Settled days that were revised: `archive refresh` asks for them anew."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.builders import KEY
from tests.support.cli import run
from tests.support.demo_api import Served


@pytest.mark.slow
def test_the_command_says_what_it_read():
    with Served(datetime.now(UTC)) as api:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": api.base_url}
        first = run("archive", "refresh", **told)
        assert first.returncode == 0
        assert "nothing that is kept" in first.stderr
        run("export", "--days", "9", **told)
        api.take()
        done = run("archive", "refresh", **told)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("completions  7 days read anew  "), done.stdout
        assert "changed" not in done.stdout
        assert [api.days_asked(one) for one in api.take()] == [7]
        api.fails = 401
        assert run("archive", "refresh", **told).returncode == 4
    assert run("archive", "--since", "2026-11-01").returncode == 2
    assert run("archive", "refresh").returncode == 3, "there is no key"
