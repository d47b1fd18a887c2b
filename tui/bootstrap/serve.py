"""The pools and the money served to Prometheus, from one engine however many ask."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tui.bootstrap import sources
from tui.bootstrap.engines import asked_to_end, prices_of, session_of, watched
from tui.commands.messages import tell
from tui.commands.problems import Problems, note
from tui.commands.serve import exposition
from tui.config.settings import Settings
from tui.domain.bounds import DEFAULT_LIVE
from tui.engine.engine import Engine
from tui.system.text_server import Page, is_loopback, serving

_OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def run(settings: Settings) -> int:
    """Serve until a signal ends it, and return the exit status.

    Raises:
        TuiError: where nothing can be asked, or the address cannot be had.
    """
    opened, (host, port) = sources.opened(settings.source), settings.options.metrics
    if not is_loopback(host):
        tell(f"{host} can be reached by others: whoever asks there reads these numbers, and needs no key.")

    async def served() -> int:
        ended = asked_to_end()
        async with opened:
            live = max(settings.live or 0, DEFAULT_LIVE)  # 0 would read never again
            session = replace(session_of(settings, opened, prices_of(settings)), live=live)
            engine, problems = Engine(session, note), Problems()

            def page() -> str:
                try:
                    lines = exposition(engine.state, session.clock(), session.budget)
                    return "".join(line + "\n" for line in lines)
                except Exception as error:
                    engine.report(error)  # which is said below, and answered with 500
                    raise

            def said() -> bool:
                problems.say(engine)
                return False

            async with serving(Page("/metrics", _OPENMETRICS, page), host, port) as at:
                tell(f"http://{f'[{host}]' if ':' in host else host}:{at}/metrics")
                await watched(engine, said, ended)
        return 0

    return asyncio.run(served())
