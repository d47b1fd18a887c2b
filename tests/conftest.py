"""Every test stands apart from the user's home, environment, time zone and terminal."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import pytest
from hypothesis import settings

from tests.world import NOW
from tui.domain.catalogue import Catalogue
from tui.settings import lists
from tui.settings.schema import Config

settings.register_profile("suite", deadline=None, database=None)
settings.load_profile("suite")

_TAKEN_AWAY = ("OPENAI_", "XDG_", "TEXTUAL", "SSL_CERT", "COLUMNS", "LINES", "NO_COLOR", "PYTHONIOENCODING")


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(_TAKEN_AWAY) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TERM", "xterm-256color")
    time.tzset()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return lists.catalogue(Config())


@pytest.fixture
def midnight() -> datetime:
    return NOW.replace(hour=0, minute=0).astimezone(UTC)
