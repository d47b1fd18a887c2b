"""A terminal that goes without a word, and a program that was stopped without one."""

from __future__ import annotations

import os

from tui.ui.terminal.output import TerminalOutput


def test_output_that_nobody_takes_is_told_of_once_and_dropped():
    reading, writing = os.pipe()
    os.close(reading)
    lost: list[bool] = []
    with os.fdopen(writing, "w", encoding="ascii") as file:
        output = TerminalOutput(file, lambda: lost.append(True))
        for _ in range(3):
            assert output.write("é\udc80") == 2
    assert lost == [True]
