"""The dashboard where there is little room or much of everything: sizes, names, years, no key."""

from __future__ import annotations

from tests.support.cli import COMMAND
from tests.support.terminal import Terminal


def test_without_a_key_a_key_press_shows_the_demo(monkeypatch):
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)
    with Terminal([COMMAND], (80, 24)) as terminal:
        terminal.until("never stored, shown or logged")
        terminal.press("d")
        terminal.until("demo    1 Usage")
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.gives_back
