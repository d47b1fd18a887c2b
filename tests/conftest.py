"""Every test stands apart from the user's home, environment, time zone and terminal."""

from __future__ import annotations

import contextlib
import gc
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tests.support.builders import KEY, NOW, QUICK, loopback
from tests.support.loopback import Asked, Loopback, Reply
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config
from tui.domain.catalogue import Catalogue
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client

gc.set_threshold(100_000, 50, 100)

# What hypothesis found is tried again where failed tests are run once more: others in its place would pass.
FOUND = DirectoryBasedExampleDatabase(Path(__file__).parents[1] / ".pytest_cache" / "hypothesis")
settings.register_profile("suite", deadline=None, database=FOUND)
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


@pytest.fixture(autouse=True)
def _garbage_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each application go when its test is over: what is frozen stays, and there are hundreds of them."""
    monkeypatch.setattr(gc, "freeze", lambda: None)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return effective_catalogue(Config())


@pytest.fixture
def midnight() -> datetime:
    return NOW.replace(hour=0, minute=0).astimezone(UTC)


@pytest.fixture(params=["transport", "loopback"])
def serve(request):
    """`async with serve(handler) as (client, asked)`, with the handler behind a fake transport or a real port."""

    @contextlib.asynccontextmanager
    async def over_transport(handler, **options):
        asked = []

        def answer(sent: httpx.Request) -> httpx.Response:
            asked.append(Asked(sent.url.path, list(sent.url.params.multi_items()), dict(sent.headers)))
            reply = handler(asked[-1])
            reply = reply if isinstance(reply, Reply) else Reply(reply)
            return httpx.Response(reply.status, headers=reply.headers, content=reply.content())

        fake = httpx.MockTransport(answer)
        async with Client(Api(loopback(), KEY, in_process=fake, retry_policy=QUICK, **options)) as client:
            yield client, asked

    @contextlib.asynccontextmanager
    async def over_loopback(handler, **options):
        async with (
            Loopback(handler) as api,
            Client(Api(loopback(api.port), KEY, retry_policy=QUICK, **options)) as client,
        ):
            yield client, api.asked

    return over_transport if request.param == "transport" else over_loopback
