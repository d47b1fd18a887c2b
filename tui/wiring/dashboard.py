"""The dashboard: what it needs of the terminal, and the run that it shows."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from tui.domain.window import Width
from tui.errors import BadSettings, KeyMissing
from tui.session.run import Run
from tui.settings import lists, load
from tui.settings.schema import Config
from tui.wiring import sources
from tui.wiring.sources import Opened, Said

_MORE = ("", *(f"-{number}" for number in range(2, 1_000)))
"""What is put behind a name that is taken."""


def run(said: Said, config: Config) -> int:
    """Show the dashboard until it is left, and return the exit status.

    Raises:
        TuiError: where it cannot be shown.
    """
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
    mouse = config.mouse and "no_mouse" not in said
    if "replay" in said:
        return asyncio.run(_shown(_replay(said, config), mouse=mouse))
    try:
        source = sources.opened(said, config)
    except KeyMissing as error:
        return asyncio.run(_shown(None, problem=error.problem, mouse=mouse)) or error.exit_status

    async def show() -> int:
        async with source:
            return await _shown(_run(said, config, source), mouse=mouse)

    return asyncio.run(show())


async def _shown(this: Run | None, problem: str = "", *, mouse: bool) -> int:
    from tui.ui.app import UsageApp
    from tui.ui.signals import ended_by_signals

    app = UsageApp(this, problem, str(load.config_path()))
    with ended_by_signals(app):
        await app.run_async(mouse=mouse)
    return app.return_code or 0


def _run(said: Said, config: Config, source: Opened) -> Run:
    seconds = said.get("live", config.live)
    return Run(
        source.source,
        source.clock,
        said.get("days", config.days),
        lists.catalogue(config),
        source.place,
        thresholds=config.thresholds,
        bell=config.bell and "no_bell" not in said,
        on_alert=_alert_with(config.on_threshold) if config.on_threshold else None,
        memory=source.memory,
        offline=source.offline,
        live=None if "no_live" in said or not seconds else seconds,
        pause_unfocused="pause_unfocused" in said,
        width=Width(said.get("width", Width.DAY.value)),
        ahead=lambda: source.clock.ahead,
        save=saved(source.clock),
    )


def _replay(said: Said, config: Config) -> Run:
    pages = sources.replayed(said)
    days = min(said.get("days", pages.days), pages.days)
    return Run(
        pages,
        lambda: pages.now,
        days,
        lists.catalogue(config),
        f"replay of {Path(said['replay']).name}",
        stands_still=True,
        most_days=pages.days,
        save=saved(sources.utc_now),
    )


def saved(clock: Callable[[], datetime]) -> Callable[[str, str], str]:
    """Return what writes files into the current folder, named by the UTC time, and never over another one."""

    def save(ending: str, content: str) -> str:
        name = f"oai-usage-{clock():%Y%m%dT%H%M%SZ}"
        try:
            folder = Path.cwd()
            free = (path for more in _MORE if not (path := folder / f"{name}{more}{ending}").exists())
            path = next(free)
            with path.open("x", encoding="utf-8") as file:
                file.write(content)
        except OSError as error:
            raise BadSettings(f"{name}{ending} cannot be written here ({error.strerror or error}).") from error
        return str(path)

    return save


def _alert_with(words: tuple[str, ...]) -> Callable[[Any], Awaitable[str | None]]:
    from tui.commands import on_threshold

    return lambda alert: on_threshold.run(words, alert, os.environ)
