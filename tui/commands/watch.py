"""`oai-usage-tui watch`: the dashboard's engine without a screen, one line for each thing that happens."""

from __future__ import annotations

import os
import queue
import select
import sys
import threading
from collections.abc import Callable, Collection
from datetime import datetime

from tui.commands.messages import tell
from tui.commands.problems import Problems, note
from tui.domain import formatting, sanitize
from tui.domain.alerts import Alert
from tui.domain.what import What
from tui.engine.effects import Effect, Tell
from tui.engine.engine import Engine
from tui.output import alerts, json_text

_WAITING = 1_000
"""So many lines wait for a reader who takes none; those after them are dropped."""


class Lines:
    """Writes lines to stdout from a thread, so that a reader who takes none holds up nothing else."""

    def __init__(self) -> None:
        self.is_gone = threading.Event()
        """Set when nobody reads any more."""
        self.problem: OSError | None = None
        """Why lines cannot be written, where that is not that nobody reads them."""
        self._queue: queue.Queue[bytes] = queue.Queue(_WAITING)
        self._dropped = 0
        threading.Thread(target=self._write, name="lines", daemon=True).start()

    def put(self, line: str) -> None:
        """Write this line as soon as it is taken."""
        try:
            self._queue.put_nowait(line.encode("utf-8", "replace"))
        except queue.Full:
            self._dropped += 1
            if self._dropped == 1:
                tell("nobody reads what is printed: lines are dropped.")

    def end(self, seconds: float = 1.0) -> None:
        """Wait a moment until what was put is written."""
        self._queue.put(b"") if not self._queue.full() else None
        self.is_gone.wait(seconds)

    def is_unread(self) -> bool:
        """Return whether nobody will read what is written from now on."""
        if hasattr(select, "poll"):  # a pipe tells it before anything is written
            polled = select.poll()
            polled.register(sys.stdout.fileno(), 0)
            if any(flags & (select.POLLERR | select.POLLNVAL) for _, flags in polled.poll(0)):
                return True
        return self.is_gone.is_set()

    def _write(self) -> None:
        while line := self._queue.get():
            while line:
                try:
                    line = line[os.write(sys.stdout.fileno(), line) :]
                except OSError as error:
                    self.problem = None if isinstance(error, BrokenPipeError) else error
                    self.is_gone.set()
                    return
        self.is_gone.set()


class Watch:
    """Prints what happens to pools and money."""

    def __init__(
        self,
        lines: Lines,
        wanted: Collection[What],
        clock: Callable[[], datetime],
        profile: str = "default",
        *,
        as_json: bool = False,
    ) -> None:
        self._lines, self._wanted, self._clock, self._profile, self._as_json = lines, wanted, clock, profile, as_json
        self._problems = Problems()

    def perform(self, effect: Effect) -> None:
        """Print what is told of; what would be a note on the screen goes to stderr."""
        match effect:
            case Tell(alert) if alert.what in self._wanted:
                self._lines.put(self._line(alert))
            case _:
                note(effect)

    def _line(self, alert: Alert) -> str:
        at = formatting.instant(self._clock())
        if self._as_json:
            return json_text.line({"at": at, **alerts.facts(alert, self._profile)})
        return f"{at}  {alert.what.value:<11}  {sanitize.clean(alerts.sentence(alert, self._profile))}\n"

    def is_over(self, engine: Engine) -> bool:
        """Say what is wrong, and return whether nobody reads any more."""
        self._problems.say(engine)
        return self._lines.is_unread()
