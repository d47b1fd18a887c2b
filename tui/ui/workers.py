"""Work in the background of a screen whose faults reach the screen; Textual would keep them to the worker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, ParamSpec

from textual.dom import DOMNode

P = ParamSpec("P")


def report_fault(node: DOMNode, error: Exception) -> None:
    """Say on the main screen that something of our own broke, for as long as that screen is there."""
    from tui.ui.screens.main import MainScreen

    for screen in node.app.screen_stack:
        if isinstance(screen, MainScreen):
            screen.engine.report(error)


def reports_faults(work: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
    """Decorate a method that Textual's `work` runs: what it raises is reported. Its first argument is its node."""

    @wraps(work)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await work(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  whatever it is, the data stay on the screen, and it is said
            node: Any = args[0]
            report_fault(node, error)

    return guarded
