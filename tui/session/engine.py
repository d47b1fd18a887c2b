"""One organization watched, without a screen: events in, states out, effects carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tui.domain.window import Width
from tui.errors import InternalError
from tui.session.effects import (
    Effect,
    FindUnmatched,
    ForgetCosts,
    Load,
    LoadCosts,
    LoadNames,
    Notify,
    Remember,
    RunHook,
    StopLoading,
)
from tui.session.events import Event, Ticked
from tui.session.loader import Loader
from tui.session.reduce import reduce
from tui.session.run import Run
from tui.session.state import State

Subscriber = Callable[[State, State], None]
"""Told the state before and after; many events in a row may be told of at once."""


class Engine:
    """Holds the state, and turns it by events. What needs a terminal is handed to `perform`, all else is done here.

    It runs on the event loop that it is used on, and starts nothing by itself: whoever owns it calls `tick` once a
    second, and `close` at the end.
    """

    def __init__(self, run: Run, perform: Callable[[Effect], None] = lambda _: None) -> None:
        self.run = run
        self.state: State = run.initial()
        self.fault: InternalError | None = None
        """What of our own broke last, until the next refresh that the user asks for."""
        self._perform = perform
        self._subscribers: list[Subscriber] = []
        self._loader = Loader(run, lambda: self.state, self.dispatch, self.report)
        self._hooks: set[asyncio.Task[None]] = set()

    def subscribe(self, subscriber: Subscriber) -> None:
        """Tell of each change of the state."""
        self._subscribers.append(subscriber)

    def dispatch(self, event: Event) -> None:
        """Turn the state by an event, tell the subscribers, and do what follows."""
        before = self.state
        self.state, effects = reduce(before, event)
        for subscriber in self._subscribers:
            subscriber(before, self.state)
        for effect in effects:
            self._do(effect)

    def tick(self) -> None:
        """Look at the clock, and read what it is time for."""
        self.dispatch(Ticked(self.run.clock()))

    def show_cached(self) -> None:
        """Show at once what is known from earlier, where that was looked up already."""
        self._loader.show_cached()

    def begin(self) -> None:
        """Read the days for the first time."""
        self._do(Load(Width.DAY))

    def forget_fault(self) -> None:
        """Show a fault no longer: the user asked for all to be read again."""
        self.fault = None

    def report(self, error: BaseException) -> None:
        """Show a fault of our own, which ended something in the background."""
        self.fault = InternalError.of(error)
        for subscriber in self._subscribers:
            subscriber(self.state, self.state)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._loader.idle()
        while self._hooks:
            await asyncio.wait(self._hooks)

    async def close(self) -> None:
        """End all that is under way."""
        await self._loader.close()
        for hook in tuple(self._hooks):
            hook.cancel()
        await asyncio.gather(*self._hooks, return_exceptions=True)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Load():
                self._loader.load(effect)
            case StopLoading(width):
                self._loader.stop(width)
            case LoadNames():
                self._loader.load_names()
            case LoadCosts():
                self._loader.load_costs()
            case FindUnmatched():
                self._loader.find_unmatched()
            case ForgetCosts():
                self._loader.forget_costs()
            case Remember(name, value):
                if self.run.remember is not None:
                    self.run.remember(name, value)
            case RunHook():
                self._run_hook(effect)
            case _:
                self._perform(effect)

    def _run_hook(self, effect: RunHook) -> None:
        hook = self.run.on_alert
        if hook is None:
            return

        async def run() -> None:
            try:
                problem = await hook(effect.alert)
            except Exception as error:  # noqa: BLE001  said, and nothing else is touched
                self.report(error)
                return
            if problem is not None:
                self._perform(Notify("on_threshold", problem))

        task = asyncio.create_task(run(), name="hook")
        self._hooks.add(task)
        task.add_done_callback(self._hooks.discard)
