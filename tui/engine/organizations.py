"""The other profiles beside the one that is shown: an engine for each, from when they are first looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from tui.engine.effects import Effect
from tui.engine.engine import Engine
from tui.engine.events import Event, RefreshAsked
from tui.engine.session import Session
from tui.errors import TuiError


class Organizations:
    """Each has its own beat and back-off; what goes wrong with one is said beside it, and no other is disturbed.

    `shown` is the profile that the rest of the screen is about. Of the others, `openers` make the session; they may
    run a command for the key, and raise TuiError.
    """

    def __init__(self, shown: str, openers: Mapping[str, Callable[[], Session]]) -> None:
        self.shown = shown
        self._openers = openers
        self.engines: dict[str, Engine] = {}
        self.problems: dict[str, str] = {}
        """Why nobody is asked for a profile."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return all profiles, in the order of the configuration."""
        return tuple(self._openers)

    @property
    def unopened(self) -> tuple[str, ...]:
        """Return those whose session was not made yet, or could not be."""
        return tuple(name for name in self._openers if name not in self.engines and name != self.shown)

    def open(self, perform: Callable[[str, Effect], None], changed: Callable[[], None]) -> None:
        """Begin to read the others; what needs a terminal is handed to `perform` with the name of the profile."""
        for name in self.unopened:
            try:
                session = self._openers[name]()
            except TuiError as error:
                self.problems[name] = error.sentence
                continue
            except KeyboardInterrupt:  # pressed while its command asked something
                self.problems[name] = "Ctrl+C ended the command that gives its key."
                continue
            self.problems.pop(name, None)
            engine = self.engines[name] = Engine(session, partial(perform, name))
            engine.subscribe(lambda _before, _after: changed())
            engine.begin()

    def tick(self) -> None:
        """Look at the clock, and read what it is time for."""
        for engine in self.engines.values():
            engine.tick()

    def dispatch(self, event: Event) -> None:
        """Tell all of them."""
        for engine in self.engines.values():
            engine.dispatch(event)

    def refresh(self) -> None:
        """Read all of them anew."""
        for engine in self.engines.values():
            engine.forget_fault()
        self.dispatch(RefreshAsked())

    async def close(self) -> None:
        """End all that is under way."""
        await asyncio.gather(*(engine.close() for engine in self.engines.values()))
