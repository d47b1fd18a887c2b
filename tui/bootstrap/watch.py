"""What is watched without a screen, and the signals that end it."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

from tui.bootstrap import sources
from tui.bootstrap.alerts import hook
from tui.bootstrap.engines import prices_of
from tui.commands.watch import Lines, Watch
from tui.config.settings import Settings
from tui.domain.alerts import What
from tui.engine.engine import Engine
from tui.engine.session import Session


def run(settings: Settings) -> int:
    """Watch until a signal ends it, and return the exit status.

    Raises:
        TuiError: where nothing can be asked.
    """
    opened, chosen = sources.opened(settings.source), settings.alerts
    watch = Watch(Lines(), settings.options.events or tuple(What), as_json=settings.options.json)

    async def watched() -> int:
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            with suppress(NotImplementedError, AttributeError, ValueError):
                loop.add_signal_handler(getattr(signal, name), ended.set)
        async with opened:
            session = Session(
                opened.source,
                opened.clock,
                settings.days,
                settings.catalogue,
                thresholds=chosen.thresholds,
                on_alert=hook(settings),
                memory=opened.memory,
                live=settings.live,
                directory_source=opened.directory_source,
                cost_source=opened.cost_source,
                settings_source=opened.settings_source,
                prices=prices_of(settings),
                budget=settings.budget,
                run_store=opened.run_store,
            )
            return await watch.watch(Engine(session, watch.perform), ended)

    return asyncio.run(watched())
