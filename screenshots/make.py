"""Draw the pictures of README: the real application on the demo organization, at a fixed moment.

    python screenshots/make.py
    python screenshots/make.py --film

write them beside this file, the second one the moving picture; see `film.py`. A test draws them again and fails where
they differ.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from textual.worker import WorkerCancelled

from tui.bootstrap import sources
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config
from tui.engine.session import Session
from tui.facts import prices
from tui.facts.shutdowns import shutdowns
from tui.sources.demo.runs import DemoRuns
from tui.sources.openai.admin_settings import AdminSettingsClient
from tui.sources.openai.costs import CostClient
from tui.sources.openai.names import DirectoryClient
from tui.ui.app import Appearance, UsageApp
from tui.ui.dashboard import DashboardScreen

NOW = datetime(2026, 11, 20, 14, 3, tzinfo=UTC)
LATE = NOW.replace(hour=17, minute=40)
"""Fifty minutes before the large pool runs out: what people meet first in README."""

FONTS = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
DOWN = ("down", "down", "down", "down")
PICTURES = {
    "main": ((120, 40), DOWN, "dark", LATE),
    "light": ((120, 40), DOWN, "light", LATE),
    "hours": ((120, 40), ("enter", "down", "down"), "dark"),
    "why": ((120, 40), ("i",), "dark"),
    "money": ((120, 40), ("dollar_sign",), "dark"),
    "year": ((120, 40), ("4", "left", "up", "up", "up"), "dark"),
    "small": ((80, 24), ("down", "down"), "dark"),
    "pools": ((120, 40), ("v", "v", "v"), "dark"),
}
"""Name: size in cells, the keys that are pressed first, the theme, and the moment where it is another one."""


@asynccontextmanager
async def dashboard(
    size: tuple[int, int], keys: Sequence[str] = (), name: str = "dark", now: datetime = NOW
) -> AsyncIterator[UsageApp]:
    """Give the dashboard as it stands after these keys."""
    async with sources.demo_client(lambda: now) as client:
        run = Session(
            client,
            lambda: now,
            14,
            effective_catalogue(Config()),
            "demo",
            live=60,
            directory_source=DirectoryClient(client, lambda: now),
            cost_source=CostClient(client),
            settings_source=AdminSettingsClient(client, lambda: now),
            shutdowns=shutdowns(),
            prices=prices.prices(None),
            run_store=DemoRuns(now),
        )
        app = UsageApp(run, appearance=Appearance(theme=name))
        async with app.run_test(size=size) as pilot:
            for key in ("", *keys, ""):
                if key:
                    await pilot.press(key)
                with suppress(WorkerCancelled):
                    await app.workers.wait_for_complete()
                for screen in app.screen_stack:
                    if isinstance(screen, DashboardScreen):
                        await screen.engine.idle()
                await pilot.pause()
            yield app


async def picture(size: tuple[int, int], keys: Sequence[str] = (), name: str = "dark", now: datetime = NOW) -> str:
    """Return the dashboard as an SVG that fetches nothing."""
    async with dashboard(size, keys, name, now) as app:
        return self_contained(app.export_screenshot(title="oai-usage-tui"))


def self_contained(svg: str) -> str:
    """Return the SVG with the reader's own fonts instead of fetched ones, the same from run to run."""
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;]*Fira Code[^;]*;", f"font-family: {FONTS};", svg)
    return re.sub(r"terminal-\d+-", "terminal-", svg)


def main() -> None:
    """Write every picture, or the film."""
    parser = argparse.ArgumentParser(description="Draw the pictures of README.")
    parser.add_argument("--film", action="store_true", help="record the moving picture instead")
    folder = Path(__file__).parent
    if parser.parse_args().film:
        import film  # it needs what only the tests need

        film.write(folder)
        return
    for name, what in PICTURES.items():
        path = folder / f"{name}.svg"
        path.write_text(asyncio.run(picture(*what)), encoding="utf-8")
        print(path.name)


if __name__ == "__main__":
    main()
