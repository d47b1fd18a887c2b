"""What is watched without a screen."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tui.bootstrap import sources
from tui.bootstrap.alerts import hook
from tui.bootstrap.engines import asked_to_end, prices_of, session_of, watched
from tui.commands.watch import Lines, Watch
from tui.config.settings import Settings
from tui.domain.bounds import DEFAULT_LIVE
from tui.domain.what import What
from tui.engine.engine import Engine
from tui.errors import BadSettings


def run(settings: Settings) -> int:
    """Print a line for each event until a signal ends it, and return the exit status.

    Raises:
        TuiError: where nothing can be asked.
    """
    opened, chosen, lines = sources.opened(settings.source), settings.alerts, Lines()

    async def printed() -> int:
        ended = asked_to_end()
        async with opened:
            session = session_of(settings, opened, prices_of(settings))
            live = settings.live or DEFAULT_LIVE  # 0 would read never again
            session = replace(
                session,
                thresholds=chosen.thresholds,
                spike_floor=chosen.spike_floor,
                on_alert=hook(settings),
                live=live,
            )
            options, profile = settings.options, settings.source.profile
            watch = Watch(lines, options.events or tuple(What), opened.clock, profile, as_json=options.json)
            engine = Engine(session, watch.perform)
            await watched(engine, lambda: watch.is_over(engine), ended)
        lines.end()
        if lines.problem is not None:
            raise BadSettings(f"The output cannot be written ({lines.problem.strerror or lines.problem}).")
        return 0

    return asyncio.run(printed())
