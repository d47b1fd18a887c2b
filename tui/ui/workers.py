"""Work in the background of a screen whose faults reach the screen; Textual would keep them to the worker."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen

from tui.engine.tasks import run_guarded

P = ParamSpec("P")


def report_fault(node: DOMNode, error: BaseException) -> None:
    """Say on the main screen that something of our own broke; where it cannot be said there, end with it."""
    from tui.ui.dashboard import DashboardScreen

    app = node.app
    if not node.is_attached or not app.is_running:
        return  # it is the end: parts of the screen are gone already, and nobody looks any more
    try:
        main = next(screen for screen in app.screen_stack if isinstance(screen, DashboardScreen))
        main.engine.report(error)
    except Exception:  # noqa: BLE001  there is no such screen, or it is what broke
        fault = error if isinstance(error, Exception) else RuntimeError(repr(error))
        app.call_later(_fail, fault)


def is_of_a_closed_screen(error: BaseException, stack: Sequence[Screen[Any]]) -> bool:
    """Return whether this happened in a dialog that is not on the stack of screens any more.

    On a slow machine Textual's own list of commands goes on with what was typed when its parts are gone already.
    """
    owners = (frame.f_locals.get("self") for frame, _ in traceback.walk_tb(error.__traceback__))
    screens = (
        each
        for owner in owners
        if isinstance(owner, DOMNode)
        for each in owner.ancestors_with_self
        if isinstance(each, Screen)
    )
    return any(screen not in stack for screen in screens)


def _fail(fault: Exception) -> None:
    raise fault


def reports_faults(work: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
    """Decorate a method that Textual's `work` runs: what it raises is reported. Its first argument is its node."""

    @wraps(work)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        node: Any = args[0]
        await run_guarded(work(*args, **kwargs), lambda error: report_fault(node, error))

    return guarded


def report_lost_faults(app: App[Any]) -> None:
    """Report what breaks in callbacks and tasks that nobody waits for; asyncio would write it to its log only."""

    def lost(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            report_fault(app, error)
        else:
            loop.default_exception_handler(context)

    asyncio.get_running_loop().set_exception_handler(lost)
