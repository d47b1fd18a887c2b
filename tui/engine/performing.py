"""Carries out what follows from an event and is no reading: tells, keeps, remembers, runs the user's own command."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from tui.domain.alerts import Alert
from tui.domain.runs import Run
from tui.engine.effects import (
    YOUR_COMMAND,
    Effect,
    ForgetRun,
    KeepRun,
    Notify,
    Performed,
    PoolTurned,
    Remember,
    Ring,
    Tell,
)
from tui.engine.session import Session
from tui.errors import TuiError


class Performer:
    """Does effects, in the background where they take a while.

    What needs a terminal is handed to `perform`; a fault of our own goes to `report`.
    """

    def __init__(
        self, session: Session, perform: Callable[[Effect], None], report: Callable[[BaseException], None]
    ) -> None:
        self._session, self._perform, self._report = session, perform, report
        self._background: set[asyncio.Task[None]] = set()

    def do(self, effect: Performed) -> None:
        """Do it, or begin to."""
        match effect:
            case Ring() | Notify() | PoolTurned():
                self._perform(effect)
            case Remember(name, value):
                if self._session.remember is not None:
                    self._session.remember(name, value)
            case Tell(alert):
                self._perform(effect)
                self._run_hook(alert)
            case KeepRun(run) | ForgetRun(run):
                self._write_run(run, is_kept=isinstance(effect, KeepRun))

    def _write_run(self, run: Run, *, is_kept: bool) -> None:
        store = self._session.run_store
        if store is None:
            return

        async def write() -> None:
            try:
                await asyncio.to_thread(store.keep if is_kept else store.forget, run)
            except TuiError as error:
                self._perform(Notify("Runs", error.sentence))

        self._in_background(write(), "run")

    def _in_background(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _run_hook(self, alert: Alert) -> None:
        hook = self._session.on_alert
        if hook is None:
            return

        async def run() -> None:
            try:
                problem = await hook(alert)
            except Exception as error:  # noqa: BLE001  said, and nothing else is touched
                self._report(error)
                return
            if problem is not None:
                self._perform(Notify(YOUR_COMMAND, problem))

        self._in_background(run(), "hook")

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._background:
            await asyncio.wait(self._background)

    async def close(self) -> None:
        """End all that is under way."""
        for hook in tuple(self._background):
            hook.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
