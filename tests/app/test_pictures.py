"""What the dashboard looks like, cell for cell. To accept a change: python -m tests.app.test_pictures"""

from __future__ import annotations

import asyncio
import importlib.util

import pytest

from tests.support.look import look
from tests.support.paths import ROOT, SNAPSHOTS


def _make():
    spec = importlib.util.spec_from_file_location("make", ROOT / "screenshots" / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKE = _make()

DOWN = ("j", "j", "j", "j")
VIEWS = {
    # each view at both sizes
    "usual-120x40": ((120, 40), ()),
    "day-80x24": ((80, 24), ("]", "space")),
    "money-120x40": ((120, 40), ("2",)),
    "money-80x24": ((80, 24), ("2",)),
    "why-120x40": ((120, 40), ("3",)),
    "why-80x24": ((80, 24), ("3",)),
    "hours-120x40": ((120, 40), ("enter",)),
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
    "filter-120x40": ((120, 40), ("slash", "m", "i", "n", "i")),
}


async def seen(name: str) -> str:
    async with MAKE.dashboard(*VIEWS[name]) as app:
        return look(app)


@pytest.mark.parametrize("name", VIEWS)
async def test_the_screen_looks_as_it_did(name):
    known = (SNAPSHOTS / f"{name}.txt").read_text(encoding="utf-8")
    assert (await seen(name)).splitlines() == known.splitlines(), "if it is meant: python -m tests.app.test_pictures"


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKE.PICTURES)
async def test_the_pictures_of_readme_are_those_of_the_program(name):
    picture = (ROOT / "screenshots" / f"{name}.svg").read_text(encoding="utf-8")
    assert await MAKE.picture(*MAKE.PICTURES[name]) == picture, "python screenshots/make.py draws them anew"
    assert f"screenshots/{name}.svg" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_picture_fetches_nothing():
    for path in (ROOT / "screenshots").glob("*.svg"):
        picture = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "url(http" not in picture
        assert "@import" not in picture
        assert "href=" not in picture


if __name__ == "__main__":
    for view in VIEWS:
        (SNAPSHOTS / f"{view}.txt").write_text(asyncio.run(seen(view)), encoding="utf-8")
    MAKE.main()
