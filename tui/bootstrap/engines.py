"""The engine of a command: what it reads from, and what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.bootstrap.sources import DataSource
from tui.config import paths
from tui.config.settings import Settings
from tui.engine.engine import Engine
from tui.engine.session import Session

if TYPE_CHECKING:
    from tui.domain.prices import Prices


def engine_of(settings: Settings, opened: DataSource, prices: Prices | None = None) -> Engine:
    """Return the engine that reads for a command."""
    from tui.facts.shutdowns import shutdowns

    return Engine(
        Session(
            opened.source,
            opened.clock,
            settings.days,
            settings.catalogue,
            memory=opened.memory,
            offline=opened.offline,
            directory_source=opened.directory_source,
            cost_source=opened.cost_source,
            settings_source=opened.settings_source,
            prices=prices,
            shutdowns=shutdowns(),
            budget=settings.budget,
            run_store=opened.run_store,
        )
    )


def prices_of(settings: Settings) -> Prices:
    """Return what models cost; see `facts.prices` for the errors."""
    from tui.facts.prices import prices

    return prices(None if settings.source.demo else paths.prices_path())
