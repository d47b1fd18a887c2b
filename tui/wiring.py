"""The one place where parts are put together. Everything is imported where it is needed: that keeps starts quick."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.cli import DEMO_SERVER, EXPORT
from tui.errors import BadSettings, KeyMissing
from tui.session.run import Run
from tui.settings import lists, load
from tui.settings.schema import Config

if TYPE_CHECKING:
    from tui.api.client import Client

Said = Mapping[str, Any]
DEFAULT_PORT = 8765


def run(said: Said) -> int:
    """Do what the command line said and return the exit status.

    Raises:
        TuiError: with a sentence for the user.

    """
    if said["command"] == DEMO_SERVER:
        return _demo_server(said)
    # The demo shows the program as it comes, on any machine: no file is read.
    config = Config() if "demo" in said else load.load(load.config_path())
    if said["command"] == EXPORT:
        return asyncio.run(_export(said, config))
    return _dashboard(said, config)


def utc_now() -> datetime:
    """Return the time: the program's one clock."""
    return datetime.now(UTC)


@asynccontextmanager
async def _opened(said: Said, config: Config) -> AsyncIterator[Run]:
    """Open what the run reads from, and close it at the end.

    Raises:
        KeyMissing: where a key is needed and there is none.
        BadSettings: where a flag, a variable or the config file cannot be used.

    """
    catalogue = lists.catalogue(config)
    if "replay" in said:
        from tui.api import replay

        pages = replay.load(Path(said["replay"]))
        days = min(said.get("days", pages.days), pages.days)
        name = Path(said["replay"]).name
        yield Run(pages, lambda: pages.now, days, catalogue, f"replay of {name}", stands_still=True)
        return
    client, place = _asked(said, config)
    async with client:
        yield Run(client, utc_now, _days(said, config), catalogue, place)


def _days(said: Said, config: Config) -> int:
    days: int = said.get("days", config.days)
    return days


def _asked(said: Said, config: Config) -> tuple[Client, str | None]:
    """Return the client, and what to call the place that it asks when that is not OpenAI."""
    return _demo_client() if "demo" in said else _client(said, config)


def _demo_client() -> tuple[Client, str]:
    import httpx

    from tui.api import transport
    from tui.api.client import Client
    from tui.demo import server
    from tui.demo.organization import Organization

    here = transport.endpoint("http://127.0.0.1/v1", transport.Origin.DEFAULT)
    api = httpx.ASGITransport(server.application(Organization(), utc_now))
    return Client(here, server.KEY, in_process=api), "demo"


def _client(said: Said, config: Config) -> tuple[Client, str | None]:
    from tui.api import transport
    from tui.api.client import Client
    from tui.settings import key

    named = (
        (transport.Origin.FLAG, said.get("base_url")),
        (transport.Origin.ENVIRONMENT, os.environ.get("OPENAI_BASE_URL")),
        (transport.Origin.CONFIG, config.base_url),
        (transport.Origin.DEFAULT, transport.DEFAULT_BASE_URL),
    )
    origin, address = next((origin, address) for origin, address in named if address)
    target = transport.endpoint(address, origin, confirmed=config.base_url)
    admin_key = key.find(os.environ, config.admin_key_command, load.config_path())
    return Client(target, admin_key.reveal()), None if target.is_openai else target.host


async def _export(said: Said, config: Config) -> int:
    from tui.commands import export
    from tui.domain.window import last_days

    what = export.Export(**{name: said[name] for name in ("by", "max_model_length") if name in said})
    if "raw" in said:
        client, _ = _asked(said, config)
        async with client:
            return await export.raw(client, last_days(utc_now(), _days(said, config)), what)
    async with _opened(said, config) as this:
        return await export.table(this.source, this.window(), what)


def _dashboard(said: Said, config: Config) -> int:
    if os.environ.get("TERM") == "dumb" or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadSettings(
            "The dashboard needs a terminal for input, output and messages, and TERM must not be dumb. "
            "To print the data instead: oai-usage-tui export"
        )

    async def show() -> int:
        from tui.ui.app import UsageApp

        try:
            async with _opened(said, config) as this:
                app = UsageApp(this)
                await app.run_async(mouse=mouse)
        except KeyMissing as error:
            app = UsageApp(None, error.problem, str(load.config_path()))
            await app.run_async(mouse=mouse)
            return error.exit_status
        return app.return_code or 0

    mouse = config.mouse and "no_mouse" not in said
    return asyncio.run(show())


def _demo_server(said: Said) -> int:
    try:
        import uvicorn
    except ImportError as error:
        raise BadSettings("demo-server needs one more package: pip install 'oai-usage-tui[server]'") from error
    from tui.commands import demo_server
    from tui.demo import server
    from tui.demo.organization import Organization

    api = server.application(Organization(said.get("seed", 1)), utc_now)
    # The API's own headers name the time; the server's name is nobody's business.
    settings = uvicorn.Config(api, log_level="warning", access_log=False, date_header=False, server_header=False)
    return demo_server.serve(
        lambda listener: uvicorn.Server(settings).run([listener]), said.get("port", DEFAULT_PORT), server.KEY
    )
