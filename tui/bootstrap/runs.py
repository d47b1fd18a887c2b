"""What is measured: a command that is run, and the list of what was measured before."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from tui.bootstrap import sources
from tui.bootstrap.engines import engine_of, prices_of
from tui.bootstrap.sources import DataSource
from tui.commands import run as command
from tui.commands.messages import tell
from tui.config.settings import Settings
from tui.domain.runs import Run
from tui.engine.resolve_names import Only, resolved
from tui.errors import BadSettings, InternalError, KeyMissing, TuiError
from tui.system.child import NotStartedError


def run(settings: Settings) -> int:
    """Run the command, tell of what was used, and return the command's exit status, whatever goes wrong afterwards.

    Raises:
        TuiError: where nothing was started.
    """
    options = settings.options
    is_waiting = sys.stderr.isatty() if options.wait_minutes is None else options.wait_minutes > 0
    opened = sources.opened(settings.source, later=True, quick=not is_waiting)
    words = options.command_line
    _check_models(settings)
    only = _resolved(settings)
    begun = command.begun(options.run_name or " ".join(words), only, opened.clock)
    try:
        ended = command.start(words, settings.alerts.environment, begun, opened.clock, opened.run_store)
    except NotStartedError as error:
        tell(str(error))
        return error.status
    try:
        asyncio.run(_told(settings, opened, ended))
    except (KeyboardInterrupt, asyncio.CancelledError):
        tell("what is missing is read by: oai-usage-tui runs" if opened.run_store else "the waiting was ended.")
    except TuiError as error:
        tell(error.sentence)
    except Exception as error:  # noqa: BLE001  the command's status is what counts
        tell(InternalError.of(error).sentence)
    return ended.status or 0


def _check_models(settings: Settings) -> None:
    """Say of a model that no list names that it is counted by this very name: a typing error measures nothing."""
    today, prices = sources.utc_now().date(), prices_of(settings)
    for name, value in settings.view.only:
        is_listed = prices.of(value, today) is not None or settings.catalogue.pool_of(value) is not None
        if name == "model" and not is_listed:
            tell(f"No list has a model called {value}: only what the API calls so is counted.")


def _resolved(settings: Settings) -> Only:
    """Return what is asked for by its id. Names that cannot be looked up now keep nothing from being started.

    Raises:
        BadSettings: where the API knows nothing that is called so.
    """

    async def looked_up() -> Only:
        async with sources.opened(settings.source, quick=True, later=True) as opened:
            return await resolved(settings.view.only, opened.directory_source)

    try:
        return asyncio.run(looked_up()) if settings.view.only else ()
    except BadSettings:
        raise
    except TuiError as error:
        tell(f"{error.sentence} It is looked up at the end.")
        return settings.view.only


async def _told(settings: Settings, opened: DataSource, run: Run) -> None:
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP"):  # they end the waiting, as ctrl+c does
        with suppress(NotImplementedError, AttributeError, ValueError):
            if task is not None:
                loop.add_signal_handler(getattr(signal, name), task.cancel)
    wait = settings.options.wait_minutes
    how = command.Report(None if wait is None else timedelta(minutes=wait), settings.options.report)
    async with opened:
        await command.tell_of(engine_of(settings, opened, prices_of(settings)), run, opened.run_store, how)


def runs(settings: Settings) -> int:
    """List what was measured, and return the exit status."""
    from tui.commands import runs as listed

    status = 0
    try:
        opened = sources.opened(settings.source, quick=True)
    except KeyMissing as error:  # what is kept can be listed all the same
        tell(error.sentence)
        opened, status = sources.opened(replace(settings.source, offline=True)), error.exit_status
    if opened.run_store is None:
        raise BadSettings("Runs are kept in the archive, which is switched off.")
    store = opened.run_store

    async def printed() -> int:
        async with opened:
            return await listed.runs(
                engine_of(settings, opened, prices_of(settings)), store, as_json=settings.options.json
            )

    return asyncio.run(printed()) or status
