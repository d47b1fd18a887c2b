"""The engine of a command: what it reads from, what it is told, and how it is watched without a screen."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.bootstrap import sources
from tui.bootstrap.sources import DataSource
from tui.commands.messages import of_long_waits
from tui.config import paths
from tui.config.settings import Settings, SourceSettings
from tui.engine.engine import Engine
from tui.engine.session import Session

if TYPE_CHECKING:
    from tui.domain.prices import Prices


def session_of(settings: Settings, opened: DataSource, prices: Prices | None = None) -> Session:
    """Return what is read from this source with these settings, when somebody asks."""
    from tui.facts.shutdowns import shutdowns

    return Session(
        opened.source,
        opened.clock,
        settings.days,
        settings.catalogue,
        window_wanted=settings.window,
        memory=opened.memory,
        offline=opened.offline,
        directory_source=opened.directory_source,
        cost_source=opened.cost_source,
        settings_source=opened.settings_source,
        prices=prices,
        shutdowns=shutdowns(),
        budget=settings.budget,
        run_store=opened.run_store,
        against=settings.against,
    )


def engine_of(settings: Settings, opened: DataSource, prices: Prices | None = None) -> Engine:
    """Return the engine that reads for a command."""
    return Engine(session_of(settings, opened, prices))


def waited_for(settings: SourceSettings) -> DataSource:
    """Return what a command reads from that somebody waits for."""
    return sources.opened(settings, on_long_wait=of_long_waits())


def reading(opened: DataSource, work: Callable[[DataSource], Awaitable[int]]) -> int:
    """Return the exit status of what reads from a source, which is closed at the end."""

    async def reading() -> int:
        async with opened:
            return await work(opened)

    return asyncio.run(reading())


def prices_of(settings: Settings) -> Prices:
    """Return what models cost; see `facts.prices` for the errors."""
    from tui.facts.prices import prices

    return prices(None if settings.source.demo else paths.prices_path())


def asked_to_end() -> asyncio.Event:
    """Return what is set when a signal asks us to end.

    Call it first: what is the first process of a container gets no signal that it does not handle.
    """
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        with suppress(NotImplementedError, AttributeError, ValueError):
            loop.add_signal_handler(getattr(signal, name), ended.set)
    return ended


async def watched(engine: Engine, at_each_tick: Callable[[], bool], ended: asyncio.Event) -> None:
    """Read on the engine's own beat until it is ended, or what is done at each tick says so, once a second."""
    engine.begin()
    try:
        while not ended.is_set():
            engine.tick()
            if at_each_tick():
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 1)
    finally:
        await engine.close()
