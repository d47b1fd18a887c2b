"""The thrifty driver in the real application: every settled frame is the plain driver's, cell by cell."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from tui.ui.app import Appearance, UsageApp
from tui.ui.terminal import diff_driver
from tui.ui.terminal.canvas import Canvas
from tui.ui.terminal.diff_driver import DiffDriver


def test_on_linux_and_macos_it_is_the_driver_unless_it_is_not_wanted():
    assert UsageApp(None).get_driver_class() is DiffDriver
    assert UsageApp(None, appearance=Appearance(plain_driver=True)).get_driver_class() is not DiffDriver


class Line:
    """What the driver writes to."""

    is_busy = False

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> None:
        self.written.append(text)


def driving(line: Line) -> DiffDriver:
    driver = DiffDriver.__new__(DiffDriver)
    driver._app = SimpleNamespace(size=(10, 2))
    driver._canvas, driver._writer_thread, driver._is_ascii = Canvas(10, 2), line, False
    return driver


async def test_frames_on_the_way_to_the_first_whole_one_are_sent_as_one(monkeypatch):
    monkeypatch.setattr(DiffDriver, "fitted", lambda _, data: data)
    line = Line()
    driver = driving(line)
    driver.hold(lambda: None)
    driver.write("\x1b[1;1Hnarrow")
    driver.write("\x1b[1;1Hwhole!")
    assert line.written == []
    driver.release()
    assert len(line.written) == 1
    assert "whole!" in line.written[0]
    assert "narrow" not in line.written[0]
    driver.write("\x1b[2;1Hnext")
    assert "next" in line.written[-1], "from then on nothing is held"


async def test_what_is_held_is_sent_after_a_while_whoever_forgets_it(monkeypatch):
    monkeypatch.setattr(DiffDriver, "fitted", lambda _, data: data)
    monkeypatch.setattr(diff_driver, "_LONGEST_HOLD", 0.01)
    line = Line()
    driver = driving(line)
    driver.hold(lambda: None)
    driver.write("\x1b[1;1Hshown")
    while not line.written:
        await asyncio.sleep(0.005)
    assert "shown" in line.written[0]
