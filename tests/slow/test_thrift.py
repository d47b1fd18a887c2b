"""The thrifty driver in the real application: every settled frame is the plain driver's, cell by cell."""

from __future__ import annotations

import asyncio
import contextlib
import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.events import Resize
from textual.geometry import Size

from tests.support.builders import FREE, NOW, Memory, day, row
from tests.support.recorder import Recorder
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config
from tui.domain.catalogue import Catalogue
from tui.domain.sanitize import clean
from tui.engine.session import Session
from tui.ui.app import UsageApp

SESSIONS = int(os.environ.get("THRIFT_SESSIONS", "50"))
"""How many random sessions are tried: `THRIFT_SESSIONS=1000 pytest -m slow tests/slow/test_thrift.py` for more."""

PARTS = 5

HOSTILE = [
    "漢字モデル-2026",
    "gpt\x1b[2J\u202e",
    "e\u0301t\u0301e\u0301",
    "[bold]x[/]",
    "☃" * 40,
    "a" * 300,
    "gpt-6-sol",
]

SIZES = [(120, 40), (100, 30), (80, 24), (60, 15), (200, 60)]

KEYS = (
    *("j", "k", "pagedown", "pageup", "space", "a", "]", "[", "p", "tab", "enter", "escape", "question_mark", "b"),
    *("c", "s", "u", "dollar_sign", "slash", "m", "G", "g", "w", "f", "i", "l", "r", "y", "ctrl+p", "ctrl+l"),
    *("1", "2", "3", "v", "W"),
)

STEPS = st.one_of(
    st.sampled_from(KEYS).map(lambda key: ("press", key)),
    st.sampled_from(KEYS).map(lambda key: ("press", key)),
    st.sampled_from(SIZES).map(lambda size: ("resize", size)),
    st.integers(1, 5_000).map(lambda minutes: ("tick", minutes)),
    st.tuples(st.sampled_from(HOSTILE), st.integers(0, 10**7)).map(lambda change: ("change", change)),
    st.sampled_from(HOSTILE).map(lambda words: ("toast", words)),
)


def a_world() -> Memory:
    return Memory(
        day(0, row("gpt-6-sol", 413_759, 142_723, 14, service_tier=FREE), *(row(name, 900) for name in HOSTILE)),
        day(1, row("gpt-6-sol", 9_000, 1_000, 2), row("gpt-5-nano", 500, 20, 1)),
        day(3, row("o3", 7, 7, 7)),
    )


async def session(steps) -> None:
    memory, now = a_world(), [NOW]
    catalogue: Catalogue = effective_catalogue(Config())
    app = UsageApp(Session(memory, lambda: now[0], 6, catalogue, live=60))
    app.driver_class = Recorder
    done: list[bool] = []

    async def drive(pilot) -> None:
        async def settle() -> None:
            for _ in range(2):
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(app.workers.wait_for_complete(), 5)
                await pilot.pause()

        driver: Recorder = app._driver  # type: ignore[assignment]
        await settle()
        for kind, what in steps:
            match kind:
                case "press":
                    await pilot.press(what)
                case "resize":
                    Recorder.size = driver.size = what
                    driver.begin()
                    size = Size(*what)
                    app.post_message(Resize(size, size))
                    while app.size != size:
                        await pilot.pause(0.01)
                    driver.not_understood.clear()  # a frame of the size before was on its way
                case "tick":
                    now[0] += timedelta(minutes=what)
                    app.query_one("#usage").screen._tick() if app.screen is app.screen_stack[0] else None
                case "change":
                    name, tokens = what
                    memory.buckets[0] = day(0, row(name, tokens), row("gpt-6-sol", tokens // 2, service_tier=FREE))
                case _:
                    app.notify(clean(what), markup=False, timeout=0.05)
            await settle()
            assert driver.not_understood == []
            assert driver.thrifty.cells() == driver.plain.cells(), (kind, what)
        done.append(True)
        app.exit()

    await app.run_async(headless=False, auto_pilot=drive)
    assert done


@pytest.mark.timeout(300)
@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@settings(max_examples=SESSIONS // PARTS, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=1, max_size=8))
def test_sessions_end_and_pass_through_every_settled_frame_with_the_plain_drivers_cells(part, steps):
    Recorder.size = (120, 40)
    asyncio.run(session(steps))
