"""The numbers of a window as text: what is printed of what, and where it is read."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from tui.bootstrap import sources, windows
from tui.bootstrap.engines import engine_of, reading, waited_for
from tui.bootstrap.sources import DataSource
from tui.commands import export
from tui.commands.export_request import OPENMETRICS, Export
from tui.commands.messages import of_long_waits
from tui.config.settings import Settings
from tui.domain.periods import Period
from tui.domain.time import Width
from tui.engine.engine import Engine
from tui.engine.resolve_names import resolved
from tui.engine.session import Session
from tui.errors import BadSettings

if TYPE_CHECKING:
    from tui.sources.openai.client import Client


def run(settings: Settings) -> int:
    """Print the numbers of a window, or write them to a file, and return the exit status.

    Raises:
        TuiError: where they cannot be read, or not be printed so.
    """
    options, source = settings.options, settings.source
    what = Export(
        settings.view,
        options.format or ("csv" if settings.excel else "markdown"),
        output=options.output,
        excel=settings.excel,
        names=options.names,
        width=settings.width,
        period=settings.period or Period.DAY,
        against=settings.against,
    )
    if what.period is not Period.DAY and (settings.width is not Width.DAY or what.format == OPENMETRICS):
        raise BadSettings(
            "Weeks and months are put together from days: leave out --width, or the format openmetrics."
        )
    if options.max_model_length is not None:
        what = replace(what, max_model_length=options.max_model_length)
    what.check()
    if what.format == OPENMETRICS and (
        options.since or options.window or source.replay or settings.width is not Width.DAY
    ):
        raise BadSettings(
            "openmetrics is about today as it grows: leave out --window, --since, --until, --width and --replay."
        )

    async def asked_for(opened: DataSource) -> Export:
        asked = what.view.only
        only = await resolved(asked, opened.directory_source)
        return replace(
            what, view=replace(what.view, only=only), unverified=tuple(each for each in only if each in asked)
        )

    async def raw(opened: DataSource) -> int:
        client = cast("Client", opened.client)
        return await export.raw(client, windows.to_export(settings, opened.clock()), await asked_for(opened))

    async def table(opened: DataSource) -> int:
        asked = await asked_for(opened)
        window = partial(windows.to_export, settings)
        return await export.table(engine_of(settings, opened), lambda: window(opened.clock()), asked)

    if options.raw:
        return reading(sources.asked(source, on_long_wait=of_long_waits()), raw)
    if source.replay is not None:
        from tui.sources.openai import replay

        pages = replay.load(source.replay)
        window = windows.days_of_replay(settings.window, pages)
        engine = Engine(Session(pages, lambda: pages.now, settings.days, settings.catalogue))
        return asyncio.run(export.table(engine, lambda: window, what))
    return reading(waited_for(source), table)
