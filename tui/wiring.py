"""The one place where parts are put together. What is slow to load is imported where it is needed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.cli_texts import CHECK, DEMO_SERVER, EXPORT, POOLS, WHY
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
    command = {EXPORT: _export, POOLS: _pools, CHECK: _check, WHY: _why}.get(said["command"], _dashboard)
    return command(said, config)


def utc_now() -> datetime:
    """Return the time: the program's one clock."""
    return datetime.now(UTC)


def _days(said: Said, config: Config) -> int:
    days: int = said.get("days", config.days)
    return days


Opened = tuple[Run, "Client | None"]


def _open(said: Said, config: Config) -> Opened:
    """Return the run, and the client to close at its end.

    Nothing is asked yet, and no event loop runs: a command that prints the key may ask for a passphrase, and ctrl+c
    ends it as it should.

    Raises:
        KeyMissing: where a key is needed and there is none.
        BadSettings: where a flag, a variable or the config file cannot be used.
    """
    catalogue = lists.catalogue(config)
    if "replay" in said:
        from tui.api import replay

        path = Path(said["replay"])
        pages = replay.load(path)
        days = min(said.get("days", pages.days), pages.days)
        return Run(pages, lambda: pages.now, days, catalogue, f"replay of {path.name}", stands_still=True), None
    client, place = _asked(said, config)
    alert = _alert_with(config.on_threshold) if config.on_threshold else None
    run = Run(
        client,
        utc_now,
        _days(said, config),
        catalogue,
        place,
        thresholds=config.thresholds,
        bell=config.bell and "no_bell" not in said,
        on_alert=alert,
    )
    return run, client


@asynccontextmanager
async def _closing(opened: Opened) -> AsyncIterator[Run]:
    this, client = opened
    try:
        yield this
    finally:
        if client is not None:
            await client.aclose()


def _asked(said: Said, config: Config, *, quick: bool = False) -> tuple[Client, str | None]:
    """Return the client, and what to call the place that it asks when that is not OpenAI.

    A `quick` client gives up soon, for somebody who waits for a prompt.
    """
    from tui.api import transport
    from tui.api.client import Client

    if "demo" in said:
        return demo_client(utc_now), "demo"

    from tui.api.retry import Patience
    from tui.settings import key

    named = (
        (transport.Origin.FLAG, said.get("base_url")),
        (transport.Origin.ENVIRONMENT, os.environ.get("OPENAI_BASE_URL") or None),
        (transport.Origin.CONFIG, config.base_url),
        (transport.Origin.DEFAULT, transport.DEFAULT_BASE_URL),
    )
    origin, address = next((origin, address) for origin, address in named if address is not None)
    target = transport.endpoint(address, origin, confirmed=config.base_url)
    admin_key = key.find(os.environ, config.admin_key_command, load.config_path())
    patience = Patience(attempts=2, total=5.0) if quick else Patience()
    return Client(target, admin_key.reveal(), patience=patience), None if target.is_openai else target.host


def demo_client(clock: Callable[[], datetime]) -> Client:
    """Return the real client over an in-process transport to the demo's API, whose time is that of `clock`."""
    import httpx

    from tui.api import transport
    from tui.api.client import Client
    from tui.demo import server
    from tui.demo.organization import Organization

    here = transport.endpoint("http://127.0.0.1/v1", transport.Origin.DEFAULT)
    return Client(here, server.KEY, in_process=httpx.ASGITransport(server.application(Organization(), clock)))


def _alert_with(words: tuple[str, ...]) -> Callable[[Any], Awaitable[str | None]]:
    from tui.commands import on_threshold

    return lambda alert: on_threshold.run(words, alert, os.environ)


def _export(said: Said, config: Config) -> int:
    from tui.commands import export
    from tui.domain.window import last_days

    what = export.Export(**{name: said[name] for name in ("by", "max_model_length") if name in said})

    async def raw(client: Client) -> int:
        async with client:
            return await export.raw(client, last_days(utc_now(), _days(said, config)), what)

    async def table(opened: Opened) -> int:
        async with _closing(opened) as this:
            return await export.table(this.source, this.window(), what, this.catalogue)

    if "raw" in said:
        return asyncio.run(raw(_asked(said, config)[0]))
    return asyncio.run(table(_open(said, config)))


def _pools(said: Said, config: Config) -> int:
    from tui.commands import oneline, pools

    catalogue = lists.catalogue(config)

    async def whole(client: Client) -> int:
        async with client:
            return await pools.pools(client, catalogue, utc_now(), day=said.get("date"), as_json="json" in said)

    async def document() -> tuple[dict[str, Any], bool]:
        client, _ = _asked(said, config, quick=True)
        async with client:
            return await pools.document(client, catalogue, utc_now())

    _refuse_the_future(said)
    if "oneline" not in said:
        return asyncio.run(whole(_asked(said, config)[0]))
    kept_in = None if "demo" in said else load.cache_path() / f"pools-{_fingerprint(said, config)}.json"
    return oneline.line(lambda: asyncio.run(document()), kept_in, utc_now, said.get("max_age", oneline.MAX_AGE))


def _refuse_the_future(said: Said) -> None:
    if "date" in said and said["date"] > utc_now():
        raise BadSettings(
            f"{said['date']:%Y-%m-%d} has not begun yet: days are UTC days, and now is {utc_now():%F %R}."
        )


def _fingerprint(said: Said, config: Config) -> str:
    """Return a name for whose pools these are and how they are counted, from which no key can be had back."""
    import hashlib

    key = os.environ.get("OPENAI_ADMIN_KEY") or config.admin_key_command
    parts = (said.get("base_url"), os.environ.get("OPENAI_BASE_URL"), key, config)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _check(said: Said, config: Config) -> int:
    from tui.commands import check

    bound = check.Bound(said["pool"], said.get("max_percent"), said.get("min_left"))

    async def checked(client: Client) -> int:
        async with client:
            one = check.Check(client, lists.catalogue(config), bound, utc_now, asyncio.sleep)
            return await (check.wait(one) if "wait" in said else check.check(one))

    return asyncio.run(checked(_asked(said, config)[0]))


def _why(said: Said, config: Config) -> int:
    from tui.commands import why
    from tui.domain.window import midnight

    _refuse_the_future(said)

    async def explained(client: Client) -> int:
        async with client:
            now = utc_now()
            return await why.why(
                client,
                lists.catalogue(config),
                now,
                day=said.get("date", midnight(now)),
                model=said.get("model"),
                as_json="json" in said,
            )

    return asyncio.run(explained(_asked(said, config)[0]))


def _dashboard(said: Said, config: Config) -> int:
    if os.environ.get("TERM") == "dumb" or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadSettings(
            "The dashboard needs a terminal for input, output and messages, and TERM must not be dumb. "
            "To print the data instead: oai-usage-tui export"
        )
    if sys.stdout.encoding.lower().replace("-", "") != "utf8":
        raise BadSettings(
            f"The dashboard draws with characters that {sys.stdout.encoding} does not have. "
            "Set a UTF-8 locale (LANG=C.UTF-8), or print the data instead: oai-usage-tui export"
        )

    opened: Opened | None = None
    problem, status = "", 0
    try:
        opened = _open(said, config)
    except KeyMissing as error:
        problem, status = error.problem, error.exit_status

    async def show() -> int:
        from tui.ui.app import UsageApp
        from tui.ui.signals import ended_by_signals

        mouse = config.mouse and "no_mouse" not in said
        if opened is None:
            app = UsageApp(None, problem, str(load.config_path()))
            with ended_by_signals(app):
                await app.run_async(mouse=mouse)
            return app.return_code or status
        async with _closing(opened) as this:
            app = UsageApp(this)
            with ended_by_signals(app):
                await app.run_async(mouse=mouse)
            return app.return_code or 0

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
