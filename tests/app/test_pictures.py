"""What the dashboard looks like, cell for cell. To accept a change: python -m tests.app.test_pictures"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.builders import CATALOGUE, DAY, FREE, NOW, TODAY, Memory, day, row
from tests.support.dashboard import dashboard
from tests.support.look import look
from tests.support.paths import ROOT, SNAPSHOTS
from tests.support.scripts import script
from tui.domain.time import Width
from tui.domain.usage import Bucket
from tui.engine.organizations import Organizations
from tui.engine.session import Session
from tui.errors import KeyMissing, KeyRefused, ServerFailed
from tui.sources.base import CachedBucket, Page, Query

MAKE = script("make")

DOWN = ("j", "j", "j", "j")
VIEWS = {
    # each view at both sizes
    "usual-120x40": ((120, 40), ()),
    "day-80x24": ((80, 24), ("]", "space")),
    "money-120x40": ((120, 40), ("2",)),
    "money-80x24": ((80, 24), ("2",)),
    "year-120x40": ((120, 40), ("4",)),
    "year-80x24": ((80, 24), ("4", "v")),
    "year-60x15": ((60, 15), ("4", "v", "v")),
    "why-120x40": ((120, 40), ("3",)),
    "why-80x24": ((80, 24), ("3",)),
    "runs-120x40": ((120, 40), ("5", "j")),
    "runs-60x15": ((60, 15), ("5",)),
    "mark-80x24": ((80, 24), ("m",)),
    "hours-120x40": ((120, 40), ("enter",)),
    "weeks-120x40": ((120, 40), ("d", "]")),
    "weeks-of-a-month-80x24": ((80, 24), ("d", "d", "enter", "j")),
    "minutes-80x24": ((80, 24), ("enter", "g", "enter")),
    # each size
    "large-200x60": ((200, 60), ("j",)),
    "wide-120x40": ((120, 40), ("p",)),
    "narrower-100x30": ((100, 30), ("j",)),
    "pane-80x24": ((80, 24), ("p", "j")),
    "small-60x15": ((60, 15), ()),
    "tiny-50x12": ((50, 12), ()),
    # each look
    "light-120x40": ((120, 40), DOWN, "light"),
    "ansi-100x30": ((100, 30), ("j", "j"), "ansi"),
    "gruvbox-100x30": ((100, 30), (), "gruvbox"),
    # each chart
    "paid-120x40": ((120, 40), ("v",)),
    "cost-120x40": ((120, 40), ("v", "v")),
    "pools-120x40": ((120, 40), ("v", "v", "v")),
    # what stands over it
    "help-100x30": ((100, 30), ("?",)),
    "palette-120x40": ((120, 40), ("ctrl+p",)),
    "columns-80x24": ((80, 24), ("c",)),
    "windows-80x24": ((80, 24), ("D",)),
    "last-month-120x40": ((120, 40), ("D", "G", "enter")),
    "filter-120x40": ((120, 40), ("slash", "m", "i", "n", "i")),
}


class ThreeDays(Memory):
    """An API that keeps the last three days, and counts tokens at an even pace."""

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        async for page in super().pages(query):
            gone = tuple(each.start for each in page.buckets if each.start < TODAY - 3 * DAY)
            kept = tuple(each for each in page.buckets if each.start not in gone)
            yield replace(page, buckets=kept, not_kept=gone)


def _used(free: int, billed: int = 0, ago: int = 0) -> Bucket:
    rows = [
        row("gpt-6-sol", free * 3 // 4, free // 4, 40, service_tier=FREE),
        row("gpt-5.4-mini", 700_000, 90_000, 900, service_tier=FREE),
    ]
    return day(ago, *rows, *([row("gpt-6-sol", billed, billed // 9, 12, service_tier="default")] if billed else []))


_BEFORE = [_used(180_000 + 9_000 * ago, 20_000 * (ago % 2), ago) for ago in range(1, 7)]


def _failing(*buckets: Bucket, error: Exception) -> Memory:
    source = Memory(*buckets)
    source.error = error
    return source


def _waiting() -> Memory:
    source = Memory()
    source.open.clear()
    return source


class Archived:
    """An archive whose newest answer is from yesterday evening."""

    organization = "org-test"

    def cached(self, query: Query) -> dict[datetime, CachedBucket]:
        known = _BEFORE if query.window.width is Width.DAY else []
        at = TODAY - timedelta(hours=3)
        return {each.start: CachedBucket(each, at) for each in known if each.start in query.window}


STATES = {
    "state-low-120x40": ((120, 40), lambda: Memory(_used(230_000), *_BEFORE), {}),
    "state-spent-80x24": ((80, 24), lambda: Memory(_used(250_000, 90_000), *_BEFORE), {}),
    "state-unread-120x40": ((120, 40), _waiting, {"settle": False}),
    "state-not-kept-80x24": ((80, 24), lambda: ThreeDays(_used(120_000), *_BEFORE), {}),
    "state-offline-120x40": ((120, 40), Memory, {"offline": True, "memory": Archived()}),
    "state-refused-120x40": ((120, 40), lambda: _failing(error=KeyRefused("The key was refused.")), {}),
    "state-failed-80x24": ((80, 24), lambda: _failing(error=ServerFailed("The API does not answer.")), {}),
}
"""Each state once, on an organization that is small enough to be read here."""


ORGANIZATIONS = {"organizations-120x40": (120, 40), "organizations-80x24": (80, 24)}


def _organizations() -> Organizations:
    """One that is shown, one whose pool is spent, one that fails, and one without a key."""

    def session(source: Memory) -> Session:
        return Session(source, lambda: NOW, 6, CATALOGUE, live=60)

    def locked() -> Session:
        raise KeyMissing("The vault is locked.", "Unlock it.")

    return Organizations(
        "work",
        {
            "work": lambda: session(Memory()),
            "lab": lambda: session(Memory(_used(250_000, 90_000), *_BEFORE)),
            "down": lambda: session(_failing(error=ServerFailed("The API does not answer."))),
            "locked": locked,
        },
    )


async def seen(name: str) -> str:
    if name in ORGANIZATIONS:
        source, size = Memory(_used(120_000), *_BEFORE), ORGANIZATIONS[name]
        async with dashboard(source, size=size, place="work", organizations=_organizations()) as board:
            await board.press("6", "G")
            return look(board.app)
    if name in STATES:
        size, source, options = STATES[name]
        async with dashboard(source(), size=size, **options) as board:
            await board.pilot.pause()
            return look(board.app)
    async with MAKE.dashboard(*VIEWS[name]) as app:
        return look(app)


@pytest.mark.parametrize("name", [*VIEWS, *STATES, *ORGANIZATIONS])
async def test_the_screen_looks_as_it_did(name):
    known = (SNAPSHOTS / f"{name}.txt").read_text(encoding="utf-8")
    assert (await seen(name)).splitlines() == known.splitlines(), "if it is meant: python -m tests.app.test_pictures"


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKE.PICTURES)
async def test_the_pictures_of_the_documentation_are_those_of_the_program(name):
    picture = (ROOT / "screenshots" / f"{name}.svg").read_text(encoding="utf-8")
    assert await MAKE.picture(*MAKE.PICTURES[name]) == picture, "python screenshots/make.py draws them anew"


def test_a_picture_fetches_nothing():
    for path in (ROOT / "screenshots").glob("*.svg"):
        picture = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "url(http" not in picture
        assert "@import" not in picture
        assert not re.search('href="[^#]', picture), "what is used again is in the picture itself"


if __name__ == "__main__":
    for view in (*VIEWS, *STATES, *ORGANIZATIONS):
        (SNAPSHOTS / f"{view}.txt").write_text(asyncio.run(seen(view)), encoding="utf-8")
    MAKE.main()
