"""The thrifty driver in the real application: every settled frame is the plain driver's, cell by cell."""

from __future__ import annotations

from tui.ui.app import Appearance, UsageApp
from tui.ui.terminal.diff_driver import DiffDriver


def test_on_linux_and_macos_it_is_the_driver_unless_it_is_not_wanted():
    assert UsageApp(None).get_driver_class() is DiffDriver
    assert UsageApp(None, appearance=Appearance(plain_driver=True)).get_driver_class() is not DiffDriver
